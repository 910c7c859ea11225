"""The corpus: every good document is accepted, every bad one refused for the one rule that it breaks."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import corpus
import pytest
from corpus import Bad

from agentcore_provider.problem import Problem
from agentcore_provider.rules import (
    configuration_bundle,
    consent_portal,
    gateway,
    gateway_rate_limit,
    gateway_rule,
    gateway_target,
    openapi,
    policy,
    policy_engine,
    registry,
    registry_record,
    resource_policy,
    smithy,
    token_vault_key,
    tool_schema,
    workload_identity,
)
from agentcore_provider.rules.unknown import UNKNOWN

JUDGES: dict[str, Callable[..., list[Problem]]] = {
    "gateways": gateway.validate,
    "targets": gateway_target.validate,
    "resource_policies": resource_policy.validate,
    "rules": gateway_rule.validate,
    "policies": policy.validate,
    "rate_limits": gateway_rate_limit.validate,
    "policy_engines": policy_engine.validate,
    "workload_identities": workload_identity.validate,
    "token_vault_keys": token_vault_key.validate,
    "configuration_bundles": configuration_bundle.validate,
    "consent_portals": consent_portal.validate,
    "registries": registry.validate,
    "registry_records": registry_record.validate,
    "tools": tool_schema.validate,
    "openapi": openapi.validate,
    "smithy": smithy.validate,
}
GOOD = [pytest.param(noun, it, id=f"{noun}: {name}") for noun in JUDGES for name, it in corpus.good(noun).items()]
BAD = [pytest.param(noun, it, id=f"{noun}: {it.broken}") for noun in JUDGES for it in corpus.bad(noun)]


@pytest.mark.parametrize(("noun", "document"), GOOD)
def test_a_good_document_has_no_problem(noun: str, document: Any) -> None:
    assert [str(problem) for problem in JUDGES[noun](document)] == []


@pytest.mark.parametrize(("noun", "document"), GOOD)
def test_judging_leaves_the_document_as_it_was(noun: str, document: Any) -> None:
    before = copy.deepcopy(document)
    JUDGES[noun](document)
    assert document == before


@pytest.mark.parametrize(("noun", "document"), GOOD)
def test_what_is_not_known_yet_is_never_a_problem(noun: str, document: Any) -> None:
    """Each member in turn, at every depth, is not known: nothing is guessed about it."""
    for hidden in _hidings(document):
        assert [str(problem) for problem in JUDGES[noun](hidden)] == []


@pytest.mark.parametrize(("noun", "case"), BAD)
def test_a_bad_document_is_refused_where_it_is_bad(noun: str, case: Bad) -> None:
    problems = JUDGES[noun](case.document, **case.options)
    assert problems, "nothing was found"
    reported = [str(problem) for problem in problems]
    if case.severity == "any":
        assert case.path in {problem.path for problem in problems}, reported
        return
    assert {problem.path for problem in problems} == {case.path}, reported
    if case.severity != "both":
        assert {problem.severity for problem in problems} == {case.severity}
        assert len(problems) == 1, reported
    assert case.says in str(problems[0])


@pytest.mark.parametrize(("noun", "case"), BAD)
def test_a_problem_is_one_complete_line(noun: str, case: Bad) -> None:
    for problem in JUDGES[noun](case.document, **case.options):
        assert problem.message
        assert problem.cure.endswith((".", "?"))
        assert problem.source
        assert "\n" not in str(problem)


def _hidings(document: Any) -> list[Any]:
    """The document with each of its parts, in turn, not known."""
    if isinstance(document, dict):
        return [{**document, name: below} for name, value in document.items() for below in (UNKNOWN, *_hidings(value))]
    if isinstance(document, list):
        return [
            [*document[:index], below, *document[index + 1 :]]
            for index, value in enumerate(document)
            for below in (UNKNOWN, *_hidings(value))
        ]
    return []

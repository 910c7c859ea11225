"""The corpus: every good document is accepted, every bad one refused for the one rule that it breaks."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from agentcore_provider.rules import gateway, gateway_target, openapi, smithy, tool_schema
from agentcore_provider.rules.problem import UNKNOWN, Problem

_CORPUS = Path(__file__).parent / "corpus"
_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


@dataclass(frozen=True)
class Bad:
    """A good document with one change: where the problem is to be found, how grave it is, words of its line."""

    broken: str
    document: Any
    path: str
    severity: str
    says: str
    options: dict[str, Any]


def _good(noun: str) -> dict[str, Any]:
    """Good documents by name."""
    documents: dict[str, Any] = yaml.safe_load((_CORPUS / f"{noun}_good.yaml").read_text())
    return documents


def _bad(noun: str) -> list[Bad]:
    """Every bad document."""
    bases = _good(noun)
    cases = yaml.safe_load((_CORPUS / f"{noun}_bad.yaml").read_text())
    return [_case(case, bases) for case in cases]


def _case(case: dict[str, Any], bases: dict[str, Any]) -> Bad:
    document = copy.deepcopy(bases[case["of"]])
    for path, value in case.get("set", {}).items():
        _set(document, path, value)
    for path in case.get("unset", ()):
        _unset(document, path)
    known = {"broken", "of", "set", "unset", "path", "severity", "says"}
    return Bad(
        broken=case["broken"],
        document=document,
        path=case["path"],
        severity=case.get("severity", "error"),
        says=case.get("says", ""),
        options={name: value for name, value in case.items() if name not in known},
    )


def _steps(path: str) -> list[str | int]:
    if path.startswith("#/"):
        return [step.replace("~1", "/").replace("~0", "~") for step in path[2:].split("/")]
    return [int(index) if index else name for index, name in _STEP.findall(path)]


def _parent(document: Any, path: str) -> tuple[Any, str | int]:
    *above, last = _steps(path)
    for step in above:
        document = document.setdefault(step, {}) if isinstance(document, dict) else document[int(step)]
    return document, last


def _set(document: Any, path: str, value: Any) -> None:
    parent, last = _parent(document, path)
    if isinstance(parent, list):
        parent[int(last) : int(last) + 1] = [value]
    else:
        parent[last] = value


def _unset(document: Any, path: str) -> None:
    parent, last = _parent(document, path)
    del parent[int(last) if isinstance(parent, list) else last]


JUDGES: dict[str, Callable[..., list[Problem]]] = {
    "gateways": gateway.validate,
    "targets": gateway_target.validate,
    "tools": tool_schema.validate,
    "openapi": openapi.validate,
    "smithy": smithy.validate,
}
GOOD = [pytest.param(noun, it, id=f"{noun}: {name}") for noun in JUDGES for name, it in _good(noun).items()]
BAD = [pytest.param(noun, it, id=f"{noun}: {it.broken}") for noun in JUDGES for it in _bad(noun)]


@pytest.mark.parametrize(("noun", "document"), GOOD)
def test_a_good_document_has_no_problem(noun: str, document: Any) -> None:
    assert [problem.line() for problem in JUDGES[noun](document)] == []


@pytest.mark.parametrize(("noun", "document"), GOOD)
def test_judging_leaves_the_document_as_it_was(noun: str, document: Any) -> None:
    before = copy.deepcopy(document)
    JUDGES[noun](document)
    assert document == before


@pytest.mark.parametrize(("noun", "document"), GOOD)
def test_what_is_not_known_yet_is_never_a_problem(noun: str, document: Any) -> None:
    """Each member in turn, at every depth, is not known: nothing is guessed about it."""
    for hidden in _hidings(document):
        assert [problem.line() for problem in JUDGES[noun](hidden)] == []


@pytest.mark.parametrize(("noun", "case"), BAD)
def test_a_bad_document_is_refused_where_it_is_bad(noun: str, case: Bad) -> None:
    problems = JUDGES[noun](case.document, **case.options)
    assert problems, "nothing was found"
    said = [problem.line() for problem in problems]
    if case.severity == "any":
        assert case.path in {problem.path for problem in problems}, said
        return
    assert {problem.path for problem in problems} == {case.path}, said
    if case.severity != "both":
        assert {problem.severity for problem in problems} == {case.severity}
        assert len(problems) == 1, said
    assert case.says in problems[0].line()


@pytest.mark.parametrize(("noun", "case"), BAD)
def test_a_problem_is_one_complete_line(noun: str, case: Bad) -> None:
    for problem in JUDGES[noun](case.document, **case.options):
        assert problem.message
        assert problem.fix.endswith((".", "?"))
        assert problem.source
        assert "\n" not in problem.line()


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

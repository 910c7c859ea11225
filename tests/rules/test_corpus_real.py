"""Real API descriptions: each is judged as it is known to be, and fixing makes none of them worse."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

import corpus
import pytest
from corpus import Real

from agentcore_provider.documents import openapi_fixing
from agentcore_provider.documents.pointer import at
from agentcore_provider.problem import Problem, errors
from agentcore_provider.rules import openapi, smithy
from agentcore_provider.rules.source_text import SourceText

OPENAPI = [pytest.param(it, id=it.name) for it in corpus.real("openapi")]
REFUSED = [pytest.param(it, id=it.name) for it in corpus.real("openapi") if it.refused]
SMITHY = [pytest.param(it, id=it.name) for it in corpus.real("smithy")]
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

RULES = {
    "no operationId": r" has no operationId",
    "operationId twice": r" is the operationId of ",
    "composition": r"^(oneOf|anyOf|allOf) in the input of ",
    "composed answer": r"^oneOf in the answer of ",
    "media type": r"^an answer of .* is of type .*, and targets with such an API fail",
    "no server": r"^has no servers",
    "relative server": r" is relative",
    "templated host": r"^the host of .* is a parameter",
    "style": r"^style .* is not supported",
    "serializer in the path": r" is a path serializer",
    "callbacks": r"^callbacks of ",
    "webhooks": r"^webhooks are ",
    "links": r"^links are ",
    "reference to a file": r" points to another file",
    "missing member": r"^the (operation|response|request body|security scheme) has no ",
    "reference in an operation": r"^the operation is a \$ref",
    "no operation": r"^has no operation,",
    "Swagger 2": r"^is Swagger 2",
}
"""What the judge says about a rule of the index."""


def broken(problems: Iterable[Problem]) -> dict[str, set[str]]:
    """The rules that are broken, and where."""
    found: dict[str, set[str]] = {}
    for problem in errors(list(problems)):
        reported = re.sub(r"^line \d+: ", "", problem.message)
        [rule] = [rule for rule, pattern in RULES.items() if re.search(pattern, reported)]
        found.setdefault(rule, set()).add(problem.path)
    return found


def as_sets(expected: Mapping[str, list[str]]) -> dict[str, set[str]]:
    return {rule: set(paths) for rule, paths in expected.items()}


def operations(document: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Path and method of every operation."""
    items = {path: item for path, item in document.get("paths", {}).items() if isinstance(item, Mapping)}
    return {(path, method) for path, item in items.items() for method in METHODS if method in item}


def test_the_mix_is_an_honest_one() -> None:
    """More than half of the real descriptions break a rule; a corpus without them would prove little."""
    share = len(REFUSED) / len(OPENAPI)
    assert 0.5 < share < 0.75
    accepted = [it for it in corpus.real("openapi") if not it.left]
    assert len(accepted) >= 100
    assert max(len(it.text.encode()) for it in corpus.real("openapi") + corpus.real("smithy")) <= 6144
    assert {rule for it in corpus.real("openapi") for rule in it.refused} == set(RULES)


@pytest.mark.parametrize("real", OPENAPI)
def test_a_real_description_breaks_exactly_the_rules_it_breaks(real: Real) -> None:
    assert broken(openapi.validate(real.text)) == as_sets(real.refused)


@pytest.mark.parametrize("real", SMITHY)
def test_no_real_smithy_model_is_refused(real: Real) -> None:
    assert errors(smithy.validate(real.text)) == []
    assert smithy.tools(json.loads(real.text))


@pytest.mark.parametrize("real", REFUSED)
def test_fixing_leaves_what_it_cannot_fix_and_nothing_else(real: Real) -> None:
    fixed = openapi_fixing.fix(real.text, server=real.server)
    assert broken(openapi.validate(fixed.document)) == as_sets(real.left)


@pytest.mark.parametrize("real", OPENAPI)
class TestFixing:
    def test_breaks_no_rule_that_was_kept(self, real: Real) -> None:
        before = broken(openapi.validate(real.text))
        after = broken(openapi.validate(openapi_fixing.fix(real.text).document))
        assert {(rule, path) for rule in after for path in after[rule]} <= {
            (rule, path) for rule in before for path in before[rule]
        }

    def test_is_done_the_first_time(self, real: Real) -> None:
        once = openapi_fixing.fix(real.text, server=real.server)
        twice = openapi_fixing.fix(once.document, server=real.server and once.document["servers"][0]["url"])
        assert twice.document == once.document
        assert openapi_fixing.fix(once.document).changes == ()

    def test_loses_no_operation_and_no_parameter(self, real: Real) -> None:
        original, fixed = as_written(real), openapi_fixing.fix(real.text).document
        assert operations(fixed) == operations(original)
        for path, method in operations(original):
            before, after = original["paths"][path][method], fixed["paths"][path][method]
            kept = after.get("parameters", [])[: len(before.get("parameters", []))]
            assert [named(it) for it in kept] == [named(it) for it in before.get("parameters", [])]
            assert ("requestBody" in after) == ("requestBody" in before)

    def test_loses_no_property_of_what_is_sent(self, real: Real) -> None:
        original, fixed = as_written(real), openapi_fixing.fix(real.text).document
        after = sent_properties(fixed)
        for operation, names in sent_properties(original).items():
            assert names <= after[operation]

    def test_says_what_it_did_wherever_something_changed(self, real: Real) -> None:
        fixed = openapi_fixing.fix(real.text)
        assert bool(fixed.changes) == (fixed.document != as_written(real))


def as_written(real: Real) -> dict[str, Any]:
    """The document as the text says it."""
    document: dict[str, Any] = SourceText(real.text).document
    return document


def named(parameter: Mapping[str, Any]) -> Any:
    return parameter.get("$ref") or (parameter.get("in"), parameter.get("name"))


def sent_properties(document: dict[str, Any]) -> dict[tuple[str, str], set[str]]:
    """The names of all properties that may be sent to each operation, at any depth."""
    found = {}
    for path, method in operations(document):
        item = document["paths"][path]
        operation = item[method]
        holders = [*item.get("parameters", []), *operation.get("parameters", []), operation.get("requestBody")]
        schemas = [schema for holder in holders for schema in carried(document, holder)]
        found[path, method] = set().union(*(properties(document, schema, set()) for schema in schemas))
    return found


def carried(document: dict[str, Any], holder: Any) -> list[Any]:
    """The schemas of a parameter or a body."""
    resolved = target(document, holder)
    contents = [it for it in (resolved.get("content") or {}).values() if isinstance(it, Mapping)]
    return [it.get("schema") for it in (resolved, *contents)]


def properties(document: dict[str, Any], schema: Any, observed: set[int]) -> set[str]:
    resolved = target(document, schema)
    if id(resolved) in observed:
        return set()
    observed.add(id(resolved))
    named = {
        name: schema
        for name, schema in (resolved.get("properties") or {}).items()
        if not is_read_only(document, schema)
    }
    parts = [*named.values(), *(resolved[it] for it in ("items", "additionalProperties") if it in resolved)]
    parts += [part for it in ("oneOf", "anyOf", "allOf", "prefixItems") for part in resolved.get(it) or ()]
    return set(named).union(*(properties(document, part, observed) for part in parts))


def is_read_only(document: dict[str, Any], schema: Any) -> bool:
    """Whether a member stands in answers alone."""
    return any(one.get("readOnly") is True for one in (schema, target(document, schema)) if isinstance(one, dict))


def target(document: dict[str, Any], part: Any) -> dict[str, Any]:
    """What a part is once its references are followed; {} if that is nothing."""
    while isinstance(part, dict) and isinstance(part.get("$ref"), str):
        try:
            part = at(document, part["$ref"])
        except LookupError:
            return {}
    return part if isinstance(part, dict) else {}

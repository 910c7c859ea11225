"""Documents against the service model."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentcore_provider.rules import service_model
from agentcore_provider.rules.pattern import compiled
from agentcore_provider.rules.problem import UNKNOWN

SHAPES: dict[str, Any] = dict(service_model.load(service_model.CONTROL)["shapes"])
OPERATIONS = [
    "CreateGateway",
    "UpdateGateway",
    "CreateGatewayTarget",
    "UpdateGatewayTarget",
    "CreateOauth2CredentialProvider",
    "CreateApiKeyCredentialProvider",
]


def documents(name: str, depth: int = 0) -> st.SearchStrategy[Any]:
    """Documents that the model of a shape allows, made from the model itself."""
    shape = SHAPES[name]
    kind = shape["type"]
    if shape.get("document"):
        return st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5) | st.none(), max_size=2)
    if kind == "structure":
        return _structures(shape, depth)
    if kind == "list":
        low = max(shape.get("min", 0), 0 if depth < 6 else shape.get("min", 0))
        return st.lists(documents(shape["member"]["shape"], depth + 1), min_size=low, max_size=low + 1)
    if kind == "map":
        keys, values = (documents(shape[side]["shape"], depth + 1) for side in ("key", "value"))
        return st.dictionaries(keys, values, min_size=shape.get("min", 0), max_size=shape.get("min", 0) + 1)
    if kind == "string":
        return _strings(shape)
    if kind in ("integer", "long"):
        whole = st.integers(shape.get("min", -5), shape.get("max", 5))
        return whole | whole.map(float)
    if kind in ("float", "double"):
        return st.floats(shape.get("min"), shape.get("max"), allow_nan=False)
    return st.booleans()


def _structures(shape: dict[str, Any], depth: int) -> st.SearchStrategy[Any]:
    members = {member: below["shape"] for member, below in shape["members"].items()}
    if shape.get("union"):
        return st.sampled_from(sorted(members)).flatmap(
            lambda member: documents(members[member], depth + 1).map(lambda value: {member: value})
        )
    required = {member: documents(members[member], depth + 1) for member in shape.get("required", ())}
    # Schemas of tools contain themselves: below a depth only what must be there.
    others = {} if depth > 4 else {m: st.deferred(lambda s=s: documents(s, depth + 1)) for m, s in members.items()}
    return st.fixed_dictionaries(required, optional={m: s for m, s in others.items() if m not in required})


def _strings(shape: dict[str, Any]) -> st.SearchStrategy[str]:
    if "enum" in shape:
        return st.sampled_from(shape["enum"])
    low, high = shape.get("min", 0), shape.get("max", 10_000)
    pattern = shape.get("pattern")
    if pattern is None:
        return st.text(min_size=low, max_size=min(high, low + 8))
    expression = compiled(pattern)
    assert expression is not None, f"{pattern} cannot be read"
    return st.from_regex(expression, fullmatch=True).filter(lambda text: low <= len(text) <= high)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_the_model_allows_is_no_problem(operation: str) -> None:
    """Any document made from the model of an operation is accepted."""

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(documents(service_model.input_shape(operation)))
    def accepted(document: Any) -> None:
        problems = service_model.validate(document, operation)
        assert [problem.line() for problem in problems] == []

    accepted()


def test_every_pattern_of_the_model_can_be_read() -> None:
    """No rule of the AgentCore model is left unjudged because its pattern is Java's."""
    unread = {name for name, shape in SHAPES.items() if "pattern" in shape and compiled(shape["pattern"]) is None}
    assert unread == set()


def test_all_problems_come_at_once() -> None:
    """One run tells every mistake, each at its own path."""
    document = {"name": "a_b", "authorizerType": "JWT", "interceptorConfigurations": [{"interceptor": {}}]}
    assert {problem.path for problem in service_model.validate(document, "CreateGateway")} == {
        "name",
        "roleArn",
        "authorizerType",
        "interceptorConfigurations[0].interceptor",
        "interceptorConfigurations[0].interceptionPoints",
    }


def test_paths_begin_where_the_document_is() -> None:
    """A part of a document is judged by its shape, at its path in the whole."""
    (problem,) = service_model.validate({"interceptor": UNKNOWN}, "GatewayInterceptorConfiguration", path="all[2]")
    assert problem.path == "all[2].interceptionPoints"


def test_a_member_set_later_may_be_absent() -> None:
    """What the provider fills in is not asked of the program."""
    document = {"roleArn": "arn:aws:iam::123456789012:role/a", "authorizerType": "NONE"}
    assert service_model.validate(document, "CreateGateway", absent=("name",)) == []
    assert [problem.path for problem in service_model.validate(document, "CreateGateway")] == ["name"]


def test_a_member_of_a_union_that_is_not_known_counts() -> None:
    """At preview one of two may be unknown; both together are refused all the same."""
    both = {"lambda": UNKNOWN, "mcpServer": UNKNOWN}
    assert service_model.validate({"lambda": UNKNOWN}, "McpTargetConfiguration") == []
    assert [problem.path for problem in service_model.validate(both, "McpTargetConfiguration")] == [""]


def test_secrets_are_not_shown() -> None:
    """A value that the model calls sensitive is in no problem's line."""
    problems = service_model.validate({"name": "a", "apiKey": ""}, "CreateApiKeyCredentialProvider")
    problems += service_model.validate({"name": "b", "apiKey": "marker" * 20_000}, "CreateApiKeyCredentialProvider")
    assert problems
    assert all("marker" not in problem.line() for problem in problems)


def test_an_unknown_shape_is_the_callers_mistake() -> None:
    """A misspelt operation is told, not taken for a document without rules."""
    with pytest.raises(LookupError, match="CreateGatway"):
        service_model.validate({}, "CreateGatway")


def test_the_model_is_read_when_first_needed() -> None:
    """Importing the rules costs no botocore: previews of other programs do not wait for it."""
    code = "import sys, agentcore_provider.rules.gateway_target as _; print('botocore' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"

"""Documents against the service model."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentcore_provider.rules import service_model
from agentcore_provider.rules.unknown import UNKNOWN

SHAPES: dict[str, Any] = dict(service_model.load(service_model.CONTROL)["shapes"])
OPERATIONS = [
    "CreateGateway",
    "UpdateGateway",
    "CreateGatewayTarget",
    "UpdateGatewayTarget",
    "CreateOauth2CredentialProvider",
    "CreateApiKeyCredentialProvider",
]


@cache
def documents(name: str, depth: int = 0) -> st.SearchStrategy[Any]:
    """Documents that the model of a shape allows, made from the model itself."""
    shape = SHAPES[name]
    makers: dict[str, Callable[[dict[str, Any], int], st.SearchStrategy[Any]]] = {
        "structure": _structures,
        "list": _lists,
        "map": _maps,
        "string": _strings,
        "integer": _whole_numbers,
        "boolean": lambda _shape, _depth: st.booleans(),
    }
    return makers[shape["type"]](shape, depth)


def _structures(shape: dict[str, Any], depth: int) -> st.SearchStrategy[Any]:
    if shape.get("document"):
        return st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5) | st.none(), max_size=2)
    members = {
        member: st.deferred(lambda it=below["shape"]: documents(it, depth + 1))
        for member, below in shape["members"].items()
    }
    if shape.get("union"):
        return st.one_of([st.fixed_dictionaries({member: value}) for member, value in members.items()])
    required = {member: members[member] for member in shape.get("required", ())}
    # Schemas of tools contain themselves: below a depth only what must be there.
    others = {} if depth > 5 else {member: it for member, it in members.items() if member not in required}
    return st.fixed_dictionaries(required, optional=others)


def _lists(shape: dict[str, Any], depth: int) -> st.SearchStrategy[Any]:
    low = shape.get("min", 0)
    most = min(low + 1, shape.get("max", low + 1))
    return st.lists(documents(shape["member"]["shape"], depth + 1), min_size=low, max_size=most)


def _maps(shape: dict[str, Any], depth: int) -> st.SearchStrategy[Any]:
    keys = documents(shape["key"]["shape"], depth + 1)
    values = st.deferred(lambda: documents(shape["value"]["shape"], depth + 1))
    return st.dictionaries(keys, values, min_size=shape.get("min", 0), max_size=shape.get("min", 0) + 1)


def _whole_numbers(shape: dict[str, Any], _depth: int) -> st.SearchStrategy[Any]:
    whole = st.integers(shape.get("min", -5), shape.get("max", 5))
    return whole | whole.map(float)


def _strings(shape: dict[str, Any], _depth: int) -> st.SearchStrategy[str]:
    if "enum" in shape:
        return st.sampled_from(shape["enum"])
    low, high = shape.get("min", 0), shape.get("max", 10_000)
    pattern = shape.get("pattern")
    if pattern is None:
        return st.text(min_size=low, max_size=min(high, low + 8))
    expression = service_model.expression(pattern)
    assert expression is not None, f"{pattern} cannot be read"
    return st.from_regex(expression, fullmatch=True).filter(lambda text: low <= len(text) <= high)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_the_model_allows_is_not_a_problem(operation: str) -> None:
    """Any document made from the model of an operation is accepted."""

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(documents(service_model.input_shape(operation)))
    def accepted(document: Any) -> None:
        problems = service_model.validate(document, operation)
        assert [str(problem) for problem in problems] == []

    accepted()


def test_every_pattern_of_the_model_can_be_read() -> None:
    """No rule of the operations used here is left unjudged because its pattern is Java's."""
    reached: set[str] = set()
    ahead = [service_model.input_shape(operation) for operation in OPERATIONS]
    while ahead:
        name = ahead.pop()
        if name not in reached:
            reached.add(name)
            sides = [SHAPES[name].get(side) for side in ("member", "key", "value")]
            ahead += [it["shape"] for it in [*SHAPES[name].get("members", {}).values(), *sides] if it]
    patterns = {name: SHAPES[name]["pattern"] for name in reached if "pattern" in SHAPES[name]}
    assert len(patterns) > 30
    assert [name for name, pattern in patterns.items() if service_model.expression(pattern) is None] == []


def test_all_problems_come_at_once() -> None:
    """One run reports every problem, each at its own path."""
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
    assert all("marker" not in str(problem) for problem in problems)


def test_an_unknown_shape_is_the_callers_problem() -> None:
    """A misspelt operation is reported, not taken for a document without rules."""
    with pytest.raises(LookupError, match="CreateGatway"):
        service_model.validate({}, "CreateGatway")


def test_the_model_is_read_when_first_needed() -> None:
    """Importing the rules costs no botocore: previews of other programs do not wait for it."""
    code = "import sys, agentcore_provider.rules.gateway_target as _; print('botocore' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("content", "meant"),
    [
        ({"vpcIdentifier": "vpc-1"}, "managedVpcResource"),
        ({"resourceConfigurationIdentifier": "rcfg-1"}, "selfManagedLatticeResource"),
        ({}, "selfManagedLatticeResource"),
        ("vpc-1", "selfManagedLatticeResource"),
    ],
)
def test_of_two_near_names_the_one_that_has_the_content_is_meant(content: Any, meant: str) -> None:
    """By the spelling alone the wrong way through a VPC would be the cure."""
    (problem,) = service_model.validate({"managedLatticeResource": content}, "PrivateEndpoint")
    assert problem.path == "managedLatticeResource"
    assert problem.cure == f"Did you mean {meant}?"

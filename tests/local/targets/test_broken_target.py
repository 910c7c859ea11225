"""One broken target never takes the other tools of its gateway away."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest

from agentcore_provider.local import store
from agentcore_provider.local.mcp_endpoint import tools
from agentcore_provider.local.mcp_endpoint.request_context import RequestContext
from tests.support.targets import Gateway

ROLE = [{"credentialProviderType": "GATEWAY_IAM_ROLE"}]
UNIT = {"target": "smithy.api#Unit"}
SERVICE = {
    "type": "service",
    "operations": [{"target": "a#Get"}],
    "traits": {"aws.protocols#restJson1": {}},
}
GET = {"type": "operation", "input": {"target": "a#In"}, "traits": {"smithy.api#http": {"method": "POST", "uri": "/"}}}


def _smithy(**shapes: Any) -> dict[str, Any]:
    named = {f"a#{name}": shape for name, shape in {"S": SERVICE, "Get": GET, **shapes}.items()}
    return {"mcp": {"smithyModel": {"inlinePayload": json.dumps({"smithy": "2.0", "shapes": named})}}}


def _input(target: str, **shapes: Any) -> dict[str, Any]:
    return _smithy(In={"type": "structure", "members": {"x": {"target": target}}}, **shapes)


def _many(count: int) -> dict[str, Any]:
    """Structures of which each has two of the next one."""
    shapes = {
        f"S{it}": {"type": "structure", "members": {one: {"target": f"a#S{it + 1}"} for one in "xy"}}
        for it in range(count)
    }
    return _input("a#S0", **shapes, **{f"S{count}": {"type": "structure", "members": {}}})


BROKEN: dict[str, dict[str, Any]] = {
    "no JSON": {"mcp": {"smithyModel": {"inlinePayload": "{"}}},
    "no model": {"mcp": {"smithyModel": {"inlinePayload": "[]"}}},
    "deep JSON": {"mcp": {"smithyModel": {"inlinePayload": "[" * 5000}}},
    "no shape": _smithy(In=7),
    "shape without a type": _smithy(In={}),
    "traits that are a list": _smithy(In={"type": "structure", "members": {}, "traits": []}),
    "input without a target": _smithy(Get={**GET, "input": {}}),
    "member without a target": _smithy(In={"type": "structure", "members": {"x": {}}}),
    "list without member": _input("a#L", L={"type": "list"}),
    "map without value": _input("a#M", M={"type": "map", "key": UNIT}),
    "enum without members": _input("a#E", E={"type": "enum"}),
    "enum trait without values": _input("a#E", E={"type": "string", "traits": {"smithy.api#enum": [{}]}}),
    "mixin that is not there": _input("a#X", X={"type": "structure", "mixins": [{"target": "a#Y"}]}),
    "mixin of itself": _input("a#X", X={"type": "structure", "mixins": [{"target": "a#X"}]}),
    "operations that are text": _smithy(S={**SERVICE, "operations": "a#Get"}),
    "operation that is a structure": _smithy(
        Get={"type": "structure", "members": {}}, In={"type": "structure", "members": {}}
    ),
    "documentation that is a list": _smithy(
        Get={**GET, "traits": {**GET["traits"], "smithy.api#documentation": [1]}},  # type: ignore[dict-item]
        In={"type": "structure", "members": {}},
    ),
    "http that is text": _smithy(
        Get={**GET, "traits": {"smithy.api#http": "GET /"}}, In={"type": "structure", "members": {}}
    ),
    "rules that are null": _smithy(
        S={**SERVICE, "traits": {**SERVICE["traits"], "smithy.rules#endpointRuleSet": {"rules": None}}},  # type: ignore[dict-item]
        In={"type": "structure", "members": {}},
    ),
    "structures that multiply": _many(30),
    "OpenAPI that is text": {"mcp": {"openApiSchema": {"inlinePayload": "hello"}}},
    "OpenAPI in deep JSON": {"mcp": {"openApiSchema": {"inlinePayload": '{"a":' * 3000 + "1" + "}" * 3000}}},
    "OpenAPI in deep YAML": {
        "mcp": {"openApiSchema": {"inlinePayload": "".join("  " * it + "b:\n" for it in range(600))}}
    },
    "OpenAPI paths that are a list": {
        "mcp": {"openApiSchema": {"inlinePayload": json.dumps({"openapi": "3.0.3", "paths": [1]})}}
    },
    "MCP server that is not there": {"mcp": {"mcpServer": {"endpoint": "https://127.0.0.1:9/mcp"}}},
    "MCP server asked each time": {
        "mcp": {"mcpServer": {"endpoint": "https://127.0.0.1:9/mcp", "listingMode": "DYNAMIC"}}
    },
}


@pytest.mark.parametrize("configuration", [pytest.param(it, id=name) for name, it in BROKEN.items()])
def test_the_other_tools_stay(gateway: Gateway, ping: dict[str, Any], configuration: dict[str, Any]) -> None:
    """Between two good targets, however the third one is broken, and whether it is taken, refused or fails."""
    gateway.target(ping, name="first")
    family = next(iter(configuration["mcp"]))
    with contextlib.suppress(gateway.aws.control.exceptions.ValidationException):
        gateway.target(configuration, None if family in ("openApiSchema", "mcpServer") else ROLE, name="broken")
    gateway.target(ping, name="last")
    listed = gateway.tools()
    assert {"first___ping", "last___ping"} <= set(listed)
    for name in ("first___ping", "last___ping"):
        assert gateway.call(name) == ({"ok": True}, False)
    for name in set(listed) - {"first___ping", "last___ping"}:
        _, failed = gateway.call(name)
        assert failed


class _Breaking:
    """A kind of target whose tools cannot be listed, or are none."""

    def __init__(self, found: Any) -> None:
        self._found = found

    def tools(self, _target: Any, _context: Any) -> Any:
        if isinstance(self._found, Exception):
            raise self._found
        return self._found

    def call(self, _call: Any) -> Any:
        raise AssertionError


GOOD = {"name": "ping", "inputSchema": {"type": "object"}}


@pytest.mark.parametrize(
    "found",
    [KeyError("member"), RecursionError(), TypeError(), None, 7, [None], [{}], [{"name": 1, "inputSchema": {}}]]
    + [[{**GOOD, **wrong}] for wrong in ({"inputSchema": None}, {"inputSchema": {}}, {"description": 1}, {"name": ""})]
    + [[{**GOOD, **wrong}] for wrong in ({"outputSchema": []}, {"annotations": 1}, {"title": 1})],
)
def test_invalid_tools_are_left_out(monkeypatch: pytest.MonkeyPatch, gateway: Gateway, ping: Any, found: Any) -> None:
    """Whatever a kind of target raises or lists, the tools of the others, and its own good ones, are there."""
    gateway.target(ping, name="first")
    gateway.target(ping, name="last")
    known = store.find_gateway(gateway.id)
    assert known is not None
    kinds = {"first": _Breaking(found if not isinstance(found, list) else [*found, GOOD]), "last": _Breaking([GOOD])}
    monkeypatch.setattr(tools, "kind_of", lambda target: kinds[target.name])
    listed = [it.document["name"] for it in tools.of_targets(RequestContext(known, ""))]
    assert listed == (["first___ping", "last___ping"] if isinstance(found, list) else ["last___ping"])

"""A preview of a changed target reports what its callers notice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from agentcore_provider.providers.lifecycle import CheckedInputs
from tests.support.world import World

FUNCTION = "arn:aws:lambda:us-west-2:123456789012:function:orders"


def _tool(name: str, *required: str, **properties: str) -> dict[str, Any]:
    schema = {"type": "object", "properties": {key: {"type": kind} for key, kind in properties.items()}}
    return {"name": name, "description": "Orders", "inputSchema": {**schema, "required": [*required]}}


def _target(world: World, tools: Any, name: str = "shop", **beside: Any) -> dict[str, Any]:
    schema = {"inlinePayload": tools} if isinstance(tools, list) else {"s3": {"uri": tools}}
    target = world.target("gateway-0123456789", name=name)
    document = {"mcp": {"lambda": {"lambdaArn": FUNCTION, "toolSchema": schema}}}
    return {**target, "target_configuration": document, "__context": {**target["__context"], **beside}}


def _check(world: World, before: Mapping[str, Any], now: Mapping[str, Any]) -> CheckedInputs:
    provider = world.provider("gateway_target")
    return provider.check_inputs(provider.check_inputs({}, before).inputs if before else {}, now)


def test_a_change_that_breaks_callers_is_warned_of(world: World) -> None:
    """One line for each tool, by the name that callers use."""
    before = _target(world, [_tool("find", id="string"), _tool("list"), _tool("buy")])
    now = _target(world, [_tool("find", "id", "region", id="integer", region="string"), _tool("list", sum="integer")])
    found = _check(world, before, now)
    assert found.reasons == []
    cure = "Keep what callers use, or set protect_tools to refuse such changes. (docs/targets/changes.md)"
    reasons = (
        "argument id is now required; argument region is new and required; argument id must be integer, not string"
    )
    assert found.warnings == [
        f"tools: callers break: shop___find: {reasons}. {cure}",
        f"tools: callers break: shop___buy: is removed. {cure}",
    ]


def test_protected_tools_refuse_it(world: World) -> None:
    """As an error of the preview; what callers survive is still deployed."""
    before = _target(world, [_tool("find", id="string")])
    broken = _check(world, before, _target(world, [_tool("search", id="string")], protect_tools=True))
    assert broken.reasons == [
        "tools: callers break: shop___find: is renamed to search. Keep what callers use, or remove protect_tools for this "
        "update. (docs/targets/changes.md)"
    ]
    wider = _target(world, [_tool("find", id="string", sku="string")], protect_tools=True)
    assert (_check(world, before, wider).reasons, _check(world, before, wider).warnings) == ([], [])


@pytest.mark.parametrize("protect", [True, None])
def test_nothing_is_reported_where_nothing_changes(world: World, protect: bool | None) -> None:
    """Of a new target neither, nor where only words around the tools change."""
    target = _target(world, [_tool("find", id="string")], protect_tools=protect)
    for before, now in (({}, target), (target, target), (target, {**target, "description": "Orders"})):
        found = _check(world, before, now)
        assert (found.reasons, found.warnings) == ([], [])


def test_a_renamed_target_renames_all_its_tools(world: World) -> None:
    """In one line, however many they are."""
    tools = [_tool(f"find{number}") for number in range(30)]
    [line] = _check(world, _target(world, tools), _target(world, tools, name="store")).warnings
    assert line.startswith("tools: callers break: the target is renamed, so all its tools are: shop___* to store___*.")


def test_many_lines_are_cut_off(world: World) -> None:
    """Twenty tools are named, the rest is counted."""
    lines = _check(world, _target(world, [_tool(f"find{number}") for number in range(30)]), _target(world, [])).warnings
    broken = [it for it in lines if "callers break" in it]
    assert len(broken) == 21
    assert "callers break: 10 more tools." in broken[-1]


def test_a_schema_in_s3_cannot_be_compared(world: World) -> None:
    """Tools that are protected get a warning then; others nothing."""
    inline, stored = [_tool("find")], "s3://schemas/a.json"
    for before, now in ((inline, stored), (stored, inline), (stored, "s3://schemas/b.json")):
        assert _check(world, _target(world, before), _target(world, now)).warnings == []
        [line] = _check(world, _target(world, before), _target(world, now, protect_tools=True)).warnings
        assert "whether callers still fit is not either" in line
    same = _target(world, stored, protect_tools=True)
    assert _check(world, same, same).warnings == []


def test_another_kind_of_target_is_compared_by_its_tools(world: World) -> None:
    """What it is written in is nothing that callers notice."""
    before = _target(world, [_tool("find", id="string")])
    text = '{"tools": [{"name": "find", "description": "Orders", "inputSchema": {"type": "object", "properties": {}}}]}'
    server = {"endpoint": "https://tools.example.com/mcp", "mcpToolSchema": {"inlinePayload": text}}
    now = {**before, "target_configuration": {"mcp": {"mcpServer": server}}}
    assert any("shop___find: argument id is removed" in it for it in _check(world, before, now).warnings)


@pytest.mark.parametrize("wrong", ["endpoint", "kind"])
def test_tools_that_only_a_server_lists_cannot_be_compared(world: World, wrong: str) -> None:
    """A target whose tools nobody can know at preview does not prove that they stay."""

    def server(url: str) -> dict[str, Any]:
        document = {"mcp": {"mcpServer": {"endpoint": url}}}
        return {**_target(world, [], protect_tools=True), "target_configuration": document}

    before = server("https://a.example.com/mcp") if wrong == "endpoint" else _target(world, [_tool("find")])
    [line] = [
        it for it in _check(world, before, server("https://b.example.com/mcp")).warnings if "not known here" in it
    ]
    assert "Compare the tools before you deploy" in line

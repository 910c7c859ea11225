"""Smithy models as texts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agentcore_provider.rules import smithy
from agentcore_provider.schemas import selected_smithy, tool_list
from agentcore_provider.schemas.selection import Selection
from agentcore_provider.target_kinds import smithy_permissions

MODEL: dict[str, Any] = {
    "smithy": "2.0",
    "shapes": {
        "com.amazonaws.ping#Ping": {
            "type": "service",
            "operations": [{"target": "com.amazonaws.ping#Send"}],
            "traits": {"aws.protocols#restJson1": {}},
        },
        "com.amazonaws.ping#Send": {"type": "operation", "traits": {"smithy.api#http": {"method": "POST", "uri": "/"}}},
    },
}


def test_a_model_as_text_is_accepted() -> None:
    """JSON AST, as `smithy ast` writes it."""
    assert smithy.validate(json.dumps(MODEL)) == []
    assert smithy.tools(MODEL) == [("#/shapes/com.amazonaws.ping#Send", "Send")]


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ('$version: "2"\nnamespace example', "Smithy IDL"),
        ("namespace example.weather\nservice Weather {}", "Smithy IDL"),
        ("smithy: '2.0'\nshapes: {}\n", "line 1"),
        ('{"smithy": "2.0",\n}', "line 2"),
        ("[]", "not an object"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_only_json_ast_is_taken(text: str, reported: str) -> None:
    """Smithy's own language and YAML are refused, with the line where JSON ends."""
    (problem,) = smithy.validate(text)
    assert (problem.severity, problem.path) == ("error", "#")
    assert reported in problem.message


def test_problems_have_lines() -> None:
    """Each problem says on which line of the text its shape stands."""
    shapes = {**MODEL["shapes"], "com.amazonaws.ping#Send": {"type": "operation"}}
    text = json.dumps({**MODEL, "shapes": shapes}, indent=2)
    (problem,) = smithy.validate(text)
    line = next(number for number, it in enumerate(text.splitlines(), 1) if '"com.amazonaws.ping#Send": {' in it)
    assert problem.message.startswith(f"line {line}: ")


def test_a_model_larger_than_its_way_is_refused() -> None:
    """1 MB within a request, 10 MB through S3."""

    def found(size: int, inline: bool | None) -> list[str]:
        return [it.severity for it in smithy.validate(MODEL | {"metadata": "m" * size}, inline=inline)]

    megabyte = 1024 * 1024
    assert (found(megabyte, True), found(megabyte, False)) == (["error"], [])
    assert found(megabyte, None) == ["warning"]
    assert found(10 * megabyte, False) == ["error"]


def test_resources_that_contain_each_other_end() -> None:
    """A model whose resources go round in a circle is judged, not followed for ever."""
    shapes = {
        **MODEL["shapes"],
        "com.amazonaws.ping#A": {"type": "resource", "resources": [{"target": "com.amazonaws.ping#B"}]},
        "com.amazonaws.ping#B": {"type": "resource", "resources": [{"target": "com.amazonaws.ping#A"}]},
    }
    service = {**MODEL["shapes"]["com.amazonaws.ping#Ping"], "resources": [{"target": "com.amazonaws.ping#A"}]}
    assert smithy.validate({**MODEL, "shapes": {**shapes, "com.amazonaws.ping#Ping": service}}) == []


@pytest.mark.parametrize(
    ("name", "report", "actions"),
    [
        ("apply_on_mixin", ["GetUser"], ["shop:GetUser"]),
        ("service_mixin", ["Ping"], ["shop:Ping"]),
        ("host_prefix", ["A"], ["shop:A"]),
        ("formats", ["Find", "Pic"], ["shop:Find", "shop:Pic"]),
    ],
)
def test_models_of_smithy_cli(name: str, report: list[str], actions: list[str]) -> None:
    """What smithy-cli 1.73.0 writes of .smithy files is taken, and judge, list of tools and permissions agree."""
    text = (Path(__file__).parent / f"corpus/smithy_cli/{name}.json").read_text()
    assert [str(it) for it in smithy.validate(text) if it.severity == "error"] == []
    model = json.loads(text)
    assert [tool for _, tool in smithy.tools(model)] == report
    assert [it["name"] for it in tool_list.of_smithy(text)] == report
    model["shapes"]["com.example#Shop"]["traits"]["aws.auth#sigv4"] = {"name": "shop"}
    assert smithy_permissions.actions(model) == actions
    assert [tool for _, tool in smithy.tools(selected_smithy.select(model, Selection([report[-1]])))] == report[-1:]


def test_what_an_operation_inherits_counts_as_its_own() -> None:
    """The name of its IAM action, its tags, and what is reported of it."""
    mixin = {"smithy.api#mixin": {}, "aws.iam#iamAction": {"name": "GetAll"}, "smithy.api#tags": ["x"]}
    shapes = {
        "com.amazonaws.ping#Base": {"type": "operation", "traits": mixin | {"smithy.api#documentation": "Of Base"}},
        "com.amazonaws.ping#Ping": {
            "type": "service",
            "operations": [{"target": "com.amazonaws.ping#Send"}],
            "traits": {"aws.protocols#restJson1": {}, "aws.auth#sigv4": {"name": "ping"}},
        },
        "com.amazonaws.ping#Send": {"type": "operation", "mixins": [{"target": "com.amazonaws.ping#Base"}]},
    }
    model = {"smithy": "2.0", "shapes": shapes}
    assert smithy_permissions.actions(model) == ["ping:GetAll"]
    assert tool_list.of_smithy(json.dumps(model))[0]["description"] == "Of Base"
    left = selected_smithy.select(model, Selection(["tag:x"]))
    assert set(left["shapes"]) == set(shapes), "what is sent keeps its mixins"


def test_mixins_that_multiply_are_one_problem() -> None:
    """Members that mixins copy without number are refused before anything is made of them."""
    members = {f"m{it}": {"target": "smithy.api#String"} for it in range(1000)}
    wide = {"a#M": {"type": "structure", "traits": {"smithy.api#mixin": {}}, "members": members}}
    wide |= {f"a#S{it}": {"type": "structure", "mixins": [{"target": "a#M"}]} for it in range(600)}
    model = {"smithy": "2.0", "shapes": {**MODEL["shapes"], **wide}}
    (problem,) = smithy.validate(model)
    assert "members once mixins are copied" in problem.message
    assert (smithy.tools(model), tool_list.of_smithy(json.dumps(model))) == ([], [])
    assert smithy_permissions.actions(model) is None

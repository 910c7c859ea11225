"""Smithy models as texts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agentcore_provider.rules import smithy

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
    ("text", "said"),
    [
        ('$version: "2"\nnamespace example', "Smithy IDL"),
        ("namespace example.weather\nservice Weather {}", "Smithy IDL"),
        ("smithy: '2.0'\nshapes: {}\n", "line 1"),
        ('{"smithy": "2.0",\n}', "line 2"),
        ("[]", "not an object"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_only_json_ast_is_taken(text: str, said: str) -> None:
    """Smithy's own language and YAML are refused, with the line where JSON ends."""
    (problem,) = smithy.validate(text)
    assert (problem.severity, problem.path) == ("error", "#")
    assert said in problem.message


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

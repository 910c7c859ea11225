"""OpenAPI documents as texts: lines, sizes, and what cannot be read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agentcore_provider.documents import openapi_fixing
from agentcore_provider.problem import Problem
from agentcore_provider.rules import openapi

YAML = """\
openapi: 3.0.3
info:
  title: Shop
  version: 2024-01-01
servers:
  - url: /v1
paths:
  /orders:
    get:
      responses:
        200:
          description: Orders
"""
DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Shop", "version": "1"},
    "servers": [{"url": "https://shop.example.com"}],
    "paths": {
        "/orders": {
            "get": {"operationId": "listOrders", "summary": "List", "responses": {"200": {"description": "Orders"}}}
        }
    },
}


def _by_path(problems: list[Problem]) -> dict[str, str]:
    return {problem.path: problem.message.partition(":")[0] for problem in problems}


def test_problems_of_yaml_have_lines() -> None:
    """Each problem says on which line of the file its place is; a date is text and no problem."""
    assert _by_path(openapi.validate(YAML)) == {
        "#/servers/0/url": "line 6",
        "#/paths/~1orders/get": "line 9",
        "#/paths/~1orders/get/responses/200": "line 11",
    }


@pytest.mark.parametrize("indent", [2, "\t"])
def test_problems_of_json_have_lines(indent: int | str) -> None:
    """JSON as well, indented by blanks or by tabs."""
    document = DOCUMENT | {"security": [{"key": []}]}
    text = json.dumps(document, indent=indent)
    (problem,) = openapi.validate(text)
    line = next(number for number, it in enumerate(text.splitlines(), 1) if '"security"' in it)
    assert problem.message.startswith(f"line {line}: ")


def test_a_document_without_text_has_no_lines() -> None:
    """A dictionary is judged as well, and nothing about lines is made up."""
    (problem,) = openapi.validate({**DOCUMENT, "security": [{}]})
    assert "line" not in problem.message


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("openapi: 3.0.0\n  info: x\n", "line 2"),
        ('{"openapi": "3.0.0",\n"a" "b"}', "line 2"),
        ("{\n\t'a': b,\n\t\tc\n]", "line 2"),
        ("just a text", "not an object"),
        ("", "not an object"),
        ("a: !!python/object:os.system {}", "YAML"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_a_text_that_cannot_be_read_is_one_problem(text: str, reported: str) -> None:
    """Where it breaks, in one line; nothing is executed, nothing overflows."""
    (problem,) = openapi.validate(text)
    assert problem.path == "#"
    assert reported in problem.message


def test_sizes_depend_on_the_way() -> None:
    """1 MB within a request, 10 MB through S3; undecided, over 1 MB is a warning."""

    def found(size: int, inline: bool | None) -> list[str]:
        large = DOCUMENT | {"x-padding": "p" * size}
        return [it.severity for it in openapi.validate(json.dumps(large), inline=inline)]

    megabyte = 1024 * 1024
    assert found(megabyte - 1000, True) == []
    assert found(megabyte, True) == ["error"]
    assert found(megabyte, False) == []
    assert found(megabyte, None) == ["warning"]
    assert found(10 * megabyte, False) == ["error"]


def test_a_thousand_tools_are_the_limit() -> None:
    """One more is refused."""

    def found(number: int) -> list[str]:
        paths = {
            f"/{it}": {"get": {"operationId": f"op{it}", "summary": "Do it", "responses": {"200": {"description": ""}}}}
            for it in range(number)
        }
        return [it.path for it in openapi.validate(DOCUMENT | {"paths": paths})]

    assert found(1000) == []
    assert found(1001) == ["#/paths"]


def test_repeated_warnings_are_reported_once() -> None:
    """A warning that stands at many places gives the first and the number of the others."""
    operations = {
        f"/{it}": {
            "get": {
                "operationId": f"op{it}",
                "summary": "Do it",
                "security": [{"a": []}],
                "responses": {"200": {"description": ""}},
            }
        }
        for it in range(30)
    }
    (problem,) = openapi.validate(DOCUMENT | {"paths": operations})
    assert problem.message.endswith("(and 29 more)")


@pytest.mark.parametrize(("depth", "reported"), [(15, ""), (40, "YAML aliases written out")])
def test_aliases_do_not_explode(depth: int, reported: str) -> None:
    """A YAML text whose aliases unfold to thousands of schemas is judged at once, one of billions refused at once."""
    levels = "\n".join(
        f"  l{it}: &l{it} {{type: object, properties: {{a: *l{it - 1}, b: *l{it - 1}}}}}" for it in range(1, depth)
    )
    text = f"""\
x-levels:
  l0: &l0 {{type: string}}
{levels}
openapi: 3.0.0
info: {{title: a, version: b}}
servers: [{{url: "https://a.example"}}]
paths:
  /a:
    post:
      operationId: a
      summary: A
      requestBody: {{content: {{application/json: {{schema: *l{depth - 1}}}}}}}
      responses: {{"200": {{description: a}}}}
"""
    assert [reported in problem.message for problem in openapi.validate(text)] == ([True] if reported else [])


def test_the_tools_of_a_document_can_be_listed() -> None:
    """For the names that clients will see."""
    assert openapi.tools(DOCUMENT) == [("#/paths/~1orders/get/operationId", "listOrders")]


def test_words_that_the_reader_takes_for_other_values_are_named() -> None:
    """YAML reaches the service as it is written; what is in quotes, and what is sent as JSON, is safe."""
    document = """\
openapi: 3.0.3
info: {title: Shop, version: "1"}
servers: [{url: https://shop.example.com}]
paths:
  /orders:
    get:
      operationId: listOrders
      summary: List
      parameters:
        - {name: country, in: query, schema: {type: string, enum: [SE, NO, 12:30, 'ON']}}
      responses: {"200": {description: NO}}
"""
    [problem] = openapi.validate(document)
    assert (problem.severity, problem.path, problem.code) == ("warning", "#", "yaml-word")
    assert problem.message == "line 10: the service reads YAML 1.1, and takes NO for false, 12:30 for 750"
    assert problem.cure == 'Put them in quotes: "NO".'
    assert openapi.validate(document.replace("NO", "'NO'").replace("12:30", "'12:30'")) == []
    assert openapi.validate(openapi_fixing.fix(document, server="https://eu.example.com").document) == []

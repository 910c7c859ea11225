"""Codes of rules: each stands for something, is written down, and turns its errors into warnings."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

import agentcore_provider
from agentcore_provider import stack_config
from agentcore_provider.problem import errors
from agentcore_provider.rules import codes, gateway_target, openapi, smithy
from agentcore_provider.rules.unknown import UNKNOWN

PACKAGE = Path(agentcore_provider.__file__).parent
PAGE = PACKAGE.parent / "docs" / "targets" / "accept.md"
SHOP: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Shop", "version": "1"},
    "servers": [{"url": "https://shop.example.com"}],
    "paths": {
        "/orders": {
            "get": {
                "operationId": "listOrders",
                "parameters": [{"name": "by", "in": "query", "style": "deepObject", "schema": {"type": "object"}}],
                "responses": {"200": {"description": "Orders"}},
            }
        }
    },
}
TARGET: dict[str, Any] = {
    "name": "shop",
    "targetConfiguration": {"mcp": {"openApiSchema": {"inlinePayload": json.dumps(SHOP)}}},
}


def _used() -> set[str]:
    """Every text in rules and kinds of target that has the form of a code and is given where problems are made."""
    found = set()
    for file in (it for package in ("rules", "target_kinds") for it in (PACKAGE / package).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in ("error", "warning", "repeated_warning", "_warn", "say", "_problem"):
                found |= {it.value for it in node.args[:1] if isinstance(it, ast.Constant) and it.value}
            if name == "Problem":
                given = [*node.args[4:5], *(it.value for it in node.keywords if it.arg == "code")]
                found |= {it.value for it in given if isinstance(it, ast.Constant) and it.value}
    return found


def test_codes_are_those_that_the_rules_give() -> None:
    """No code without a rule, and no rule with a code that means nothing."""
    assert _used() == set(codes.CODES)


def test_the_page_and_the_schema_have_every_code() -> None:
    """In the same order and words."""
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| (.*) \|$", PAGE.read_text(), re.MULTILINE)
    assert rows == list(codes.CODES.items())
    assert stack_config.schema()["$defs"]["accept"]["items"]["enum"] == list(codes.CODES)


@pytest.mark.parametrize("judge", [openapi.validate, smithy.validate])
def test_each_problem_of_a_schema_has_a_code(judge: Any) -> None:
    """And its line ends with it."""
    found = judge({"openapi": "3.0.3", "smithy": "3.0", "shapes": {}, "paths": {"x": {"get": {"callbacks": {"a": 1}}}}})
    assert len(found) >= 2
    for problem in found:
        assert str(problem).endswith(f"({problem.source}) [{problem.code}]")


def test_an_accepted_error_is_a_warning_that_says_so() -> None:
    """It stays in sight, with what it takes to be rid of it."""
    refused = gateway_target.validate(TARGET)
    assert [it.code for it in errors(refused)] == ["parameter-style"]
    accepted = gateway_target.validate(TARGET, accept=["parameter-style"])
    assert errors(accepted) == []
    [warned] = [it for it in accepted if it.code == "parameter-style"]
    assert warned.cure == "Accepted; otherwise: Use form."


def test_another_code_accepts_nothing() -> None:
    """Only what is named."""
    assert len(errors(gateway_target.validate(TARGET, accept=["webhooks"]))) == 1


def test_what_the_model_refuses_cannot_be_accepted() -> None:
    """Whatever is accepted: AWS refuses it before it looks at anything."""
    document = {
        **TARGET,
        "name": "not a name",
        "descripton": "x",
        "metadataConfiguration": {"allowedRequestHeaders": []},
    }
    found = errors(gateway_target.validate(document, accept=list(codes.CODES)))
    assert {it.path for it in found} == {"name", "descripton", "metadataConfiguration.allowedRequestHeaders"}
    assert {it.code for it in found} == {""}


@pytest.mark.parametrize(
    ("accept", "reported"),
    [
        (
            ["composed_input"],
            "accept[0]: there is no code 'composed_input'. Did you mean composed-input or composed-output?",
        ),
        (["webhooks", "COMPOSED-INPUT"], "accept[1]: there is no code 'COMPOSED-INPUT'. Did you mean composed-input"),
        (["zzz"], "accept[0]: there is no code 'zzz'. There are openapi-version, "),
        ([7], "accept[0]: there is no code 7. There are "),
        ("webhooks", "accept: is 'webhooks'. Give a list of codes"),
        (7, "accept: is of type int. Give a list of codes"),
    ],
)
def test_a_code_that_does_not_exist_is_an_error(accept: Any, reported: str) -> None:
    """With the nearest ones; nothing else is accepted then."""
    found = errors(gateway_target.validate(TARGET, accept=accept))
    assert len(found) == 2
    assert str(found[0]).startswith(reported)


@pytest.mark.parametrize("accept", [None, UNKNOWN, [], [UNKNOWN]])
def test_codes_that_are_not_there_or_not_known_are_no_problem(accept: Any) -> None:
    """A preview may not know them."""
    assert list(codes.unknown(accept)) == []

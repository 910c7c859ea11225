"""Every argument that a program gives answers what users ask: meaning, unit, limit, default, effect of a change."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import agentcore_provider
from agentcore_provider import (
    GatewayClient,
    McpGateway,
    credentials,
    routes,
    targets,
)
from agentcore_provider.arguments import table
from agentcore_provider.arguments.table import descriptions
from agentcore_provider.rules import service_model

RESOURCES = [
    getattr(agentcore_provider, name)
    for name in agentcore_provider.__all__
    if inspect.isclass(it := getattr(agentcore_provider, name))
    and not dataclasses.is_dataclass(it)
    and it is not GatewayClient
]
RECORDS = [
    *(
        it
        for of in (agentcore_provider, routes, targets)
        for name in of.__all__
        if dataclasses.is_dataclass(it := getattr(of, name))
    ),
    *(
        it
        for it in vars(credentials).values()
        if dataclasses.is_dataclass(it) and getattr(it, "__module__", "") == credentials.__name__
    ),
]
# Not inputs of AWS's resource: what they mean is Pulumi's or this package's own business.
BESIDE = {"resource_name", "opts", "accept", "adopt", "tool_limit", "token_limit", "protect_tools", "tools_lock"}
EFFECT = re.compile(r"in\s+place|[Rr]eplaces?\b|read the tools\s+of an MCP server again")
# Operations whose members are the arguments of a resource.
OPERATIONS = {it.__name__: table.operations(it)[0] for it in RESOURCES if hasattr(it, "aws_name")}


def _parameters(resource: type) -> list[inspect.Parameter]:
    return list(inspect.signature(resource.__init__).parameters.values())[1:]


def _fields(owner: type) -> Iterator[tuple[str, str]]:
    """Name and text below each annotated name of a class."""
    tree = ast.parse(Path(inspect.getsourcefile(owner) or "").read_text())
    (body,) = (it.body for it in tree.body if isinstance(it, ast.ClassDef) and it.name == owner.__name__)
    for node, after in zip(body, [*body[1:], None], strict=True):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id != "_":
            if ast.unparse(node.annotation).startswith("ClassVar"):
                continue
            reported = after.value if isinstance(after, ast.Expr) else None
            yield node.target.id, str(reported.value) if isinstance(reported, ast.Constant) else ""


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda it: it.__name__)
def test_only_the_logical_name_goes_by_place(resource: type) -> None:
    first, *others = _parameters(resource)
    assert (first.name, first.kind) == ("resource_name", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    assert {it.kind for it in others} <= {inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD}


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda it: it.__name__)
def test_arguments_are_documented_in_their_order_and_no_others(resource: type) -> None:
    named = [it.name for it in _parameters(resource)]
    report = list(descriptions(resource))
    assert sorted(report) == sorted(named)
    # Those that Python puts last may stand where they belong.
    assert [it for it in report if it not in ("opts", "gateway_arguments")] == [
        it for it in named if it not in ("opts", "gateway_arguments")
    ]


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda it: it.__name__)
def test_arguments_say_what_a_change_does(resource: type) -> None:
    silent = [name for name, text in descriptions(resource).items() if name not in BESIDE and not EFFECT.search(text)]
    assert silent == []


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda it: it.__name__)
def test_arguments_say_their_default(resource: type) -> None:
    report = descriptions(resource)
    for parameter in _parameters(resource):
        if parameter.default not in (inspect.Parameter.empty, None):
            assert "Default:" in report[parameter.name], parameter.name


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda it: it.__name__)
def test_arguments_end_their_sentences(resource: type) -> None:
    assert [name for name, text in descriptions(resource).items() if not text.endswith(".")] == []


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda it: it.__name__)
def test_whole_numbers_have_a_limit(resource: type) -> None:
    report = descriptions(resource)
    for parameter in _parameters(resource):
        if re.search(r"\bint\b", str(parameter.annotation)):
            assert re.search(r"\d+ to \d+", report[parameter.name]), parameter.name


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda it: it.__name__)
def test_outputs_are_documented(resource: type) -> None:
    assert [name for name, text in _fields(resource) if not text.endswith(".")] == []


@pytest.mark.parametrize("record", RECORDS, ids=lambda it: it.__qualname__)
def test_fields_of_records_are_documented(record: type) -> None:
    assert [name for name, text in _fields(record) if not text.strip().endswith(".")] == []


@pytest.mark.parametrize("record", RECORDS, ids=lambda it: it.__qualname__)
def test_records_are_frozen_and_take_by_place_only_what_has_to_be_given(record: Any) -> None:
    assert record.__dataclass_params__.frozen
    by_place = [
        it for it in inspect.signature(record).parameters.values() if it.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    ]
    if record.__module__.startswith("agentcore_provider.resources.targets"):
        assert len(by_place) <= 2
        assert len([it for it in by_place if it.default is not inspect.Parameter.empty]) <= 1


@pytest.mark.parametrize(("noun", "operation"), OPERATIONS.items())
def test_every_member_of_the_api_is_an_argument(noun: str, operation: str) -> None:
    named = {it.name for it in _parameters(getattr(agentcore_provider, noun))}
    # Under short names: what builds the document, and the gateway itself.
    short = {
        "target_configuration": "target",
        "credential_provider_configurations": "credentials",
        "kms_configuration": "kms_key_arn",
        "bundle_name": "name",
        "idp_config": "credential_provider_arn",
        "sources": "gateway",
        "discovery_configuration": "authorizer",
        "approval_configuration": "auto_approve",
        "encryption_configuration": "kms_key_arn",
    }
    # Reserved for AWS; bytes, which no argument of Pulumi can be.
    without = {"RegistryRecord": {"provenance", "artifact"}}.get(noun, set())
    service = table.service(getattr(agentcore_provider, noun))
    for member in set(service_model.members(operation, service=service)) - without:
        snake = re.sub(r"(?<!^)(?=[A-Z])", "_", member).lower()
        assert snake == "client_token" or short.get(snake, snake) in named, member


@pytest.mark.parametrize("resource", [it for it in RESOURCES if it.__name__ in OPERATIONS], ids=lambda it: it.__name__)
def test_resources_name_the_page_of_aws(resource: type) -> None:
    assert f"API_{OPERATIONS[resource.__name__]}.html" in (resource.__doc__ or "")


def test_one_call_takes_every_argument_of_a_gateway() -> None:
    assert _parameters(McpGateway)[-1].kind is inspect.Parameter.VAR_KEYWORD

"""Operations that are chosen: by which patterns, and what of a document is left for them."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import errors
from agentcore_provider.rules import openapi, smithy
from agentcore_provider.schemas import selected_openapi, selected_smithy
from agentcore_provider.schemas.builtins import catalogue
from agentcore_provider.schemas.selection import Operation, Selection

OFFERED = [
    Operation("listOrders", "GET", "/orders", ("orders",)),
    Operation("getOrder", "GET", "/orders/{id}", ("orders",)),
    Operation("dropOrder", "DELETE", "/orders/{id}", ("orders", "for admins")),
    Operation("listUsers", "GET", "/users", ("users",)),
    Operation("", "POST", "/users"),
]


def _response(schema: Any) -> dict[str, Any]:
    return {"200": {"description": "OK", "content": {"application/json": {"schema": schema}}}}


SHOP: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Shop", "version": "1"},
    "servers": [{"url": "https://shop.example.com"}],
    "tags": [{"name": "orders"}, {"name": "users"}],
    "webhooks": {"a": {}},
    "paths": {
        "/orders": {
            "parameters": [{"$ref": "#/components/parameters/tenant"}],
            "get": {"operationId": "listOrders", "tags": ["orders"], "responses": _response({"$ref": "#/components/schemas/Order"})},
            "post": {
                "operationId": "createOrder",
                "requestBody": {"content": {"application/json": {"schema": {"oneOf": [{"type": "string"}]}}}},
                "responses": {"200": {"$ref": "#/paths/~1users/get/responses/200"}},
            },
        },
        "/users": {"get": {"operationId": "listUsers", "tags": ["users"], "responses": _response({"$ref": "#/components/schemas/User"})}},
    },
    "components": {
        "parameters": {"tenant": {"name": "tenant", "in": "header", "schema": {"type": "string"}}},
        "schemas": {
            "Order": {"type": "object", "properties": {"line": {"$ref": "#/components/schemas/Line"}}},
            "Line": {"type": "object", "properties": {"parent": {"$ref": "#/components/schemas/Line"}}},
            "User": {"type": "object"},
        },
        "responses": {"Wrong": {}},
        "securitySchemes": {"key": {}},
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("only", "without", "left"),
    [
        (["listOrders"], None, [0]),
        (["list*"], None, [0, 3]),
        (["tag:orders"], None, [0, 1, 2]),
        (["tag:for*"], None, [2]),
        (["GET"], None, [0, 1, 3]),
        (["/orders"], None, [0]),
        (["/orders*"], None, [0, 1, 2]),
        (["GET /orders/*"], None, [1]),
        (["POST", "listUsers"], None, [3, 4]),
        (None, ["DELETE"], [0, 1, 3, 4]),
        (["tag:orders"], ["DELETE", "list*"], [1]),
        (["*"], None, [0, 1, 2, 3]),
    ],
)
def test_patterns_are_names_tags_methods_and_paths(only: Any, without: Any, left: list[int]) -> None:
    """What several match is chosen once, and `without` takes away from `only`."""
    assert [number for number, chosen in enumerate(Selection(only, without)(OFFERED)) if chosen] == left


@pytest.mark.parametrize(
    ("only", "without", "reported"),
    [
        (["listOrder"], None, ["only[0]: listOrder matches no operation. Did you mean listOrders"]),
        (["get"], None, ["only[0]: get matches no operation. Did you mean GET?"]),
        (["orders"], None, ["only[0]: orders matches no operation. Did you mean tag:orders or /orders?"]),
        (["tag:order"], None, ["only[0]: tag:order matches no operation. Did you mean tag:orders?"]),
        (["zzz"], None, ["only[0]: zzz matches no operation. There are listOrders, getOrder, dropOrder and listUsers"]),
        (["a", 7], ["b"], ["only[0]: a matches", "only[1]: is a int. Give a name", "without[0]: b matches"]),
        ("GET", None, ["only: is 'GET'. Give a list of patterns"]),
        ([], None, ["only: is an empty list. Leave it out, or name an operation"]),
        (["DELETE"], ["dropOrder"], ["without: leaves none of what only matches"]),
    ],
)
def test_what_matches_nothing_is_an_error(only: Any, without: Any, reported: list[str]) -> None:
    """All at once, each with what was probably meant."""
    with pytest.raises(InvalidInput) as refused:
        Selection(only, without)(OFFERED)
    report = [str(it) for it in refused.value.problems]
    assert len(report) == len(reported)
    for line, begin in zip(report, reported, strict=True):
        assert line.startswith(begin)


def test_a_document_keeps_what_its_chosen_operations_use() -> None:
    """Other operations, components, tags and webhooks go, and with them what is wrong with them."""
    before = copy.deepcopy(SHOP)
    assert {it.code for it in errors(openapi.validate(SHOP))} >= {"composed-input", "missing-member", "webhooks"}
    left = selected_openapi.select(SHOP, Selection(["GET /orders"]))
    assert before == SHOP
    assert list(left["paths"]) == ["/orders"]
    assert list(left["paths"]["/orders"]) == ["parameters", "get"]
    assert {section: list(named) for section, named in left["components"].items() if named} == {
        "parameters": ["tenant"],
        "schemas": ["Order", "Line"],
    }
    assert left["tags"] == [{"name": "orders"}]
    assert errors(openapi.validate(left)) == []


def test_a_reference_into_an_operation_that_goes_is_put_in_place() -> None:
    """So that nothing points to nothing, and what it needs stays as well."""
    left = selected_openapi.select(SHOP, Selection(["createOrder"]))
    assert left["paths"]["/orders"]["post"]["responses"]["200"] == SHOP["paths"]["/users"]["get"]["responses"]["200"]
    assert "User" in left["components"]["schemas"]


def test_a_path_that_is_a_reference_is_chosen_as_well() -> None:
    """Its operations are those of what it refers to."""
    document = {**SHOP, "paths": {**SHOP["paths"], "/people": {"$ref": "#/paths/~1users"}}}
    left = selected_openapi.select(document, Selection(["GET /people"]))
    assert left["paths"] == {"/people": SHOP["paths"]["/users"]}


def test_a_document_that_is_none_offers_nothing() -> None:
    """A pattern then says so instead of failing."""
    for document in ({}, {"paths": []}, {"paths": {"/a": None}}, {"paths": {"/a": {"get": 7}}}):
        with pytest.raises(InvalidInput, match="matches no operation"):
            selected_openapi.select(document, Selection(["list*"]))


def test_a_model_keeps_what_its_chosen_operations_use() -> None:
    """Operations go from services and resources, and so do shapes that nothing else uses."""
    model = {
        "smithy": "2.0",
        "shapes": {
            "a#Shop": {"type": "service", "operations": [{"target": "a#Ping"}], "resources": [{"target": "a#Order"}]},
            "a#Order": {
                "type": "resource",
                "read": {"target": "a#GetOrder"},
                "delete": {"target": "a#DropOrder"},
                "operations": [{"target": "a#PayOrder"}],
            },
            "a#Ping": {"type": "operation", "traits": {"smithy.api#tags": ["health"]}},
            "a#GetOrder": {
                "type": "operation",
                "input": {"target": "a#Key"},
                "traits": {"smithy.api#http": {"method": "GET", "uri": "/orders/{id}"}, "a#own": {}},
            },
            "a#DropOrder": {"type": "operation", "input": {"target": "a#Gone"}},
            "a#PayOrder": {"type": "operation"},
            "a#Key": {"type": "structure", "members": {"id": {"target": "smithy.api#String"}}},
            "a#Gone": {"type": "structure"},
            "a#own": {"type": "structure", "traits": {"smithy.api#trait": {}}},
            "a#Key$id": {"type": "apply", "traits": {}},
            "a#Gone$id": {"type": "apply", "traits": {}},
        },
    }
    left = selected_smithy.select(model, Selection(["GET /orders/*", "tag:health"]))
    assert set(left["shapes"]) == {"a#Shop", "a#Order", "a#Ping", "a#GetOrder", "a#Key", "a#own", "a#Key$id"}
    assert [name for _, name in smithy.tools(left)] == ["Ping", "GetOrder"]


def test_of_a_built_in_schema_operations_are_chosen_too() -> None:
    """By name, and where it is a REST API by method and path."""
    assert {"GetItem", "Query"} <= set(catalogue.selected("dynamodb", Selection(["Get*", "Query"])))
    with pytest.raises(InvalidInput, match="GET matches no operation"):
        catalogue.selected("dynamodb", Selection(["GET"]))
    read = catalogue.selected("slack", Selection(["GET"]))
    assert read
    assert len(read) < len(catalogue.entry("slack").operations)
    assert json.dumps(catalogue.document("slack", operations=read)).count('"operationId"') == len(read)

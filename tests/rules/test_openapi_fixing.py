"""OpenAPI documents made acceptable without losing anything an agent needs."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from agentcore_provider.documents import openapi_fixing
from agentcore_provider.problem import errors
from agentcore_provider.rules import openapi

OWNER = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}


def _document(schema: Any, **members: Any) -> dict[str, Any]:
    """A document with one operation whose body has the schema."""
    return {
        "openapi": "3.0.3",
        "info": {"title": "Shop", "version": "1"},
        "servers": [{"url": "https://shop.example.com"}],
        "paths": {
            "/orders/{id}": {
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
                "post": {
                    "operationId": "order",
                    "summary": "Order",
                    "requestBody": {"content": {"application/json": {"schema": schema}}},
                    "responses": {"200": {"description": "Done"}},
                },
            }
        },
        "components": {"schemas": {"Owner": OWNER}},
    } | members


def _schema(document: dict[str, Any]) -> Any:
    return document["paths"]["/orders/{id}"]["post"]["requestBody"]["content"]["application/json"]["schema"]


def test_a_good_document_is_left_alone() -> None:
    """Nothing done, nothing changed, the given one untouched."""
    document = _document({"$ref": "#/components/schemas/Owner"})
    fixed = openapi_fixing.fix(document)
    assert (fixed.document, fixed.changes) == (document, ())


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (
            {"allOf": [{"$ref": "#/components/schemas/Owner"}, {"properties": {"age": {"type": "integer"}}}]},
            {
                "type": "object",
                "required": ["name"],
                "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
            },
        ),
        (
            {"oneOf": [{"type": "string", "enum": ["a"]}, {"type": "string", "enum": ["b"]}]},
            {"type": "string", "enum": ["a", "b"]},
        ),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, {"type": "string", "nullable": True}),
        (
            {"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]},
            {"type": "string", "description": "Format: date. Or: Format: date-time."},
        ),
        (
            {
                "oneOf": [
                    {"$ref": "#/components/schemas/Owner"},
                    {"type": "object", "properties": {"id": {"type": "string"}}},
                ]
            },
            {
                "type": "object",
                "description": "One of these: Owner with name; or optionally id.",
                "properties": {"name": {"type": "string"}, "id": {"type": "string"}},
            },
        ),
    ],
)
def test_composition_becomes_one_schema(schema: dict[str, Any], expected: dict[str, Any]) -> None:
    """Where one schema says the same, or says it with words."""
    fixed = openapi_fixing.fix(_document(schema))
    assert _schema(fixed.document) == expected
    assert errors(openapi.validate(fixed.document)) == []


def test_null_is_a_type_in_version_3_1() -> None:
    """There nullable does not exist."""
    schema = {"anyOf": [{"type": "string"}, {"type": "null"}]}
    assert _schema(openapi_fixing.fix(_document(schema, openapi="3.1.0")).document) == {"type": ["string", "null"]}


@pytest.mark.parametrize(
    "schema",
    [
        {"oneOf": [{"type": "string"}, {"type": "integer"}]},
        {"allOf": [{"type": "string"}, {"type": "object"}]},
        {"oneOf": [{"type": "array", "items": {}}, {"$ref": "#/components/schemas/Owner"}]},
        {"allOf": [{"$ref": "#/components/schemas/Nobody"}]},
    ],
)
def test_what_one_schema_cannot_say_is_left_and_refused(schema: dict[str, Any]) -> None:
    """Rather than lose an alternative; the verdict names it."""
    fixed = openapi_fixing.fix(_document(schema))
    assert _schema(fixed.document) == schema
    assert "composed-input" in {it.code for it in openapi.validate(fixed.document)}


def test_a_composition_that_contains_itself_ends() -> None:
    """It becomes the plain reference, which is not a worse, and is not unfolded for ever."""
    node = {"type": "object", "properties": {"next": {"allOf": [{"$ref": "#/components/schemas/Node"}]}}}
    document = _document({"$ref": "#/components/schemas/Node"}, components={"schemas": {"Node": node}})
    assert {it.code for it in openapi.validate(openapi_fixing.fix(document).document)} == {"recursion"}


def test_a_reference_into_a_composition_still_leads_somewhere() -> None:
    """The part becomes a definition of its own before the composition goes."""
    schemas = {
        "Tag": {"allOf": [OWNER, {"properties": {"kind": {"type": "string"}}}]},
        "User": {"type": "object", "properties": {"name": {"$ref": "#/components/schemas/Tag/allOf/0"}}},
    }
    both = {
        "type": "object",
        "properties": {"a": {"$ref": "#/components/schemas/Tag"}, "b": {"$ref": "#/components/schemas/User"}},
    }
    assert errors(openapi.validate(openapi_fixing.fix(_document(both, components={"schemas": schemas})).document)) == []


def test_what_the_gateway_does_not_read_is_removed() -> None:
    """Security, callbacks, links and webhooks; each is reported."""
    document = _document({"type": "object"}, security=[{"key": []}], webhooks={"a": {"post": {"responses": {}}}})
    document["components"]["securitySchemes"] = {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}
    operation = document["paths"]["/orders/{id}"]["post"]
    operation |= {"security": [{"key": []}], "callbacks": {"done": {}}}
    operation["responses"]["200"]["links"] = {"next": {"operationId": "order"}}
    fixed = openapi_fixing.fix(document)
    assert openapi.validate(fixed.document) == []
    assert len(fixed.changes) == 6


def test_operation_ids_are_made_and_made_unique() -> None:
    """From method and path, in the characters that models take, each only once."""
    answer = {"summary": "Do it", "responses": {"200": {"description": "Done"}}}
    paths = {
        "/orders": {"get": {**answer}, "post": {"operationId": "place order", **answer}},
        "/Orders/": {"get": {**answer}, "post": {"operationId": "place_order", **answer}},
        "/users": {"get": {"operationId": "place_order", **answer}},
        "/" + "long" * 40: {"get": {**answer}},
    }
    fixed = openapi_fixing.fix(_document({}, paths=paths))
    names = [name for _, name in openapi.tools(fixed.document)]
    assert names[:5] == ["get_orders", "place_order_2", "get_orders_2", "place_order", "place_order_3"]
    assert openapi.validate(fixed.document) == []


@pytest.mark.parametrize(
    ("servers", "server", "expected"),
    [
        ([], "https://api.example.com", "https://api.example.com"),
        ([{"url": "/v1"}], "https://api.example.com/", "https://api.example.com/v1"),
        ([{"url": "/v1"}], "https://api.example.com/v1", "https://api.example.com/v1"),
        (
            [{"url": "https://{host}/v1", "variables": {"host": {"default": "api.example.com"}}}],
            None,
            "https://api.example.com/v1",
        ),
    ],
)
def test_the_address_is_given(servers: list[Any], server: str | None, expected: str) -> None:
    """By the caller, with the document's own path; or by the default of the host's variable."""
    fixed = openapi_fixing.fix(_document({}, servers=servers), server=server)
    assert fixed.document["servers"][0]["url"] == expected
    assert openapi.validate(fixed.document) == []


def test_small_problems_are_fixed() -> None:
    """Numbers as keys, a version that is a number, a parameter of the path that nobody defined."""
    text = """\
openapi: 3.1
paths:
  /a/{id}:
    get: {operationId: a, summary: A, responses: {200: {description: A}}}
servers: [{url: "https://a.example"}]
"""
    fixed = openapi_fixing.fix(text)
    assert openapi.validate(fixed.document) == []
    assert fixed.document["openapi"] == "3.1.0"


def test_fixing_twice_does_nothing_more() -> None:
    """What was fixed needs no fixing."""
    schema = {
        "allOf": [{"$ref": "#/components/schemas/Owner"}, {"oneOf": [{"required": ["name"]}, {"type": "object"}]}]
    }
    once = openapi_fixing.fix(_document(schema, security=[{"a": []}]))
    assert openapi_fixing.fix(once.document).changes == ()


def test_the_given_document_stays() -> None:
    """Fixing works on a copy."""
    document = _document({"allOf": [OWNER]}, security=[{"a": []}])
    before = copy.deepcopy(document)
    openapi_fixing.fix(document)
    assert document == before


@pytest.mark.parametrize("text", ["a: [", "just text"])
def test_what_cannot_be_read_cannot_be_fixed(text: str) -> None:
    with pytest.raises(ValueError, match="is"):
        openapi_fixing.fix(text)


def _answering(content: Any) -> dict[str, Any]:
    document = _document({"type": "object"})
    document["paths"]["/orders/{id}"]["post"]["responses"]["200"]["content"] = content
    return document


def test_alternatives_of_answers_are_written_as_targets_deploy_with() -> None:
    """Nothing of them goes: nobody sends an answer."""
    schema = {"oneOf": [{"type": "string"}, {"type": "array", "items": {}}], "discriminator": {"propertyName": "kind"}}
    document = _answering({"application/json": {"schema": schema}})
    fixed = openapi_fixing.fix(document)
    answer = fixed.document["paths"]["/orders/{id}"]["post"]["responses"]["200"]["content"]["application/json"]
    assert answer["schema"] == {"anyOf": schema["oneOf"], "discriminator": {"propertyName": "kind"}}
    place = "#/paths/~1orders~1{id}/post/responses/200/content/application~1json/schema/oneOf"
    assert fixed.changes == (f"{place}: is now anyOf",)


def test_alternatives_that_are_sent_as_well_stay() -> None:
    """Those that one schema cannot say are refused, not renamed."""
    shared = {"oneOf": [{"type": "string"}, {"type": "integer"}]}
    schema = {"type": "object", "properties": {"size": {"$ref": "#/components/schemas/Size"}}}
    document = _document(schema, components={"schemas": {"Size": shared}})
    document["paths"]["/orders/{id}"]["post"]["responses"]["200"]["content"] = {"application/json": {"schema": schema}}
    assert openapi_fixing.fix(document).document["components"]["schemas"]["Size"] == shared


def test_media_types_of_answers_that_targets_fail_with_go() -> None:
    """Any type is JSON; others are no longer named, and requests are left alone."""
    document = _answering({"*/*": {"schema": {"type": "string"}}, "text/csv": {}, "application/xml": {}})
    fixed = openapi_fixing.fix(document)
    answer = fixed.document["paths"]["/orders/{id}"]["post"]["responses"]["200"]["content"]
    assert answer == {"application/json": {"schema": {"type": "string"}}, "application/xml": {}}
    place = "#/paths/~1orders~1{id}/post/responses/200/content"
    assert fixed.changes == (
        f"{place}/*~1*: is now application/json",
        f"{place}/text~1csv: removed, since targets fail with it",
    )
    assert openapi.validate(fixed.document) == []


def test_a_file_travels_in_a_form_alone() -> None:
    """Where JSON is offered as well, the service would send that; a body without a file keeps what it offers."""
    schema = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
    document = _document({})
    body = document["paths"]["/orders/{id}"]["post"]["requestBody"]
    body["content"] = {"application/json": {"schema": schema}, "multipart/form-data": {"schema": schema}}
    fixed = openapi_fixing.fix(document)
    content = fixed.document["paths"]["/orders/{id}"]["post"]["requestBody"]["content"]
    assert list(content) == ["multipart/form-data"]
    place = "#/paths/~1orders~1{id}/post/requestBody/content/application~1json"
    assert fixed.changes == (f"{place}: removed",)
    del schema["properties"]["file"]["format"]
    assert openapi_fixing.fix(document).changes == ()


def test_a_parameter_of_the_path_is_required() -> None:
    document = _document({"type": "object"})
    document["paths"]["/orders/{id}"]["parameters"][0]["required"] = False
    fixed = openapi_fixing.fix(document)
    assert fixed.document["paths"]["/orders/{id}"]["parameters"][0]["required"] is True
    assert fixed.changes == ("#/paths/~1orders~1{id}/post/parameters: {id} of the path is now required",)


def test_words_beside_a_reference_are_no_limits() -> None:
    """Version 3.1 takes summary and description there, and an alternative keeps its own."""
    beside = {"$ref": "#/components/schemas/Owner", "summary": "body", "description": "Who owns it"}
    document = _document({"oneOf": [{"type": "object"}, beside]}, openapi="3.1.0")
    assert _schema(openapi_fixing.fix(document).document) == {
        "type": "object",
        "properties": {"name": {"type": "string"}},
        "description": "One of these: any properties; or Owner (Who owns it) with name.",
    }


def test_a_base_may_list_what_is_built_on_it() -> None:
    """As springdoc writes types with subtypes: each alternative has what the base has."""
    reference = "#/components/schemas/"
    base = {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"type": "string"}},
        "discriminator": {"propertyName": "kind", "mapping": {"card": f"{reference}Card"}},
    }
    card = {
        "allOf": [{"$ref": f"{reference}Payment"}, {"type": "object", "properties": {"number": {"type": "string"}}}]
    }
    bill = {"allOf": [{"$ref": f"{reference}Payment"}, {"type": "object", "properties": {"days": {"type": "integer"}}}]}
    base["oneOf"] = [{"$ref": f"{reference}Card"}, {"$ref": f"{reference}Bill"}]
    document = _document(
        {"$ref": f"{reference}Payment"}, components={"schemas": {"Payment": base, "Card": card, "Bill": bill}}
    )
    fixed = openapi_fixing.fix(document).document
    assert errors(openapi.validate(fixed)) == []
    payment = fixed["components"]["schemas"]["Payment"]
    assert sorted(payment["properties"]) == ["days", "kind", "number"]
    assert payment["required"] == ["kind"]
    assert "card" in payment["description"]

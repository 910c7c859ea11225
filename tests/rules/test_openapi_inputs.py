"""What operations take: members that are only read, names, types, and the cures that `fix` has for them."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from agentcore_provider.documents import openapi_fixing
from agentcore_provider.problem import errors
from agentcore_provider.rules import openapi

ITEM = {
    "type": "object",
    "properties": {"id": {"type": "integer", "readOnly": True}, "name": {"type": "string"}},
    "required": ["id", "name"],
}


def _document(
    schema: Any = None, *, parameters: Any = (), path: str = "/items", schemas: Any = None, **members: Any
) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": "make",
        "summary": "Make",
        "parameters": list(parameters),
        "responses": {"200": {"description": "Made"}},
    }
    if schema is not None:
        operation["requestBody"] = {"content": {"application/json": {"schema": schema}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Items", "version": "1"},
        "servers": [{"url": "https://items.example.com"}],
        "paths": {path: {"post": operation}},
        "components": {"schemas": schemas or {}},
        **members,
    }


def _body(document: Any) -> Any:
    return document["paths"]["/items"]["post"]["requestBody"]["content"]["application/json"]["schema"]


def _codes(document: Any) -> set[str]:
    return {it.code for it in openapi.validate(document)}


def test_members_that_are_only_read_leave_the_input() -> None:
    """An agent is not asked for what only the API gives."""
    document = _document(copy.deepcopy(ITEM))
    assert _codes(document) == {"read-only"}
    fixed = openapi_fixing.fix(document)
    assert _body(fixed.document) == {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
    assert len(fixed.changes) == 1
    assert fixed.changes[0].endswith("/schema/properties/id: is only read, so inputs do not have it")


def test_answers_keep_what_is_only_read() -> None:
    """A definition that both sides use stays, and inputs get one of their own, also where it is deep inside."""
    box = {"type": "object", "properties": {"item": {"$ref": "#/components/schemas/Item"}}}
    document = _document({"$ref": "#/components/schemas/Box"}, schemas={"Item": ITEM, "Box": box})
    answer = {"description": "Made", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Box"}}}}
    document["paths"]["/items"]["post"]["responses"]["200"] = answer
    fixed = openapi_fixing.fix(document).document
    schemas = fixed["components"]["schemas"]
    assert _body(fixed) == {"$ref": "#/components/schemas/BoxInput"}
    assert schemas["BoxInput"]["properties"]["item"] == {"$ref": "#/components/schemas/ItemInput"}
    assert schemas["ItemInput"]["required"] == ["name"]
    assert (schemas["Item"], schemas["Box"]) == (ITEM, box)
    assert openapi_fixing.fix(fixed).changes == ()


def test_a_definition_of_inputs_alone_is_changed_in_place() -> None:
    document = _document({"$ref": "#/components/schemas/Item"}, schemas={"Item": ITEM})
    fixed = openapi_fixing.fix(document).document
    assert list(fixed["components"]["schemas"]) == ["Item"]
    assert list(fixed["components"]["schemas"]["Item"]["properties"]) == ["name"]


@pytest.mark.parametrize(
    "schema",
    [
        {"anyOf": [{"type": "string", "format": "numeric"}, {"type": "number"}]},
        {"oneOf": [{"type": "integer", "description": "Its number"}, {"type": "string"}]},
        {"type": ["string", "integer"]},
    ],
)
def test_a_parameter_that_is_text_or_a_number_is_text(schema: Any) -> None:
    """That is how it travels in a path, a query or a header either way."""
    parameters = [{"name": "id", "in": "query", "schema": schema}]
    fixed = openapi_fixing.fix(_document(parameters=parameters))
    [parameter] = fixed.document["paths"]["/items"]["post"]["parameters"]
    assert parameter["schema"]["type"] == "string"
    assert not {"anyOf", "oneOf"} & parameter["schema"].keys()
    assert any("is text or a number" in change for change in fixed.changes)
    assert openapi.validate(fixed.document) == []


def test_several_types_are_judged_as_alternatives() -> None:
    """A list of types says what anyOf says."""
    document = _document({"type": "object", "properties": {"a": {"type": ["string", "integer"]}}})
    assert _codes(document) == {"composed-input"}
    plain = _document({"type": "object", "properties": {"a": {"type": ["integer", "number", "null"]}}})
    assert _body(openapi_fixing.fix(plain).document)["properties"]["a"] == {"type": ["number", "null"]}


@pytest.mark.parametrize("name", ["filter[status]", "$top", "ids[]"])
def test_names_of_parameters_are_names_of_arguments(name: str) -> None:
    """Models refuse these as they refuse such members of a body."""
    document = _document(parameters=[{"name": name, "in": "query", "schema": {"type": "string"}}])
    assert _codes(document) == {"property-name"}


def test_one_name_with_two_types_is_reported() -> None:
    """A parameter and a member of the body become one argument."""
    parameters = [{"name": "id", "in": "query", "schema": {"type": "string"}}]
    document = _document({"type": "object", "properties": {"id": {"type": "integer"}}}, parameters=parameters)
    assert _codes(document) == {"same-name"}
    alike = _document({"type": "object", "properties": {"id": {"type": "string"}}}, parameters=parameters)
    assert _codes(alike) == set()


def test_the_form_of_api_gateway_is_reported() -> None:
    """OpenAPI has no parameter that takes slashes."""
    parameters = [{"name": "proxy", "in": "path", "required": True, "schema": {"type": "string"}}]
    found = openapi.validate(_document(parameters=parameters, path="/items/{proxy+}"))
    assert [it.code for it in found] == ["path-parameter"]
    assert "API Gateway's form" in found[0].message


def test_an_operation_without_words_is_reported() -> None:
    """An agent chooses tools by them."""
    document = _document()
    del document["paths"]["/items"]["post"]["summary"]
    assert _codes(document) == {"words"}


@pytest.mark.parametrize("name", ["_list", "a___list", "list_"])
def test_a_valid_operation_id_stays(name: str) -> None:
    """Programs may call the tool by it."""
    document = _document()
    document["paths"]["/items"]["post"]["operationId"] = name
    assert openapi_fixing.fix(document).document["paths"]["/items"]["post"]["operationId"] == name


def test_an_address_without_a_host_gives_way_to_one_with_it() -> None:
    """The service calls the first server."""
    servers = [{"url": "items.example.com/v1"}, {"url": "https://items.example.com/v1"}]
    fixed = openapi_fixing.fix(_document(servers=servers))
    assert fixed.document["servers"] == servers[1:]
    assert fixed.changes == ("#/servers: items.example.com/v1 is removed, as it does not say a host",)


def test_an_optional_member_that_contains_itself_is_not_a_worse_than_a_plain_one() -> None:
    """The reference alone is left; what may be null may be left out."""
    node = {"anyOf": [{"$ref": "#/components/schemas/Node"}, {"type": "null"}]}
    schemas = {"Node": {"type": "object", "properties": {"next": node}}}
    document = _document({"$ref": "#/components/schemas/Node"}, schemas=schemas)
    fixed = openapi_fixing.fix(document).document
    assert fixed["components"]["schemas"]["Node"]["properties"]["next"] == {"$ref": "#/components/schemas/Node"}
    assert _codes(fixed) == {"recursion"}


def test_an_error_that_fix_would_cure_says_so() -> None:
    """And no other does."""
    document = _document({"oneOf": [{"type": "integer"}, {"type": "number"}]}, servers=[])
    found = {it.code: it.cure for it in errors(openapi.validate(document))}
    assert found["composed-input"].endswith("Or set fix, which does it.")
    assert "set fix" not in found["server"]

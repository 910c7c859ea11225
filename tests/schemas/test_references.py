"""References into other files become one document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agentcore_provider.errors import InvalidInput
from agentcore_provider.rules import openapi as rules
from agentcore_provider.schemas import openapi

HEAD = """
openapi: 3.0.3
info: {title: Shop, version: "1"}
servers: [{url: https://shop.example.com}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        "api.yaml": HEAD
        + """
paths:
  /orders: {$ref: paths/orders.yaml}
  /orders/{id}:
    get:
      operationId: getOrder
      parameters: [{$ref: "parts.yaml#/parameters/id"}]
      responses:
        "200": {description: One, content: {application/json: {schema: {$ref: "schemas/order.json"}}}}
components:
  schemas:
    Order: {$ref: schemas/order.json}
    Item: {type: string}
""",
        "paths/orders.yaml": """
get:
  operationId: listOrders
  responses:
    "200":
      description: All
      content:
        application/json:
          schema: {type: array, items: {$ref: "../schemas/order.json"}}
          example: {$ref: this is a value}
""",
        "parts.yaml": """
parameters:
  id: {name: id, in: path, required: true, schema: {$ref: "#/schemas/Item"}}
schemas:
  Item: {type: string, maxLength: 9}
""",
        "schemas/order.json": json.dumps(
            {
                "type": "object",
                "properties": {
                    "parent": {"$ref": "order.json"},
                    "state": {"$ref": "../api.yaml#/components/schemas/Item"},
                },
            }
        ),
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def _loaded(folder: Path, source: Any = "api.yaml") -> Any:
    return json.loads(openapi.load(source, folder=folder))


def test_one_document_holds_everything_and_refers_to_nothing_outside(folder: Path) -> None:
    document = _loaded(folder)
    assert document["paths"]["/orders"]["get"]["operationId"] == "listOrders"
    assert document["paths"]["/orders/{id}"]["get"]["parameters"][0]["name"] == "id"
    references = {it for it in json.dumps(document).split('"') if it.startswith(("#", ".")) or it.endswith(".json")}
    assert references == {"#/components/schemas/Order", "#/components/schemas/Item", "#/components/schemas/Item_2"}
    assert [it for it in rules.validate(document) if it.severity == "error" and "itself" not in it.message] == []


def test_a_schema_keeps_the_name_that_the_document_gives_it_and_may_contain_itself(folder: Path) -> None:
    schemas = _loaded(folder)["components"]["schemas"]
    assert schemas["Order"]["properties"]["parent"] == {"$ref": "#/components/schemas/Order"}
    assert schemas["Order"]["properties"]["state"] == {"$ref": "#/components/schemas/Item"}


def test_schemas_of_one_name_are_kept_apart(folder: Path) -> None:
    schemas = _loaded(folder)["components"]["schemas"]
    assert schemas["Item"] == {"type": "string"}
    assert schemas["Item_2"] == {"type": "string", "maxLength": 9}


def test_examples_are_values_and_stay_as_they_are(folder: Path) -> None:
    content = _loaded(folder)["paths"]["/orders"]["get"]["responses"]["200"]["content"]["application/json"]
    assert content["example"] == {"$ref": "this is a value"}


def test_a_document_without_a_file_refers_from_the_project_folder(folder: Path) -> None:
    import yaml

    text = (folder / "api.yaml").read_text()
    assert _loaded(folder, text)["paths"] == _loaded(folder)["paths"]
    assert _loaded(folder, yaml.safe_load(text))["paths"] == _loaded(folder)["paths"]


def test_every_reference_that_leads_nowhere_is_told_with_its_place(folder: Path) -> None:
    (folder / "broken.yaml").write_text(
        HEAD
        + """
paths:
  /a: {$ref: nowhere.yaml}
  /b: {$ref: "parts.yaml#/paths/b"}
  /c: {$ref: "https://shop.example.com/c.yaml"}
  /d: {$ref: round.yaml}
"""
    )
    (folder / "round.yaml").write_text("{$ref: round.yaml}")
    with pytest.raises(InvalidInput) as caught:
        openapi.load("broken.yaml", folder=folder)
    told = [it.split(": ", 1)[1] for it in caught.value.problems]
    assert [it.split(": ")[0] for it in told] == ["#/paths//a", "#/paths//b", "#/paths//c", "#/paths//d"]
    for one, cure in zip(told, ("no such file", "points to nothing", "is an address", "contains itself"), strict=True):
        assert cure in one

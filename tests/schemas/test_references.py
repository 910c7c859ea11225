"""References into other files become one document."""

from __future__ import annotations

import json
import os
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


def test_every_reference_that_leads_nowhere_is_reported_with_its_place(folder: Path) -> None:
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
    report = [str(it).split(": ", 1)[1] for it in caught.value.problems]
    assert [it.split(": ")[0] for it in report] == ["#/paths//a", "#/paths//b", "#/paths//c", "#/paths//d"]
    for one, cure in zip(
        report, ("no such file", "points to nothing", "is an address", "contains itself"), strict=True
    ):
        assert cure in one


def test_only_files_of_named_folders_are_read(folder: Path) -> None:
    """Neither by a path, nor by a link, nor by a file that is referred to; a folder that is named is."""
    project, shared = folder / "project", folder / "shared"
    project.mkdir()
    shared.mkdir()
    (shared / "id.yaml").write_text("name: id\nin: path\nrequired: true\n")
    (project / "link.yaml").symlink_to(shared / "id.yaml")
    (project / "further.yaml").write_text("{$ref: ../shared/id.yaml}")
    for reference in (
        "../shared/id.yaml",
        str(shared / "id.yaml"),
        "link.yaml",
        "further.yaml",
        "%2e%2e/shared/id.yaml",
    ):
        (project / "api.yaml").write_text(HEAD + f"paths: {{/a: {{parameters: [{{$ref: '{reference}'}}]}}}}")
        for source in ("api.yaml", (project / "api.yaml").read_text(), {"paths": {"/a": {"$ref": reference}}}):
            with pytest.raises(InvalidInput, match=r"id.yaml is outside of .*name its folder in reference_folders"):
                openapi.load(source, folder=project)
            assert '"name":"id"' in openapi.load(source, folder=project, reference_folders=["../shared"])


def test_the_folder_of_a_named_document_is_named(folder: Path) -> None:
    """A document beside the project brings the files that lie beside it."""
    (folder / "project").mkdir()
    assert json.loads(openapi.load("../api.yaml", folder=folder / "project")) == _loaded(folder)


@pytest.mark.parametrize("reference", ["/dev/zero", "/proc/self/environ", "pipe", "."])
def test_what_is_not_a_regular_file_is_not_read(tmp_path: Path, reference: str) -> None:
    """Neither a device, nor a pipe, nor a folder, even where everything may be read."""
    os.mkfifo(tmp_path / "pipe")
    document = {"paths": {"/a": {"$ref": reference}}}
    with pytest.raises(InvalidInput, match=r"is outside of|not a regular file"):
        openapi.load(document, folder=tmp_path)
    with pytest.raises(InvalidInput, match=r"not a regular file|is neither JSON nor YAML|paths//a"):
        openapi.load(document, folder=tmp_path, reference_folders=["/"])


def test_files_that_multiply_are_refused(tmp_path: Path) -> None:
    """Each file refers to the next one ten times, in place: a few hundred bytes that stand for a billion parameters."""
    for number in range(9):
        (tmp_path / f"{number}.yaml").write_text(f"[{', '.join([f'{{$ref: {number + 1}.yaml}}'] * 10)}]")
    (tmp_path / "9.yaml").write_text("a")
    with pytest.raises(InvalidInput, match="has more than 500,000 values once the files"):
        openapi.load({"paths": {"$ref": "0.yaml"}}, folder=tmp_path)


def test_schemas_in_a_long_chain_are_taken_and_long_nesting_is_refused(tmp_path: Path) -> None:
    """A thousand schemas, each in the next one's file, become components; parts put in place end at the limit."""
    for number in range(1000):
        (tmp_path / f"s{number}.yaml").write_text(f"{{properties: {{a: {{$ref: s{number + 1}.yaml}}}}}}")
        (tmp_path / f"p{number}.yaml").write_text(f"{{$ref: p{number + 1}.yaml}}")
    (tmp_path / "s1000.yaml").write_text("{type: string}")
    (tmp_path / "p1000.yaml").write_text("{}")
    schemas = {"components": {"schemas": {"S": {"$ref": "s0.yaml"}}}}
    assert len(_loaded(tmp_path, schemas)["components"]["schemas"]) == 1001
    with pytest.raises(InvalidInput, match="is nested too deeply"):
        openapi.load({"paths": {"/a": {"$ref": "p0.yaml"}}}, folder=tmp_path)


def test_files_end_at_a_size_together(tmp_path: Path) -> None:
    """Six files of 9 MB are more than is read for one document."""
    (tmp_path / "0.yaml").write_text('"' + "a" * (9 << 20) + '"')
    for number in range(1, 6):
        os.link(tmp_path / "0.yaml", tmp_path / f"{number}.yaml")
    with pytest.raises(InvalidInput, match=r"5.yaml: with it, the files referred to are longer than"):
        openapi.load({"paths": {f"/{it}": {"$ref": f"{it}.yaml"} for it in range(6)}}, folder=tmp_path)

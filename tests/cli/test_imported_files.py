"""The documents of an imported gateway lie beside the stack's file: readable, once each, and nobody's file is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agentcore_provider.cli.deploy.imported_files import ImportedFiles
from agentcore_provider.errors import AgentCoreError, InvalidInput


@pytest.fixture
def files(tmp_path: Path) -> ImportedFiles:
    return ImportedFiles(tmp_path, "shop")


def written(files: ImportedFiles, folder: Path) -> None:
    with files.written(folder / "Pulumi.dev.yaml"):
        pass


def test_json_has_a_line_for_each_value_and_yaml_stays_as_it_is(files: ImportedFiles, tmp_path: Path) -> None:
    document = {"smithy": "2.0", "name": "Müller", "list": [1]}
    assert files.put("crm", "smithy", json.dumps(document)) == "shop/crm.smithy.json"
    assert files.put("api", "openapi", "# ours\na:   1") == "shop/api.openapi.yaml"
    written(files, tmp_path)
    text = (tmp_path / "shop/crm.smithy.json").read_text()
    assert json.loads(text) == document
    assert text.count("\n") == 7
    assert "Müller" in text
    assert (tmp_path / "shop/api.openapi.yaml").read_text() == "# ours\na:   1"


@pytest.mark.parametrize("text", ['{"a": 1e999}', '{"a": "\\ud800"}', "{a: 1}"])
def test_what_json_cannot_say_again_stays_as_it_is(files: ImportedFiles, tmp_path: Path, text: str) -> None:
    path = files.put("crm", "openapi", text)
    written(files, tmp_path)
    assert (tmp_path / path).read_text() == text


def test_targets_of_one_document_share_a_file(files: ImportedFiles) -> None:
    assert files.put("one", "openapi", '{"a":1}') == files.put("two", "openapi", '{"a": 1}') == "shop/one.openapi.json"


def test_a_file_that_says_something_else_stays_and_one_that_says_the_same_is_used(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/crm.tools.json").write_text("mine")
    (tmp_path / "shop/desk.tools.json").write_text("[]\n")
    files = ImportedFiles(tmp_path, "shop")
    assert files.put("crm", "tools", [{"name": "a"}]) == "shop/crm-2.tools.json"
    assert files.put("desk", "tools", []) == "shop/desk.tools.json"
    written(files, tmp_path)
    assert (tmp_path / "shop/crm.tools.json").read_text() == "mine"


def test_if_nothing_came_of_it_no_file_is_left(files: ImportedFiles, tmp_path: Path) -> None:
    files.put("crm", "tools", [])

    def refuse() -> None:
        with files.written(tmp_path / "Pulumi.dev.yaml"):
            assert (tmp_path / "shop/crm.tools.json").exists()
            raise InvalidInput("no")

    with pytest.raises(InvalidInput):
        refuse()
    assert list(tmp_path.iterdir()) == []


def test_files_that_the_stack_file_names_stay_whatever_fails_later(files: ImportedFiles, tmp_path: Path) -> None:
    path = files.put("crm", "tools", [])
    stack = tmp_path / "Pulumi.dev.yaml"

    def fail_later() -> None:
        with files.written(stack):
            stack.write_text(f"tools: {path}")
            raise AgentCoreError("AWS refuses")

    with pytest.raises(AgentCoreError):
        fail_later()
    assert (tmp_path / path).exists()


def test_a_file_where_the_folder_belongs_is_named(files: ImportedFiles, tmp_path: Path) -> None:
    (tmp_path / "shop").touch()
    files.put("crm", "tools", [])
    with pytest.raises(AgentCoreError, match=r"shop is a file. Rename it"):
        written(files, tmp_path)

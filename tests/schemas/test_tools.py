"""Tool definitions from wherever they are kept."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem
from agentcore_provider.rules import tool_schema
from agentcore_provider.schemas import default, tools

TOOL: dict[str, Any] = {"name": "ping", "description": "Answer", "inputSchema": {"type": "object"}}


def ping() -> str:
    """Answer"""
    raise NotImplementedError


def _write(folder: Path, name: str, content: str) -> str:
    (folder / name).write_text(content)
    return name


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tools.json", '[{"name": "ping", "description": "Answer", "inputSchema": {"type": "object"}}]'),
        ("tools.json", '{"tools": [{"name": "ping", "description": "Answer", "inputSchema": {"type": "object"}}]}'),
        ("tools.yaml", "- name: ping\n  description: Answer\n  inputSchema: {type: object}\n"),
        ("tools.yml", "tools:\n- name: ping\n  description: Answer\n  inputSchema: {type: object}\n"),
        ("tools.json", '\ufeff{"name": "ping", "description": "Answer", "inputSchema": {"type": "object"}}'),
    ],
)
def test_files_are_read(tmp_path: Path, name: str, content: str) -> None:
    """JSON and YAML, a bare list, an object with the list, or one tool."""
    assert tools.load(_write(tmp_path, name, content), folder=tmp_path) == [TOOL]


def test_functions_documents_and_modules_mix(tmp_path: Path) -> None:
    """A list may have both, and one function is a list of one."""
    expected = TOOL | {"inputSchema": {"type": "object", "properties": {}}}
    assert tools.load([TOOL, ping], folder=tmp_path) == [TOOL, expected]
    assert tools.load(ping, folder=tmp_path) == [expected]


def test_a_list_is_copied(tmp_path: Path) -> None:
    """What is done with the result leaves the program's own list alone."""
    mine = [dict(TOOL)]
    tools.load(mine, folder=tmp_path)[0]["name"] = "other"
    assert mine == [TOOL]


@pytest.mark.parametrize("listing", ["TOOLS = [greet]", "TOOLS = ['greet']", "__all__ = ['greet', 'WORD']"])
def test_a_python_file_lists_its_tools(tmp_path: Path, listing: str) -> None:
    """Its neighbours can be imported, and nothing of either stays behind in this process."""
    _write(tmp_path, "neighbour_of_tools.py", "WORD = 'Hello'\n")
    content = (
        "from __future__ import annotations\nfrom dataclasses import dataclass\nfrom neighbour_of_tools import WORD\n"
        "@dataclass\nclass Name:\n    first: str\n"
        f"def greet(name: Name) -> str:\n    '''Greet.'''\n    return WORD\ndef hidden(a): ...\n{listing}\n"
    )
    before, path = set(sys.modules), list(sys.path)
    (tool,) = tools.load(_write(tmp_path, "handler.py", content), folder=tmp_path)
    assert tool["inputSchema"]["properties"]["name"]["required"] == ["first"]
    assert "neighbour_of_tools" not in set(sys.modules) - before
    assert sys.path == path
    assert sorted(it.name for it in tmp_path.iterdir()) == ["handler.py", "neighbour_of_tools.py"]


@pytest.mark.parametrize(
    ("name", "content", "reported"),
    [
        ("a.json", "[{]", "line 1, column 3"),
        ("a.yaml", "a: b\n  c: d\n", "line 2"),
        ("a.yaml", "just text", "not a list of tools"),
        ("a.json", "[1]", "[0]"),
        ("a.py", "def greet(): ...\n", "TOOLS"),
        ("a.py", "import no_such_module_anywhere\n", "cannot be imported"),
        ("a.py", "raise SystemExit(3)\n", "cannot be imported"),
        ("a.py", "def greet(:\n", "cannot be imported"),
    ],
)
def test_a_bad_file_is_one_line_with_its_path(tmp_path: Path, name: str, content: str, reported: str) -> None:
    """The error says which file, where in it, and what to do."""
    with pytest.raises(InvalidInput) as refused:
        tools.load(_write(tmp_path, name, content), folder=tmp_path)
    assert str(tmp_path / name) in str(refused.value)
    assert reported in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("source", ["missing.json", "missing.py", "s3://bucket/tools.json", 7])
def test_what_is_not_a_source_is_refused(tmp_path: Path, source: Any) -> None:
    """No file, an address, anything else: one clear line."""
    with pytest.raises(InvalidInput):
        tools.load(source, folder=tmp_path)


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InvalidInput, match="UTF-8"):
        tools.load("a.json", folder=tmp_path)


def test_keywords_are_kept_for_the_rules_or_folded(tmp_path: Path) -> None:
    """Left alone, an enum is refused by the rules; folded, it is reported in words and nothing is lost."""
    schema = {"type": "object", "properties": {"unit": {"enum": ["C", "F"], "default": "C", "description": "Unit"}}}
    kept = tools.load([TOOL | {"inputSchema": schema}], folder=tmp_path)
    folded = tools.fold(tools.load([TOOL | {"inputSchema": schema}], folder=tmp_path))
    assert kept[0]["inputSchema"] == schema
    unit = {"type": "string", "description": "Unit. One of: C, F. Default: C."}
    assert folded[0]["inputSchema"] == {"type": "object", "properties": {"unit": unit}}
    assert tool_schema.validate(kept)
    assert tool_schema.validate(folded) == []


def test_the_default_schema_is_what_the_service_takes() -> None:
    """The two tools of the quick start, a new list each time."""
    assert [tool["name"] for tool in default.tools()] == ["get_weather", "get_time"]
    assert tool_schema.validate(default.tools()) == []
    assert default.tools()[0] is not default.tools()[0]


def test_a_date_in_yaml_is_text(tmp_path: Path) -> None:
    """JSON has no dates, so what looks like one stays as it was written."""
    path = _write(tmp_path, "a.yaml", "- {name: ping, description: 2024-01-01, inputSchema: {type: object}}\n")
    assert tools.load(path, folder=tmp_path)[0]["description"] == "2024-01-01"


def test_problems_of_all_functions_are_reported_at_once() -> None:
    def first(query: Any) -> None:
        """Find."""

    def second(query: str) -> None: ...

    with pytest.raises(InvalidInput) as refused:
        tools.load([first, second], folder=Path())
    assert [problem.path for problem in refused.value.problems] == ["first(query)", "second"]


def test_an_output_schema_that_cannot_be_reported_is_left_out() -> None:
    """The tool works without; what was left out is noted."""
    content = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
    tool = {
        "name": "get",
        "description": "Get",
        "inputSchema": {"type": "object"},
        "outputSchema": {"type": "object", "properties": {"content": content}},
    }
    notes: list[Problem] = []
    assert tools.fold([tool], notes) == [{key: value for key, value in tool.items() if key != "outputSchema"}]
    assert [note.path for note in notes] == ["get.outputSchema.properties.content"]

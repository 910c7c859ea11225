"""Tools as published MCP servers list them, folded to what the service takes: nothing is lost on the way.

tests/generators/mcp_servers records them, without their prose.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agentcore_provider.problem import errors
from agentcore_provider.rules import tool_schema
from agentcore_provider.schemas import tools

_RECORDS = sorted((Path(__file__).parent / "mcp_servers").glob("*.json"))
# Where a schema stands below a keyword; where several of them stand under names.
_LISTS = ("anyOf", "oneOf", "allOf", "prefixItems")
_LIMITS = (
    "format", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    "minLength", "maxLength", "minItems", "maxItems", "multipleOf",
)  # fmt: skip


def facts(schema: Any, root: Any, observed: tuple[str, ...] = ()) -> Iterator[str]:
    """Every name, value and limit that a schema holds, read by a walk of its own."""
    if not isinstance(schema, dict):
        return
    if "$ref" in schema and schema["$ref"] not in observed:
        found = root
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        yield from facts(found, root, (*observed, schema["$ref"]))
    for name, below in schema.get("properties", {}).items():
        yield name
        yield from facts(below, root, observed)
    for value in [*schema.get("enum", ()), *([schema["const"]] if "const" in schema else [])]:
        yield value if isinstance(value, str) and value else json.dumps(value)
    for keyword in _LIMITS:
        if keyword in schema:
            yield str(schema[keyword])
    for keyword in ("items", "additionalProperties"):
        yield from facts(schema.get(keyword), root, observed)
    for keyword in _LISTS:
        for below in schema.get(keyword, ()):
            yield from facts(below, root, observed)


def is_required(schema: Any, name: str) -> bool:
    return name in schema.get("required", ())


@pytest.mark.parametrize("record", _RECORDS, ids=lambda it: it.stem)
def test_every_tool_folds_and_nothing_is_lost(record: Path) -> None:
    """Names, values and limits stand in the folded schema or in its words, and the rules find no error in it."""
    listed = [{"description": "A tool", **tool} for tool in json.loads(record.read_text())["tools"]]
    folded = tools.fold(listed, notes := [])
    assert errors(tool_schema.validate(folded)) == []
    assert len(folded) == len(listed)
    left_out = {note.path.partition(".")[0] for note in notes}
    for before, after in zip(listed, folded, strict=True):
        for member in ("inputSchema", "outputSchema"):
            if member not in before or (member == "outputSchema" and before["name"] in left_out):
                continue
            text = json.dumps(after[member], ensure_ascii=False)
            lost = [fact for fact in facts(before[member], before[member]) if json.dumps(fact)[1:-1] not in text]
            lost = [fact for fact in lost if fact != "null" and json.dumps(json.dumps(fact)[1:-1])[1:-1] not in text]
            assert lost == [], before["name"]


def test_as_many_tools_fold_as_are_published() -> None:
    """All of these servers together; the documents name the figure."""
    counts = [len(json.loads(record.read_text())["tools"]) for record in _RECORDS]
    assert (len(counts), sum(counts)) == (14, 186)

"""The lines of a document's parts: those of its names and items in the text."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from agentcore_provider.documents.pointer import below
from agentcore_provider.documents.reading import read

_SCALARS = st.none() | st.booleans() | st.integers(0, 9) | st.text('a"{[:,/~\n\\é', max_size=5)
_DOCUMENTS = st.recursive(
    _SCALARS,
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text('a1"{/~é', max_size=3), part, max_size=3),
)


def places(node: yaml.Node, pointer: str = "#", line: int | None = None) -> Iterator[tuple[str, int]]:
    """Pointer and line of each part, as PyYAML composes the text."""
    yield pointer, node.start_mark.line + 1 if line is None else line
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            yield from places(value, below(pointer, name.value), name.start_mark.line + 1)
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield from places(item, below(pointer, number))


@given(_DOCUMENTS, st.sampled_from([None, 1, "\t"]))
def test_every_part_of_json_has_its_line(document: object, indent: int | str | None) -> None:
    """Whatever names and texts hold: quotes, brackets, slashes."""
    text = "\n" + json.dumps(document, indent=indent)
    lines = read(text).lines
    for pointer, line in places(yaml.compose(text.replace("\t", " "), Loader=yaml.SafeLoader)):
        assert lines.line(pointer) == line


@given(_DOCUMENTS, st.booleans())
def test_every_part_of_yaml_has_its_line(document: object, flow: bool) -> None:
    """In blocks and in brackets."""
    text = "# first\n---\n" + yaml.safe_dump(document, default_flow_style=flow, allow_unicode=True)
    lines = read(text).lines
    for pointer, line in places(yaml.compose(text, Loader=yaml.SafeLoader)):
        assert lines.line(pointer) == line


@pytest.mark.parametrize(
    ("text", "pointer", "line"),
    [
        ('{"a": [\n1,\n{"b":\n2}]}', "#/a/1/b", 3),
        ('{"a":\n{}}', "#/a/none/below", 1),
        ('{"a":\n[1]}', "#/a/7", 1),
        ('{"a":\n[1]}', "#/a/b", 1),
        ("\n\n1", "#/a", 3),
        ("a: &x\n  b: 1\nc: *x\n", "#/c/b", 2),
        ("a: &x\n  b: 1\nc:\n  <<: *x\n  d: 2\n", "#/c/d", 5),
        ("a: &x\n  b: 1\nc:\n  <<: *x\n  d: 2\n", "#/c/b", 3),
        ("a: &x\n  b: 1\nc:\n  <<: *x\n  b: 2\n", "#/c/b", 5),
        ("200:\n  a: 1\n0x1:\n  a: 1\n1:\n  a: 2\n", "#/1/a", 6),
        ("200:\n  a: 1\n", "#/200/a", 2),
        ("- a\n-\n  - b\n", "#/1/0", 3),
        ("# nothing\n", "#/a", None),
    ],
)
def test_the_nearest_part_has_a_line(text: str, pointer: str, line: int | None) -> None:
    """Where a pointer leads to nothing; also below aliases, merges and names that are numbers."""
    assert read(text).lines.line(pointer) == line


def test_lines_of_json_need_no_second_copy() -> None:
    """A document of 10 MB with problems stays within the memory of one without."""
    paths = {f"/{number}": {"get": {"parameters": [{"name": "x" * 50} for _ in range(50)]}} for number in range(200)}
    text = json.dumps({"paths": paths}, indent=1)
    line = text[: text.rindex('"name"')].count("\n") + 1
    lines = read(text).lines
    tracemalloc.start()
    try:
        assert lines.line("#/paths/~1199/get/parameters/49/name") == line
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < len(text) / 4

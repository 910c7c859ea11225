"""YAML text that is edited in place: what does not change stays as it is, to the byte."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from typing import TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import CollectionNode, MappingNode, Node
from ruamel.yaml.representer import RoundTripRepresenter

from agentcore_provider.documents.json_types import JsonObject
from agentcore_provider.documents.limits import Unreadable
from agentcore_provider.documents.reading import require_yaml_within_limits

Member: TypeAlias = tuple[Node, Node]
"""The nodes of a key and its value."""

_STEP = 2
_WIDTH = 1 << 30
_MERGE = "tag:yaml.org,2002:merge"
_ALIAS = re.compile(r"\s*\*[^\s,\]}]+")


def load(text: str) -> object:
    """The value of a document, none of its parts shared. Raises ruamel.yaml's YAMLError."""
    try:
        require_yaml_within_limits(text)
        return _own(_reader().load(text))
    except Unreadable as error:
        raise YAMLError(error.message) from None
    except ValueError as error:
        raise YAMLError(str(error)) from None
    except RecursionError:
        raise YAMLError("it is nested too deep, or in itself") from None


def edited(text: str, value: JsonObject) -> str | None:
    """The text of a mapping with only the changes that make it the value; None if that cannot be done.

    It cannot where several keys share an anchor and only one of them changes.
    """
    root = _reader().compose(text)
    if root is None:
        return text + ("\n" if text and not text.endswith("\n") else "") + _block(value, 0, _STEP)
    draft = _Draft(text, root)
    try:
        draft.change(root, load(text), value, None, in_flow=False)
        changed = draft.text()
        return changed if load(changed) == value else None
    except (ValueError, YAMLError):  # such as a key without a colon
        return None


class _Draft:
    """Replacements in a text, made along the nodes of which it consists."""

    def __init__(self, text: str, root: Node) -> None:
        self._text = text
        self._step = _step(root)
        self._replacements: list[tuple[int, int, str]] = []

    def text(self) -> str:
        """The text with all replacements made."""
        line = "\r\n" if "\r\n" in self._text else "\n"
        changed = self._text
        # Of several at one position, the deeper one was added first, and comes first.
        for start, end, new in sorted(self._replacements, key=lambda it: it[0])[::-1]:
            changed = changed[:start] + new.replace("\n", line) + changed[end:]
        return changed

    def change(self, node: Node, old: object, new: object, key: Node | None, *, in_flow: bool) -> None:
        """Change the value of a node.

        key: the node of its key, None for the whole document. in_flow: whether the key is in braces.
        """
        if old == new:
            return
        is_mapping = isinstance(node, MappingNode) and bool(node.value)
        if not (isinstance(old, Mapping) and isinstance(new, Mapping) and is_mapping):
            self._replace(node, new, key, in_flow)
            return
        if self._is_alias(node, key) or (not new and key is not None):
            self._replace(node, new, key, in_flow)
            return
        own, is_flow = _own_members(node, old), bool(getattr(node, "flow_style", False))
        for name, (below, value) in own.items():
            if name in new:
                self.change(value, old[name], new[name], below, in_flow=is_flow)
        removed = [pair for name, pair in own.items() if name not in new]
        # Merged members are written elsewhere.
        added = {name: it for name, it in new.items() if name not in own and (name not in old or old[name] != it)}
        change = self._change_flow if is_flow else self._change_block
        change(node.value, removed, added)

    def _change_block(self, members: list[Member], removed: list[Member], added: JsonObject) -> None:
        for key, value in removed:
            self._put(self._line_start(key.start_mark.index), self._line_end(self._end(value, key)), "")
        if added:
            key, value = members[-1]
            column = members[0][0].start_mark.column
            self._insert_below(self._end(value, key), _block(added, column, self._step), column)

    def _change_flow(self, members: list[Member], removed: list[Member], added: JsonObject) -> None:
        ends = [self._end(value, key) for key, value in members]
        for pair in removed:
            at = members.index(pair)
            if at + 1 < len(members):
                self._put(pair[0].start_mark.index, members[at + 1][0].start_mark.index, "")
            else:
                self._put(ends[at - 1] if at else pair[0].start_mark.index, ends[at], "")
        if added:
            self._put(ends[-1], ends[-1], f", {_flow(added)[1:-1]}")

    def _replace(self, node: Node, new: object, key: Node | None, in_flow: bool) -> None:
        if key is None:
            self._put(node.start_mark.index, node.end_mark.index, _block(new, 0, _STEP))
            return
        colon, end = self._colon(key), self._end(node, key)
        if new and isinstance(new, (Mapping, list)) and not in_flow:
            column = key.start_mark.column + self._step
            self._put(colon, end, "")
            self._insert_below(end, _block(new, column, self._step), column if end == colon else None)
        else:
            self._put(colon, end, f" {_flow(new)}")

    def _insert_below(self, end: int, lines: str, column: int | None) -> None:
        """Put lines below the line of an end, and below comments with its indentation."""
        at = self._line_end(end)
        scan = at
        while column is not None and scan < len(self._text):
            line = self._text[scan : self._line_end(scan)]
            indent = len(line) - len(line.lstrip(" "))
            if line.strip() and not (line.lstrip(" ").startswith("#") and indent >= column):
                break
            scan += len(line)
            at = scan if line.strip() else at
        if at and not self._text[:at].endswith("\n"):
            lines = "\n" + lines.removesuffix("\n")
        self._put(at, at, lines)

    def _end(self, node: Node, key: Node | None) -> int:
        """Where a value ends: what follows is not a part of it. key: the node of its key, None for an item of a list."""
        if key is not None and self._is_alias(node, key):
            return _ALIAS.match(self._text, self._colon(key)).end()  # type: ignore[union-attr]
        start, end = int(node.start_mark.index), int(node.end_mark.index)
        if isinstance(node, CollectionNode) and not node.flow_style:
            last = node.value[-1]
            return self._end(*reversed(last)) if isinstance(last, tuple) else self._end(last, None)
        if getattr(node, "style", None) in ("|", ">"):
            kept = "+" in self._text[start : self._line_end(start)].split("#")[0]
            return end - 1 if kept else start + len(self._text[start:end].rstrip())
        return self._colon(key) if start == end and key is not None else end

    def _is_alias(self, node: Node, key: Node | None) -> bool:
        return key is not None and node.start_mark.index < key.end_mark.index

    def _colon(self, key: Node) -> int:
        return self._text.index(":", key.end_mark.index) + 1

    def _line_start(self, index: int) -> int:
        return self._text.rfind("\n", 0, index) + 1

    def _line_end(self, index: int) -> int:
        """Where the next line begins."""
        return self._text.find("\n", index) + 1 or len(self._text)

    def _put(self, start: int, end: int, new: str) -> None:
        self._replacements.append((start, end, new))


def _own_members(node: Node, old: Mapping[object, object]) -> dict[object, Member]:
    """The nodes of key and value of a mapping's own members."""
    own: dict[object, Member] = {}
    for key, value in node.value:
        name = key.value if key.value in old else next((it for it in old if str(it) == key.value), None)
        if name is not None and key.tag != _MERGE:
            own[name] = (key, value)
    return own


def _step(root: Node) -> int:
    """The indentation of a nested mapping."""
    for key, value in root.value if isinstance(root, MappingNode) else ():
        if isinstance(value, MappingNode) and not value.flow_style and value.value:
            return max(int(value.value[0][0].start_mark.column - key.start_mark.column), 1)
    return _STEP


def _block(value: object, column: int, step: int) -> str:
    yaml = YAML()
    yaml.width = _WIDTH
    yaml.indent(mapping=step, sequence=step + 2, offset=step)
    lines = _dumped(yaml, value).removesuffix("\n").split("\n")
    # ruamel has already indented a list below its key.
    deeper = " " * (column - (step if isinstance(value, list) else 0))
    return "".join(f"{deeper if line else ''}{line}\n" for line in lines)


def _flow(value: object) -> str:
    yaml = YAML()
    yaml.width = _WIDTH
    yaml.default_flow_style = True
    text = _dumped(yaml, value).removesuffix("\n...\n").removesuffix("\n")
    try:
        plain = load(text) == value
    except YAMLError:
        plain = False
    # Some keys need quotes in braces that ruamel.yaml leaves out.
    return text if plain else json.dumps(value, ensure_ascii=False)


class _Representer(RoundTripRepresenter):
    """Writes null as a word: a key without a value looks unfinished."""


_Representer.add_representer(type(None), lambda self, _: self.represent_scalar("tag:yaml.org,2002:null", "null"))


def _dumped(yaml: YAML, value: object) -> str:
    yaml.Representer = _Representer
    text = io.StringIO()
    yaml.dump(value, text)
    return text.getvalue()


def _reader() -> YAML:
    return YAML(typ="safe", pure=True)


def _own(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _own(it) for key, it in value.items()}
    if isinstance(value, (list, tuple)):
        return [_own(it) for it in value]
    return value

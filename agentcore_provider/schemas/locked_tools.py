"""A list of tools that is locked: its fingerprint, and how another list differs from it.

What counts is what an agent reads of a tool, letter by letter: no text is normalised, since letters that look alike are
what a poisoned description is made of. The order of tools, of members and of lists that are sets in JSON Schema does not
count.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from agentcore_provider.documents import files
from agentcore_provider.documents.json_types import JsonDict, JsonObject
from agentcore_provider.documents.limits import Unreadable, check
from agentcore_provider.documents.visible_text import hidden_characters, visible
from agentcore_provider.errors import InvalidInput
from agentcore_provider.schemas import listed_tools
from agentcore_provider.schemas.tool_changes import compare

# Limits of AWS: the inline schema of a target, and its tools.
_MOST_BYTES = 1024 * 1024
_MOST_TOOLS = 1000

_FINGERPRINT = re.compile(r"[0-9a-f]{32}")
_SETS = ("required", "enum", "type")
_MOST_PARTS = 20_000
_MOST_DETAILS = 12
_LONGEST = 120
# How much of a text is displayed before the place where it differs.
_BEFORE = 24


@dataclass(frozen=True)
class Difference:
    """What became of one locked tool."""

    name: str
    kind: Literal["added", "removed", "changed"]
    details: tuple[str, ...]
    """What differs, each with its place; of a new tool what it states. Hidden characters are written out."""
    breaking: tuple[str, ...] = ()
    """Why callers of the locked tool would no longer fit."""

    def __str__(self) -> str:
        broken = f" (callers break: {'; '.join(self.breaking)})" if self.breaking else ""
        return f"{self.name} is {self.kind}: {'; '.join(self.details)}{broken}".removesuffix(": ")


def is_fingerprint(value: object) -> bool:
    """Whether a value has the form of a fingerprint: 32 hexadecimal digits."""
    return isinstance(value, str) and bool(_FINGERPRINT.fullmatch(value))


def fingerprint(tools: Iterable[JsonObject]) -> str:
    """The fingerprint of a list of tools: 128 bits of a SHA-256."""
    whole = sorted(_canonical(tool) for tool in tools)
    return hashlib.sha256("\n".join(whole).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def payload(tools: Sequence[JsonObject]) -> str:
    """The list as AWS's mcpToolSchema has it inline. Raises InvalidInput for one that AWS would not accept."""
    cure = "Pass a list that you have checked as tool_schema= in place of tools_lock="
    names = [str(tool.get("name")) for tool in tools]
    twice = sorted({visible(name) for name in names if names.count(name) > 1})[:5] if len(names) <= _MOST_TOOLS else []
    if not tools:
        raise InvalidInput("the server lists no tools", "Check its address, or leave tools_lock out")
    if len(tools) > _MOST_TOOLS:
        raise InvalidInput(f"the server lists {len(tools):,} tools, and a target has {_MOST_TOOLS:,} at most", cure)
    if twice:
        raise InvalidInput(f"the server lists {', '.join(twice)} more than once", cure)
    try:
        check(tools, accepts=lambda _: True)
    except Unreadable as error:
        raise InvalidInput(f"the server's list cannot be locked: {error.message}", cure) from None
    text = json.dumps({"tools": tools}, ensure_ascii=False, separators=(",", ":"))
    size = len(text.encode())
    if size > _MOST_BYTES:
        raise InvalidInput(f"the server's list has {size:,} bytes, and {_MOST_BYTES:,} can be locked", cure)
    return text


def tools_of(text: object) -> list[JsonDict] | None:
    """The tools of such a payload; None if it has none that can be read."""
    if not isinstance(text, str):
        return None
    try:
        document = files.parse(text, name="mcpToolSchema")
    except InvalidInput:
        return None
    return listed_tools.of_mcp_server(document) if isinstance(document, Mapping) else None


def differences(locked: Sequence[JsonDict], found: Sequence[JsonDict]) -> list[Difference]:
    """How a list of tools differs from the locked one, by name; empty if both have one fingerprint."""
    before, now = ({str(tool.get("name")): tool for tool in tools} for tools in (locked, found))
    breaking = {it.name: it.breaking for it in compare(locked, found)}
    changes: list[Difference] = []
    for name in sorted(before.keys() | now.keys()):
        old, new = before.get(name), now.get(name)
        if old is None:
            changes.append(Difference(visible(name, _LONGEST), "added", (_shown((new or {}).get("description", "")),)))
        elif new is None:
            changes.append(Difference(visible(name, _LONGEST), "removed", ()))
        elif _canonical(old) != _canonical(new):
            details = tuple(islice(_Parts().differing(old, new, ""), _MOST_DETAILS))
            reasons = tuple(visible(it, _LONGEST) for it in breaking.get(name, ())[:_MOST_DETAILS])
            changes.append(Difference(visible(name, _LONGEST), "changed", details, reasons))
    return changes


def with_hidden_text(tools: Iterable[JsonObject]) -> list[str]:
    """The tools whose texts have characters that no reader notices, each with these characters."""
    found = []
    for tool in tools:
        # Names of members are texts too.
        hidden = hidden_characters(json.dumps(tool, ensure_ascii=False))
        if hidden:
            found.append(f"{visible(str(tool.get('name')), _LONGEST)} ({', '.join(hidden[:5])})")
    return found


class _Parts:
    """The parts of two tools that differ, within limits."""

    def __init__(self) -> None:
        self._left = _MOST_PARTS

    def differing(self, before: object, now: object, path: str) -> Iterator[str]:
        self._left -= 1
        if self._left < 0 or _canonical(before) == _canonical(now):
            return
        if isinstance(before, Mapping) and isinstance(now, Mapping):
            for key in sorted({*map(str, before), *map(str, now)}):
                where = f"{path}.{visible(key, _LONGEST)}" if path else visible(key, _LONGEST)
                if key not in now:
                    yield f"{where} is removed"
                elif key not in before:
                    yield f"{where} is new: {_shown(now[key])}"
                else:
                    yield from self.differing(before[key], now[key], where)
        elif isinstance(before, str) and isinstance(now, str):
            same = next(
                (i for i, (a, b) in enumerate(zip(before, now, strict=False)) if a != b), min(len(before), len(now))
            )
            start = max(same - _BEFORE, 0)
            yield f"{path} was {_shown(before, start)}, now {_shown(now, start)}"
        else:
            yield f"{path} was {_shown(before)}, now {_shown(now)}"


def _canonical(part: object) -> str:
    return json.dumps(_sorted(part), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _sorted(part: object, key: str = "") -> object:
    if isinstance(part, Mapping):
        return {str(name): _sorted(value, str(name)) for name, value in part.items()}
    if isinstance(part, (list, tuple)):
        items = [_sorted(it) for it in part]
        if key in _SETS and not any(isinstance(it, (Mapping, list)) for it in items):
            return sorted(items, key=lambda it: json.dumps(it, ensure_ascii=False))
        return items
    return part


def _shown(value: object, start: int = 0) -> str:
    """A value on one line, cut, with its hidden characters written out. start: of a text, where to begin."""
    if not isinstance(value, str):
        return visible(json.dumps(value, ensure_ascii=False, sort_keys=True), _LONGEST)
    return f'"{"…" if start else ""}{visible(value[start:], _LONGEST)}"'

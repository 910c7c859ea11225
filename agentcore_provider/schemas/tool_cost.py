"""What a target's tools cost an agent: how many there are, and about how many tokens their tools/list has.

An agent reads the whole list before its first word. Its tokens are estimated from the characters of the JSON that the
list has as compact text: names, descriptions and input schemas, references put in place. How far that is off is measured
in docs/targets/cost.md.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agentcore_provider.documents.json_types import JsonDict, JsonObject
from agentcore_provider.schemas import listed_tools

if TYPE_CHECKING:
    from agentcore_provider.target_kinds.target_kind import SchemaFormat

CHARACTERS_PER_TOKEN = 4.2


@dataclass(frozen=True)
class Cost:
    """tools: how many. characters: of their tools/list as compact JSON."""

    tools: int
    characters: int

    @property
    def tokens(self) -> int:
        """About how many tokens a model reads, to two digits."""
        number = self.characters / CHARACTERS_PER_TOKEN
        digits = max(0, len(str(int(number))) - 2)
        return int(round(number, -digits))

    def __str__(self) -> str:
        tools = "1 tool" if self.tools == 1 else f"{self.tools:,} tools"
        return f"{tools}, about {self.tokens:,} tokens of tools/list"


def of_tools(tools: object, target: str = "") -> Cost:
    """Of tool definitions, or tools as MCP lists them. target: the target's name, if it is not in the names already."""
    return _cost(listed_tools.defined(tools), target)


def of_openapi(text: str | JsonObject, target: str = "") -> Cost:
    """Of an OpenAPI document, or its text."""
    return _cost(listed_tools.of_schema("OpenAPI", text) or [], target)


def of_smithy(text: str | JsonObject, target: str = "") -> Cost:
    """Of a Smithy model, or its text."""
    return _cost(listed_tools.of_schema("Smithy", text) or [], target)


def of_schema(schema_format: SchemaFormat | None, payload: object, target: str = "") -> Cost | None:
    """Of a schema in this format; None if the format describes no tools, or the schema cannot be read."""
    tools = listed_tools.of_schema(schema_format, payload)
    return None if tools is None else _cost(tools, target)


def _cost(tools: Sequence[JsonDict], target: str) -> Cost:
    texts = (json.dumps(it, ensure_ascii=False, separators=(",", ":"), default=str, skipkeys=True) for it in tools)
    prefix = len(target) + len("___") if target else 0
    return Cost(len(tools), sum(len(text) + prefix + 1 for text in texts))

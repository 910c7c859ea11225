"""A tool as a gateway lists it, the answer of a call, and the look-up of a tool by its short name."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agentcore_provider.documents.json_types import JsonObject
from agentcore_provider.errors import InvalidInput

# Separates target name and tool name: AgentCore developer guide, gateway-tool-naming.
SEPARATOR = "___"
SEARCH_TOOL = "x_amz_bedrock_agentcore_search"


@dataclass(frozen=True)
class Tool:
    """A tool of a gateway."""

    document: JsonObject
    """The tool as MCP lists it: name, description, inputSchema, and the server's other members."""

    @property
    def name(self) -> str:
        """Full name, `<target>___<tool>`."""
        return str(self.document["name"])

    @property
    def target(self) -> str:
        """Name of the target that serves it; empty for the gateway's own tools."""
        target, separator, _ = self.name.partition(SEPARATOR)
        return target if separator else ""

    @property
    def short_name(self) -> str:
        """Name without its target."""
        _, separator, short = self.name.partition(SEPARATOR)
        return short if separator else self.name

    @property
    def description(self) -> str:
        """What it does; empty if the server has none."""
        return str(self.document.get("description") or "")

    @property
    def input_schema(self) -> JsonObject:
        """JSON schema of its arguments."""
        schema = self.document.get("inputSchema")
        return schema if isinstance(schema, Mapping) else {}


@dataclass(frozen=True, repr=False)
class ToolAnswer:
    """What a tool answered."""

    document: JsonObject
    """The result as MCP has it: content, structuredContent, isError."""

    def __repr__(self) -> str:
        return f"ToolAnswer(failed: {self.text!r})" if self.is_error else f"ToolAnswer({self.value!r})"

    @property
    def is_error(self) -> bool:
        """Whether the tool, not the transport, failed."""
        return bool(self.document.get("isError"))

    @property
    def structured(self) -> Any:
        """The structured answer, or None."""
        return self.document.get("structuredContent")

    @property
    def text(self) -> str:
        """The text parts, joined by newlines."""
        parts = self.document.get("content") or []
        return "\n".join(str(part.get("text", "")) for part in parts if part.get("type") == "text")

    @property
    def value(self) -> Any:
        """The answer as data: the structured answer, else the text read as JSON, else the text."""
        if self.structured is not None:
            return self.structured
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError):
            return self.text


def find_tool(name: str, tools: Sequence[Tool]) -> Tool:
    """The tool with this full name, or the only one with this short name.

    Raises InvalidInput with the nearest names if there is none, or with all candidates if there are several.
    """
    for tool in tools:
        if tool.name == name:
            return tool
    candidates = [tool for tool in tools if tool.short_name == name]
    if len(candidates) == 1:
        return candidates[0]
    if candidates:
        raise InvalidInput(
            f"Tool {name!r} is served by several targets", f"use one of {', '.join(tool.name for tool in candidates)}"
        )
    known = {tool.name: tool.name for tool in tools} | {tool.short_name: tool.name for tool in tools}
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    if near:
        suggestions = list(dict.fromkeys(known[match] for match in near))
        cure = f"did you mean {' or '.join(suggestions)}?"
    elif tools:
        cure = (
            "use one of its tools: " + ", ".join(tool.name for tool in tools[:10]) + (" …" if len(tools) > 10 else "")
        )
    else:
        raise InvalidInput(f"The gateway has no tool {name!r}, and no tools at all", "add a target")
    raise InvalidInput(f"The gateway has no tool {name!r}", cure)

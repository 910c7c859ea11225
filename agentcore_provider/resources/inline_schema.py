"""The schema that travels inside a target's document, wherever AWS's documents have one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from agentcore_provider.rules.tool_schema import INLINE_BYTES

_PLACES = (
    ("mcp", "lambda", "toolSchema"),
    ("mcp", "openApiSchema"),
    ("mcp", "smithyModel"),
    ("mcp", "mcpServer", "mcpToolSchema"),
)


@dataclass(frozen=True)
class InlineSchema:
    """A schema found in a target's document."""

    document: Mapping[str, Any]
    place: tuple[str, ...]
    payload: Any
    """Text or tool definitions; an Output if it is one, or if one is inside."""

    def is_too_long(self) -> bool:
        """Whether the service refuses it inside the document. What is not known yet counts as short."""
        return isinstance(self.payload, (str, list)) and len(_text(self.payload).encode()) > INLINE_BYTES

    def text(self) -> pulumi.Output[str]:
        """The schema as the text of a file."""
        return pulumi.Output.from_input(self.payload).apply(_text)

    def content_type(self) -> str:
        """Media type of the file: a text that does not begin like JSON is YAML."""
        is_yaml = isinstance(self.payload, str) and not self.payload.lstrip().startswith(("{", "["))
        return "application/yaml" if is_yaml else "application/json"

    def replaced(self, source: Mapping[str, Any]) -> dict[str, Any]:
        """The document with another source, such as {"s3": {"uri": ...}}, in the schema's place."""
        return _replaced(self.document, self.place, source)


def find(document: Mapping[str, Any]) -> InlineSchema | None:
    """The schema inside a target's document; None if there is none or the document is not known yet."""
    for place in _PLACES:
        holder: Any = document
        for key in place:
            holder = holder.get(key) if isinstance(holder, Mapping) else None
        if isinstance(holder, Mapping) and holder.get("inlinePayload") is not None:
            return InlineSchema(document, place, holder["inlinePayload"])
    return None


def _text(payload: Any) -> str:
    # An Output inside is measured by its place only: the engine may not know it yet.
    return payload if isinstance(payload, str) else json.dumps(payload, separators=(",", ":"), default=lambda _: "")


def _replaced(document: Mapping[str, Any], place: tuple[str, ...], source: Mapping[str, Any]) -> dict[str, Any]:
    first, *rest = place
    return {**document, first: _replaced(document[first], tuple(rest), source) if rest else dict(source)}

"""A schema inside AWS's document of a target, where the service takes its text and people have it as a document."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from agentcore_provider.errors import InvalidInput

# Below targetConfiguration; the tools of a Lambda function are no text, but a list in the service's model.
PLACES = (
    ("mcp", "openApiSchema"),
    ("mcp", "smithyModel"),
    ("mcp", "mcpServer", "mcpToolSchema"),
    ("http", "agentcoreRuntime", "schema", "source"),
    ("http", "passthrough", "schema", "source"),
)


def text(payload: Any) -> Any:
    """A document as its text, the same document always the same; everything else as it is. Raises InvalidInput."""
    if not isinstance(payload, (Mapping, list, tuple)):
        return payload
    try:
        return json.dumps(payload, separators=(",", ":"), ensure_ascii=False)
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"inlinePayload: is not JSON ({error}). Use text, numbers, lists and objects") from None


def as_text(configuration: Any, text: Callable[[Any], Any] = text) -> Any:
    """The targetConfiguration with its schema as text, if it has one that was given as a document.

    text: what makes text of it. Raises InvalidInput.
    """
    for place in PLACES:
        configuration = _replaced(configuration, (*place, "inlinePayload"), text)
    return configuration


def _replaced(document: Any, place: tuple[str, ...], text: Callable[[Any], Any]) -> Any:
    if not place:
        return text(document)
    first, *rest = place
    if not isinstance(document, Mapping) or first not in document:
        return document
    return {**document, first: _replaced(document[first], tuple(rest), text)}

"""A schema inside AWS's document of a target, where the service takes its text and people have it as a document."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from agentcore_provider.errors import InvalidInput
from agentcore_provider.target_kinds import KINDS

# Tool definitions are not text, but a list in the service's model.
_PATHS = [kind.schema_path for kind in KINDS if kind.schema and kind.schema.format != "tool definitions"]


def text(payload: object) -> Any:
    """A document as its text, the same document always the same; everything else as it is. Raises InvalidInput."""
    if not isinstance(payload, (Mapping, list, tuple)):
        return payload
    try:
        return json.dumps(payload, separators=(",", ":"), ensure_ascii=False)
    except (TypeError, ValueError) as error:
        raise InvalidInput(
            f"is not JSON ({error})", "Use text, numbers, lists and objects", path="inlinePayload"
        ) from None


def as_text(configuration: object, text: Callable[[Any], Any] = text) -> Any:
    """The targetConfiguration with its schema as text, if it has one that was given as a document.

    text: what makes text of it. Raises InvalidInput.
    """
    for path in _PATHS:
        configuration = _replaced(configuration, (*path, "inlinePayload"), text)
    return configuration


def _replaced(document: object, path: tuple[str, ...], text: Callable[[Any], Any]) -> Any:
    if not path:
        return text(document)
    first, *rest = path
    if not isinstance(document, Mapping) or first not in document:
        return document
    return {**document, first: _replaced(document[first], tuple(rest), text)}

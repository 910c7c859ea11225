"""The schema of a target in AWS's document: a document where the service takes its text, and an s3:// URI as a text."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from agentcore_provider import target_kinds
from agentcore_provider.errors import InvalidInput
from agentcore_provider.target_kinds.source import checked_s3_uri
from agentcore_provider.target_kinds.target_kind import at

# Tool definitions are not text, but a list in the service's model.
_PATHS = [kind.schema_path for kind in target_kinds.KINDS if kind.schema and kind.schema.format != "tool definitions"]


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


def completed(configuration: object) -> Any:
    """The targetConfiguration `as_text`, where {"s3": "s3://BUCKET/KEY"} becomes AWS's document as well.

    Raises InvalidInput that contains the corrected text where a URI is misspelt.
    """
    kind = target_kinds.of(configuration)
    path = kind.schema_path if kind else ()
    if not path:
        return configuration
    return as_text(
        _replaced(configuration, path, lambda source: _in_s3(source, ".".join(("targetConfiguration", *path))))
    )


def _in_s3(source: object, where: str) -> object:
    location = source.get("s3") if isinstance(source, Mapping) else None
    if isinstance(source, Mapping) and isinstance(location, str):
        return {**source, "s3": {"uri": checked_s3_uri(location, f"{where}.s3")}}
    uri = at(location, "uri")
    if isinstance(uri, str):
        checked_s3_uri(uri, f"{where}.s3.uri")
    return source


def _replaced(document: object, path: tuple[str, ...], text: Callable[[Any], Any]) -> Any:
    if not path:
        return text(document)
    first, *rest = path
    if not isinstance(document, Mapping) or first not in document:
        return document
    return {**document, first: _replaced(document[first], tuple(rest), text)}

"""Shapes that people write by hand, made into the service's documents or refused with the corrected text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentcore_provider.schemas import inline_payload, s3_uri

_SCHEMA_HOLDERS = ("toolSchema", "openApiSchema", "smithyModel", "mcpToolSchema")


def target_configuration(document: Any) -> Any:
    """AWS's document of a target: a schema in S3 written as plain text becomes {"uri": text}, one that is given as a
    document becomes its text.

    Raises InvalidInput that shows the corrected text where a URI is not written well.
    """
    return inline_payload.as_text(_with_uris(document, "targetConfiguration"))


def _with_uris(document: Any, where: str) -> Any:
    if not isinstance(document, Mapping):
        return document
    mended: dict[str, Any] = {}
    for name, value in document.items():
        path = f"{where}.{name}"
        mended[name] = schema(value, path) if name in _SCHEMA_HOLDERS else _with_uris(value, path)
    return mended


def schema(source: Any, where: str) -> Any:
    """AWS's document of where a schema is, such as {"s3": {"uri": ...}}; everything but S3 stays as it is."""
    if not isinstance(source, Mapping) or "s3" not in source:
        return source
    place = source["s3"]
    if isinstance(place, str):
        return {**source, "s3": {"uri": s3_uri.checked(place, f"{where}.s3")}}
    if isinstance(place, Mapping) and isinstance(place.get("uri"), str):
        s3_uri.checked(place["uri"], f"{where}.s3.uri")
    return source

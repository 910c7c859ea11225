"""Shapes that people write by hand, made into the service's documents or refused with the corrected text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from agentcore_provider.errors import InvalidInput

_ALMOST_S3 = re.compile(r"s3\s*[^0-9a-zA-Z\s]{1,4}\s*(?P<rest>[^/\s:>].*)", re.IGNORECASE)
_SCHEMA_HOLDERS = ("toolSchema", "openApiSchema", "smithyModel", "mcpToolSchema")


def s3_uri(text: str, where: str) -> str:
    """The URI, if it is one. Raises InvalidInput that shows the corrected text."""
    bucket, _, key = text.removeprefix("s3://").partition("/")
    if text.startswith("s3://") and bucket and key:
        return text
    almost = _ALMOST_S3.fullmatch(text.strip())
    if almost and not text.startswith("s3://"):
        raise InvalidInput(f"{where}: {text!r} is not an S3 URI; write {'s3://' + almost['rest']!r}")
    raise InvalidInput(f"{where}: {text!r} is not an S3 URI; write 's3://BUCKET/KEY'")


def target_configuration(document: Any, where: str = "targetConfiguration") -> Any:
    """AWS's document of a target: where a schema in S3 was written as plain text, it becomes {"uri": text}.

    Raises InvalidInput that shows the corrected text where a URI is not written well.
    """
    if not isinstance(document, Mapping):
        return document
    mended: dict[str, Any] = {}
    for name, value in document.items():
        path = f"{where}.{name}"
        mended[name] = schema(value, path) if name in _SCHEMA_HOLDERS else target_configuration(value, path)
    return mended


def schema(source: Any, where: str) -> Any:
    """AWS's document of where a schema is, such as {"s3": {"uri": ...}}; everything but S3 stays as it is."""
    if not isinstance(source, Mapping) or "s3" not in source:
        return source
    place = source["s3"]
    if isinstance(place, str):
        return {**source, "s3": {"uri": s3_uri(place, f"{where}.s3")}}
    if isinstance(place, Mapping) and isinstance(place.get("uri"), str):
        s3_uri(place["uri"], f"{where}.s3.uri")
    return source

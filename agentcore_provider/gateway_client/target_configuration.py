"""AWS's targetConfiguration, of one text or of a shape that people write by hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from agentcore_provider import target_kinds
from agentcore_provider.gateway_client import function
from agentcore_provider.schemas import inline_payload
from agentcore_provider.target_kinds.source import checked_s3_uri, is_s3_uri

_SCHEMA_HOLDERS = {kind.schema_path[-1] for kind in target_kinds.KINDS if kind.schema}


def of_source(
    source: str, target_type: target_kinds.SourcedName | None = None, *, tools: object = None
) -> dict[str, object]:
    """AWS's document of a target: of the ARN of a function, code, a file, an s3:// URI, an address.

    tools: of a Lambda function: definitions, a file of them, an s3:// URI or AWS's toolSchema document. Default: those
    that the code lists; for an ARN, those of the quick start. Raises InvalidInput.
    """
    from agentcore_provider.documents import files

    if target_type in (None, target_kinds.LAMBDA.name) and function.is_code(source):
        return target_kinds.LAMBDA.configuration({"code": source, **({} if tools is None else {"tools": tools})})
    kind = target_kinds.SOURCED[target_type] if target_type else target_kinds.recognized(source)
    if kind is None:
        raise target_kinds.unrecognized(source)
    if kind is target_kinds.LAMBDA:
        return kind.document({"arn": source, "tools": _tools(tools)})
    if kind.schema is None or kind.schema.key != kind.source_key:
        return kind.document({str(kind.source_key): source})
    if is_s3_uri(source):
        return kind.document({kind.schema.key: {"s3": {"uri": checked_s3_uri(source, "target")}}})
    return kind.document({kind.schema.key: {"inlinePayload": files.text(Path(source))}})


def _tools(tools: Any) -> object:
    from agentcore_provider.schemas import default
    from agentcore_provider.schemas import tools as tool_schemas

    if isinstance(tools, dict):
        return tools
    if isinstance(tools, str) and is_s3_uri(tools):
        return {"s3": {"uri": checked_s3_uri(tools, "tools")}}
    return {"inlinePayload": default.tools() if tools is None else tool_schemas.load(tools, folder=Path())}


def completed(document: object) -> Any:
    """AWS's document of a target, where a schema in S3 may be plain text and a schema inside may be a document.

    Raises InvalidInput that contains the corrected text where a URI is misspelt.
    """
    return inline_payload.as_text(_with_uris(document, "targetConfiguration"))


def _with_uris(document: object, where: str) -> object:
    if not isinstance(document, Mapping):
        return document
    return {
        name: schema(value, f"{where}.{name}") if name in _SCHEMA_HOLDERS else _with_uris(value, f"{where}.{name}")
        for name, value in document.items()
    }


def schema(source: object, where: str) -> Any:
    """AWS's document of where a schema is, such as {"s3": {"uri": ...}}; everything but S3 stays as it is."""
    if not isinstance(source, Mapping) or "s3" not in source:
        return source
    location = source["s3"]
    if isinstance(location, str):
        return {**source, "s3": {"uri": checked_s3_uri(location, f"{where}.s3")}}
    if isinstance(location, Mapping) and isinstance(location.get("uri"), str):
        checked_s3_uri(location["uri"], f"{where}.s3.uri")
    return source

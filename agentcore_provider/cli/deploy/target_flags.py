"""A target by the flags of a command, as a stack file describes it."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from agentcore_provider import target_kinds
from agentcore_provider.cli.json_argument import read_object
from agentcore_provider.cli.project import Project
from agentcore_provider.documents.json_types import JsonDict, JsonObject
from agentcore_provider.errors import InvalidInput
from agentcore_provider.schemas import lambda_code
from agentcore_provider.target_kinds import LAMBDA, MCP_SERVER, OPEN_API, SMITHY
from agentcore_provider.target_kinds.source import (
    checked_s3_uri,
    is_s3_uri,
    is_smithy,
)
from agentcore_provider.target_kinds.target_kind import TargetKind

PAYLOAD = "--target-payload"
_IN_S3 = '{"s3": "s3://BUCKET/KEY"}'

# Kinds of which some operations may be selected, and what their short form stands for.
_SELECTS = {it.key: it.short_key for it in target_kinds.KINDS if it.schema and it.schema.lists_operations} | {
    "builtin": "name"
}
# Keys of the kinds whose source is a document, and the key of the document.
_DOCUMENTS = {it.key: it.schema.key for it in target_kinds.KINDS if it.schema and it.schema.key == it.source_key}


def described(source: str, kind: TargetKind | None, *, tools: str | None, flag: str) -> JsonDict:
    """A target of a function's ARN or code, a file, an S3 URI, an address, or the name of a built-in schema.

    Raises InvalidInput.
    """
    from agentcore_provider.schemas.builtins import catalogue

    of_function = {"tools": _tools(tools)} if tools is not None else {}
    # A built-in schema has precedence over a folder of its name.
    if kind in (None, LAMBDA) and source not in catalogue.names() and lambda_code.is_code(source):
        return {LAMBDA.key: {**_code(source, flag), **of_function}}
    if source in catalogue.names() and kind in (None, target_kinds.BY_KEY[catalogue.entry(source).kind]):
        return {"builtin": source}
    try:
        found = target_kinds.kind_of(source, kind, by="" if flag == "--target" else "--target-type")
    except InvalidInput as error:
        near = difflib.get_close_matches(source, catalogue.names(), n=1)
        schema = f", or the name of a built-in schema: did you mean {near[0]}?" if near and kind is None else ""
        (problem,) = error.problems
        path = "" if problem.path == "target" else problem.path
        found_problem = replace(problem, path=path, cure=problem.cure + schema)
        raise InvalidInput.of_problems([found_problem], error.label).labelled(flag) from None
    if found is LAMBDA:
        return {LAMBDA.key: {"arn": source, **of_function}}
    _refuse_tools(found, tools)
    return {found.key: source}


def _refuse_tools(kind: TargetKind, tools: str | None) -> None:
    if tools is not None:
        raise InvalidInput(
            f"applies to Lambda functions only; a {kind.name} target has its own", "Remove it", path="--tools"
        )


def _code(source: str, flag: str) -> dict[str, str]:
    """The folder and handler of a function's code; the handler only where it is not the default one.

    Raises InvalidInput.
    """
    try:
        folder, handler = lambda_code.located(source)
    except InvalidInput as error:
        raise error.labelled(flag) from None
    return {"code": str(folder), **({"handler": handler} if handler != lambda_code.HANDLER else {})}


def from_payload(payload: str | None, kind: TargetKind | None, *, tools: str | None = None) -> JsonDict:
    """A target by --target-type and --target-payload. Raises InvalidInput that contains the corrected text."""
    if payload is None:
        if kind is SMITHY:
            from agentcore_provider.schemas.builtins import catalogue

            return {"builtin": catalogue.PREDEFINED_MODEL}
        examples = {LAMBDA: '{"lambdaArn": "arn:aws:lambda:..."}', MCP_SERVER: '{"endpoint": "https://..."}'}
        example = examples.get(kind, _IN_S3) if kind else _IN_S3
        raise InvalidInput("is missing", f"Write '{example}'", path=PAYLOAD)
    text = payload.strip()
    if not text.startswith(("{", '"{', "'{", "\u201c{")):
        return described(text.strip("\"'"), kind, tools=tools, flag=PAYLOAD)
    document = read_object(PAYLOAD, payload)
    return _from_document(document, kind or _kind_of_document(document), tools)


def with_rules(
    target: JsonObject,
    *,
    only: Sequence[str] | None = None,
    without: Sequence[str] | None = None,
    accept: Sequence[str] | None = None,
    fix: bool = False,
    server: str | None = None,
) -> JsonDict:
    """The target with some of its operations, accepted codes of rules, and changes to its document.

    Raises InvalidInput.
    """
    described = dict(target)
    changes = ({"fix": True} if fix else {}) | ({"server": server} if server is not None else {})
    if changes and OPEN_API.key not in described:
        raise InvalidInput("applies to OpenAPI documents in files only", "Remove it", path=f"--{next(iter(changes))}")
    if changes:
        described[OPEN_API.key] = {**_long(described[OPEN_API.key], OPEN_API.short_key), **changes}
    chosen = {name: list(it) for name, it in (("only", only), ("without", without)) if it}
    kind = next((it for it in _SELECTS if it in described), None)
    if chosen and kind is None:
        raise InvalidInput(
            "applies to OpenAPI documents, Smithy models, built-in schemas and MCP servers only, set by file, address or name",
            "Remove it",
            path=f"--{next(iter(chosen))}",
        )
    if chosen and kind is not None:
        described[kind] = {**_long(described[kind], _SELECTS[kind]), **chosen}
    return described | ({"accept": list(accept)} if accept else {})


def _long(value: Any, short_key: str | None) -> JsonObject:
    """What a stack file has below a kind, where it may be a text."""
    return value if isinstance(value, Mapping) else {str(short_key): value}


def located(target: JsonObject, project: Project) -> JsonDict:
    """The target with its files as paths from the project's folder, normalised.

    In the project that the command keeps, which nobody moves or shares, the user's files have absolute paths.
    """
    found = dict(target)
    for kind, member in _DOCUMENTS.items():
        value = found.get(kind)
        if isinstance(value, str):
            found[kind] = _located(value, project)
        elif isinstance(value, Mapping) and isinstance(value.get(member), str):
            found[kind] = {**value, member: _located(value[member], project)}
    function = found.get(LAMBDA.key)
    if isinstance(function, Mapping):
        files = {
            key: _located(function[key], project) for key in ("code", "tools") if isinstance(function.get(key), str)
        }
        found[LAMBDA.key] = {**function, **files}
    return found


def _located(source: str, project: Project) -> str:
    if is_s3_uri(source):
        return source
    # The user's folder may be reached through a link, while the project's is not.
    path, folder = Path(os.path.normpath(Path(source).absolute())), project.folder.absolute()
    if not path.is_relative_to(folder):
        path, folder = path.resolve(), folder.resolve()
    if project.is_kept and not path.is_relative_to(folder):
        return str(path)
    return Path(os.path.relpath(path, folder)).as_posix()


def _kind_of_document(document: JsonObject) -> TargetKind:
    if "lambdaArn" in document:
        return LAMBDA
    if "endpoint" in document:
        return MCP_SERVER
    uri = document.get("s3")
    uri = uri.get("uri") if isinstance(uri, Mapping) else uri
    if isinstance(uri, str) and is_s3_uri(uri) and is_smithy(uri):
        return SMITHY
    if "s3" in document or "inlinePayload" in document:
        return OPEN_API
    raise InvalidInput("is missing", f"Pass one of {', '.join(target_kinds.SOURCED)}", path="--target-type")


def _from_document(document: JsonDict, kind: TargetKind, tools: str | None) -> JsonDict:
    if kind is LAMBDA:
        return _function(document, tools)
    _refuse_tools(kind, tools)
    if kind is MCP_SERVER:
        if isinstance(document.get("endpoint"), str) and len(document) == 1:
            return {kind.key: document["endpoint"]}
        return _as_aws(kind, document)
    location = document.get("s3")
    if len(document) != 1 or (location is None and "inlinePayload" not in document):
        raise InvalidInput(
            f"has {', '.join(document) or 'no members'}",
            f"""Write '{_IN_S3}' or '{{"inlinePayload": "..."}}'""",
            path=PAYLOAD,
        )
    if location is None:
        return _as_aws(kind, document)
    uri, owner = (location, None) if isinstance(location, str) else _object_in_s3(location)
    uri = checked_s3_uri(uri, f"{PAYLOAD} s3")
    return {kind.key: uri if owner is None else {kind.source_key: uri, "bucket_owner": owner}}


def _function(document: JsonDict, tools: str | None) -> JsonDict:
    arn = document.get("lambdaArn", document.get("arn"))
    if not isinstance(arn, str):
        raise InvalidInput("does not have lambdaArn", """Write '{"lambdaArn": "arn:aws:lambda:..."}'""", path=PAYLOAD)
    schema = document.get("toolSchema")
    if tools is not None:
        return {LAMBDA.key: {"arn": arn, "tools": _tools(tools)}}
    if schema is None:
        return {LAMBDA.key: {"arn": arn}}
    if isinstance(schema, Mapping) and isinstance(schema.get("inlinePayload"), list):
        return {LAMBDA.key: {"arn": arn, "tools": schema["inlinePayload"]}}
    location = schema.get("s3") if isinstance(schema, Mapping) else None
    uri, owner = (location, None) if isinstance(location, str) else _object_in_s3(location)
    uri = checked_s3_uri(uri, f"{PAYLOAD} toolSchema.s3")
    if owner is None:
        return {LAMBDA.key: {"arn": arn, "tools": uri}}
    return _as_aws(LAMBDA, {"lambdaArn": arn, "toolSchema": {"s3": {"uri": uri, "bucketOwnerAccountId": owner}}})


def _object_in_s3(location: Any) -> tuple[str, str | None]:
    if not isinstance(location, Mapping) or not isinstance(location.get("uri"), str):
        raise InvalidInput("does not have uri", """Write '{"s3": {"uri": "s3://BUCKET/KEY"}}'""", path=f"{PAYLOAD} s3")
    return location["uri"], location.get("bucketOwnerAccountId")


def _as_aws(kind: TargetKind, document: JsonObject) -> JsonDict:
    return {"target_configuration": kind.configuration(dict(document))}


def _tools(tools: str) -> str:
    return checked_s3_uri(tools, "--tools") if is_s3_uri(tools) else tools

"""A target as flags tell it, turned into what a stack file says."""

from __future__ import annotations

import difflib
import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from agentcore_provider.cli.deploy.json_flag import read_object
from agentcore_provider.cli.project import Project
from agentcore_provider.errors import InvalidInput
from agentcore_provider.schemas import lambda_code, s3_uri

if TYPE_CHECKING:
    from agentcore_provider.gateway_client.target_source import Kind

PAYLOAD = "--target-payload"
# What `smithyModel` without a payload stands for in the quick start.
PREDEFINED_MODEL = "dynamodb"

_STACK_KEYS: dict[str, str] = {"openApiSchema": "openapi", "smithyModel": "smithy", "mcpServer": "mcp_server"}
_SCHEMA_KINDS = {"openapi": "openApiSchema", "smithy": "smithyModel"}
# Kinds of which some operations may be chosen, and what their short form stands for.
_SELECTS = {"openapi": "schema", "smithy": "model", "mcp_server": "endpoint", "builtin": "name"}
_FIRST_KEYS = {"openApiSchema": "schema", "smithyModel": "model"}


def described(source: str, kind: Kind | None, *, tools: str | None, flag: str) -> dict[str, Any]:
    """A target given by a function's ARN or code, a file, an S3 URI, an address, or the name of a built-in schema.

    Raises InvalidInput.
    """
    from agentcore_provider.gateway_client.target_source import kind_of
    from agentcore_provider.schemas.builtins import catalogue

    if kind in (None, "lambda") and _is_code(source, catalogue.names()):
        return {"lambda": {**_code(source, flag), **({"tools": _tools(tools)} if tools is not None else {})}}
    if source in catalogue.names() and kind in (None, _SCHEMA_KINDS[catalogue.entry(source).kind]):
        return {"builtin": source}
    try:
        _require_form(source, kind, takes_type=flag != "--target")
        kind = kind or kind_of(source)
        if s3_uri.is_meant(source):
            s3_uri.checked(source, "target")
    except InvalidInput as error:
        near = difflib.get_close_matches(source, catalogue.names(), n=1)
        schema = f", or the name of a built-in schema: did you mean {near[0]}?" if near and kind is None else ""
        value = str(error).removeprefix("target: ")
        by_type = (
            ", or say --target-type" if value.startswith(f"{source!r} is no target") and flag != "--target" else ""
        )
        raise InvalidInput(f"{flag} {value}{by_type}{schema}") from None
    if tools is not None and kind != "lambda":
        raise InvalidInput(
            f"--tools: goes only with Lambda functions: a target of kind {kind} has its own; leave it out"
        )
    if kind == "lambda":
        return {"lambda": {"arn": source, **({"tools": _tools(tools)} if tools is not None else {})}}
    return {_STACK_KEYS[kind]: source}


def _is_code(source: str, builtins: Collection[str]) -> bool:
    """Whether the source is a folder or Python file that becomes a function; a built-in schema goes before a folder."""
    if "://" in source or source.startswith("arn:"):
        return False
    # The path of an empty text is the current folder.
    is_folder = bool(source.strip()) and source not in builtins and Path(source).is_dir()
    return source.endswith((".py", os.sep)) or is_folder


def _code(source: str, flag: str) -> dict[str, str]:
    """The folder and handler of a function's code; the handler only where it is not the default one.

    Raises InvalidInput.
    """
    try:
        folder, handler = lambda_code.located(source)
    except InvalidInput as error:
        raise InvalidInput(f"{flag} {error}") from None
    return {"code": str(folder), **({"handler": handler} if handler != lambda_code.HANDLER else {})}


def _require_form(source: str, kind: Kind | None, *, takes_type: bool) -> None:
    """Raises InvalidInput if the source cannot be of the kind, or is the address of a file, which is no server.

    takes_type: the command has --target-type.
    """
    by_address, by_arn = source.startswith(("https://", "http://")), source.startswith("arn:")
    file = by_address and urlsplit(source).path.lower().endswith((".json", ".yaml", ".yml", ".smithy"))
    if kind in _FIRST_KEYS and by_arn:
        raise InvalidInput(f"{source!r} is an ARN, which a target of kind {kind} has not: give a file or s3:// URI")
    if by_address and (kind in _FIRST_KEYS or (kind is None and file)):
        but = ", or say --target-type mcpServer if it is an MCP server" if takes_type and kind is None else ""
        raise InvalidInput(
            f"{source!r} is the address of a file, which AWS does not fetch: download it and give its path, or put it "
            f"into S3 and give its s3:// URI{but}"
        )
    if kind == "mcpServer" and not by_address:
        raise InvalidInput(f"{source!r} is no address of an MCP server: it reads https://HOST/PATH")
    if kind == "lambda" and not by_arn:
        raise InvalidInput(
            f"{source!r} is not the ARN of a Lambda function: it reads arn:aws:lambda:REGION:ACCOUNT:function:NAME; "
            "or give the folder of its code"
        )


def from_payload(payload: str | None, kind: Kind | None, *, tools: str | None = None) -> dict[str, Any]:
    """A target given by --target-type and --target-payload. Raises InvalidInput that shows the corrected text."""
    if payload is None:
        if kind == "smithyModel":
            return {"builtin": PREDEFINED_MODEL}
        wanted = {
            "lambda": '{"lambdaArn": "arn:aws:lambda:..."}',
            "mcpServer": '{"endpoint": "https://..."}',
        }.get(kind or "", '{"s3": "s3://BUCKET/KEY"}')
        raise InvalidInput(f"{PAYLOAD}: is missing: write '{wanted}'")
    text = payload.strip()
    if not text.startswith(("{", '"{', "'{", "\u201c{")):
        return described(text.strip("\"'"), kind, tools=tools, flag=PAYLOAD)
    document = read_object(PAYLOAD, payload)
    return _from_document(document, kind or _kind_of(document), tools)


def with_rules(
    target: Mapping[str, Any],
    *,
    only: Sequence[str] | None = None,
    without: Sequence[str] | None = None,
    accept: Sequence[str] | None = None,
    fix: bool = False,
    server: str | None = None,
) -> dict[str, Any]:
    """The target with some of its operations, codes of rules that it does without, and what is to be done to its
    document. Raises InvalidInput."""
    described = dict(target)
    changes = ({"fix": True} if fix else {}) | ({"server": server} if server is not None else {})
    if changes and "openapi" not in described:
        raise InvalidInput(
            f"--{next(iter(changes))}: goes only with OpenAPI documents that are given by file: leave it out"
        )
    if changes:
        value = described["openapi"]
        described["openapi"] = {**(value if isinstance(value, Mapping) else {"schema": value}), **changes}
    chosen = {name: list(it) for name, it in (("only", only), ("without", without)) if it}
    kind = next((it for it in _SELECTS if it in described), None)
    if chosen and kind is None:
        raise InvalidInput(
            f"--{next(iter(chosen))}: goes only with OpenAPI documents, Smithy models, built-in schemas and MCP servers "
            "that are given by file, address or name: leave it out"
        )
    if chosen and kind is not None:
        value = described[kind]
        described[kind] = {**(value if isinstance(value, Mapping) else {_SELECTS[kind]: value}), **chosen}
    return described | ({"accept": list(accept)} if accept else {})


def located(target: Mapping[str, Any], project: Project) -> dict[str, Any]:
    """The target with its files as paths from the project's folder, normalised.

    In the project that the command keeps, which nobody moves or shares, files of the user's have absolute paths.
    """
    changed = dict(target)
    for key in ("openapi", "smithy"):
        value, member = changed.get(key), _SELECTS[key]
        if isinstance(value, str):
            changed[key] = _located(value, project)
        elif isinstance(value, Mapping) and isinstance(value.get(member), str):
            changed[key] = {**value, member: _located(value[member], project)}
    function = changed.get("lambda")
    if isinstance(function, Mapping):
        files = {
            key: _located(function[key], project) for key in ("code", "tools") if isinstance(function.get(key), str)
        }
        changed["lambda"] = {**function, **files}
    return changed


def _located(source: str, project: Project) -> str:
    if s3_uri.is_meant(source):
        return source
    # Where the user is may be written through a link, while the project's folder is not.
    path, folder = Path(os.path.normpath(Path(source).absolute())), project.folder.absolute()
    if not path.is_relative_to(folder):
        path, folder = path.resolve(), folder.resolve()
    if project.is_kept and not path.is_relative_to(folder):
        return str(path)
    return Path(os.path.relpath(path, folder)).as_posix()


def _kind_of(document: Mapping[str, Any]) -> Kind:
    if "lambdaArn" in document:
        return "lambda"
    if "endpoint" in document:
        return "mcpServer"
    uri = document.get("s3")
    uri = uri.get("uri") if isinstance(uri, Mapping) else uri
    if isinstance(uri, str) and uri.lower().endswith((".smithy.json", "smithy-model.json")):
        return "smithyModel"
    if "s3" in document or "inlinePayload" in document:
        return "openApiSchema"
    raise InvalidInput("--target-type: is missing: give lambda, openApiSchema, smithyModel or mcpServer")


def _from_document(document: dict[str, Any], kind: Kind, tools: str | None) -> dict[str, Any]:
    if kind == "lambda":
        return _function(document, tools)
    if tools is not None:
        raise InvalidInput("--tools: goes only with Lambda functions: leave it out")
    if kind == "mcpServer":
        if isinstance(document.get("endpoint"), str) and len(document) == 1:
            return {"mcp_server": document["endpoint"]}
        return _as_aws(kind, document)
    place = document.get("s3")
    if len(document) != 1 or (place is None and "inlinePayload" not in document):
        raise InvalidInput(
            f'{PAYLOAD}: has {", ".join(document) or "nothing"}; write \'{{"s3": "s3://BUCKET/KEY"}}\' or '
            '\'{"inlinePayload": "..."}\''
        )
    if place is None:
        return _as_aws(kind, document)
    uri, owner = (place, None) if isinstance(place, str) else _object_in_s3(place)
    uri = s3_uri.checked(uri, f"{PAYLOAD} s3")
    if owner is None:
        return {_STACK_KEYS[kind]: uri}
    return {_STACK_KEYS[kind]: {_FIRST_KEYS[kind]: uri, "bucket_owner": owner}}


def _function(document: dict[str, Any], tools: str | None) -> dict[str, Any]:
    arn = document.get("lambdaArn", document.get("arn"))
    if not isinstance(arn, str):
        raise InvalidInput(f'{PAYLOAD}: has no lambdaArn: write \'{{"lambdaArn": "arn:aws:lambda:..."}}\'')
    schema = document.get("toolSchema")
    if tools is not None:
        return {"lambda": {"arn": arn, "tools": _tools(tools)}}
    if schema is None:
        return {"lambda": {"arn": arn}}
    if isinstance(schema, Mapping) and isinstance(schema.get("inlinePayload"), list):
        return {"lambda": {"arn": arn, "tools": schema["inlinePayload"]}}
    place = schema.get("s3") if isinstance(schema, Mapping) else None
    uri, owner = (place, None) if isinstance(place, str) else _object_in_s3(place)
    uri = s3_uri.checked(uri, f"{PAYLOAD} toolSchema.s3")
    if owner is None:
        return {"lambda": {"arn": arn, "tools": uri}}
    s3 = {"uri": uri, "bucketOwnerAccountId": owner}
    return _as_aws("lambda", {"lambdaArn": arn, "toolSchema": {"s3": s3}})


def _object_in_s3(place: Any) -> tuple[str, str | None]:
    if not isinstance(place, Mapping) or not isinstance(place.get("uri"), str):
        raise InvalidInput(f'{PAYLOAD}: s3 has no uri: write \'{{"s3": {{"uri": "s3://BUCKET/KEY"}}}}\'')
    return place["uri"], place.get("bucketOwnerAccountId")


def _as_aws(kind: str, document: Mapping[str, Any]) -> dict[str, Any]:
    return {"target_configuration": {"mcp": {kind: dict(document)}}}


def _tools(tools: str) -> str:
    return s3_uri.checked(tools, "--tools") if s3_uri.is_meant(tools) else tools

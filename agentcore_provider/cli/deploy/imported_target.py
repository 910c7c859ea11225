"""A target that AWS has, as a stack file says it: in the short form of its kind, its schema in a file beside the stack's."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from agentcore_provider import credential_kinds, target_kinds
from agentcore_provider.documents.json_types import JsonDict, JsonObject
from agentcore_provider.errors import InvalidInput
from agentcore_provider.target_kinds.target_kind import Schema, SchemaFormat, TargetKind

# Arguments that a stack file has in another form, or as the name of the entry.
_OTHERWISE = ("gateway_identifier", "name", "description", "target_configuration", "credential_provider_configurations")

Put = Callable[[str, Any], str]
"""Keeps a schema, text or tool definitions, in a file; returns its path. Takes what ends its name before .json."""

# How the name of a schema's file ends before .json; of any other schema: tools.
_SUFFIXES: Mapping[SchemaFormat, str] = {"OpenAPI": "openapi", "OpenAPI description": "openapi", "Smithy": "smithy"}


def described(found: JsonObject, put: Put) -> JsonDict:
    """What a stack file says of a target, and nothing that it means anyway. found: the target as AWS has it."""
    from agentcore_provider.arguments import table
    from agentcore_provider.resources.gateway_target import GatewayTarget

    signing = found.get("credential_provider_configurations") or []
    return {
        **({"description": found["description"]} if found.get("description") else {}),
        **_configured(found["target_configuration"], signing, put),
        **{it: found[it] for it in table.arguments(GatewayTarget) if it not in _OTHERWISE and found.get(it)},
    }


def _configured(document: JsonObject, signing: list[Any], put: Put) -> JsonDict:
    """The target's kind and its credentials: AWS's own documents where no key means the same."""
    from agentcore_provider.arguments.gateway_target import usual_credentials
    from agentcore_provider.aws.documents import same

    kind = target_kinds.of(document)
    content = kind.content(document) if kind else None
    if kind is not None and isinstance(content, Mapping):
        content = {key: value for key, value in content.items() if kind.defaults.get(key) != value}
        document = kind.configuration(content)
        try:
            keys, in_file = _keys(kind, content)
            record = _record(kind, keys)
            usual = record.credential_provider_configurations()
            if same(record.target_configuration(), document) and (signing or not usual):
                if kind.schema and in_file:
                    suffix = _SUFFIXES.get(kind.schema.format, "tools")
                    keys[kind.schema.key] = put(suffix, keys[kind.schema.key])
                value = keys[kind.short_key] if kind.short_key and len(keys) == 1 else keys
                return {kind.key: value, **({} if same(usual, signing) else _sign_in(signing))}
        except (InvalidInput, TypeError, ValueError):
            # AWS's own document can have what the keys cannot.
            pass
    return {
        "target_configuration": document,
        **({} if signing in ([], usual_credentials(document) or []) else _sign_in(signing)),
    }


def _keys(kind: TargetKind, content: JsonObject) -> tuple[JsonDict, bool]:
    """The keys below a kind with a schema as it is, and whether the schema is to be kept in a file."""
    keys: JsonDict = kind.described(content)
    source = keys.get(kind.schema.key) if kind.schema else None
    if kind.schema is None or source is None:
        return keys, False
    if "inlinePayload" in source:
        return {**keys, kind.schema.key: source["inlinePayload"]}, True
    owner = source["s3"].get("bucketOwnerAccountId")
    return {**keys, kind.schema.key: source["s3"]["uri"], **({"bucket_owner": owner} if owner else {})}, False


def _record(kind: TargetKind, keys: JsonObject) -> Any:
    """The record that the stack file's keys become, with its schema instead of the path of a file."""
    from agentcore_provider.resources import targets
    from agentcore_provider.stack_config.keys import record

    if kind is target_kinds.LAMBDA:
        return targets.Lambda(**keys)
    schema = kind.schema
    read = {schema.key: _read(schema, keys[schema.key])} if schema and schema.key in keys else {}
    return record({kind.key: {**keys, **read}}, Path())


def _read(schema: Schema, text: str) -> Any:
    """A schema as it reaches AWS once it is read from a file. Raises ValueError for one that no file can hold."""
    if text.startswith("s3://"):
        return text
    if text.lstrip().startswith(("{", "[")):
        return json.loads(text)
    if not schema.format.startswith("OpenAPI"):
        raise ValueError("only OpenAPI documents may be YAML")
    return {"inlinePayload": text}


def _sign_in(signing: list[Any]) -> JsonDict:
    from agentcore_provider.aws.documents import same
    from agentcore_provider.stack_config import credentials

    if len(signing) == 1:
        kind = credential_kinds.of(signing[0])
        if kind is not None:
            members = kind.members(signing[0])
            described = {kind.key: kind.described({name: value for name, value in members.items() if value})}
            if same(credentials.document(described), _filled(signing[0])):
                return {"credentials": described}
    return {"credential_provider_configurations": signing}


def _filled(value: Any) -> Any:
    """A document without members that say nothing."""
    if isinstance(value, Mapping):
        return {key: filled for key, it in value.items() if (filled := _filled(it)) not in (None, "", [], {})}
    return value

"""The JSON Schema of whole stack files, for editors: completion, descriptions and problems while one types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentcore_provider.stack_config.json_schema import configuration_schema, schema
from agentcore_provider.stack_config.key_schemas import Schema
from agentcore_provider.stack_config.places import DEFAULTS, GATEWAYS, KEY, NAMESPACE

_ENCRYPTED = {
    "description": "A value that `pulumi config set --secret --path` encrypted.",
    "type": "object",
    "required": ["secure"],
    "additionalProperties": False,
    "properties": {"secure": {"description": "The encrypted value.", "type": "string"}},
}
_REFERENCE = {"type": "string", "pattern": "\\$\\{(env|secret):[^}]+\\}"}

# Keywords of a schema that hold schemas by name, and those that hold one.
_BY_NAME = ("properties", "$defs")
_ONE = ("items", "additionalProperties")
# Keywords that describe a value and do not restrict it.
_BESIDE = ("description", "title", "default", "examples")
# Definitions of keys, which are no values: nothing is referred to or encrypted there.
_NAMES = ("gatewayName", "targetName")
# Keywords that ask for what a partial file may leave out, or take away with null.
_COMPLETE = ("required", "oneOf", "not", "minProperties", "dependentRequired")

_OTHER_KEYS = {
    "agentcore:endpointUrl": {
        "description": "Address of AWS, for local AWS: http://127.0.0.1:4599. Default: AWS itself.",
        "type": "string",
    },
    "agentcore:owner": {
        "description": "Whose resources these are: any text that no other stack of this name has. Default: the "
        "organization, or, without one, the salt or key of the stack's secrets.",
        "type": "string",
    },
    "agentcore:adopt": {
        "description": "Whether resources with a name of yours may take over what something else made. Default: false.",
        "type": ["boolean", "string"],
    },
    "agentcore:toolLocks": {
        "description": "Fingerprints of the tools that are accepted, by the names of targets' resources: what `agentcore "
        "tools accept` writes. Default: with tools_lock, what a server lists first.",
        "type": "object",
    },
    "agentcore:serverTokens": {
        "description": "Tokens with which this machine reads what MCP servers list, by the names of targets' resources; "
        "secrets. Default: it signs in with none.",
        "type": "object",
    },
    "aws:region": {"description": "AWS Region.", "type": "string", "examples": ["us-west-2"]},
}


def stack_file_schema(*, partial: bool = False) -> Schema:
    """The JSON Schema of `Pulumi.<stack>.yaml`.

    partial: for files that leave things out: of a project with agentcore:defaults, and the file of these defaults.
    """
    gateways = _for_editors(schema(), partial=partial)
    definitions = {**gateways.pop("$defs"), "encrypted": _ENCRYPTED, "gateways": gateways}
    for key in ("$schema", "title"):
        gateways.pop(key)
    reference = {"$ref": "#/$defs/gateways"}
    # Only gateways have defaults that leave things out of the stack's file.
    beside = {key: it for key, it in configuration_schema()["properties"].items() if key != GATEWAYS}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A stack file of Pulumi with AgentCore gateways" + (", above shared defaults" if partial else ""),
        "type": "object",
        "properties": {
            "config": {
                "description": "Configuration of the stack.",
                "type": "object",
                "properties": {
                    KEY: {"description": gateways["description"], **reference},
                    DEFAULTS: {
                        "description": "What environments share, below what each stack says: the same as "
                        f"{KEY}, or the path of a file that says it.",
                        **({"anyOf": [{"type": "string", "minLength": 1}, reference]} if partial else {}),
                    },
                    **{f"{NAMESPACE}{key}": _for_editors(it, partial=False) for key, it in beside.items()},
                    **_OTHER_KEYS,
                },
            }
        },
        "$defs": definitions,
    }


def _for_editors(node: object, *, partial: bool, in_list: bool = False) -> Any:
    """The schema of what is written: with references and encrypted values, and of partial files with gaps and nulls."""
    if not isinstance(node, Mapping):
        return node
    gaps = partial and not in_list
    kept: Schema = {}
    for key, value in node.items():
        if key in ("secrecy", "document") or (gaps and key in _COMPLETE):
            continue
        if key == "propertyNames":
            kept[key] = _with_message(value)
        elif key in _BY_NAME:
            kept[key] = {
                name: _with_message(one) if name in _NAMES else _for_editors(one, partial=partial)
                for name, one in value.items()
            }
            if gaps and key == "properties":
                kept[key] = {name: _or_null(one) for name, one in kept[key].items()}
        elif key in _ONE:
            kept[key] = _for_editors(value, partial=partial, in_list=in_list or key == "items")
            # A gateway itself cannot be taken away: one that only the defaults describe is not made anyhow.
            if gaps and key == "additionalProperties" and isinstance(value, Mapping) and "$defs" not in node:
                kept[key] = _or_null(kept[key])
        elif key == "anyOf":
            kept[key] = [_for_editors(one, partial=partial) for one in value]
        else:
            kept[key] = value
    return _also_written(kept, node)


def _with_message(node: Schema) -> Schema:
    """The schema with the message of editors for a value of another form, instead of its pattern."""
    if "pattern" not in node or "title" not in node:
        return dict(node)
    return {**node, "patternErrorMessage": f"This is not {node['title']}, such as {node['examples'][0]}."}


def _also_written(kept: Schema, node: Mapping[str, object]) -> Schema:
    others: list[Schema] = []
    if "pattern" in node and "secrecy" not in node:
        others.append(_REFERENCE)
    if node.get("type") == "string" and "secrecy" in node:
        others.append({"$ref": "#/$defs/encrypted"})
    if not others:
        return kept
    beside: Schema = {key: kept.pop(key) for key in _BESIDE if key in kept}
    return {**beside, "anyOf": [_with_message({**beside, **kept}) if "pattern" in kept else kept, *others]}


def _or_null(node: Schema) -> Schema:
    """The same, or null. What a definition says of itself is repeated, as editors do not look for it there."""
    defined = schema()["$defs"].get(str(node.get("$ref", "")).rpartition("/")[2], {})
    beside = {key: it[key] for key in _BESIDE for it in (defined, node) if key in it}
    return {**beside, "anyOf": [node, {"type": "null"}]}

"""A target that AWS has, as a stack file says it: in the short form of its kind, its schema in a file beside the stack's."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from agentcore_provider import credential_kinds
from agentcore_provider.errors import InvalidInput

# Arguments that a stack file has in another form, or as the name of the entry.
_OTHERWISE = ("gateway_identifier", "name", "description", "target_configuration", "credential_provider_configurations")

Put = Callable[[str, Any], str]
"""Keeps a schema, text or tool definitions, in a file; returns its path. Takes what ends its name before .json."""

# AWS's member and below it the stack file's key of each value; * marks a schema.
_FORMS: dict[tuple[str, str], tuple[str, dict[str, str]]] = {
    ("mcp", "lambda"): ("lambda", {"lambdaArn": "arn", "toolSchema": "*tools"}),
    ("mcp", "openApiSchema"): ("openapi", {"": "*schema"}),
    ("mcp", "smithyModel"): ("smithy", {"": "*model"}),
    ("mcp", "mcpServer"): (
        "mcp_server",
        {
            "endpoint": "endpoint",
            "mcpToolSchema": "*tool_schema",
            "listingMode": "listing_mode",
            "resourcePriority": "resource_priority",
        },
    ),
    ("mcp", "apiGateway"): (
        "api_gateway",
        {
            "restApiId": "rest_api_id",
            "stage": "stage",
            "apiGatewayToolConfiguration.toolFilters": "filters",
            "apiGatewayToolConfiguration.toolOverrides": "overrides",
        },
    ),
    ("mcp", "connector"): (
        "connector",
        {
            "source.connectorId": "connector_id",
            "source.version": "version",
            "enabled": "enabled",
            "configurations": "configurations",
        },
    ),
    ("http", "agentcoreRuntime"): (
        "agent_runtime",
        {"arn": "arn", "qualifier": "qualifier", "schema.source": "*schema"},
    ),
    ("http", "passthrough"): (
        "passthrough",
        {
            "endpoint": "endpoint",
            "protocolType": "protocol_type",
            "schema.source": "*schema",
            "stickinessConfiguration.identifier": "stickiness.identifier",
            "stickinessConfiguration.timeout": "stickiness.timeout",
            "stickinessConfiguration.compositeIdentifier": "stickiness.composite",
            "staticQueryParameters": "static_query_parameters",
            "staticQueryParameterConflictResolution": "static_query_parameter_conflict_resolution",
        },
    ),
    ("http", "connector"): ("http_connector", {"source.connectorId": "connector_id", "parameters": "parameters"}),
    ("inference", "provider"): (
        "inference",
        {
            "endpoint": "endpoint",
            "operations": "operations",
            "modelMapping.providerPrefix.strip": "strip_prefix",
            "modelMapping.providerPrefix.separator": "prefix_separator",
        },
    ),
    ("inference", "connector"): ("inference_connector", {"source.connectorId": "connector_id"}),
}
_SUFFIXES = {"openapi": "openapi", "smithy": "smithy", "agent_runtime": "openapi", "passthrough": "openapi"}
# What AWS answers where nobody has said anything.
_DEFAULTS: dict[tuple[str, str], dict[str, Any]] = {
    ("mcp", "mcpServer"): {"listingMode": "DEFAULT", "resourcePriority": 1000},
    ("http", "agentcoreRuntime"): {"qualifier": "DEFAULT"},
    ("http", "passthrough"): {"staticQueryParameterConflictResolution": "CLIENT_OVERRIDE"},
}
# Keys of parts that have records of their own.
_OVERRIDE = ("path", "method", "name", "description")
_CONNECTOR_TOOL = {
    "name": "name",
    "description": "description",
    "parameterValues": "parameter_values",
    "parameterOverrides": "parameter_overrides",
}


def described(found: Mapping[str, Any], put: Put) -> dict[str, Any]:
    """What a stack file says of a target, and nothing that it means anyway. found: the target as AWS has it."""
    from agentcore_provider.arguments import table
    from agentcore_provider.resources.gateway_target import GatewayTarget

    signing = found.get("credential_provider_configurations") or []
    return {
        **({"description": found["description"]} if found.get("description") else {}),
        **_configured(found["target_configuration"], signing, put),
        **{it: found[it] for it in table.arguments(GatewayTarget) if it not in _OTHERWISE and found.get(it)},
    }


def _configured(document: Mapping[str, Any], signing: list[Any], put: Put) -> dict[str, Any]:
    """The target's kind and how the gateway signs in there: AWS's own documents where no key says the same."""
    from agentcore_provider.aws.documents import same
    from agentcore_provider.stack_config import target_kinds

    family, member, content = _parts(document)
    document = {family: {member: content}}
    short = _short(family, member, content)
    if short is not None:
        kind, keys, schema = short
        try:
            record = _record(kind, keys)
            usual = record.credential_provider_configurations()
            if same(record.target_configuration(), document) and (signing or not usual):
                if schema is not None:
                    keys = {**keys, schema: put(_SUFFIXES.get(kind, "tools"), keys[schema])}
                value = keys if kind == "lambda" or len(keys) > 1 else keys[target_kinds.SHORT[kind]]
                return {kind: value, **({} if same(usual, signing) else _sign_in(signing))}
        except (InvalidInput, TypeError, ValueError):
            # Whatever the short form cannot say, AWS's own document can.
            pass
    from agentcore_provider.arguments.gateway_target import usual_credentials

    usual = usual_credentials(document) or []
    return {"target_configuration": document, **({} if signing in ([], usual) else _sign_in(signing))}


def _parts(document: Mapping[str, Any]) -> tuple[str, str, Any]:
    """Family and kind of a target by AWS's words, and what is below them without the values that AWS takes anyway."""
    ((family, kinds),) = document.items()
    ((member, content),) = kinds.items()
    usual = _DEFAULTS.get((family, member), {})
    return family, member, {key: value for key, value in content.items() if key not in usual or usual[key] != value}


def _short(family: str, member: str, content: Mapping[str, Any]) -> tuple[str, dict[str, Any], str | None] | None:
    """Key of the kind, keys below it with schemas as they are, and the key of a schema that belongs in a file."""
    form = _FORMS.get((family, member))
    if form is None:
        return None
    kind, names = form
    keys: dict[str, Any] = {}
    in_file = None
    for path, name in names.items():
        value = _at(content, path)
        if value is None:
            continue
        first, _, rest = name.removeprefix("*").partition(".")
        if not name.startswith("*"):
            keys[first] = {**keys.get(first, {}), rest: value} if rest else value
        elif "inlinePayload" in value:
            keys[first], in_file = value["inlinePayload"], first
        else:
            owner = value["s3"].get("bucketOwnerAccountId")
            keys |= {first: value["s3"]["uri"], **({"bucket_owner": owner} if owner else {})}
    return kind, _with_parts(kind, keys), in_file


def _with_parts(kind: str, keys: dict[str, Any]) -> dict[str, Any]:
    """Lists of AWS's documents as the stack file has them."""
    if kind == "api_gateway":
        filters = {it["filterPath"]: it["methods"] for it in keys["filters"]}
        overrides = [{key: it[key] for key in _OVERRIDE if it.get(key)} for it in keys.get("overrides") or ()]
        return {**keys, "filters": filters, **({"overrides": overrides} if overrides else {})}
    if kind == "connector" and keys.get("configurations"):
        tools = [{_CONNECTOR_TOOL[key]: value for key, value in it.items() if value} for it in keys["configurations"]]
        return {**keys, "configurations": tools}
    if kind == "inference" and keys.get("operations"):
        operations = [
            {
                "path": it["path"],
                **({"provider_path": it["providerPath"]} if it.get("providerPath") else {}),
                **({"models": [one["model"] for one in it["models"]]} if it.get("models") else {}),
            }
            for it in keys["operations"]
        ]
        return {**keys, "operations": operations}
    return keys


def _record(kind: str, keys: Mapping[str, Any]) -> Any:
    """The record that the stack file's keys become, with its schema in place of the path of a file."""
    from agentcore_provider.resources import targets
    from agentcore_provider.stack_config import target_kinds

    if kind == "lambda":
        return targets.Lambda(**keys)
    schemas = {key: _given(kind, keys[key]) for key in ("schema", "model", "tool_schema") if key in keys}
    return target_kinds.record({kind: {**keys, **schemas}}, Path())


def _given(kind: str, schema: str) -> Any:
    """A schema as it reaches AWS once it is read from a file. Raises ValueError for one that no file can hold."""
    if schema.startswith("s3://"):
        return schema
    if schema.lstrip().startswith(("{", "[")):
        return json.loads(schema)
    if kind not in _SUFFIXES or kind == "smithy":
        raise ValueError("only OpenAPI documents may be YAML")
    return {"inlinePayload": schema}


def _sign_in(signing: list[Any]) -> dict[str, Any]:
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


def _at(content: Any, path: str) -> Any:
    for key in filter(None, path.split(".")):
        content = content.get(key) if isinstance(content, Mapping) else None
    return content


def _filled(value: Any) -> Any:
    """A document without members that say nothing."""
    if isinstance(value, Mapping):
        return {key: filled for key, it in value.items() if (filled := _filled(it)) not in (None, "", [], {})}
    return value

"""Kinds of targets in stack files, turned into records of `targets`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from agentcore_provider.resources import targets
from agentcore_provider.schemas import s3_uri

# Key of the stack file, and what its short form, a text, stands for.
SHORT = {
    "openapi": "schema",
    "smithy": "model",
    "mcp_server": "endpoint",
    "api_gateway": "rest_api_id",
    "connector": "connector_id",
    "agent_runtime": "arn",
    "passthrough": "endpoint",
    "inference": "endpoint",
    "http_connector": "connector_id",
    "inference_connector": "connector_id",
    "builtin": "name",
}
KINDS = ("lambda", *SHORT, "target_configuration")

# AWS's member in which each kind's schema or address ends up, for paths in messages.
PLACES = {
    "openapi": "targetConfiguration.mcp.openApiSchema",
    "smithy": "targetConfiguration.mcp.smithyModel",
    "mcp_server": "targetConfiguration.mcp.mcpServer",
    "api_gateway": "targetConfiguration.mcp.apiGateway",
    "connector": "targetConfiguration.mcp.connector",
    "agent_runtime": "targetConfiguration.http.agentcoreRuntime",
    "passthrough": "targetConfiguration.http.passthrough",
    "inference": "targetConfiguration.inference.provider",
    "http_connector": "targetConfiguration.http.connector",
    "inference_connector": "targetConfiguration.inference.connector",
}

# Keys below a kind that hold a schema: a file, or an address in S3.
_SCHEMAS = ("schema", "model", "tool_schema")

_RECORDS: dict[str, Callable[..., targets.Target]] = {
    "openapi": targets.OpenApi,
    "smithy": targets.Smithy,
    "mcp_server": targets.McpServer,
    "api_gateway": targets.ApiGateway,
    "connector": targets.Connector,
    "agent_runtime": targets.AgentRuntime,
    "passthrough": targets.Passthrough,
    "inference": targets.Inference,
    "http_connector": targets.HttpConnector,
    "inference_connector": targets.InferenceConnector,
}

# Keys that hold a list of parts, or one, with records of their own.
_PARTS: dict[tuple[str, str], Callable[..., Any]] = {
    ("api_gateway", "overrides"): targets.ToolOverride,
    ("connector", "configurations"): targets.ConnectorTool,
    ("inference", "operations"): targets.InferenceOperation,
    ("passthrough", "stickiness"): targets.Stickiness,
}


def kind_of(target: Mapping[str, Any]) -> str:
    """The key that says what kind of target it is."""
    return next(kind for kind in KINDS if kind in target)


def record(target: Mapping[str, Any], folder: Path) -> targets.Target | None:
    """The record of a target that has a kind with a short form, else None. folder: what relative paths begin at."""
    kind = kind_of(target)
    if kind not in SHORT:
        return None
    said = target[kind]
    told: dict[str, Any] = dict(said) if isinstance(said, Mapping) else {SHORT[kind]: said}
    if kind == "builtin":
        return targets.Builtin(told["name"], operations=told.get("operations"), **told.get("settings", {}))
    for key, value in told.items():
        part = _PARTS.get((kind, key))
        if key in _SCHEMAS:
            told[key] = _source(value, folder)
        elif part is not None:
            told[key] = [part(**one) for one in value] if isinstance(value, list) else part(**value)
    return _RECORDS[kind](**told)


def _source(given: Any, folder: Path) -> Any:
    if not isinstance(given, str):
        return given
    return s3_uri.checked(given, "address") if s3_uri.is_meant(given) else folder / given

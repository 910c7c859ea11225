"""Kinds of targets in stack files, turned into records of `targets`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from agentcore_provider.resources import targets
from agentcore_provider.schemas import s3_uri

# Key of the stack file, and what its short form, a text, stands for.
SHORT = {"openapi": "schema", "smithy": "model", "mcp_server": "endpoint", "builtin": "name"}
KINDS = ("lambda", *SHORT, "target_configuration")

# AWS's member in which each kind's schema or address ends up, for paths in messages.
PLACES = {
    "openapi": "targetConfiguration.mcp.openApiSchema",
    "smithy": "targetConfiguration.mcp.smithyModel",
    "mcp_server": "targetConfiguration.mcp.mcpServer",
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
    told: dict[str, Any] = {SHORT[kind]: said} if isinstance(said, str) else dict(said)
    if kind == "openapi":
        return targets.OpenApi(**{**told, "schema": _source(told["schema"], folder)})
    if kind == "smithy":
        return targets.Smithy(**{**told, "model": _source(told["model"], folder)})
    if kind == "mcp_server":
        if "tool_schema" in told:
            told["tool_schema"] = _source(told["tool_schema"], folder)
        return targets.McpServer(**told)
    return targets.Builtin(told["name"], operations=told.get("operations"), **told.get("settings", {}))


def _source(given: Any, folder: Path) -> Any:
    if not isinstance(given, str):
        return given
    return s3_uri.checked(given, "address") if s3_uri.is_meant(given) else folder / given

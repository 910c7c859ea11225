"""Prompts and resources, which MCP-server targets bring along (devguide gateway-using, its pages for each method).

Prompts are named as tools are, `<target>___<prompt>`. Resources keep their URIs; where several targets have one, the
target with the lowest resourcePriority is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.mcp_endpoint import mcp_server_target, tools
from agentcore_provider.local.mcp_endpoint.json_rpc import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    RESOURCE_NOT_FOUND,
    JsonRpcError,
    Message,
)
from agentcore_provider.local.mcp_endpoint.mcp_server_session import McpServerError, drained, reason
from agentcore_provider.local.mcp_endpoint.mcp_server_sessions import kept

if TYPE_CHECKING:
    from agentcore_provider.local.mcp_endpoint.request_context import RequestContext
    from agentcore_provider.local.store import Target

_NO_PRIORITY = 1000
_EXPRESSION = re.compile(r"\\\{[^{}]*\\\}")


def listed(context: RequestContext, member: str) -> list[JsonObject]:
    """All of one list: `prompts`, `resources` or `resourceTemplates`, in the order the targets were created."""
    found: list[JsonObject] = []
    for target in _servers(context):
        for item in _of_target(target, context, member):
            name = {"name": f"{target.name}{tools.SEPARATOR}{item.get('name')}"} if member == "prompts" else {}
            found.append({**item, **name})
    return found


def get_prompt(context: RequestContext, message: Message) -> JsonObject:
    """The result of prompts/get, from the prompt's own server. Raises JsonRpcError."""
    name = message.params.get("name")
    if not isinstance(name, str):
        raise JsonRpcError(INVALID_PARAMS, 'Invalid params: "name" must be a string.')
    for target in _servers(context):
        prompt = name.removeprefix(f"{target.name}{tools.SEPARATOR}")
        if prompt != name and any(item.get("name") == prompt for item in _of_target(target, context, "prompts")):
            return _ask(context, target, message, {**message.params, "name": prompt})
    raise JsonRpcError(INVALID_PARAMS, f"Unknown prompt: {name}")


def read_resource(context: RequestContext, message: Message) -> JsonObject:
    """The result of resources/read, from the resource's own server. Raises JsonRpcError."""
    uri = message.params.get("uri")
    if not isinstance(uri, str):
        raise JsonRpcError(INVALID_PARAMS, 'Invalid params: "uri" must be a string.')
    having = [target for target in _servers(context) if _has(target, context, uri)]
    if not having:
        raise JsonRpcError(RESOURCE_NOT_FOUND, f"Resource not found: {uri}", data={"uri": uri})
    return _ask(context, min(having, key=_priority), message, message.params)


def _servers(context: RequestContext) -> Iterator[Target]:
    for target in context.targets:
        if target.status in tools.LISTED and "mcpServer" in target.target_configuration.get("mcp", {}):
            yield target


def _of_target(target: Target, context: RequestContext, member: str) -> list[JsonObject]:
    try:
        return mcp_server_target.listed(target, context, member)
    except McpServerError as error:
        tools.log.warning("gateway %s, target %s: %s", context.gateway.gateway_id, target.name, error)
        return []


def _has(target: Target, context: RequestContext, uri: str) -> bool:
    if any(item.get("uri") == uri for item in _of_target(target, context, "resources")):
        return True
    templates = (str(item.get("uriTemplate")) for item in _of_target(target, context, "resourceTemplates"))
    return any(_fits(template, uri) for template in templates)


def _fits(template: str, uri: str) -> bool:
    """Whether a URI may come of a template (RFC 6570). Which values fit is the server's business."""
    return re.fullmatch(_EXPRESSION.sub(".*", re.escape(template)), uri) is not None


def _priority(target: Target) -> int:
    return int(target.target_configuration["mcp"]["mcpServer"].get("resourcePriority", _NO_PRIORITY))


def _ask(context: RequestContext, target: Target, message: Message, params: JsonObject) -> JsonObject:
    meta = mcp_server_target.forwarded(params.get("_meta") or {})
    params = {name: value for name, value in params.items() if name != "_meta"} | ({"_meta": meta} if meta else {})
    try:
        document = drained(kept.of(target, context).ask(context, message.method, params))
    except McpServerError as error:
        raise JsonRpcError(INTERNAL_ERROR, str(error)) from error
    if "error" in document:
        problem = document["error"] if isinstance(document["error"], dict) else {}
        raise JsonRpcError(int(problem.get("code") or INTERNAL_ERROR), reason(document), data=problem.get("data"))
    result = document.get("result")
    return {name: value for name, value in result.items() if name != "resultType"} if isinstance(result, dict) else {}

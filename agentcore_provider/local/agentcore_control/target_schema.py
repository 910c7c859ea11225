"""Where a target's tools come from: read, sized and judged when the target is created or updated."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from agentcore_provider.local import service_error, service_model, validation
from agentcore_provider.local.agentcore_control import (
    api,
    api_gateway_export,
    openapi_schema,
    s3_object,
    smithy_schema,
    synchronization,
)
from agentcore_provider.local.store import AccountRegionStore

_MOST_INLINE_BYTES = 1024 * 1024
_MOST_TOOLS = 1000
_LONGEST_TOOL_NAME = 256


def kind_of(configuration: dict[str, Any]) -> str:
    """The kind of a target, as the path in its configuration: `mcp.lambda`."""
    family = next(iter(configuration))
    return f"{family}.{next(iter(configuration[family]))}"


@dataclass(frozen=True)
class ToolSource:
    """What a target's tools come from.

    content: the tools of a Lambda target as a list, the schema of others as text, None where there is none.
    failing: why the target does not become READY with it, though the request is taken.
    """

    content: Any
    failing: list[str] = field(default_factory=list)


def read(store: AccountRegionStore, kind: str, configuration: dict[str, Any], target_name: str) -> ToolSource:
    """The source as it is now. Raises ValidationException with everything that is wrong."""
    family, member = kind.split(".")
    if kind == "mcp.apiGateway":
        return _exported(store, configuration[family][member], target_name)
    source = _source_of(kind, configuration[family][member])
    if source is None:
        return ToolSource(None)
    content, failing = _content_of(store, source), []
    if kind == "mcp.openApiSchema":
        verdict = openapi_schema.judge(content, target_name, _LONGEST_TOOL_NAME, _MOST_TOOLS)
        found, failing = verdict.refused, verdict.failing
    else:
        found = list(_problems(kind, content, target_name))
    if found:
        raise service_error.validation(validation.summarize(found))
    is_list = kind == "mcp.lambda" and isinstance(content, str)
    return ToolSource(json.loads(content) if is_list else content, failing)


def _exported(store: AccountRegionStore, configuration: dict[str, Any], target_name: str) -> ToolSource:
    try:
        text = api_gateway_export.export(store.account_id, store.region, configuration)
    except api_gateway_export.NotExportableError as error:
        raise service_error.validation(validation.summarize(error.problems)) from None
    document = json.loads(text)
    for item in document["paths"].values():
        for operation in item.values():
            if len(name := f"{target_name}___{operation['operationId']}") > _LONGEST_TOOL_NAME:
                raise service_error.validation(f"Tool name {name} is longer than {_LONGEST_TOOL_NAME}")
    return ToolSource(text, openapi_schema.unparsed(document))


def _source_of(kind: str, target: dict[str, Any]) -> dict[str, Any] | None:
    if kind in ("mcp.openApiSchema", "mcp.smithyModel"):
        return target
    if kind in ("mcp.lambda", "mcp.mcpServer"):
        return target.get("toolSchema") or target.get("mcpToolSchema")
    source: dict[str, Any] | None = target.get("schema", {}).get("source")
    return source


def _content_of(store: AccountRegionStore, source: dict[str, Any]) -> Any:
    if "s3" in source:
        return s3_object.read(source["s3"], store.account_id, store.partition)
    payload = source["inlinePayload"]
    size = len((payload if isinstance(payload, str) else json.dumps(payload)).encode())
    if size > _MOST_INLINE_BYTES:
        raise service_error.validation(
            f"inlinePayload has {size} bytes, more than {_MOST_INLINE_BYTES}; put the schema into S3"
        )
    return payload


def _problems(kind: str, content: Any, target_name: str) -> Iterator[str]:
    if kind == "mcp.lambda":
        yield from _tool_problems(content, target_name)
    elif kind == "mcp.smithyModel":
        yield from smithy_schema.problems(content, target_name, _LONGEST_TOOL_NAME, _MOST_TOOLS)
    elif kind == "mcp.mcpServer":
        yield from _server_tool_problems(content, target_name)


def _tool_problems(content: Any, target_name: str) -> Iterator[str]:
    if isinstance(content, str):
        try:
            content = json.loads(content)
        except (ValueError, RecursionError) as error:
            yield f"Tool schema is not JSON: {error}"
            return
        shape = service_model.load(api.SERVICE).shape_for("ToolDefinitions")
        if found := validation.validate(shape, content, "toolSchema"):
            yield from found
            return
    if not content:
        yield "Tool schema must define at least one tool"
    if len(content) > _MOST_TOOLS:
        yield f"Tool schema defines {len(content)} tools, more than {_MOST_TOOLS}"
    for name, count in Counter(tool["name"] for tool in content).items():
        if not name:
            yield "Tool name must not be empty"
        if count > 1:
            yield f"Tool name {name} is used {count} times"
        if len(f"{target_name}___{name}") > _LONGEST_TOOL_NAME:
            yield f"Tool name {target_name}___{name} is longer than {_LONGEST_TOOL_NAME}"
    for tool in content:
        for place in ("inputSchema", "outputSchema"):
            if place in tool and tool[place]["type"] != "object":
                yield f"{place} of tool {tool['name']} must be of type object at the top, not {tool[place]['type']}"


def _server_tool_problems(content: str, target_name: str) -> Iterator[str]:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        yield f"mcpToolSchema is not JSON: {error}"
        return
    tools = document.get("tools") if isinstance(document, dict) else None
    if not isinstance(tools, list):
        yield "mcpToolSchema must be an object with 'tools' array"
        return
    if not all(isinstance(tool, dict) and tool.get("name") for tool in tools):
        yield "mcpToolSchema must have a name for each of its tools"
        return
    yield from synchronization.problems(tools, target_name)

"""Where a target's tools come from: read, sized and validated when the target is created or updated."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from agentcore_provider.local import service_error, service_model, validation
from agentcore_provider.local.agentcore_control import api, api_gateway_export, openapi_schema, s3_object, smithy_schema
from agentcore_provider.local.store import AccountRegionStore
from agentcore_provider.local.tool_schemas.tool_schema import Tool

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agentcore_control import type_defs

_MOST_INLINE_BYTES = 1024 * 1024
_MOST_TOOLS = 1000
_LONGEST_TOOL_NAME = 256


@dataclass(frozen=True)
class ToolSource:
    """What a target's tools come from.

    content: the tools of a Lambda target as a list, the schema of others as text, None where there is none.
    failing: why the target does not become READY with it, though the request is accepted.
    """

    content: str | list[Tool] | None
    failing: list[str] = field(default_factory=list)


def read(
    store: AccountRegionStore, configuration: type_defs.TargetConfigurationOutputTypeDef, target_name: str
) -> ToolSource:
    """The source as it is now. Raises ValidationException with every problem."""
    mcp, http = configuration.get("mcp", {}), configuration.get("http", {})
    if "apiGateway" in mcp:
        return _exported(store, mcp["apiGateway"], target_name)
    if "lambda" in mcp:
        tools = _content(store, mcp["lambda"]["toolSchema"])
        _require_none(_tool_problems(tools, target_name))
        return ToolSource(json.loads(tools) if isinstance(tools, str) else tools)
    if "openApiSchema" in mcp:
        text = _text(store, mcp["openApiSchema"])
        problems = openapi_schema.validate(text, target_name, _LONGEST_TOOL_NAME, _MOST_TOOLS)
        _require_none(iter(problems.rejecting))
        return ToolSource(text, problems.failing)
    if "smithyModel" in mcp:
        text = _text(store, mcp["smithyModel"])
        _require_none(smithy_schema.problems(text, target_name, _LONGEST_TOOL_NAME, _MOST_TOOLS))
        return ToolSource(text)
    if schema := mcp.get("mcpServer", {}).get("mcpToolSchema"):
        text = _text(store, schema)
        _require_none(_server_schema_problems(text, target_name))
        return ToolSource(text)
    declared = http.get("passthrough", {}).get("schema") or http.get("agentcoreRuntime", {}).get("schema")
    return ToolSource(_text(store, declared["source"]) if declared else None)


def server_tool_problems(tools: list[Tool], target_name: str) -> Iterator[str]:
    """The problems of an MCP server's tools for a target."""
    if len(tools) > _MOST_TOOLS:
        yield f"The MCP server has {len(tools)} tools, more than {_MOST_TOOLS}"
    yield from _name_problems(tools, target_name)


def _require_none(problems: Iterator[str]) -> None:
    if found := list(problems):
        raise service_error.validation(validation.summarize(found))


def _exported(
    store: AccountRegionStore, configuration: type_defs.ApiGatewayTargetConfigurationOutputTypeDef, target_name: str
) -> ToolSource:
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


def _text(
    store: AccountRegionStore,
    source: type_defs.ApiSchemaConfigurationTypeDef | type_defs.McpToolSchemaConfigurationTypeDef,
) -> str:
    if "s3" in source:
        return s3_object.read(source["s3"], store.account_id, store.partition)
    _require_size(source["inlinePayload"])
    return source["inlinePayload"]


def _content(store: AccountRegionStore, source: type_defs.ToolSchemaOutputTypeDef) -> str | list[Tool]:
    if "s3" in source:
        return s3_object.read(source["s3"], store.account_id, store.partition)
    tools: list[Tool] = [{**tool} for tool in source["inlinePayload"]]
    _require_size(json.dumps(tools))
    return tools


def _require_size(text: str) -> None:
    if (size := len(text.encode())) > _MOST_INLINE_BYTES:
        raise service_error.validation(
            f"inlinePayload has {size} bytes, more than {_MOST_INLINE_BYTES}; put the schema into S3"
        )


def _tool_problems(content: str | list[Tool], target_name: str) -> Iterator[str]:
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
    tools = [tool for tool in content if isinstance(tool, dict)]
    if not tools:
        yield "Tool schema must define at least one tool"
    if len(tools) > _MOST_TOOLS:
        yield f"Tool schema defines {len(tools)} tools, more than {_MOST_TOOLS}"
    if not all(tool["name"] for tool in tools):
        yield "Tool name must not be empty"
    yield from _name_problems(tools, target_name)
    for tool in tools:
        for member in ("inputSchema", "outputSchema"):
            if member in tool and tool[member]["type"] != "object":
                yield f"{member} of tool {tool['name']} must be of type object at the top, not {tool[member]['type']}"


def _name_problems(tools: list[Tool], target_name: str) -> Iterator[str]:
    for name, count in Counter(str(tool.get("name")) for tool in tools).items():
        if count > 1:
            yield f"Tool name {name} is used {count} times"
        if len(f"{target_name}___{name}") > _LONGEST_TOOL_NAME:
            yield f"Tool name {target_name}___{name} is longer than {_LONGEST_TOOL_NAME}"


def _server_schema_problems(content: str, target_name: str) -> Iterator[str]:
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
    yield from server_tool_problems(tools, target_name)

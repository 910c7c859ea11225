"""MCP servers as targets.

https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-target-MCPservers.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal, Union

import pulumi

from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources.target_record import Record, Selecting
from agentcore_provider.resources.targets.schema_source import compact, schema_source
from agentcore_provider.resources.targets.target import project_folder
from agentcore_provider.schemas import openapi
from agentcore_provider.schemas.selection import Operation
from agentcore_provider.target_kinds import MCP_SERVER
from agentcore_provider.target_kinds.target_kind import TargetKind

ServerTools = Union[str, Path, Mapping[str, object], Sequence[Mapping[str, object]], "pulumi.Output[Any]"]
"""Tools as an MCP server lists them."""


@dataclass(frozen=True)
class McpServer(Record, Selecting):
    """A remote MCP server, whose tools the gateway passes on."""

    kind: ClassVar[TargetKind] = MCP_SERVER

    endpoint: pulumi.Input[str]
    """Address that begins with https://. Changing it updates in place."""
    _: KW_ONLY
    tool_schema: ServerTools | None = None
    """A fixed list of tools: MCP tools, {"tools": [...]}, text, the path of a JSON or YAML file, an s3:// URI, or an
    Output. Default: the service asks the server when the target is made or changed, and when `synchronize_on` of the
    GatewayTarget changes. Updates in place."""
    listing_mode: Literal["DEFAULT", "DYNAMIC"] | None = None
    """DYNAMIC asks the server whenever a client lists tools; not with semantic search, nor with the authorization-code
    grant. Default: DEFAULT, which keeps the list. Updates in place."""
    resource_priority: pulumi.Input[int] | None = None
    """Which server answers for a resource URI that several have: 0 to 1000, the lowest wins. Default: 1000. Updates in
    place."""
    upload: bool = False
    """Whether tool_schema travels through S3 even when it is short. Updates in place."""
    bucket_owner: pulumi.Input[str] | None = None
    """Account that owns the bucket of an s3:// URI, 12 digits. Default: the gateway's account. Updates in place."""

    def values(self) -> dict[str, object]:
        """As in Record. Raises InvalidInput."""
        tools = None
        if self.tool_schema is not None:
            tools = schema_source(
                self.tool_schema, self._selected, bucket_owner=self.bucket_owner, selects=bool(self.selection)
            )
        elif self.selection:
            raise InvalidInput(
                "AWS offers no choice among the tools of an MCP server that it asks itself",
                "Give tool_schema= the server's list of tools (`tools/list`), of which these are taken",
                path="only, without",
            )
        return {**super().values(), "tool_schema": tools}

    def _selected(self, tools: object) -> str:
        document, listed = _tools(tools)
        if self.selection:
            named = [str(it.get("name", "")) if isinstance(it, Mapping) else "" for it in listed]
            chosen = self.selection([Operation(name) for name in named])
            listed = [it for it, is_chosen in zip(listed, chosen, strict=True) if is_chosen]
        return compact({**document, "tools": listed})


def _tools(tools: object) -> tuple[Mapping[str, object], list[object]]:
    """The document of a list of tools, and the tools. Raises InvalidInput."""
    if isinstance(tools, (str, Path)):
        name = str(tools) if openapi.is_path(tools) else "tool_schema"
        tools = openapi.parsed(openapi.text_of(tools, folder=project_folder(), what="tool schema"), name)
    if isinstance(tools, Mapping) and "name" in tools:
        tools = [tools]
    if isinstance(tools, (list, tuple)):
        tools = {"tools": list(tools)}
    if not isinstance(tools, Mapping) or not isinstance(tools.get("tools"), (list, tuple)):
        raise InvalidInput(
            "lists no tools", 'Give {"tools": [...]} with name, description, inputSchema', path="tool_schema"
        )
    return tools, list(tools["tools"])

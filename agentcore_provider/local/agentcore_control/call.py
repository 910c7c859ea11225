"""One call of a control-plane operation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from agentcore_provider.local.outbound import Caller
from agentcore_provider.local.settings import Settings
from agentcore_provider.local.store import AccountRegionStore, Gateway, ServerLists, Target
from agentcore_provider.local.tool_schemas.tool_schema import Tool

Answer = Mapping[str, object]
"""The output of an operation, by the names of the service model; None leaves a member out."""


class ServerUnreadableError(Exception):
    """An MCP server's lists cannot be read; the text is the reason that the target reports."""


class ReadServerLists(Protocol):
    """What the control plane needs of the data plane is passed in."""

    def __call__(self, gateway: Gateway, target: Target, base_url: str, caller: Caller) -> ServerLists:
        """What a target's MCP server lists.

        Raises ServerUnreadableError.
        """


class ListTools(Protocol):
    """Another thing that it needs of the data plane."""

    def __call__(self, gateway: Gateway, base_url: str) -> tuple[list[Tool], list[str]]:
        """The tools of a gateway under their whole names, and the names of targets whose tools only their servers know."""


@dataclass(frozen=True)
class Call:
    """One call of an operation. fail_with: the reason with which what it starts fails."""

    operation: str
    store: AccountRegionStore
    settings: Settings
    read_server_lists: ReadServerLists
    list_tools: ListTools
    fail_with: str | None = None

"""One call of a control-plane operation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from agentcore_provider.local.outbound import Caller
from agentcore_provider.local.settings import Settings
from agentcore_provider.local.store import AccountRegionStore, Gateway, ServerLists, Target

Answer = Mapping[str, object]
"""The output of an operation, by the names of the service model; None leaves a member out."""


class ServerUnreadableError(Exception):
    """An MCP server's lists cannot be read; the text is the reason that the target reports."""


class ReadServerLists(Protocol):
    """The one thing that the control plane needs of the data plane: it is passed in."""

    def __call__(self, gateway: Gateway, target: Target, base_url: str, caller: Caller) -> ServerLists:
        """What a target's MCP server lists.

        Raises ServerUnreadableError.
        """


@dataclass(frozen=True)
class Call:
    """One call of an operation. fail_with: the reason with which what it starts fails."""

    operation: str
    store: AccountRegionStore
    settings: Settings
    read_server_lists: ReadServerLists
    fail_with: str | None = None

"""The locked tools of a stack's targets, and what their MCP servers list now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from agentcore_provider.cli.gateway_choice import connect
from agentcore_provider.cli.stack_state import StackConfig
from agentcore_provider.documents.answers import json_object
from agentcore_provider.documents.json_types import JsonDict, JsonObject
from agentcore_provider.errors import InvalidInput
from agentcore_provider.target_kinds import MCP_SERVER, schema_source
from agentcore_provider.target_kinds.target_kind import at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agentcore_provider.cli.gateway import Gateway
    from agentcore_provider.schemas.locked_tools import Difference


@dataclass(frozen=True)
class LockedTarget:
    """A target with tools_lock that is deployed."""

    name: str
    """Name of its resource."""
    gateway: Gateway
    outputs: JsonObject

    @property
    def target_name(self) -> str:
        """Its name in AWS."""
        return str(self.outputs.get("name") or "")

    @property
    def endpoint(self) -> str:
        """Address of its server."""
        return str(at(MCP_SERVER.content(self.outputs.get("target_configuration")), "endpoint") or "")

    def tools(self) -> list[JsonDict]:
        """The tools that are locked."""
        from agentcore_provider.schemas import locked_tools

        fixed = schema_source(self.outputs.get("target_configuration"))
        return locked_tools.tools_of(fixed.get("inlinePayload")) or []

    def listed(self, timeout: float) -> list[JsonDict]:
        """What the server lists now. timeout: seconds for each answer. Raises AgentCoreError."""
        from agentcore_provider.aws import server_tools
        from agentcore_provider.schemas import locked_tools

        token = None
        if self.gateway.project is not None:
            config = StackConfig(self.gateway.project, self.gateway.stack, self.gateway.stack_name)
            token = json_object((config.get(server_tools.TOKENS) or "").encode()).get(self.name)
        found = server_tools.read(
            self.outputs,
            self.name,
            connect=lambda: connect(self.gateway),
            token=token if isinstance(token, str) else None,
            timeout=timeout,
        )
        locked_tools.payload(found)
        return found

    def differences(self, found: list[JsonDict]) -> list[Difference]:
        """How a list differs from what is locked."""
        from agentcore_provider.schemas import locked_tools

        return locked_tools.differences(self.tools(), found)


def locked_targets(gateways: Iterable[Gateway], reference: str | None = None) -> list[LockedTarget]:
    """The targets with tools_lock. reference: the name of one, of its resource or in AWS. Raises InvalidInput for none."""
    every = [LockedTarget(name, it, outputs) for it in gateways for name, outputs in it.locked_targets.items()]
    if not every:
        raise InvalidInput("No target of the stack has locked tools", "Set tools_lock on a target, and deploy it")
    found = [it for it in every if reference in (None, it.name)] or [it for it in every if it.target_name == reference]
    if not found:
        names = ", ".join(it.name for it in every)
        raise InvalidInput(f"No target {reference!r} of the stack has locked tools", f"Choose one of {names}")
    return found

"""A visit to one gateway: every layer from credentials to a tool's answer, until one fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from agentcore_provider.cli.doctor.layer import Layer, NotChecked, look
from agentcore_provider.cli.gateway import Gateway

if TYPE_CHECKING:
    from agentcore_provider.aws.connection import Connection
    from agentcore_provider.aws.request_signature import RequestSignature
    from agentcore_provider.aws.role import Role
    from agentcore_provider.mcp.tool import Tool


@dataclass
class Visit:
    """What is known of a gateway, which grows from layer to layer."""

    chosen: Gateway
    timeout: float
    """Seconds for each answer of the token endpoint and the gateway."""
    token: str | None = field(default=None, repr=False)
    """Access token: given, or fetched on the way."""
    sigv4: bool = False
    """Sign requests to the gateway, whatever AWS says of it."""
    call: tuple[str, str] | None = None
    """Tool to call and its arguments as JSON."""
    connection: Connection | None = None
    """None when AWS cannot be asked about this gateway."""
    account_id: str = ""
    gateway: dict[str, Any] = field(default_factory=dict)
    """The gateway as AWS knows it; empty when it cannot be asked."""
    targets: list[dict[str, Any]] = field(default_factory=list)
    role: Role | None = None
    sign: RequestSignature | None = None
    """Signs requests to a gateway that lets AWS identities in."""
    tools: list[Tool] = field(default_factory=list)
    asked: bool = False
    """The gateway answered a client."""
    issued: bool = False
    """The token was fetched on the way, so it is fresh."""

    @property
    def mcp_url(self) -> str:
        """The gateway's MCP endpoint; empty when nobody said it."""
        return str(self.chosen.mcp_url or self.gateway.get("gateway_url") or "")

    def aws(self) -> Connection:
        """The connection to the gateway's AWS. Raises NotChecked when there is none."""
        if self.connection is None:
            raise NotChecked("AWS was not asked")
        return self.connection

    def known(self) -> dict[str, Any]:
        """The gateway as AWS knows it. Raises NotChecked when AWS cannot be asked."""
        self.aws()
        if not self.gateway:
            raise NotChecked("AWS was not asked about it")
        return self.gateway


See = Callable[[Visit], "str | Iterable[Layer]"]


def walk(visit: Visit, layers: Iterable[tuple[str, See]]) -> Iterator[Layer]:
    """Look at every layer in turn; those above the first that fails are not reached."""
    failed = False
    for name, see in layers:
        if failed:
            yield Layer(name, "not reached")
            continue
        for layer in _look(name, see, visit):
            failed = failed or layer.status == "failed"
            yield layer


def _look(name: str, see: See, visit: Visit) -> list[Layer]:
    several: list[Layer] = []

    def once() -> str:
        seen = see(visit)
        if isinstance(seen, str):
            return seen
        several.extend(seen)
        return ""

    layer = look(name, once)
    return several if several and layer.status == "ok" else [layer]

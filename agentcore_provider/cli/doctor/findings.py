"""What is known of one gateway, and the walk through its layers until one fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from agentcore_provider.cli.doctor.layer import Layer, NotChecked, run_check
from agentcore_provider.cli.gateway import Gateway
from agentcore_provider.documents.json_types import JsonDict

if TYPE_CHECKING:
    from agentcore_provider.aws.connection import Connection
    from agentcore_provider.aws.request_signature import RequestSignature
    from agentcore_provider.aws.role import Role
    from agentcore_provider.mcp.tool import Tool


@dataclass
class Findings:
    """What is known of a gateway; each layer adds to it."""

    chosen: Gateway
    timeout: float
    """Seconds for each answer of the token endpoint and the gateway."""
    token: str | None = field(default=None, repr=False)
    """Access token: passed as a flag, or fetched."""
    sigv4: bool = False
    """Sign requests to the gateway, whatever its authorizer."""
    call: tuple[str, str] | None = None
    """Tool to call and its arguments as JSON."""
    connection: Connection | None = None
    """None when AWS cannot be asked about this gateway."""
    account_id: str = ""
    gateway: JsonDict = field(default_factory=dict)
    """The gateway as AWS has it; empty when AWS cannot be asked."""
    targets: list[JsonDict] = field(default_factory=list)
    role: Role | None = None
    sign: RequestSignature | None = None
    """Signs requests to a gateway with the authorizer AWS_IAM."""
    tools: list[Tool] = field(default_factory=list)
    asked: bool = False
    """The gateway answered a client."""
    issued: bool = False
    """The token was fetched, so it is new."""

    @property
    def mcp_url(self) -> str:
        """The gateway's MCP endpoint; empty when it is not known."""
        return str(self.chosen.mcp_url or self.gateway.get("gateway_url") or "")

    def aws(self) -> Connection:
        """The connection to the gateway's AWS. Raises NotChecked when there is none."""
        if self.connection is None:
            raise NotChecked("AWS was not asked")
        return self.connection

    def known(self) -> JsonDict:
        """The gateway as AWS has it. Raises NotChecked when AWS cannot be asked."""
        self.aws()
        if not self.gateway:
            raise NotChecked("AWS was not asked about the gateway")
        return self.gateway


Check = Callable[[Findings], "str | Iterable[Layer]"]


def walk(findings: Findings, layers: Iterable[tuple[str, Check]]) -> Iterator[Layer]:
    """Check every layer in turn; those above the first failing one are not reached."""
    failed = False
    for name, check in layers:
        if failed:
            yield Layer(name, "not reached")
            continue
        for layer in _check(name, check, findings):
            failed = failed or layer.status == "failed"
            yield layer


def _check(name: str, check: Check, findings: Findings) -> list[Layer]:
    several: list[Layer] = []

    def once() -> str:
        found = check(findings)
        if isinstance(found, str):
            return found
        several.extend(found)
        return ""

    layer = run_check(name, once)
    return several if several and layer.status == "ok" else [layer]

"""A gateway as a script has it: the dict that boto3 returns, with what one asks of a gateway."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from agentcore_provider.gateway_client import notebook

if TYPE_CHECKING:
    from agentcore_provider.gateway_client.client import GatewayClient
    from agentcore_provider.gateway_client.gateway_target import GatewayTarget


class Gateway(dict[str, Any]):
    """The members of GetGateway's answer, by AWS's names: `gateway["gatewayId"]`.

    https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_GetGateway.html
    """

    def __init__(self, client: GatewayClient, members: Mapping[str, Any]) -> None:
        super().__init__(members)
        self._client = client
        self.client_info: dict[str, str] | None = None
        """How to sign in, when setup_gateway made the sign-in; carries a secret."""

    @property
    def id(self) -> str:
        """Id of the gateway."""
        return str(self["gatewayId"])

    @property
    def name(self) -> str:
        """Name in AWS."""
        return str(self["name"])

    @property
    def status(self) -> str:
        """READY, or what the service said when it was last asked."""
        return str(self["status"])

    def get_mcp_url(self) -> str:
        """The address that MCP clients connect to."""
        if "gatewayUrl" not in self:
            # ListGateways does not tell it.
            self.refresh()
        return str(self["gatewayUrl"])

    def wait_until_ready(self, timeout: float | None = None) -> Gateway:
        """Wait until the gateway is READY, and return it.

        timeout: seconds. Default: the client's. Raises ResourceFailed with the service's reasons, WaitTimeout.
        """
        self._take(self._client.wait_for_gateway(self.id, timeout=timeout))
        return self

    def refresh(self) -> Gateway:
        """Ask AWS what the gateway is now, and return it. Raises AwsRefused when it is gone."""
        self._take(self._client.get_gateway(self.id))
        return self

    def targets(self) -> notebook.Table[GatewayTarget]:
        """The gateway's targets."""
        return self._client.list_gateway_targets(self.id)

    def _take(self, members: Mapping[str, Any]) -> None:
        self.clear()
        self.update(members)

    def _repr_html_(self) -> str:
        shown = {
            "id": self.id,
            "status": " ".join([self.status, *(f"({reason})" for reason in self.get("statusReasons") or [])]),
            "MCP URL": self.get("gatewayUrl", ""),
            "authorizer": self.get("authorizerType", ""),
            "role": self.get("roleArn", ""),
            "description": self.get("description", ""),
        }
        return notebook.card(f"Gateway {self.name}", shown)

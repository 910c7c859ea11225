"""A gateway as a script has it: the dict that boto3 returns, with what one asks of a gateway."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from agentcore_provider.gateway_client import notebook
from agentcore_provider.gateway_client.gateway_target import GatewayTarget
from agentcore_provider.gateway_client.listing import Listing
from agentcore_provider.gateway_client.tools import DEFAULT_TIMEOUT, Tools, arguments_of
from agentcore_provider.mcp.tool import Tool, ToolAnswer


class Client(Protocol):
    """What a gateway asks of the client that returned it."""

    def wait_for_gateway(self, gatewayIdentifier: str, *, timeout: float | None = None) -> Gateway:  # noqa: N803
        """The gateway, once it is READY."""
        ...

    def get_gateway(self, gatewayIdentifier: str) -> Gateway:  # noqa: N803
        """The gateway as AWS has it now."""
        ...

    def list_gateway_targets(self, gatewayIdentifier: str) -> Listing[GatewayTarget]:  # noqa: N803
        """Its targets."""
        ...

    def _tools(self, gateway: Gateway, token: str | None, timeout: float) -> Tools:
        """Its tools."""
        ...


class Gateway(dict[str, Any]):
    """The members of GetGateway's answer, by AWS's names: `gateway["gatewayId"]`.

    Example:
        ```python
        gateway = client.create_gateway(name="shop", protocolType="MCP", authorizerType="AWS_IAM")
        answer = gateway.call_tool("order_status", order_id="A-1002")
        ```

    https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_GetGateway.html
    """

    def __init__(self, client: Client, members: Mapping[str, object]) -> None:
        super().__init__(members)
        self._client = client
        self.client_info: dict[str, str] | None = None
        """How to sign in, when this client made the sign-in; holds a secret, which is not shown."""

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
        """READY, or the status that AWS last reported."""
        return str(self["status"])

    def get_mcp_url(self) -> str:
        """The address that MCP clients connect to."""
        if "gatewayUrl" not in self:
            # ListGateways does not tell it.
            self.refresh()
        return str(self["gatewayUrl"])

    def wait_until_ready(self, timeout: float | None = None) -> Gateway:
        """Wait until the gateway is READY, and return it.

        timeout: seconds. Default: the client's.

        Raises:
            ResourceFailed: It ended in a failed status; states the service's reasons.
            WaitTimeout: It took longer than the timeout.
        """
        self._take(self._client.wait_for_gateway(self.id, timeout=timeout))
        return self

    def refresh(self) -> Gateway:
        """Ask AWS what the gateway is now, and return it.

        Raises:
            AwsRefused: It does not exist, or AWS answered with another error.
        """
        self._take(self._client.get_gateway(self.id))
        return self

    @property
    def targets(self) -> Listing[GatewayTarget]:
        """The gateway's targets, as AWS has them now."""
        return self._client.list_gateway_targets(self.id)

    def list_tools(self, *, token: str | None = None, timeout: float = DEFAULT_TIMEOUT) -> notebook.Table[Tool]:
        """The gateway's tools, through the official MCP client.

        token: access token. Default: of the sign-in that the gateway's authorizer names, if this account has it; none
        or a signature where the authorizer wants that. timeout: seconds. Works in notebooks too.

        Raises:
            McpError: The gateway answered with an error, or not at all.
            NotSignedIn: No token could be had.
        """
        return self._client._tools(self, token, timeout).listed()

    def search_tools(
        self, query: str, *, token: str | None = None, timeout: float = DEFAULT_TIMEOUT
    ) -> notebook.Table[Tool]:
        """Tools that fit the query, best first. The arguments are those of list_tools.

        Raises:
            McpError: The gateway answered with an error, or not at all.
            NotSignedIn: No token could be had.
        """
        return self._client._tools(self, token, timeout).found(query)

    def call_tool(
        self,
        name: str,
        arguments: Mapping[str, object] | None = None,
        /,
        *,
        token: str | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        **members: object,
    ) -> ToolAnswer:
        """Call a tool: `call_tool("order_status", order_id="A-1002")`, or with all arguments in one mapping.

        name: full name `<target>___<tool>`, or the tool's own where only one target has it. token, timeout: as in
        list_tools. Returns the answer: `.value` as data, `.text`, and `.is_error` where the tool itself failed.

        Raises:
            InvalidInput: There is no such tool; states the nearest names.
            McpError: The gateway answered with an error, or not at all.
            NotSignedIn: No token could be had.
        """
        return self._client._tools(self, token, timeout).called(name, arguments_of(arguments, members))

    def __missing__(self, member: str) -> Any:
        # get_gateway of the starter toolkit answers {"status": ..., "gateway": {...}}.
        if member == "gateway":
            return self
        raise KeyError(member)

    def _take(self, members: Mapping[str, object]) -> None:
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

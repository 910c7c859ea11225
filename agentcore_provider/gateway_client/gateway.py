"""A gateway in a script: the dict that boto3 returns, with the calls that concern one gateway."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agentcore_provider.aws.request_signature import RequestSignature
from agentcore_provider.errors import InvalidInput
from agentcore_provider.gateway_client import notebook
from agentcore_provider.gateway_client.gateway_target import GatewayTarget
from agentcore_provider.gateway_client.notebook import Listing
from agentcore_provider.gateway_client.tools import DEFAULT_TIMEOUT, Tools
from agentcore_provider.mcp.tool import Tool, ToolAnswer

if TYPE_CHECKING:
    from agentcore_provider.mcp.session import Session

Identifier = str | Mapping[str, object]
"""A gateway: its id, ARN, MCP URL, name, or the gateway itself."""


@dataclass(frozen=True)
class Calls:
    """The calls of a client that its gateways make, by id."""

    get: Callable[[str], Gateway]
    """The gateway as AWS has it now."""
    wait: Callable[[str, float | None], Gateway]
    """The gateway, once it is READY. Takes the seconds of the wait."""
    targets: Callable[[str], Listing[GatewayTarget]]
    """Its targets."""
    credentials: Callable[[Gateway, str | None], tuple[str, RequestSignature | None]]
    """A token or what signs requests, for a gateway. Takes the user's token."""


class Gateway(dict[str, Any]):
    """The members of GetGateway's answer, by AWS's names: `gateway["gatewayId"]`.

    Example:
        ```python
        gateway = client.create_gateway(name="shop", protocolType="MCP", authorizerType="AWS_IAM")
        answer = gateway.call_tool("order_status", order_id="A-1002")
        ```

    https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_GetGateway.html
    """

    def __init__(self, calls: Calls, members: Mapping[str, object]) -> None:
        super().__init__(members)
        self._calls = calls
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
            # ListGateways does not return it.
            self.refresh()
        return str(self["gatewayUrl"])

    def wait_until_ready(self, timeout: float | None = None) -> Gateway:
        """Wait until the gateway is READY, and return it.

        timeout: seconds. Default: the client's.

        Raises:
            ResourceFailed: It ended in a failed status; states the service's reasons.
            WaitTimeout: It took longer than the timeout.
        """
        self._take(self._calls.wait(self.id, timeout))
        return self

    def refresh(self) -> Gateway:
        """Ask AWS what the gateway is now, and return it.

        Raises:
            AwsRefused: It does not exist, or AWS answered with another error.
        """
        self._take(self._calls.get(self.id))
        return self

    @property
    def targets(self) -> Listing[GatewayTarget]:
        """The gateway's targets, as AWS has them now."""
        return self._calls.targets(self.id)

    def list_tools(self, *, token: str | None = None, timeout: float = DEFAULT_TIMEOUT) -> notebook.Table[Tool]:
        """The gateway's tools, through the official MCP client.

        token: access token. Default: of the sign-in that the gateway's authorizer names, if this account has it; none
        or a signature where the authorizer wants that. timeout: seconds. Works in notebooks too.

        Raises:
            McpError: The gateway answered with an error, or not at all.
            NotSignedIn: No token could be had.
        """
        return self._tools(token, timeout).list()

    def search_tools(
        self, query: str, *, token: str | None = None, timeout: float = DEFAULT_TIMEOUT
    ) -> notebook.Table[Tool]:
        """Tools that fit the query, best first. The arguments are those of list_tools.

        Raises:
            McpError: The gateway answered with an error, or not at all.
            NotSignedIn: No token could be had.
        """
        return self._tools(token, timeout).search(query)

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
        if arguments is not None and not isinstance(arguments, Mapping):
            raise InvalidInput(
                f"is {type(arguments).__name__}, not a mapping",
                "Pass {'order_id': 'A-1'}, or order_id='A-1'",
                path="arguments",
            )
        return self._tools(token, timeout).call(name, {**(arguments or {}), **members})

    def connect(
        self, *, token: str | None = None, timeout: float = DEFAULT_TIMEOUT
    ) -> AbstractAsyncContextManager[Session]:
        """A session with the gateway through the official MCP client: `async with gateway.connect() as session`.

        Its methods list, search and call tools; `session.client` is the `mcp.ClientSession`, for agents that take one.
        The arguments are those of list_tools.

        Raises:
            McpError: The gateway answered with an error, or not at all.
            NotSignedIn: No token could be had.
        """
        return self._tools(token, timeout).connect()

    def __missing__(self, member: str) -> Gateway:
        # get_gateway of the starter toolkit answers {"status": ..., "gateway": {...}}.
        if member == "gateway":
            return self
        raise KeyError(member)

    def _tools(self, token: str | None, timeout: float) -> Tools:
        return Tools(self.name, self.get_mcp_url(), *self._calls.credentials(self, token), timeout)

    def _take(self, members: Mapping[str, object]) -> None:
        self.clear()
        self.update(members)

    def _repr_html_(self) -> str:
        shown = {
            "id": self.id,
            "status": notebook.status(self),
            "MCP URL": self.get("gatewayUrl", ""),
            "authorizer": self.get("authorizerType", ""),
            "role": self.get("roleArn", ""),
            "description": self.get("description", ""),
        }
        return notebook.card(f"Gateway {self.name}", shown)

"""What can go wrong, as one tree.

    AgentCoreError                everything this package raises on purpose
    ├── InvalidInput              input that the service would refuse; carries every problem found
    ├── NameTaken                 the name belongs to something this resource did not make
    ├── OtherAccount              the resource belongs to another AWS account than the credentials in use
    ├── AwsRefused                AWS answered with an error
    │   └── AwsUnreachable        AWS did not answer at all
    ├── ResourceFailed            the resource ended in a failed state; carries the service's reasons
    ├── WaitTimeout               the resource did not arrive in time
    ├── CreateLeftBehind          a create failed, and so did its undoing: says what is left
    ├── NotSignedIn               no token could be had
    │   └── TokenEndpointUnreachable  nothing answered at the token endpoint
    ├── McpError                  a gateway's MCP endpoint answered with an error
    │   ├── GatewayUnreachable    nothing answered at the MCP URL
    │   ├── NoMcpEndpoint         something answered at the URL, but no gateway
    │   └── TokenRefused          the gateway refused the caller
    └── LocalAwsError             local AWS could not be started, found or stopped

Every message is one complete line: what failed, why, and the cure. None carries a secret.
"""

from __future__ import annotations


class AgentCoreError(Exception):
    """Root of every error this package raises on purpose."""


class InvalidInput(AgentCoreError):
    """Input that the service would refuse.

    problems: every problem as one line with path, cause and cure.
    """

    def __init__(self, message: str, problems: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class NameTaken(AgentCoreError):
    """The name belongs to something that this resource did not make."""


class OtherAccount(AgentCoreError):
    """The resource belongs to another AWS account than the credentials in use."""


class AwsRefused(AgentCoreError):
    """AWS answered with an error.

    operation: API operation, such as CreateGateway. code: AWS error code. request_id: for AWS support.
    """

    def __init__(self, message: str, *, operation: str, code: str, request_id: str = "") -> None:
        super().__init__(message)
        self.operation = operation
        self.code = code
        self.request_id = request_id


class AwsUnreachable(AwsRefused):
    """AWS did not answer: no connection, a time-out, or no credentials."""


class ResourceFailed(AgentCoreError):
    """The resource ended in a failed state; the message carries the service's reasons."""


class WaitTimeout(AgentCoreError):
    """The resource did not reach the wanted state in the time allowed."""


class CreateLeftBehind(AgentCoreError):
    """A create failed and could not be undone; the message says what is left and how to remove it."""


class NotSignedIn(AgentCoreError):
    """No token could be had from the token endpoint."""


class TokenEndpointUnreachable(NotSignedIn):
    """Nothing answered at the token endpoint: name look-up, TLS, no connection, or a time-out."""


class McpError(AgentCoreError):
    """A gateway's MCP endpoint answered with an error.

    status: HTTP status of the answer; 0 if none came. 429: the gateway limits calls; 500 and more: it fails itself.
    """

    def __init__(self, message: str, *, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class GatewayUnreachable(McpError):
    """Nothing answered at the MCP URL: name look-up, TLS, no connection, or a time-out."""


class NoMcpEndpoint(McpError):
    """Something answered at the URL, but no gateway: the address is wrong, or the gateway is gone."""


class TokenRefused(McpError):
    """The gateway refused the caller, with a token, a signature or neither: HTTP 401 or 403.

    takes_tokens: whether it said that it takes tokens, as every gateway does whose authorizer reads them.
    """

    def __init__(self, message: str, *, status: int = 0, takes_tokens: bool = True) -> None:
        super().__init__(message, status=status)
        self.takes_tokens = takes_tokens


class LocalAwsError(AgentCoreError):
    """Local AWS could not be started, found or stopped."""

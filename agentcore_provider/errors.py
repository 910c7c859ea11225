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

An error carries what failed and why (`message`), what to do (`cure`) and the same as `problems`; `str(error)` renders them.
None carries a secret.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from agentcore_provider.problem import Problem, lines

E = TypeVar("E", bound="AgentCoreError")


class AgentCoreError(Exception):
    """Root of every error this package raises on purpose.

    message: what failed and why. cure: what to do, in the imperative; empty if nothing is known to help.
    problems: the same as objects, at least one.
    """

    def __init__(self, message: str, cure: str = "") -> None:
        super().__init__(message, cure)
        self.message = message
        self.cure = cure
        self.label = ""
        self.problems: tuple[Problem, ...] = (Problem("", message, cure),)

    def __str__(self) -> str:
        return lines(self.problems, self.label)

    def because(self: E, reason: str = "", *, cure: str | None = None) -> E:
        """The same error with a further reason, and another cure if there is a better one."""
        error = type(self).__new__(type(self), *self.args)
        error.__dict__.update(self.__dict__)
        message = f"{self.message}: {reason}" if reason else self.message
        AgentCoreError.__init__(error, message, self.cure if cure is None else cure)
        return error


class InvalidInput(AgentCoreError):
    """Input that AWS would reject, or that this package cannot use.

    path: what of the input is wrong, such as `tools[0].name` or `--target`. source: where the rule is documented. label:
    whose input it is, such as a file or a resource. problems: all of them, each with its own path.
    """

    def __init__(self, message: str, cure: str = "", *, path: str = "", source: str = "", label: str = "") -> None:
        super().__init__(": ".join(part for part in (label, path, message) if part), cure)
        self.label = label
        self.problems = (Problem(path, message, cure, source),)

    @classmethod
    def of_problems(cls, problems: Iterable[Problem], label: str = "") -> InvalidInput:
        """One error for several problems, at least one."""
        found = tuple(problems)
        if len(found) == 1:
            error = InvalidInput(found[0].message, found[0].cure, path=found[0].path, label=label)
        else:
            error = InvalidInput(lines(found, label))
        error.label, error.problems = label, found
        return error

    def below(self, path: str) -> InvalidInput:
        """The same problems of an input that is at this path of a larger one."""
        return InvalidInput.of_problems([problem.below(path) for problem in self.problems], self.label)

    def with_places(self) -> list[Problem]:
        """The problems, each with the label in front of its path."""
        return [replace(it, path=": ".join(part for part in (self.label, it.path) if part)) for it in self.problems]

    def labelled(self, label: str) -> InvalidInput:
        """The same problems of the input of something, such as a file or a resource."""
        return InvalidInput.of_problems(self.problems, f"{label}: {self.label}" if self.label else label)


class NameTaken(AgentCoreError):
    """The name belongs to something that this resource did not make."""


class OtherAccount(AgentCoreError):
    """The resource belongs to another AWS account than the credentials in use."""


class AwsRefused(AgentCoreError):
    """AWS answered with an error.

    operation: API operation, such as CreateGateway. code: AWS error code. request_id: for AWS support.
    """

    def __init__(self, message: str, cure: str = "", *, operation: str, code: str, request_id: str = "") -> None:
        super().__init__(message, cure)
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
    """The token endpoint issued no token.

    code: what it answered, such as invalid_client (RFC 6749, section 5.2); empty if it did not answer so.
    """

    def __init__(self, message: str, cure: str = "", *, code: str = "") -> None:
        super().__init__(message, cure)
        self.code = code


class TokenEndpointUnreachable(NotSignedIn):
    """Nothing answered at the token endpoint: name look-up, TLS, no connection, or a time-out."""


class McpError(AgentCoreError):
    """A gateway's MCP endpoint answered with an error.

    status: HTTP status of the answer; 0 if none came. 429: the gateway limits calls; 500 and more: it fails itself.
    """

    def __init__(self, message: str, cure: str = "", *, status: int = 0) -> None:
        super().__init__(message, cure)
        self.status = status


class GatewayUnreachable(McpError):
    """Nothing answered at the MCP URL: name look-up, TLS, no connection, or a time-out."""


class NoMcpEndpoint(McpError):
    """Something answered at the URL, but no gateway: the address is wrong, or the gateway is gone."""


class TokenRefused(McpError):
    """The gateway refused the caller, with a token, a signature or neither: HTTP 401 or 403.

    takes_tokens: whether its answer asks for a token, as it does if the authorizer reads tokens.
    """

    def __init__(self, message: str, cure: str = "", *, status: int = 0, takes_tokens: bool = True) -> None:
        super().__init__(message, cure, status=status)
        self.takes_tokens = takes_tokens


class LocalAwsError(AgentCoreError):
    """Local AWS could not be started, found or stopped."""

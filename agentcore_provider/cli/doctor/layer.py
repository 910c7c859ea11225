"""One layer between a shell and a tool's answer, and the result of checking it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from agentcore_provider.errors import AgentCoreError, AwsUnreachable, GatewayUnreachable, TokenEndpointUnreachable

Status = Literal["ok", "failed", "not checked", "not reached"]


@dataclass(frozen=True)
class Layer:
    """The result of checking one layer."""

    name: str
    status: Status
    message: str = ""
    """What was found, or what failed and why."""
    cure: str = ""
    """What to do; empty unless it failed."""
    unreachable: bool = False
    """It failed because nothing answered."""


class Failure(AgentCoreError):
    """A layer fails. cure: what to do. unreachable: nothing answered."""

    def __init__(self, message: str, cure: str, *, unreachable: bool = False) -> None:
        super().__init__(message, cure)
        self.unreachable = unreachable


class NotChecked(AgentCoreError):
    """The layer cannot be checked from here, for the reason in the message. That is not a failure."""


def run_check(name: str, check: Callable[[], str]) -> Layer:
    """Check a layer: it is ok with the message that `check` returns, or fails with the error that it raises."""
    try:
        return Layer(name, "ok", check())
    except NotChecked as reason:
        return Layer(name, "not checked", str(reason))
    except Failure as failure:
        return Layer(name, "failed", failure.message, failure.cure, failure.unreachable)
    except AgentCoreError as error:
        return Layer(name, "failed", error.message, error.cure, _is_unreachable(error))


def _is_unreachable(error: AgentCoreError) -> bool:
    return isinstance(error, (AwsUnreachable, TokenEndpointUnreachable, GatewayUnreachable))

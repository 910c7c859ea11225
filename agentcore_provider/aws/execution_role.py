"""A role or permission made a moment ago may not have reached the service yet; one that does not exist is reported soon."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from agentcore_provider.aws import lambda_function, role
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import Document
from agentcore_provider.aws.operation import Operation
from agentcore_provider.aws.waiting import retry
from agentcore_provider.errors import AgentCoreError, AwsRefused, ResourceFailed
from agentcore_provider.problem import Problem

T = TypeVar("T")

# IAM reaches every Region within about two minutes; what is rejected after that stays rejected.
PROPAGATION_SECONDS = 120.0

# Whoever makes a role waits until IAM shows it, so a role that IAM does not show by then does not exist.
ROLE_CHECKED_AFTER_SECONDS = 0.5

# IAM shows a new trust policy long before it reaches the service: what IAM does not show after this time is not on its
# way. Permissions are not checked: one made in the same deployment may well be on its way, however old the role is.
TRUST_CHECKED_AFTER_SECONDS = 15.0

# On this machine IAM is consistent at once: only a policy of the same deployment may still be on its way.
PROPAGATION_ON_THIS_MACHINE_SECONDS = 10.0

_SERVICE = "bedrock-agentcore.amazonaws.com"

# Reasons of gateways and targets that failed for want of a permission of their role, as public deployments show them:
# hashicorp/terraform-provider-aws, internal/service/bedrockagentcore; the developer guide's gateway-debug-messages.
_LACKS_PERMISSION = (
    "not authorized to assume the execution role",
    "execution role lacks permission",
    "is not authorized to perform",
    "access denied",
    "an internal error occurred",
)
# What a server behind AWS answers to the role's signature, which with another credential is the credential's fault.
_UNAUTHORIZED = (
    "authorization error when sending message",
    "received error (401)",
    "received error (403)",
    "http 401",
    "http 403",
)


class NotPropagated(ResourceFailed):
    """What was asked for has failed, for a role or permission that may not have reached the service yet."""


def lacks_permission(found: Document, *, by_role: bool) -> bool:
    """Whether the reasons of a gateway or target that failed are those of a role or permission that is missing.

    by_role: the gateway's role signs the calls to the target.
    """
    reasons = "; ".join(found.get("status_reasons") or []).lower()
    return any(it in reasons for it in (*_LACKS_PERMISSION, *(_UNAUTHORIZED if by_role else ())))


def retry_until_role_propagates(
    operation: Operation,
    attempt: Callable[[], T],
    *,
    role_arn: Callable[[], str | None],
    functions: Sequence[str] = (),
    cure: str = "",
    also: Callable[[AwsRefused], bool] = lambda _: False,
) -> T:
    """Attempt again while the execution role or its permissions have not reached the service yet.

    attempt: raises AwsRefused for what AWS rejects, NotPropagated for what failed after AWS had accepted it.
    role_arn: returns the role, if it is known: one that does not exist, or does not trust the service, is reported soon.
    functions: ARNs of the Lambda functions that the request names: one that does not exist is reported at once.
    cure: what else to do about the role. Default: how to have one made.
    also: whether a further error passes when permissions have propagated.
    """
    connection, on_this_machine = operation.connection, operation.connection.is_on_this_machine
    seconds = PROPAGATION_ON_THIS_MACHINE_SECONDS if on_this_machine else PROPAGATION_SECONDS
    make_role = cure or connection.cures.make_role
    check, unchecked = _RoleCheck(connection, role_arn, make_role), functions

    def passes(error: AgentCoreError, spent: float) -> bool:
        nonlocal unchecked
        if not isinstance(error, (AwsRefused, NotPropagated)):
            return False
        propagates = isinstance(error, NotPropagated) or _by_role(error) or also(error)
        if propagates or any(arn in error.message for arn in functions):
            missing = next(filter(None, (lambda_function.missing(connection, arn) for arn in unchecked)), None)
            if missing:
                raise _because(error, missing)
            unchecked = ()
        if not propagates:
            return False
        problem = check.problem(spent)
        if problem:
            raise _because(error, problem)
        operation.report(f"waiting until the execution role's permissions reach AgentCore ({spent:.0f} s)")
        return True

    return retry(
        attempt,
        passes,
        clock=connection.clock,
        timeout=min(operation.timeout, seconds),
        exhausted=lambda error: _because(
            error,
            Problem(
                "",
                f"still so after {seconds:.0f} s",
                f"check the role's trust in {_SERVICE} and its permissions, or {make_role}",
            ),
        ),
    )


class _RoleCheck:
    """Reads the role that the service rejects when that can show something new, and no more often."""

    def __init__(self, connection: Connection, role_arn: Callable[[], str | None], cure: str) -> None:
        self._connection, self._role_arn, self._cure = connection, role_arn, cure
        here = connection.is_on_this_machine
        self._trust_counts_after = 0.0 if here else TRUST_CHECKED_AFTER_SECONDS
        self._checks = [0.0] if here else [ROLE_CHECKED_AFTER_SECONDS, TRUST_CHECKED_AFTER_SECONDS]

    def problem(self, spent: float) -> Problem | None:
        """What no waiting fixes, as far as whoever deploys may read roles. spent: seconds since the first attempt."""
        if not self._checks or spent < self._checks[0]:
            return None
        del self._checks[0]
        role_arn, cure = self._role_arn(), self._cure
        if not role_arn:
            return None
        try:
            found = role.find(self._connection, role_arn)
        except AwsRefused:
            # Whoever deploys need not be allowed to read roles.
            self._checks.clear()
            return None
        if found is None:
            return role.absent(role_arn, cure)
        if spent >= self._trust_counts_after and not role.trusts(found, _SERVICE):
            message = f"the trust policy of {role_arn} does not name {_SERVICE}"
            return Problem("", message, f"let it assume the role, or {cure}")
        return None


def _because(error: AgentCoreError, why: Problem) -> AgentCoreError:
    known = error if isinstance(error, AwsRefused) else ResourceFailed(error.message, error.cure)
    return known.because(why.message, cure=why.cure)


def _by_role(error: AwsRefused) -> bool:
    message = error.message.lower()
    return error.code in ("ValidationException", "AccessDeniedException") and (
        "execution role lacks permission" in message
        # Of a policy engine (public deployments of 2026).
        or "access denied while calling" in message
        or ("role" in message and "assume" in message)
    )

"""A role or permission made a moment ago may not be seen by the service yet; one that is not there is said soon."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from agentcore_provider.aws import lambda_function, role
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.job import Job
from agentcore_provider.aws.waiting import steps
from agentcore_provider.errors import AgentCoreError, AwsRefused, ResourceFailed

T = TypeVar("T")

# IAM reaches every Region within about two minutes; what is refused after that is refused for good.
PROPAGATION_SECONDS = 120.0

# Whoever makes a role waits until IAM shows it, so a role that IAM does not show by then does not exist.
ROLE_LOOKED_AT_AFTER_SECONDS = 0.5

# IAM shows a new trust policy long before the service sees it: what IAM does not show after this time is not on its
# way. Permissions are not looked at: one made in the same deployment may well be, however old the role is.
TRUST_LOOKED_AT_AFTER_SECONDS = 15.0

# On this machine IAM is consistent at once: only a policy of the same deployment may still be on its way.
PROPAGATION_ON_THIS_MACHINE_SECONDS = 10.0

_SERVICE = "bedrock-agentcore.amazonaws.com"


# Reasons of gateways and targets that failed for want of a permission of their role, as public deployments show them:
# hashicorp/terraform-provider-aws, internal/service/bedrockagentcore; the developer guide's gateway-debug-messages.
_LACKING = (
    "not authorized to assume the execution role",
    "execution role lacks permission",
    "is not authorized to perform",
    "access denied",
    "an internal error occurred",
)
# What a server behind AWS answers to the role's signature, which with another credential is the credential's fault.
_TURNED_AWAY = (
    "authorization error when sending message",
    "received error (401)",
    "received error (403)",
    "http 401",
    "http 403",
)


class NotSeenYet(ResourceFailed):
    """What was asked for has failed, and its reasons are those of a role or permission that AWS does not see yet."""


def require_seen(job: Job, seen: Mapping[str, Any], *, by_role: bool, what: str) -> None:
    """Raises NotSeenYet if the reasons of what failed are such.

    seen: a gateway or target that has failed. by_role: the gateway's role signs the calls to the target.
    what: says what failed, and whether it is still there.
    """
    said = "; ".join(seen.get("status_reasons") or [])
    phrases = (*_LACKING, *(_TURNED_AWAY if by_role else ()))
    if any(it in said.lower() for it in phrases):
        raise NotSeenYet(f"{job.label}: {what}: {said}")


def once_seen(
    job: Job,
    attempt: Callable[[], T],
    *,
    role_arn: Callable[[], str | None],
    functions: Sequence[str] = (),
    also: Callable[[AwsRefused], bool] = lambda _: False,
) -> T:
    """Attempt again while the service does not see the execution role or its permissions yet.

    attempt: raises AwsRefused for what AWS refuses, NotSeenYet for what failed after AWS had accepted it.
    role_arn: tells the role, if it is known: a role that does not exist, or does not let the service in, is said soon.
    functions: ARNs of the Lambda functions that the request names: one that does not exist is said at once.
    also: tells further refusals that pass when permissions are seen.
    """
    connection = job.connection
    allowed = PROPAGATION_SECONDS
    suspect, unasked = _Suspect(connection, role_arn), functions
    for spent in steps(connection.clock, min(job.timeout, PROPAGATION_SECONDS)):
        try:
            return attempt()
        except (AwsRefused, NotSeenYet) as error:
            passes = isinstance(error, NotSeenYet) or _not_seen_yet(error) or also(error)
            if passes or any(arn in str(error) for arn in functions):
                missing = next(filter(None, (lambda_function.missing(connection, arn) for arn in unasked)), None)
                if missing:
                    raise _because(error, missing) from None
                unasked = ()
            if not passes:
                raise
            last = error
            wrong = suspect.what_is_wrong(spent)
            if wrong:
                raise _because(error, wrong) from None
            if connection.is_on_this_machine and spent >= PROPAGATION_ON_THIS_MACHINE_SECONDS:
                allowed = PROPAGATION_ON_THIS_MACHINE_SECONDS
                break
            job.tell(f"waiting until AWS sees the execution role's permissions ({spent:.0f} s)")
    raise _because(
        last,
        f"still so after {allowed:.0f} s: check the role's trust in {_SERVICE} and its permissions, or "
        f"{connection.cures.make_role}",
    )


class _Suspect:
    """The role that the service refuses: looked at when that can tell something new, and no more often."""

    def __init__(self, connection: Connection, role_arn: Callable[[], str | None]) -> None:
        self._connection, self._role_arn = connection, role_arn
        here = connection.is_on_this_machine
        self._trust_counts_after = 0.0 if here else TRUST_LOOKED_AT_AFTER_SECONDS
        self._looks = [0.0] if here else [ROLE_LOOKED_AT_AFTER_SECONDS, TRUST_LOOKED_AT_AFTER_SECONDS]

    def what_is_wrong(self, spent: float) -> str | None:
        """What no waiting will cure, as far as whoever deploys may look. spent: seconds since the first attempt."""
        if not self._looks or spent < self._looks[0]:
            return None
        del self._looks[0]
        role_arn, cure = self._role_arn(), self._connection.cures.make_role
        if not role_arn:
            return None
        try:
            found = role.find(self._connection, role_arn)
        except AwsRefused:
            # Whoever deploys need not be allowed to read roles.
            self._looks.clear()
            return None
        if found is None:
            return role.absent(self._connection, role_arn)
        if spent >= self._trust_counts_after and not role.trusts(found, _SERVICE):
            return f"the trust policy of {role_arn} does not name {_SERVICE}: let it assume the role, or {cure}"
        return None


def _because(error: AwsRefused | NotSeenYet, why: str) -> AgentCoreError:
    if isinstance(error, NotSeenYet):
        return ResourceFailed(f"{error} - {why}")
    return AwsRefused(f"{error} - {why}", operation=error.operation, code=error.code, request_id=error.request_id)


def _not_seen_yet(refusal: AwsRefused) -> bool:
    message = str(refusal).lower()
    return refusal.code in ("ValidationException", "AccessDeniedException") and (
        "execution role lacks permission" in message or ("role" in message and "assume" in message)
    )

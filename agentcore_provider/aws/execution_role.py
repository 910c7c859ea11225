"""A role or permission made a moment ago may not be seen by the service yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from agentcore_provider.aws import role
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.job import Job
from agentcore_provider.aws.waiting import steps
from agentcore_provider.errors import AwsRefused

T = TypeVar("T")

# IAM reaches every Region within about two minutes; what is refused after that is refused for good.
PROPAGATION_SECONDS = 120.0


# IAM tells a new role, and a new trust policy, long before the service sees them: what IAM does not tell after this
# time is not on its way. Permissions are not looked at: one made in the same deployment may well be, however old the
# role is.
LOOKED_AT_AFTER_SECONDS = 15.0

_SERVICE = "bedrock-agentcore.amazonaws.com"


def once_seen(job: Job, attempt: Callable[[], T], *, role_arn: Callable[[], str | None]) -> T:
    """Attempt again while the service does not see the execution role or its permissions yet.

    role_arn: tells the role, if it is known: a role that does not exist, or does not let the service in, is said soon.
    """
    clock = job.connection.clock
    looked = False
    for spent in steps(clock, min(job.timeout, PROPAGATION_SECONDS)):
        try:
            return attempt()
        except AwsRefused as refusal:
            if not _not_seen_yet(refusal):
                raise
            last = refusal
            if not looked and spent >= LOOKED_AT_AFTER_SECONDS:
                looked = True
                wrong = _what_is_wrong(job.connection, role_arn())
                if wrong:
                    raise _because(refusal, wrong) from None
            job.tell(f"waiting until AWS sees the execution role's permissions ({spent:.0f} s)")
    raise _because(
        last,
        f"still so after {PROPAGATION_SECONDS:.0f} s: check the role's trust in {_SERVICE} and its permissions, or let "
        "GatewayRole make it",
    )


def _because(refusal: AwsRefused, why: str) -> AwsRefused:
    return AwsRefused(
        f"{refusal} - {why}", operation=refusal.operation, code=refusal.code, request_id=refusal.request_id
    )


def _what_is_wrong(connection: Connection, role_arn: str | None) -> str | None:
    """What no waiting will cure, as far as whoever deploys may look."""
    if not role_arn:
        return None
    try:
        found = role.find(connection, role_arn)
    except AwsRefused:
        # Whoever deploys need not be allowed to read roles.
        return None
    if found is None:
        return f"there is no role {role_arn}: give the ARN of one that exists, or let GatewayRole make it"
    if not role.trusts(found, _SERVICE):
        return f"the trust policy of {role_arn} does not name {_SERVICE}: let it assume the role, or let GatewayRole make it"
    return None


def _not_seen_yet(refusal: AwsRefused) -> bool:
    message = str(refusal).lower()
    return refusal.code in ("ValidationException", "AccessDeniedException") and (
        "execution role lacks permission" in message or ("role" in message and "assume" in message)
    )

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

# On this machine IAM is consistent at once: only a policy of the same deployment may still be on its way.
PROPAGATION_ON_THIS_MACHINE_SECONDS = 10.0

_SERVICE = "bedrock-agentcore.amazonaws.com"


def once_seen(job: Job, attempt: Callable[[], T], *, role_arn: Callable[[], str | None]) -> T:
    """Attempt again while the service does not see the execution role or its permissions yet.

    role_arn: tells the role, if it is known: a role that does not exist, or does not let the service in, is said soon.
    """
    connection = job.connection
    looked = False
    allowed = PROPAGATION_SECONDS
    for spent in steps(connection.clock, min(job.timeout, PROPAGATION_SECONDS)):
        try:
            return attempt()
        except AwsRefused as refusal:
            if not _not_seen_yet(refusal):
                raise
            last = refusal
            here = connection.is_on_this_machine
            if not looked and (here or spent >= LOOKED_AT_AFTER_SECONDS):
                looked = True
                wrong = _what_is_wrong(connection, role_arn())
                if wrong:
                    raise _because(refusal, wrong) from None
            if here and spent >= PROPAGATION_ON_THIS_MACHINE_SECONDS:
                allowed = PROPAGATION_ON_THIS_MACHINE_SECONDS
                break
            job.tell(f"waiting until AWS sees the execution role's permissions ({spent:.0f} s)")
    raise _because(
        last,
        f"still so after {allowed:.0f} s: check the role's trust in {_SERVICE} and its permissions, or "
        f"{connection.cures.make_role}",
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
        return f"there is no role {role_arn}: give the ARN of one that exists, or {connection.cures.make_role}"
    if not role.trusts(found, _SERVICE):
        return f"the trust policy of {role_arn} does not name {_SERVICE}: let it assume the role, or {connection.cures.make_role}"
    return None


def _not_seen_yet(refusal: AwsRefused) -> bool:
    message = str(refusal).lower()
    return refusal.code in ("ValidationException", "AccessDeniedException") and (
        "execution role lacks permission" in message or ("role" in message and "assume" in message)
    )

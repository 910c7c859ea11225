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


# A young role can be read long before the service sees it, so one that cannot is not on its way.
MISSING_AFTER_SECONDS = 15.0


def once_seen(job: Job, attempt: Callable[[], T], *, role_arn: str | None = None) -> T:
    """Attempt again while the service does not see the execution role or its permissions yet.

    role_arn: the role, where it is known: when there is none, that is said without waiting for it.
    """
    clock = job.connection.clock
    looked = role_arn is None
    for spent in steps(clock, min(job.timeout, PROPAGATION_SECONDS)):
        try:
            return attempt()
        except AwsRefused as refusal:
            if not _not_seen_yet(refusal):
                raise
            last = refusal
            if not looked and spent >= MISSING_AFTER_SECONDS:
                looked = True
                if _is_missing(job.connection, str(role_arn)):
                    raise AwsRefused(
                        f"{refusal} - there is no role {role_arn}: give the ARN of one that exists, or let GatewayRole "
                        "make it",
                        operation=refusal.operation,
                        code=refusal.code,
                        request_id=refusal.request_id,
                    ) from None
            job.tell(f"waiting until AWS sees the execution role's permissions ({spent:.0f} s)")
    raise AwsRefused(
        f"{last} - still so after {PROPAGATION_SECONDS:.0f} s: check the role's trust in "
        "bedrock-agentcore.amazonaws.com and its permissions, or let GatewayRole make it",
        operation=last.operation,
        code=last.code,
        request_id=last.request_id,
    )


def _is_missing(connection: Connection, role_arn: str) -> bool:
    try:
        return role.find(connection, role_arn) is None
    except AwsRefused:
        # Whoever deploys need not be allowed to read roles.
        return False


def _not_seen_yet(refusal: AwsRefused) -> bool:
    message = str(refusal).lower()
    return refusal.code in ("ValidationException", "AccessDeniedException") and (
        "execution role lacks permission" in message or ("role" in message and "assume" in message)
    )

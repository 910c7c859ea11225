"""A role or permission made a moment ago may not be seen by the service yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from agentcore_provider.aws.job import Job
from agentcore_provider.aws.waiting import steps
from agentcore_provider.errors import AwsRefused

T = TypeVar("T")

# IAM reaches every Region within about two minutes; what is refused after that is refused for good.
PROPAGATION_SECONDS = 120.0


def once_seen(job: Job, attempt: Callable[[], T]) -> T:
    """Attempt again while the service does not see the execution role or its permissions yet."""
    clock = job.connection.clock
    for spent in steps(clock, min(job.timeout, PROPAGATION_SECONDS)):
        try:
            return attempt()
        except AwsRefused as refusal:
            if not _not_seen_yet(refusal):
                raise
            last = refusal
            job.tell(f"waiting until AWS sees the execution role's permissions ({spent:.0f} s)")
    raise AwsRefused(
        f"{last} - still so after {PROPAGATION_SECONDS:.0f} s: check the role's trust in "
        "bedrock-agentcore.amazonaws.com and its permissions, or let GatewayRole make it",
        operation=last.operation,
        code=last.code,
        request_id=last.request_id,
    )


def _not_seen_yet(refusal: AwsRefused) -> bool:
    message = str(refusal).lower()
    return refusal.code in ("ValidationException", "AccessDeniedException") and (
        "execution role lacks permission" in message or ("role" in message and "assume" in message)
    )

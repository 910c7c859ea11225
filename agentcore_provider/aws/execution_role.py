"""A role or permission made a moment ago may not be seen by the service yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from agentcore_provider.aws import role
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.job import Job
from agentcore_provider.aws.waiting import steps
from agentcore_provider.errors import AgentCoreError, AwsRefused, ResourceFailed

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
    also: Callable[[AwsRefused], bool] = lambda _: False,
) -> T:
    """Attempt again while the service does not see the execution role or its permissions yet.

    attempt: raises AwsRefused for what AWS refuses, NotSeenYet for what failed after AWS had accepted it.
    role_arn: tells the role, if it is known: a role that does not exist, or does not let the service in, is said soon.
    also: tells further refusals that pass when permissions are seen.
    """
    connection = job.connection
    looked = False
    allowed = PROPAGATION_SECONDS
    for spent in steps(connection.clock, min(job.timeout, PROPAGATION_SECONDS)):
        try:
            return attempt()
        except (AwsRefused, NotSeenYet) as error:
            if isinstance(error, AwsRefused) and not _not_seen_yet(error) and not also(error):
                raise
            last = error
            here = connection.is_on_this_machine
            if not looked and (here or spent >= LOOKED_AT_AFTER_SECONDS):
                looked = True
                wrong = _what_is_wrong(connection, role_arn())
                if wrong:
                    raise _because(error, wrong) from None
            if here and spent >= PROPAGATION_ON_THIS_MACHINE_SECONDS:
                allowed = PROPAGATION_ON_THIS_MACHINE_SECONDS
                break
            job.tell(f"waiting until AWS sees the execution role's permissions ({spent:.0f} s)")
    raise _because(
        last,
        f"still so after {allowed:.0f} s: check the role's trust in {_SERVICE} and its permissions, or "
        f"{connection.cures.make_role}",
    )


def _because(error: AwsRefused | NotSeenYet, why: str) -> AgentCoreError:
    if isinstance(error, NotSeenYet):
        return ResourceFailed(f"{error} - {why}")
    return AwsRefused(f"{error} - {why}", operation=error.operation, code=error.code, request_id=error.request_id)


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

"""The limits of one account and Region, which all threads of the process share.

AgentCore: https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/bedrock-agentcore-limits.html
Cognito: https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html (categories of user pool operations)
IAM, Lambda, S3 and STS publish none that a deployment comes near: they get AgentCore's, and what they throttle is
slowed down like everything else.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from agentcore_provider.aws.rate_limiter import RateLimiter
from agentcore_provider.aws.slots import Slot, Slots
from agentcore_provider.aws.waiting import Clock

WRITES_A_SECOND = 5
READS_A_SECOND = 10
TARGET_OPERATIONS_IN_FLIGHT = 5
"""Creates, updates and deletes of targets that a gateway runs at a time; the source is AgentCore's."""

_FULL = "waiting for one of the gateway's five places for target operations"


@dataclass(frozen=True)
class Rate:
    """A number of requests a second. name: of what shares it, an operation or a category of operations."""

    name: str
    per_second: int


_COGNITO = (
    (Rate("UserPoolRead", 15), ("DescribeUserPool", "ListUserPools")),
    (Rate("UserPoolUpdate", 15), ("CreateUserPool", "UpdateUserPool", "DeleteUserPool")),
    (
        Rate("UserPoolResourceRead", 20),
        ("DescribeResourceServer", "DescribeUserPoolDomain", "ListResourceServers", "ListTagsForResource"),
    ),
    (
        Rate("UserPoolResourceUpdate", 15),
        (
            "CreateResourceServer",
            "UpdateResourceServer",
            "DeleteResourceServer",
            "CreateUserPoolDomain",
            "UpdateUserPoolDomain",
            "DeleteUserPoolDomain",
            "TagResource",
            "UntagResource",
        ),
    ),
    (Rate("UserPoolClientRead", 15), ("DescribeUserPoolClient", "ListUserPoolClients")),
    (Rate("UserPoolClientUpdate", 15), ("CreateUserPoolClient", "UpdateUserPoolClient", "DeleteUserPoolClient")),
)
_BY_CATEGORY = {operation: rate for rate, operations in _COGNITO for operation in operations}


def rate_of(service: str, operation: str) -> Rate:
    """The rate that an operation of a service shares with nothing, or with others of its category."""
    if service == "cognito-idp" and operation in _BY_CATEGORY:
        return _BY_CATEGORY[operation]
    reads = operation.startswith(("Get", "List", "Describe", "Head"))
    return Rate(operation, READS_A_SECOND if reads else WRITES_A_SECOND)


class Limits:
    """The rate limiters of one account and Region, and the slots for target operations of its gateways."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._rate_limiters: dict[tuple[str, str], RateLimiter] = {}
        self._target_operations: dict[str, Slots] = {}
        self._target_updates: dict[str, Slots] = {}

    def rate_limiter(self, service: str, operation: str) -> RateLimiter:
        """Lets an operation's requests go."""
        rate = rate_of(service, operation)
        with self._lock:
            limiter = self._rate_limiters.get((service, rate.name))
            if limiter is None:
                limiter = self._rate_limiters[service, rate.name] = RateLimiter(rate.per_second, self._clock)
            return limiter

    def target_operation(self, gateway_id: str, report: Callable[[str], None]) -> Slot:
        """One of the five target operations that a gateway runs at a time, to hold until it has arrived.

        report: is called when all five are taken.
        """
        slots = self._slots(self._target_operations, gateway_id, TARGET_OPERATIONS_IN_FLIGHT)
        return Slot(slots, lambda: report(_FULL))

    def target_update(self, gateway_id: str, report: Callable[[str], None]) -> AbstractContextManager[None]:
        """A place among the updates of a gateway's targets that are running or next.

        Those that are next read what they are going to change while five others run: not long before, as it may change.
        """
        slots = self._slots(self._target_updates, gateway_id, 2 * TARGET_OPERATIONS_IN_FLIGHT)
        return slots.taken(lambda: report(_FULL))

    def _slots(self, by_gateway: dict[str, Slots], gateway_id: str, number: int) -> Slots:
        with self._lock:
            if gateway_id not in by_gateway:
                by_gateway[gateway_id] = Slots(self._clock, number)
            return by_gateway[gateway_id]

"""Parts of a user pool are created once: Cognito takes no clientToken, and needs a moment until each of its servers has them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TypeVar

from agentcore_provider.aws.connection import COGNITO, Connection
from agentcore_provider.aws.documents import Document, same
from agentcore_provider.aws.operation import Operation
from agentcore_provider.aws.service_errors import code_of
from agentcore_provider.aws.waiting import retry
from agentcore_provider.errors import AwsUnreachable

T = TypeVar("T")

# Cognito answers these while a part created a moment ago is on its way to all of its servers.
PASSING = frozenset({"ConcurrentModificationException", "InternalErrorException"})
_TRIES_SECONDS = 30.0


def create_once(
    operation: Operation, look: Callable[[], T | None], create: Callable[[], T], *, is_absent: bool = False
) -> T:
    """Create what does not exist, once: after an answer that was lost or "not now", look again before trying again.

    is_absent: it is known not to exist, so the first attempt does not look.
    """
    attempts = itertools.count()

    def attempt() -> T:
        found = None if is_absent and next(attempts) == 0 else look()
        return found or create()

    return passing(operation, attempt, PASSING)


def update_client(connection: Connection, pool_id: str, client_id: str, document: Document) -> None:
    """Make an app client have what is in the document, if it does not have it yet."""
    described = connection.call("DescribeUserPoolClient", service=COGNITO, UserPoolId=pool_id, ClientId=client_id)[
        "UserPoolClient"
    ]
    if all(same(described.get(member), value) for member, value in document.items()):
        return
    takes = connection.operation_model("UpdateUserPoolClient", COGNITO).input_shape.members
    # The operation resets what is left out, so what we do not manage is sent back as it is.
    kept = {member: value for member, value in described.items() if member in takes}
    connection.call("UpdateUserPoolClient", service=COGNITO, **{**kept, **document})


def passing(operation: Operation, attempt: Callable[[], T], codes: frozenset[str]) -> T:
    """Attempt again while there is no answer, or one of these codes."""
    return retry(
        attempt,
        lambda error, _: isinstance(error, AwsUnreachable) or code_of(error) in codes,
        clock=operation.connection.clock,
        timeout=_TRIES_SECONDS,
    )

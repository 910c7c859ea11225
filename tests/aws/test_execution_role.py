"""A young role is waited for; one that does not exist is not."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from agentcore_provider.aws.execution_role import once_seen
from agentcore_provider.aws.job import Job
from agentcore_provider.errors import AwsRefused

ROLE = "arn:aws:iam::123456789012:role/shop"


def refused(code: str, message: str) -> AwsRefused:
    return AwsRefused(message, operation="CreateGateway", code=code)


def job(clock: Any, get_role: Any) -> Job:
    """A job whose connection knows one operation, GetRole."""
    connection: Any = SimpleNamespace(clock=clock, call=lambda *_, **__: get_role())
    return Job(connection, owner="", adopt=False, timeout=600, tell=lambda _: None, label="gateway 'shop'")


def not_seen() -> Any:
    raise refused("ValidationException", "Gateway execution role lacks permission to be assumed")


def no_such_role() -> Any:
    raise refused("NoSuchEntity", "no such role")


def denied() -> Any:
    raise refused("AccessDenied", "not allowed")


def test_a_role_that_does_not_exist_is_said_soon(clock: Any) -> None:
    with pytest.raises(AwsRefused, match=rf"there is no role {ROLE}"):
        once_seen(job(clock, no_such_role), not_seen, role_arn=ROLE)
    assert clock.now() - 1000 < 25


@pytest.mark.parametrize("get_role", [denied, lambda: {"Role": {"Arn": ROLE, "AssumeRolePolicyDocument": "{}"}}])
def test_a_role_that_exists_or_may_not_be_read_is_waited_for(clock: Any, get_role: Any) -> None:
    with pytest.raises(AwsRefused, match=r"still so after 120 s: check the role's trust"):
        once_seen(job(clock, get_role), not_seen, role_arn=ROLE)
    assert clock.now() == pytest.approx(1120)


def test_what_time_does_not_cure_is_not_tried_again(clock: Any) -> None:
    def wrong() -> Any:
        raise refused("ValidationException", "name is wrong")

    with pytest.raises(AwsRefused, match="name is wrong"):
        once_seen(job(clock, denied), wrong, role_arn=ROLE)
    assert clock.slept == []

"""A young role is waited for; one that does not exist or lets nobody in is not."""

from __future__ import annotations

from typing import Any

import pytest

from agentcore_provider.aws.connection import Connection, Settings
from agentcore_provider.aws.cures import PROGRAM
from agentcore_provider.aws.execution_role import retry_until_role_propagates
from agentcore_provider.aws.operation import Operation
from agentcore_provider.errors import AwsRefused

ROLE = "arn:aws:iam::123456789012:role/shop"
FUNCTION = "arn:aws:lambda:us-west-2:123456789012:function:orders"


def refused(code: str, message: str) -> AwsRefused:
    return AwsRefused(message, operation="CreateGateway", code=code)


def operation(clock: Any, get_role: Any, get_function: Any = None, *, on_this_machine: bool = False) -> Operation:
    """An operation whose connection knows GetRole and GetFunctionConfiguration, and notes what is asked."""
    asked: list[str] = []

    class Answering(Connection):
        def call(self, operation: str, **_: Any) -> Any:
            asked.append(operation)
            return {"GetRole": get_role, "GetFunctionConfiguration": get_function}[operation]()

        @property
        def is_on_this_machine(self) -> bool:
            return on_this_machine

    connection: Any = Answering(Settings(), clock=clock, cures=PROGRAM)
    connection.asked = asked
    return Operation(connection, owner="", adopt=False, timeout=600, report=lambda _: None, label="gateway 'shop'")


def not_found() -> Any:
    raise refused("ValidationException", "Gateway execution role lacks permission to be assumed")


def unknown_function() -> Any:
    raise refused("ValidationException", f"Lambda function {FUNCTION} does not exist or cannot be invoked")


def wrong_name() -> Any:
    raise refused("ValidationException", "name is wrong")


def no_such_role() -> Any:
    raise refused("NoSuchEntity", "no such role")


def denied() -> Any:
    raise refused("AccessDenied", "not allowed")


def trusting(principal: Any) -> Any:
    """GetRole of a role that lets these in."""
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return lambda: {"Role": {"Arn": ROLE, "AssumeRolePolicyDocument": {"Statement": [statement]}}}


SERVICE = "bedrock-agentcore.amazonaws.com"


def no_such_function() -> Any:
    raise refused("ResourceNotFoundException", "Function not found")


def may_not_invoke() -> Any:
    raise refused(
        "ValidationException", f"Gateway execution role lacks permission to invoke Lambda function {FUNCTION}"
    )


def test_a_role_that_does_not_exist_is_reported_within_a_second(clock: Any) -> None:
    """IAM is asked once, when the role had half a second to show."""
    asking = operation(clock, no_such_role)
    with pytest.raises(AwsRefused, match=rf"there is no role {ROLE}"):
        retry_until_role_propagates(asking, not_found, role_arn=lambda: ROLE)
    assert clock.now() - 1000 < 1
    assert asking.connection.asked == ["GetRole"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("on_this_machine", [False, True])
@pytest.mark.parametrize("refusal", [may_not_invoke, unknown_function])
def test_a_function_that_does_not_exist_is_reported_at_once(clock: Any, refusal: Any, on_this_machine: bool) -> None:
    """Whatever words AWS has for it, Lambda is asked, and the cure is one for the reader's program."""
    asking = operation(clock, trusting("*"), no_such_function, on_this_machine=on_this_machine)

    def attempt() -> Any:
        clock.time += 0.2
        refusal()

    with pytest.raises(AwsRefused, match=rf"there is no Lambda function {FUNCTION}. .*targets.LambdaCode"):
        retry_until_role_propagates(asking, attempt, role_arn=lambda: ROLE, functions=[FUNCTION])
    assert clock.slept == []


@pytest.mark.parametrize("get_function", [dict, denied])
def test_a_function_that_exists_or_may_not_be_looked_at_is_waited_for(clock: Any, get_function: Any) -> None:
    """The permission to invoke it may be on its way."""
    asking = operation(clock, trusting("*"), get_function)
    with pytest.raises(AwsRefused, match="still so after 120 s"):
        retry_until_role_propagates(asking, may_not_invoke, role_arn=lambda: ROLE, functions=[FUNCTION])
    assert asking.connection.asked.count("GetFunctionConfiguration") == 1  # type: ignore[attr-defined]


def test_what_no_function_is_to_blame_for_asks_nothing(clock: Any) -> None:
    """Other refusals are passed on as they are, without a call."""
    asking = operation(clock, denied, denied)
    with pytest.raises(AwsRefused, match=r"^name is wrong$"):
        retry_until_role_propagates(asking, wrong_name, role_arn=lambda: ROLE, functions=[FUNCTION])
    assert asking.connection.asked == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("get_role", [no_such_role, trusting({"Service": "lambda.amazonaws.com"})])
def test_on_this_machine_a_role_that_can_never_serve_is_reported_at_once(clock: Any, get_role: Any) -> None:
    with pytest.raises(AwsRefused, match=r"there is no role|does not name"):
        retry_until_role_propagates(operation(clock, get_role, on_this_machine=True), not_found, role_arn=lambda: ROLE)
    assert clock.slept == []


def test_on_this_machine_a_permission_is_waited_for_a_few_seconds_only(clock: Any) -> None:
    with pytest.raises(AwsRefused, match="still so after 10 s"):
        retry_until_role_propagates(
            operation(clock, trusting("*"), on_this_machine=True), not_found, role_arn=lambda: ROLE
        )
    assert clock.now() - 1000 < 15


@pytest.mark.parametrize("principal", [{"Service": "lambda.amazonaws.com"}, {"AWS": "123456789012"}, {}])
def test_a_role_that_trusts_somebody_else_is_reported_soon(clock: Any, principal: Any) -> None:
    with pytest.raises(AwsRefused, match=rf"the trust policy of {ROLE} does not name {SERVICE}"):
        retry_until_role_propagates(operation(clock, trusting(principal)), not_found, role_arn=lambda: ROLE)
    assert clock.now() - 1000 < 25


@pytest.mark.parametrize(
    "get_role", [denied, *map(trusting, ({"Service": SERVICE}, {"Service": ["a", SERVICE]}, "*", {"AWS": "*"}))]
)
def test_a_role_that_fits_or_may_not_be_read_is_waited_for(clock: Any, get_role: Any) -> None:
    with pytest.raises(AwsRefused, match=r"still so after 120 s. Check the role's trust"):
        retry_until_role_propagates(operation(clock, get_role), not_found, role_arn=lambda: ROLE)
    assert clock.now() == pytest.approx(1120)


def test_a_role_is_not_asked_for_before_it_has_to_be(clock: Any) -> None:
    answers = iter(["made"])
    refusals = iter([None, None])

    def attempt() -> str:
        return next(answers) if next(refusals, "none left") else not_found()

    assert retry_until_role_propagates(operation(clock, no_such_role), attempt, role_arn=no_such_role) == "made"


def test_what_time_does_not_cure_is_not_tried_again(clock: Any) -> None:
    with pytest.raises(AwsRefused, match="name is wrong"):
        retry_until_role_propagates(operation(clock, denied), wrong_name, role_arn=lambda: ROLE)
    assert clock.slept == []

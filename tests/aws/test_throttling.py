"""Throttling is never final before the time is up: what was throttled is sent again, at the pace that AWS takes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agentcore_provider.errors import AwsRefused, AwsUnreachable

GATEWAY = {"gatewayIdentifier": "shop-0123456789"}
TARGETS = json.dumps({"items": []})
POOLS = json.dumps({"UserPools": []})


def as_json(code: str, status: int = 400) -> Any:
    return status, {"x-amzn-ErrorType": code}, json.dumps({"__type": code, "message": "Rate exceeded"})


def as_xml(code: str, status: int = 400) -> Any:
    return status, {}, f"<ErrorResponse><Error><Code>{code}</Code><Message>slow</Message></Error></ErrorResponse>"


ROLE = (
    "<GetRoleResponse><GetRoleResult><Role><Path>/</Path><RoleName>r</RoleName><RoleId>AROA</RoleId><Arn>arn</Arn>"
    "<CreateDate>2026-01-01T00:00:00Z</CreateDate></Role></GetRoleResult></GetRoleResponse>"
)
CALLER = "<GetCallerIdentityResponse><GetCallerIdentityResult/></GetCallerIdentityResponse>"
SERVICES: dict[str, tuple[str, str, dict[str, Any], Any, str]] = {
    "agentcore": (
        "bedrock-agentcore-control",
        "ListGatewayTargets",
        GATEWAY,
        as_json("ThrottlingException", 429),
        TARGETS,
    ),
    "cognito": ("cognito-idp", "ListUserPools", {"MaxResults": 60}, as_json("TooManyRequestsException"), POOLS),
    "iam": ("iam", "GetRole", {"RoleName": "r"}, as_xml("Throttling"), ROLE),
    "lambda": ("lambda", "GetFunction", {"FunctionName": "f"}, as_json("TooManyRequestsException", 429), "{}"),
    "s3": ("s3", "GetBucketLocation", {"Bucket": "b"}, as_xml("SlowDown", 503), "<LocationConstraint/>"),
    "sts": ("sts", "GetCallerIdentity", {}, as_xml("Throttling"), CALLER),
}


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_may_throttle_for_a_minute(scripted: Any, service: str) -> None:
    name, operation, parameters, throttled, answer = SERVICES[service]
    began = scripted.clock.now()

    def script(_: int) -> Any:
        return throttled if scripted.clock.now() < began + 60 else (200, {}, answer)

    scripted.answers(script).call(operation, service=name, **parameters)
    assert 60 <= scripted.clock.now() - began <= 66


def test_throttled_creates_are_sent_again_although_lost_ones_are_not(scripted: Any) -> None:
    """A throttled request was not carried out, so it cannot make a second resource."""
    answers = {1: as_json("TooManyRequestsException"), 2: (500, {}, "{}")}
    connection = scripted.answers(lambda number: answers.get(number, as_json("ResourceNotFoundException")))
    with pytest.raises(AwsRefused, match="CreateUserPool"):
        connection.call("CreateUserPool", service="cognito-idp", retries=False, PoolName="shop")
    assert scripted.tries == 2


def test_throttling_ends_with_the_time_of_the_resource(scripted: Any) -> None:
    """Progress says meanwhile that AWS throttles, and the error what to do."""
    connection, report = scripted.answers(lambda _: as_json("ThrottlingException", 429)), list[str]()
    began = scripted.clock.now()
    with (
        connection.patient(300, report.append),
        pytest.raises(AwsRefused, match=r"ThrottlingException.*custom_timeouts") as failure,
    ):
        connection.call("ListGatewayTargets", **GATEWAY)
    assert 300 <= scripted.clock.now() - began <= 306
    assert report[0].startswith("AWS throttles ListGatewayTargets: trying again at 5.0 a second")
    assert "\n" not in str(failure.value)


def test_the_time_of_a_resource_counts_for_its_own_thread_and_until_its_end(scripted: Any) -> None:
    connection = scripted.answers(lambda _: as_json("ThrottlingException", 429))
    with connection.patient(5, lambda _: None):
        pass
    began = scripted.clock.now()
    with pytest.raises(AwsRefused):
        connection.call("ListGatewayTargets", **GATEWAY)
    assert scripted.clock.now() - began > 60


def test_every_try_waits_for_its_turn(scripted: Any) -> None:
    """Also those after errors of AWS's own: no second sees more requests than the service takes."""
    moments: list[float] = []

    def script(_: int) -> Any:
        moments.append(scripted.clock.now())
        return 500, {}, "{}"

    connection = scripted.answers(script)
    for _ in range(10):
        with pytest.raises(AwsRefused):
            connection.call("ListGatewayTargets", **GATEWAY)
    assert len(moments) == 50
    assert max(sum(start <= it < start + 1 for it in moments) for start in moments) <= 10


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_errors_of_awss_own_pass(scripted: Any, status: int) -> None:
    connection = scripted.answers(lambda number: (status, {}, "{}") if number < 5 else (200, {}, TARGETS))
    assert connection.call("ListGatewayTargets", **GATEWAY) == {"items": []}


def test_what_is_refused_for_good_is_asked_once(scripted: Any) -> None:
    connection = scripted.answers(lambda _: as_json("LimitExceededException"))
    with pytest.raises(AwsRefused, match="LimitExceededException"):
        connection.call("CreateUserPool", service="cognito-idp", PoolName="shop")
    assert scripted.tries == 1


def test_nobody_there_is_asked_five_times(scripted: Any) -> None:
    scripted.address = "http://127.0.0.1:9"
    connection = scripted.answers(lambda _: (200, {}, TARGETS))
    with pytest.raises(AwsUnreachable):
        connection.call("ListGatewayTargets", **GATEWAY)
    assert len(scripted.clock.slept) == 4

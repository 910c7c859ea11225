from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from tests.support.control_plane import ControlPlane

FAULTS = "/_local/faults"


@pytest.fixture(autouse=True)
def _no_faults_afterwards(local_aws: ControlPlane) -> Iterator[None]:
    yield
    local_aws.http("DELETE", FAULTS)


def names(local_aws: ControlPlane) -> list[str]:
    return [item["name"] for item in local_aws.control.list_gateways(maxResults=1000)["items"]]


def test_a_status_is_answered_instead_of_the_work(local_aws: ControlPlane) -> None:
    """At the nth call, as often as asked, in the words that were asked for."""
    role, control = local_aws.execution_role(), local_aws.control
    fault = {"operation": "CreateGateway", "nth": 2, "times": 2, "kind": "status", "status": 429}
    assert local_aws.http("POST", FAULTS, fault)[0] == 200
    codes = []
    for number in range(4):
        try:
            local_aws.gateway(name=f"counted-{number}", roleArn=role)
            codes.append("made")
        except ClientError as error:
            codes.append(error.response["Error"]["Code"])
    assert codes == ["made", "ThrottlingException", "ThrottlingException", "made"]
    assert [name for name in names(local_aws) if name.startswith("counted")] == ["counted-0", "counted-3"]
    local_aws.http(
        "POST", FAULTS, {**fault, "operation": "GetCallerIdentity", "nth": 1, "code": "Odd", "reason": "<why>"}
    )
    with pytest.raises(ClientError, match="<why>") as odd:
        local_aws.client("sts").get_caller_identity()
    assert odd.value.response["Error"]["Code"] == "Odd"
    local_aws.http("DELETE", FAULTS)
    assert control.list_gateways()["items"]


def test_a_dropped_answer_has_done_its_work(local_aws: ControlPlane) -> None:
    """And a client that tries again with its token finds one gateway."""
    role = local_aws.execution_role()
    local_aws.http("POST", FAULTS, {"operation": "CreateGateway", "kind": "drop"})
    with pytest.raises(ConnectionClosedError):
        local_aws.gateway(name="dropped", roleArn=role)
    assert "dropped" in names(local_aws)
    local_aws.http("POST", FAULTS, {"operation": "CreateGateway", "kind": "drop"})
    patient = local_aws.client("bedrock-agentcore-control", attempts=2)
    patient.create_gateway(name="tried-twice", roleArn=role, authorizerType="NONE", clientToken="c" * 40)
    assert names(local_aws).count("tried-twice") == 1


def test_a_stall_delays(local_aws: ControlPlane) -> None:
    local_aws.http("POST", FAULTS, [{"operation": "ListGateways", "kind": "stall", "seconds": 0.2}])
    began = time.monotonic()
    local_aws.control.list_gateways()
    assert time.monotonic() - began >= 0.2


def test_a_fault_counts_the_calls_of_its_operation(local_aws: ControlPlane) -> None:
    """So that whoever stalls a call knows when it has come."""
    local_aws.http("POST", FAULTS, {"operation": "ListGateways", "kind": "stall", "nth": 2})
    local_aws.control.list_gateways()
    assert [it["calls"] for it in local_aws.http("GET", FAULTS)[1]] == [1]


@pytest.mark.parametrize(("operation", "end"), [("CreateGateway", "FAILED"), ("UpdateGateway", "UPDATE_UNSUCCESSFUL")])
def test_what_is_to_fail_ends_in_failure(local_aws: ControlPlane, operation: str, end: str) -> None:
    local_aws.http("POST", FAULTS, {"operation": operation, "kind": "fail", "reason": "No room left"})
    gateway = local_aws.gateway()
    document = {name: gateway[name] for name in ("name", "roleArn", "authorizerType")}
    if operation == "UpdateGateway":
        local_aws.control.update_gateway(gatewayIdentifier=gateway["gatewayId"], **document)
    found = local_aws.control.get_gateway(gatewayIdentifier=gateway["gatewayId"])
    assert (found["status"], found["statusReasons"]) == (end, ["No room left"])
    if end == "FAILED":
        with pytest.raises(ClientError, match="is in FAILED state"):
            local_aws.control.create_gateway_target(**local_aws.lambda_target(gateway["gatewayId"]))
    assert local_aws.control.delete_gateway(gatewayIdentifier=gateway["gatewayId"])["status"] == "DELETING"


def test_a_delete_that_is_to_fail_leaves_the_resource(local_aws: ControlPlane) -> None:
    gateway_id = local_aws.gateway()["gatewayId"]
    local_aws.http("POST", FAULTS, {"operation": "DeleteGateway", "kind": "fail", "reason": "Held"})
    local_aws.control.delete_gateway(gatewayIdentifier=gateway_id)
    assert local_aws.control.get_gateway(gatewayIdentifier=gateway_id)["status"] == "FAILED"


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"operation": "X", "kind": "explode"}, "a kind of status, drop, stall, fail"),
        ({"operation": "X", "kind": "drop", "colour": 1}, "'colour' is not a member"),
        ({"operation": "X", "kind": "drop", "nth": "2"}, "nth of a fault has the wrong type"),
        ({"operation": "X", "kind": "drop", "nth": 0}, "at least 1"),
        ({"operation": "X", "kind": "stall", "seconds": -1}, "seconds of 0 to 86400"),
        ({"operation": "X", "kind": "stall", "seconds": 1e308}, "seconds of 0 to 86400"),
    ],
)
def test_a_fault_that_cannot_be_read_is_refused(local_aws: ControlPlane, document: Any, message: str) -> None:
    status, answer = local_aws.http("POST", FAULTS, document)
    assert (status, message in answer["message"]) == (400, True)
    assert local_aws.http("GET", FAULTS) == (200, [])

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.control_plane import ControlPlane


def throttled(call: Any) -> bool:
    """Whether the call was refused as one too many."""
    try:
        call()
    except ClientError as error:
        answer = error.response
        return (answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"]) == (429, "ThrottlingException")
    return False


def test_reads_take_ten_calls_a_second_and_writes_five(limited_aws: ControlPlane) -> None:
    control, role = limited_aws.control, limited_aws.execution_role()
    assert [throttled(control.list_gateways) for _ in range(12)] == [False] * 10 + [True] * 2
    assert [throttled(lambda: limited_aws.gateway(roleArn=role)) for _ in range(6)] == [False] * 5 + [True]
    limited_aws.now += 1.01
    assert not throttled(control.list_gateways)


def test_a_gateway_has_five_target_operations_at_once(limited_aws: ControlPlane) -> None:
    control, gateway_id = limited_aws.control, limited_aws.gateway()["gatewayId"]

    def create() -> None:
        control.create_gateway_target(**limited_aws.lambda_target(gateway_id))

    assert not any(throttled(create) for _ in range(5))
    limited_aws.now += 1.5
    with pytest.raises(ClientError, match="5 target operations running"):
        create()
    limited_aws.now += 0.6
    assert not throttled(create)

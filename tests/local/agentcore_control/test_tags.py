from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.support.control_plane import ControlPlane


def test_tags_are_added_replaced_removed(local_aws: ControlPlane) -> None:
    control, arn = local_aws.control, local_aws.gateway(tags={"a": "1", "b": "2"})["gatewayArn"]
    control.tag_resource(resourceArn=arn, tags={"b": "3", "c": "4"})
    control.untag_resource(resourceArn=arn, tagKeys=["a", "unknown"])
    assert control.list_tags_for_resource(resourceArn=arn)["tags"] == {"b": "3", "c": "4"}


def test_tags_vanish_with_their_resource(local_aws: ControlPlane) -> None:
    control, gateway = local_aws.control, local_aws.gateway(tags={"a": "1"})
    control.delete_gateway(gatewayIdentifier=gateway["gatewayId"])
    for call in (
        lambda: control.list_tags_for_resource(resourceArn=gateway["gatewayArn"]),
        lambda: control.tag_resource(resourceArn=gateway["gatewayArn"], tags={"a": "1"}),
    ):
        with pytest.raises(control.exceptions.ResourceNotFoundException):
            call()


def test_fifty_tags_are_enough(local_aws: ControlPlane) -> None:
    control = local_aws.control
    arn = local_aws.gateway(tags={f"k{number}": "" for number in range(50)})["gatewayArn"]
    with pytest.raises(control.exceptions.ServiceQuotaExceededException):
        control.tag_resource(resourceArn=arn, tags={"one-more": ""})


def test_reserved_keys_are_refused(local_aws: ControlPlane) -> None:
    with pytest.raises(ClientError, match="reserved: aws:mine"):
        local_aws.gateway(tags={"aws:mine": "1"})

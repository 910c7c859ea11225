from __future__ import annotations

import json
import urllib.request
from datetime import datetime

import pytest
from botocore.exceptions import ClientError

from tests.support.control_plane import ControlPlane


def asked(local_aws: ControlPlane) -> list[tuple[str, str, int]]:
    calls = local_aws.http("GET", "/_local/requests")[1]
    assert all(datetime.fromisoformat(call["time"]).tzinfo for call in calls)
    return [(call["service"], call["operation"], call["status"]) for call in calls]


def test_every_call_is_recorded_by_service_and_operation(local_aws: ControlPlane) -> None:
    """Whatever protocol the service speaks, and whoever answers."""
    gateway = local_aws.gateway()
    s3 = local_aws.client("s3")
    local_aws.http("DELETE", "/_local/requests")
    local_aws.control.list_tags_for_resource(resourceArn=gateway["gatewayArn"])
    local_aws.client("sts").get_caller_identity()
    local_aws.client("cognito-idp").list_user_pools(MaxResults=1)
    s3.create_bucket(Bucket="recorded", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    s3.put_object(Bucket="recorded", Key="a/b c", Body=b"1")
    s3.list_objects_v2(Bucket="recorded")
    local_aws.client("lambda").list_functions()
    with pytest.raises(ClientError):
        local_aws.client("lambda").get_function(FunctionName="nobody")
    call = urllib.request.Request(
        gateway["gatewayUrl"], data=json.dumps({"jsonrpc": "2.0", "id": 1, "method": "ping"}).encode()
    )
    call.add_header("Content-Type", "application/json")
    urllib.request.urlopen(call).close()
    assert asked(local_aws) == [
        ("bedrock-agentcore-control", "ListTagsForResource", 200),
        ("sts", "GetCallerIdentity", 200),
        ("cognito-idp", "ListUserPools", 200),
        ("s3", "CreateBucket", 200),
        ("s3", "PutObject", 200),
        ("s3", "ListObjectsV2", 200),
        ("lambda", "ListFunctions", 200),
        ("lambda", "GetFunction", 404),
        ("mcp", "ping", 200),
    ]


def test_a_withheld_answer_has_no_status(local_aws: ControlPlane) -> None:
    local_aws.http("DELETE", "/_local/requests")
    local_aws.http("POST", "/_local/faults", {"operation": "ListRoles", "kind": "drop"})
    local_aws.client("iam", attempts=2).list_roles()
    assert asked(local_aws) == [("iam", "ListRoles", 0), ("iam", "ListRoles", 200)]


def test_what_moto_lacks_is_not_a_server_error(local_aws: ControlPlane) -> None:
    with pytest.raises(ClientError, match="Local AWS does not have cognito-idp ListDevices") as error:
        local_aws.client("cognito-idp").list_devices(AccessToken="a")
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501


def test_unknown_pages_name_the_known_ones(local_aws: ControlPlane) -> None:
    status, answer = local_aws.http("GET", "/_local/nothing")
    assert (status, "GET /_local/requests" in answer["message"]) == (404, True)

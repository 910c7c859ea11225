"""A component that moves to another account takes along what pulumi-aws makes, and leaves nothing behind."""

from __future__ import annotations

from typing import Any

from tests.programs.test_identity import run_instead
from tests.support.stack import Stack


def in_an_account() -> None:
    from agentcore_provider import McpGateway, targets

    role = f"arn:aws:iam::{ACCOUNT}:role/deployer" if ACCOUNT else None  # type: ignore[name-defined]  # noqa: F821
    orders = {"target": targets.LambdaCode("demo/order_desk"), "schema_in_s3": True}
    McpGateway("shop", targets={"orders": orders}, assume_role=role)


def made(stack: Stack, account: str) -> dict[str, int]:
    """How much of each kind there is in an account."""
    keys: dict[str, Any] = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
    sts = stack.local_aws.client("sts")
    if account:
        given = sts.assume_role(RoleArn=f"arn:aws:iam::{account}:role/test", RoleSessionName="test")["Credentials"]
        keys = {"aws_access_key_id": given["AccessKeyId"], "aws_secret_access_key": given["SecretAccessKey"]}
        keys["aws_session_token"] = given["SessionToken"]
    import boto3

    session = boto3.Session(region_name="us-west-2", **keys)
    client = lambda it: session.client(it, endpoint_url=stack.local_aws.endpoint)  # noqa: E731
    return {
        "gateways": len(client("bedrock-agentcore-control").list_gateways()["items"]),
        "roles": len(client("iam").list_roles()["Roles"]),
        "functions": len(client("lambda").list_functions()["Functions"]),
        "buckets": len(client("s3").list_buckets()["Buckets"]),
        "sign-ins": len(client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]),
    }


ALL = {"gateways": 1, "roles": 2, "functions": 1, "buckets": 1, "sign-ins": 1}
NONE = dict.fromkeys(ALL, 0)


def test_a_component_moves_whole(stack: Stack) -> None:
    """A role of the stack's account moves nothing; one of another account moves everything, and then nothing changes."""
    run_instead(stack, in_an_account, ACCOUNT="")
    stack.up()
    assert made(stack, "") == ALL
    run_instead(stack, in_an_account, ACCOUNT="123456789012")
    assert set(stack.up().changes) == {"create", "update", "same"}
    run_instead(stack, in_an_account, ACCOUNT="210987654321")
    assert "and the account to deploy to is now account 210987654321" in stack.preview().text
    stack.up()
    assert (made(stack, ""), made(stack, "210987654321")) == (NONE, ALL)
    assert set(stack.up().changes) == {"same"}
    stack.destroy()
    assert made(stack, "210987654321") == NONE

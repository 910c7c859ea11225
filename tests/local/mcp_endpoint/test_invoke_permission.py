"""Who may invoke a gateway: policies of the caller, and the gateway's resource policy."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from agentcore_provider.local import store
from tests.support.control_plane import ControlPlane

PING = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "ping"})
HERE, THERE = "123456789012", "111122223333"
ACTION = "bedrock-agentcore:InvokeGateway"


def statement(effect: str, principal: Any, **elements: Any) -> dict[str, Any]:
    return {"Effect": effect, "Principal": principal, "Action": ACTION, "Resource": "*", **elements}


class Door:
    """A gateway with AWS_IAM, and callers of two accounts."""

    def __init__(self, aws: ControlPlane, **members: Any) -> None:
        self.aws = aws
        made = aws.gateway(**{"authorizerType": "AWS_IAM", **members})
        self.arn, self.url = made["gatewayArn"], made["gatewayUrl"]

    def put(self, *statements: dict[str, Any]) -> None:
        policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
        self.aws.control.put_resource_policy(resourceArn=self.arn, policy=policy)

    def ask(self, role_arn: str | None = None) -> str:
        """OK, or why not. role_arn: who asks; None for local AWS's own key."""
        key = Credentials("local", "local")
        if role_arn:
            made = self.aws.client("sts").assume_role(RoleArn=role_arn, RoleSessionName="agent")["Credentials"]
            key = Credentials(made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])
        request = AWSRequest("POST", self.url, data=PING, headers={"Content-Type": "application/json"})
        SigV4Auth(key, "bedrock-agentcore", "us-west-2").add_auth(request)
        answer = requests.post(self.url, data=PING, headers=dict(request.headers), timeout=9)
        if answer.status_code == 200:
            return "OK"
        assert answer.status_code == 403
        return str(answer.json()["error"]["data"]["reason"])

    def role(self, effect: str | None = None) -> str:
        """A role of the gateway's account, whose own policies allow or deny, or do not mention gateways."""
        arn = self.aws.role()
        if effect:
            self.aws.allow(arn, ACTION, self.arn, effect=effect)
        return arn


@pytest.fixture
def door(local_aws: ControlPlane) -> Door:
    return Door(local_aws)


@pytest.mark.parametrize(
    ("own", "of_resource", "reason"),
    [
        ("Allow", None, ""),
        ("Allow", "Allow", ""),
        ("Allow", "Deny", "with an explicit deny in a resource-based policy"),
        (None, None, f"because no identity-based policy allows the {ACTION} action"),
        (None, "Allow", ""),
        (None, "Deny", "with an explicit deny in a resource-based policy"),
        ("Deny", None, "with an explicit deny in an identity-based policy"),
        ("Deny", "Allow", "with an explicit deny in an identity-based policy"),
        ("Deny", "Deny", "with an explicit deny in a resource-based policy"),
    ],
)
def test_policies_are_combined_as_documented(door: Door, own: str | None, of_resource: str | None, reason: str) -> None:
    """The table of devguide resource-based-policies, for a caller of the gateway's account; the texts are IAM's."""
    role = door.role(own)
    if of_resource:
        door.put(statement(of_resource, {"AWS": role}))
    answer = door.ask(role)
    if not reason:
        assert answer == "OK"
    else:
        session = role.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/") + "/agent"
        assert answer == f"User: {session} is not authorized to perform: {ACTION} on resource: {door.arn} {reason}"


class TestAnotherAccount:
    @pytest.mark.parametrize(
        "principal", [THERE, f"arn:aws:iam::{THERE}:root", f"arn:aws:iam::{THERE}:role/agent", "*"]
    )
    def test_it_needs_the_policy_of_the_gateway(self, door: Door, principal: str) -> None:
        """By its number, its root, the role, or as everybody."""
        caller = f"arn:aws:iam::{THERE}:role/agent"
        assert f"because no resource-based policy allows the {ACTION} action" in door.ask(caller)
        door.put(statement("Allow", {"AWS": principal}))
        assert door.ask(caller) == "OK"
        door.aws.control.delete_resource_policy(resourceArn=door.arn)
        assert "because no resource-based policy allows" in door.ask(caller)

    def test_a_role_is_named_by_itself(self, door: Door) -> None:
        """Another role of its account stays outside."""
        door.put(statement("Allow", {"AWS": f"arn:aws:iam::{THERE}:role/agent"}))
        assert "no resource-based policy" in door.ask(f"arn:aws:iam::{THERE}:role/other")

    def test_the_callers_own_account_has_to_allow_it_too(self, door: Door) -> None:
        """What is granted to the account is granted to no role of it."""
        door.put(statement("Allow", {"AWS": THERE}))
        made = door.aws.client("sts").assume_role(RoleArn=f"arn:aws:iam::{THERE}:role/admin", RoleSessionName="admin")[
            "Credentials"
        ]
        iam = boto3.client(
            "iam",
            endpoint_url=door.aws.endpoint,
            region_name="us-west-2",
            aws_access_key_id=made["AccessKeyId"],
            aws_secret_access_key=made["SecretAccessKey"],
            aws_session_token=made["SessionToken"],
        )
        name = door.aws.unique("caller")
        trust = {"Version": "2012-10-17", "Statement": []}
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        assert role.split(":")[4] == THERE
        assert "no identity-based policy" in door.ask(role)


def test_an_account_that_is_named_decides_itself(door: Door) -> None:
    """As IAM has it: the gateway's own account as a principal grants nothing to a role without a permission."""
    door.put(statement("Allow", {"AWS": HERE}))
    assert "no identity-based policy" in door.ask(door.role())
    assert door.ask(door.role("Allow")) == "OK"


def test_whom_local_iam_does_not_know_administers_its_account(door: Door) -> None:
    """Local AWS's own key: denied only where a policy denies it."""
    assert door.ask() == "OK"
    door.put(statement("Deny", "*"))
    assert "User: arn:aws:iam::123456789012:user/local is not authorized" in door.ask()


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"IpAddress": {"aws:SourceIp": ["127.0.0.0/8", "192.0.2.0/24"]}}, True),
        ({"NotIpAddress": {"aws:SourceIp": "127.0.0.0/8"}}, False),
        ({"StringNotEquals": {"aws:SourceVpc": "vpc-1a2b3c4d"}}, True),
        ({"StringEquals": {"aws:SourceVpc": "vpc-1a2b3c4d"}}, False),
        ({"StringEqualsIfExists": {"aws:SourceVpc": "vpc-1a2b3c4d"}}, True),
        ({"Null": {"aws:SourceVpc": "true"}}, True),
        ({"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{HERE}:role/role-*"}}, True),
        ({"StringNotLike": {"aws:principalaccount": "1234*"}}, False),
        ({"Bool": {"aws:SecureTransport": False}}, False),
        ({"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}, True),
        ({"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}, False),
        ({"StringEquals": {"aws:RequestedRegion": "us-west-2", "aws:PrincipalAccount": THERE}}, False),
        ({"NumericEquals": {"aws:SourceIp": "no number"}}, False),
    ],
)
def test_conditions_are_evaluated(door: Door, condition: dict[str, Any], holds: bool) -> None:
    """A request that comes from outside any VPC does not have aws:SourceVpc."""
    door.put(statement("Deny", "*", Condition=condition))
    assert ("explicit deny" in door.ask(door.role("Allow"))) is holds


class TestOtherAuthorizers:
    def test_a_policy_is_for_everybody_where_callers_have_tokens(self, plane: Any) -> None:
        """As documented, the principal is "*" and conditions restrict it; without a policy every valid token is enough."""
        authorizer = {"customJWTAuthorizer": {"discoveryUrl": plane.discovery_url, "allowedClients": ["agent"]}}
        gateway = plane.gateway(authorizer_type="CUSTOM_JWT", authorizer_configuration=authorizer)
        found = plane.find_gateway(gateway)
        policies = store.store_of(found.account_id, found.region).resource_policies

        def ask(**elements: Any) -> int:
            statements = [statement("Allow", "*", **elements)]
            policies[found.gateway_arn] = json.dumps({"Version": "2012-10-17", "Statement": statements})
            return int(plane.post(gateway, json.loads(PING), Authorization=f"Bearer {plane.token()}").status_code)

        assert ask() == 200
        assert ask(Condition={"StringEquals": {"aws:SourceVpc": "vpc-1a2b3c4d"}}) == 403
        assert ask(Principal={"AWS": "arn:aws:iam::123456789012:role/agent"}) == 403
        del policies[found.gateway_arn]
        assert plane.post(gateway, json.loads(PING), Authorization=f"Bearer {plane.token()}").status_code == 200

    def test_a_gateway_without_a_sign_in_is_open(self, local_aws: ControlPlane) -> None:
        """Nobody is asked who they are."""
        door = Door(local_aws, authorizerType="NONE")
        assert requests.post(door.url, data=PING, timeout=9, headers={"Content-Type": "application/json"}).ok


def test_targets_are_behind_the_same_door(door: Door) -> None:
    """Requests that the gateway forwards need the permission as MCP does."""
    door.put(statement("Deny", "*"))
    url = door.url.removesuffix("/mcp") + "/orders/1"
    request = AWSRequest("GET", url)
    SigV4Auth(Credentials("local", "local"), "bedrock-agentcore", "us-west-2").add_auth(request)
    assert requests.get(url, headers=dict(request.headers), timeout=9).status_code == 403

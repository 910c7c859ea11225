"""The resource policy of a gateway in a program, under the real engine."""

from __future__ import annotations

import json
from typing import Any

from tests.programs.test_identity import run_instead

Stack = Any
THERE = "111122223333"


def desk() -> None:
    """A gateway and its policy; ALLOW, ONLY_FROM, POLICY and READ are what a test adds."""
    import pulumi

    from agentcore_provider import Gateway, GatewayRole, ResourcePolicy

    role = GatewayRole("desk")
    gateway = Gateway("desk", role_arn=role, authorizer="AWS_IAM")
    statements = POLICY and [{**it, "Principal": {"AWS": role.arn}} for it in POLICY]  # type: ignore[name-defined]  # noqa: F821
    policy = ResourcePolicy("desk", gateway=gateway, allow=ALLOW, only_from=ONLY_FROM, policy=statements)  # type: ignore[name-defined]  # noqa: F821
    pulumi.export("arn", policy.resource_arn)
    if READ:  # type: ignore[name-defined]  # noqa: F821
        pulumi.export("read", ResourcePolicy.get("read", policy.id).policy)


def declare(stack: Stack, allow: Any = None, only_from: Any = None, policy: Any = None, read: bool = False) -> None:
    run_instead(stack, desk, ALLOW=allow, ONLY_FROM=only_from, POLICY=policy, READ=read)


def current(stack: Stack) -> Any:
    control = stack.local_aws.client("bedrock-agentcore-control")
    return json.loads(control.get_resource_policy(resourceArn=stack.outputs()["arn"])["policy"])


def test_a_policy_lives_as_other_resources_do(stack: Stack) -> None:
    """Created with its gateway, changed in place, read by id, set back after drift, deleted before the gateway."""
    declare(stack, allow=[THERE])
    stack.up()
    invoke = {"Action": "bedrock-agentcore:InvokeGateway", "Resource": "*"}
    callers = {"Sid": "AllowCallers", "Effect": "Allow", "Principal": {"AWS": [THERE]}, **invoke}
    assert current(stack) == {"Version": "2012-10-17", "Statement": [callers]}
    assert set(stack.up().changes) == {"same"}

    declare(stack, allow=[THERE], only_from=["vpc-1a2b3c4d", "vpce-1a2b3c4d", "192.0.2.0/24"], read=True)
    assert stack.up().changes["update"] == 1
    networks = {
        "StringNotEquals": {"aws:SourceVpc": ["vpc-1a2b3c4d"], "aws:SourceVpce": ["vpce-1a2b3c4d"]},
        "NotIpAddress": {"aws:SourceIp": ["192.0.2.0/24"]},
    }
    elsewhere = {"Sid": "DenyOtherNetworks", "Effect": "Deny", "Principal": "*", **invoke, "Condition": networks}
    assert current(stack) == {"Version": "2012-10-17", "Statement": [callers, elsewhere]} == stack.outputs()["read"]

    declare(stack, policy=[{"Effect": "Allow", **invoke}])
    assert stack.up().changes["update"] == 1
    (statement,) = current(stack)["Statement"]
    assert ":role/" in statement["Principal"]["AWS"]

    control = stack.local_aws.client("bedrock-agentcore-control")
    changed = {"Version": "2012-10-17", "Statement": [{**statement, "Effect": "Deny"}]}
    control.put_resource_policy(resourceArn=stack.outputs()["arn"], policy=json.dumps(changed))
    assert stack.refresh().changes["update"] >= 1
    assert stack.up().changes["update"] == 1
    assert current(stack)["Statement"] == [statement]

    control.delete_resource_policy(resourceArn=stack.outputs()["arn"])
    stack.refresh()
    assert stack.up().changes["create"] == 1
    stack.destroy()
    assert control.list_gateways()["items"] == []


def test_problems_of_a_policy_are_reported_at_preview(stack: Stack) -> None:
    """With their places, and nothing is made."""
    declare(stack, policy=[{"Effect": "Alow", "Action": "bedrock-agentcore:InvokeAgentRuntime", "Resource": "*"}])
    answer = stack.preview(succeeds=False)
    assert "resource policy 'desk': policy.Statement[0].Effect: is 'Alow'. Write Allow or Deny" in answer.text
    declare(stack, only_from=["vpc"])
    assert "only_from[0]: is 'vpc'. Pass the id of a VPC" in stack.preview(succeeds=False).text
    assert stack.local_aws.client("bedrock-agentcore-control").list_gateways()["items"] == []

"""What resource policies promise beyond what every resource does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agentcore_provider.errors import NameTaken
from tests.support.world import World


@pytest.fixture
def arn(world: World) -> str:
    """ARN of a gateway with AWS_IAM."""
    _, outputs, _ = world.made("gateway", world.gateway(authorizer_type="AWS_IAM"))
    return str(outputs["gateway_arn"])


def statement(**elements: Any) -> dict[str, Any]:
    usual = {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "bedrock-agentcore:InvokeGateway"}
    return {**usual, "Resource": "*", **elements}


def policy(*statements: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def put(world: World, arn: str, document: Any) -> None:
    world.client("bedrock-agentcore-control").put_resource_policy(resourceArn=arn, policy=json.dumps(document))


@pytest.mark.parametrize("form", [json.dumps, lambda it: json.dumps(it, indent=4), lambda it: it["Statement"], dict])
def test_every_form_of_a_policy_is_the_same_policy(world: World, arn: str, form: Any) -> None:
    """JSON, a document, a list of statements."""
    written = policy(statement())
    identifier, outputs, checked = world.made("resource_policy", world.resource_policy(arn, policy=written))
    again = world.checked("resource_policy", {**world.resource_policy(arn, policy=form(written))})
    assert again["policy"] == written
    again["__context"] = checked["__context"]
    assert world.provider("resource_policy").diff(identifier, outputs, again).changes is False


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            statement(Principal={"AWS": "111122223333"}),
            statement(Principal={"AWS": ["arn:aws:iam::111122223333:root"]}),
        ),
        (statement(Principal="*"), statement(Principal={"AWS": "*"})),
        (statement(Action=["bedrock-agentcore:InvokeGateway"]), statement(Action="bedrock-agentcore:invokegateway")),
        (
            statement(Condition={"Bool": {"aws:ViaAWSService": False}}),
            statement(Condition={"Bool": {"aws:viaawsservice": ["false"]}}),
        ),
    ],
)
def test_what_means_the_same_is_neither_a_change_nor_drift(world: World, arn: str, one: Any, other: Any) -> None:
    """AWS may return a policy in another form than it was put."""
    two = statement(Sid="Second", Principal={"AWS": ["444455556666", "222233334444"]})
    identifier, outputs, checked = world.made("resource_policy", world.resource_policy(arn, policy=policy(one, two)))
    provider = world.provider("resource_policy")
    turned = policy({**two, "Principal": {"AWS": ["222233334444", "444455556666"]}}, other)
    assert provider.diff(identifier, outputs, {**checked, "policy": turned}).changes is False
    put(world, arn, turned)
    read = provider.read(identifier, outputs)
    assert read.inputs["policy"] == checked["policy"]
    assert provider.diff(identifier, read.outs, checked).changes is False


@pytest.mark.parametrize(
    "changed",
    [
        policy(statement(), statement(Sid="More")),
        policy(statement(Condition={"StringEquals": {"aws:SourceVpc": "vpc-1a2b3c4d"}})),
        policy(statement(Effect="Deny")),
        policy(statement(Principal={"AWS": ["111122223333", "444455556666"]})),
    ],
)
def test_what_somebody_changed_is_drift_and_is_set_back(world: World, arn: str, changed: Any) -> None:
    """Also an element that was only added: whoever may call is not to be overlooked."""
    identifier, outputs, checked = world.made("resource_policy", world.resource_policy(arn))
    put(world, arn, changed)
    provider = world.provider("resource_policy")
    read = provider.read(identifier, outputs)
    assert read.inputs["policy"] == changed
    assert provider.diff(identifier, read.outs, checked).changes is True
    provider.update(identifier, read.outs, checked)
    assert provider.read(identifier, outputs).inputs["policy"] == checked["policy"]


def test_a_policy_that_is_there_is_kept_unless_adopted(world: World, arn: str) -> None:
    """A resource has one policy: to put another would take somebody's permissions away."""
    put(world, arn, policy(statement(Sid="Theirs")))
    mine = world.resource_policy(arn)
    with pytest.raises(
        NameTaken, match=r"has a resource policy that was not made by this resource. Put its statements"
    ):
        world.provider("resource_policy").create(world.checked("resource_policy", mine))
    mine["__context"]["adopt"] = True
    _, outputs, _ = world.made("resource_policy", mine)
    assert outputs["policy"]["Statement"][0]["Sid"] == "Partner"


def test_another_resource_replaces(world: World, arn: str) -> None:
    """Each has a policy of its own, so the new one is put first."""
    identifier, outputs, checked = world.made("resource_policy", world.resource_policy(arn))
    result = world.provider("resource_policy").diff(identifier, outputs, {**checked, "resource_arn": f"{arn[:-1]}x"})
    assert (result.replaces, result.delete_before_replace) == (["resource_arn"], False)


def test_a_principal_that_aws_does_not_know_yet_is_waited_for(world: World, arn: str) -> None:
    """A role of the same deployment has to reach AgentCore first."""
    reason = "Invalid policy: invalid principal arn:aws:iam::123456789012:role/new"
    world.fault(
        operation="PutResourcePolicy", kind="status", status=400, code="ValidationException", reason=reason, times=2
    )
    _, outputs, _ = world.made("resource_policy", world.resource_policy(arn))
    assert outputs["resource_arn"] == arn


@pytest.mark.parametrize(
    ("wrong", "reported"),
    [
        ({"policy": "{"}, "policy: is not JSON"),
        ({"policy": "7"}, "policy: is of type int. Pass IAM's document"),
        ({"policy": policy(statement(Effect="allow"))}, "policy.Statement[0].Effect: is 'allow'. Write Allow or Deny"),
        (
            {"resource_arn": "arn:aws:bedrock-agentcore:eu-west-1:123456789012:gateway/shop-0a1b2c3d4e"},
            'resource_arn: is in eu-west-1, and this resource policy in us-west-2. Pass region="eu-west-1"',
        ),
    ],
)
def test_problems_are_reported_at_preview(world: World, arn: str, wrong: dict[str, Any], reported: str) -> None:
    """With the path in the program's words."""
    result = world.provider("resource_policy").check({}, {**world.resource_policy(arn), **wrong})
    assert any(reported in failure.reason for failure in result.failures), result.failures

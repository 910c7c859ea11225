"""A stack whose request fails is rolled back, and nothing of it is left over."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.control_plane import ControlPlane

Resource = dict[str, Any]
_TYPE = "AWS::BedrockAgentCore::"
_BY_ROLE = {"credentialProviderType": "GATEWAY_IAM_ROLE"}


def template(resources: dict[str, Resource], **outputs: Any) -> str:
    return json.dumps({"Resources": resources, "Outputs": {name: {"Value": it} for name, it in outputs.items()}})


def agent(name: str, **properties: Any) -> Resource:
    return {"Type": f"{_TYPE}WorkloadIdentity", "Properties": {"Name": name, **properties}}


def gateway(aws: ControlPlane, name: str, **properties: Any) -> Resource:
    role = aws.execution_role()
    required = {"Name": name, "RoleArn": role, "ProtocolType": "MCP", "AuthorizerType": "NONE"}
    return {"Type": f"{_TYPE}Gateway", "Properties": {**required, **properties}}


def unreachable_target(gateway: str) -> Resource:
    """Accepted by the service, and FAILED once it has looked for the server."""
    server = {"Mcp": {"McpServer": {"Endpoint": "https://127.0.0.1:1/mcp"}}}
    properties = {"Name": "tools", "GatewayIdentifier": {"Ref": gateway}, "TargetConfiguration": server}
    return {"Type": f"{_TYPE}GatewayTarget", "Properties": properties}


def agents_of(aws: ControlPlane, prefix: str) -> list[str]:
    found = aws.control.list_workload_identities(maxResults=20)["workloadIdentities"]
    return sorted(it["name"] for it in found if it["name"].startswith(prefix))


def gateways_of(aws: ControlPlane, prefix: str) -> list[str]:
    found = aws.control.list_gateways(maxResults=1000)["items"]
    return [it["gatewayId"] for it in found if it["name"].startswith(prefix)]


def status_of(aws: ControlPlane, stack: str) -> str:
    return str(aws.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"])


def resources_of(aws: ControlPlane, stack: str) -> list[str]:
    found = aws.client("cloudformation").describe_stack_resources(StackName=stack)["StackResources"]
    return sorted(it["LogicalResourceId"] for it in found)


def test_what_fails_after_its_creation_is_deleted(local_aws: ControlPlane) -> None:
    """Else its gateway could not be deleted, and both would belong to nobody."""
    stacks, name = local_aws.client("cloudformation"), local_aws.unique("shop")
    resources = {"Gateway": gateway(local_aws, name), "Target": unreachable_target("Gateway")}
    with pytest.raises(ClientError, match="Resource Target failed: status FAILED"):
        stacks.create_stack(StackName=name, TemplateBody=template(resources))
    assert gateways_of(local_aws, name) == []
    with pytest.raises(ClientError, match="does not exist"):
        stacks.describe_stacks(StackName=name)


@pytest.mark.parametrize("by_change_set", [False, True])
def test_an_update_that_fails_changes_nothing(local_aws: ControlPlane, *, by_change_set: bool) -> None:
    """What it created is deleted, what it changed is changed back, what it deleted is created again."""
    stacks, name = local_aws.client("cloudformation"), local_aws.unique("shop")
    shop = gateway(local_aws, name, Description="first")

    def update(resources: dict[str, Resource]) -> None:
        if not by_change_set:
            stacks.update_stack(StackName=name, TemplateBody=template(resources))
            return
        stacks.create_change_set(
            StackName=name, ChangeSetName="deploy", ChangeSetType="UPDATE", TemplateBody=template(resources)
        )
        stacks.execute_change_set(StackName=name, ChangeSetName="deploy")

    first = {"Gateway": shop, "Clerk": agent(f"{name}-clerk")}
    stacks.create_stack(StackName=name, TemplateBody=template(first))
    changed = {**shop, "Properties": {**shop["Properties"], "Description": "second"}}
    with pytest.raises(ClientError, match="Resource Target failed: status FAILED"):
        update({"Gateway": changed, "Buyer": agent(f"{name}-buyer"), "Target": unreachable_target("Gateway")})
    assert status_of(local_aws, name) == "UPDATE_ROLLBACK_COMPLETE"
    assert agents_of(local_aws, name) == sorted([*gateways_of(local_aws, name), f"{name}-clerk"])
    assert resources_of(local_aws, name) == ["Clerk", "Gateway"]
    [gateway_id] = gateways_of(local_aws, name)
    assert local_aws.control.get_gateway(gatewayIdentifier=gateway_id)["description"] == "first"

    update({"Gateway": changed, "Buyer": agent(f"{name}-buyer")})
    assert local_aws.control.get_gateway(gatewayIdentifier=gateway_id)["description"] == "second"
    assert resources_of(local_aws, name) == ["Buyer", "Gateway"]
    stacks.delete_stack(StackName=name)
    assert agents_of(local_aws, name) == gateways_of(local_aws, name) == []


def test_a_stack_that_cannot_be_deleted_can_be_later(local_aws: ControlPlane) -> None:
    """It keeps what is left."""
    stacks, name = local_aws.client("cloudformation"), local_aws.unique("shop")
    resources = {"Gateway": gateway(local_aws, name), "Clerk": agent(f"{name}-clerk")}
    stacks.create_stack(StackName=name, TemplateBody=template(resources, Id={"Ref": "Gateway"}))
    [gateway_id] = gateways_of(local_aws, name)
    target = local_aws.create_target(gateway_id, local_aws.lambda_configuration(), [_BY_ROLE])
    with pytest.raises(ClientError, match="has targets associated with it"):
        stacks.delete_stack(StackName=name)
    assert (status_of(local_aws, name), resources_of(local_aws, name)) == ("DELETE_FAILED", ["Gateway"])
    local_aws.control.delete_gateway_target(gatewayIdentifier=gateway_id, targetId=target["targetId"])
    stacks.delete_stack(StackName=name)
    assert gateways_of(local_aws, name) == []


def test_a_resource_can_be_removed_and_added_again(local_aws: ControlPlane) -> None:
    stacks, name = local_aws.client("cloudformation"), local_aws.unique("shop")
    both = {"Buyer": agent(f"{name}-buyer"), "Clerk": agent(f"{name}-clerk")}
    stacks.create_stack(StackName=name, TemplateBody=template(both))
    for resources in ({"Buyer": both["Buyer"]}, both):
        stacks.update_stack(StackName=name, TemplateBody=template(resources))
        assert agents_of(local_aws, name) == [it["Properties"]["Name"] for it in resources.values()]
    stacks.delete_stack(StackName=name)
    assert agents_of(local_aws, name) == []


def test_a_retained_resource_stays(local_aws: ControlPlane) -> None:
    """When the template no longer has it."""
    stacks, name = local_aws.client("cloudformation"), local_aws.unique("shop")
    both = {"Buyer": agent(f"{name}-buyer"), "Clerk": {**agent(f"{name}-clerk"), "DeletionPolicy": "Retain"}}
    stacks.create_stack(StackName=name, TemplateBody=template(both))
    stacks.update_stack(StackName=name, TemplateBody=template({"Buyer": both["Buyer"]}))
    stacks.delete_stack(StackName=name)
    assert agents_of(local_aws, name) == [f"{name}-clerk"]


def test_exports_of_a_failed_stack_are_free(local_aws: ControlPlane) -> None:
    stacks, name = local_aws.client("cloudformation"), local_aws.unique("shop")
    output = {"Value": {"Ref": "Clerk"}, "Export": {"Name": name}}
    broken = {"Resources": {"Clerk": agent(name), "Other": agent("a b")}, "Outputs": {"Name": output}}
    with pytest.raises(ClientError, match="Resource Other failed"):
        stacks.create_stack(StackName=name, TemplateBody=json.dumps(broken))
    del broken["Resources"]["Other"]
    stacks.create_stack(StackName=name, TemplateBody=json.dumps(broken))
    stacks.delete_stack(StackName=name)


def test_outputs_stay_when_a_resource_is_gone(local_aws: ControlPlane) -> None:
    """They are those of the last update; somebody deleted the resource by its own service."""
    stacks, name = local_aws.client("cloudformation"), local_aws.unique("shop")
    arn = {"Fn::GetAtt": ["Clerk", "WorkloadIdentityArn"]}
    stacks.create_stack(StackName=name, TemplateBody=template({"Clerk": agent(name)}, Arn=arn))
    local_aws.control.delete_workload_identity(name=name)
    [output] = stacks.describe_stacks(StackName=name)["Stacks"][0]["Outputs"]
    assert output["OutputValue"].endswith(f"workload-identity/{name}")
    stacks.delete_stack(StackName=name)


def test_an_update_changes_tags_and_removes_properties(local_aws: ControlPlane) -> None:
    stacks, name = local_aws.client("cloudformation"), local_aws.unique("shop")
    before = agent(name, AllowedResourceOauth2ReturnUrls=["https://a.example"], Tags=[{"Key": "a", "Value": "1"}])
    stacks.create_stack(StackName=name, TemplateBody=template({"Clerk": before}))
    arn = local_aws.control.get_workload_identity(name=name)["workloadIdentityArn"]
    for wanted in ({"b": "2"}, {}):
        tags = [{"Key": key, "Value": value} for key, value in wanted.items()]
        stacks.update_stack(StackName=name, TemplateBody=template({"Clerk": agent(name, Tags=tags)}))
        assert local_aws.control.list_tags_for_resource(resourceArn=arn)["tags"] == wanted
    assert local_aws.control.get_workload_identity(name=name)["allowedResourceOauth2ReturnUrls"] == []
    stacks.delete_stack(StackName=name)


def test_a_type_cannot_change(local_aws: ControlPlane) -> None:
    stacks, name = local_aws.client("cloudformation"), local_aws.unique("shop")
    queue = {"Type": "AWS::SQS::Queue"}
    stacks.create_stack(StackName=name, TemplateBody=template({"A": agent(name), "B": queue}))
    for changed in ({"A": gateway(local_aws, name), "B": queue}, {"A": agent(name), "B": agent(f"{name}-b")}):
        with pytest.raises(ClientError, match="Update of resource type is not permitted"):
            stacks.update_stack(StackName=name, TemplateBody=template(changed))
    stacks.delete_stack(StackName=name)


@pytest.mark.parametrize("attribute", ["Nope", "WorkloadIdentityDetails.Nope"])
def test_an_unknown_attribute_is_refused_at_once(local_aws: ControlPlane, attribute: str) -> None:
    """Not when somebody reads the outputs."""
    stacks, name = local_aws.client("cloudformation"), local_aws.unique("shop")
    value = {"Fn::GetAtt": ["Gateway", attribute]}
    with pytest.raises(ClientError, match=f"does not support attribute type {attribute}"):
        stacks.create_stack(StackName=name, TemplateBody=template({"Gateway": gateway(local_aws, name)}, It=value))
    assert gateways_of(local_aws, name) == []

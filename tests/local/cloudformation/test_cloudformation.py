"""Templates of CloudFormation with gateways become gateways that answer on local AWS."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from tests.support.control_plane import ControlPlane
from tests.support.local_aws import REGION

Template = dict[str, Any]


@pytest.fixture
def shop(local_aws: ControlPlane) -> Template:
    """What aws-cdk-lib 2.276.0 writes for a Gateway with a Lambda target, an agent and an API key, under unique names."""
    text = (Path(__file__).parent / "cdk_shop.json").read_text()
    return dict(json.loads(text.replace("cdk-", local_aws.unique("cdk") + "-")))


def resource_of(template: Template, kind: str) -> dict[str, Any]:
    found = template["Resources"].values()
    return dict(next(it for it in found if it["Type"] == f"AWS::BedrockAgentCore::{kind}")["Properties"])


def call(url: str) -> Any:
    params = {"name": "orders___find_order", "arguments": {"id": "7"}}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params})
    request = AWSRequest("POST", url, data=body, headers={"Content-Type": "application/json"})
    SigV4Auth(Credentials("local", "local"), "bedrock-agentcore", REGION).add_auth(request)
    answer = requests.post(url, data=body, headers=dict(request.headers), timeout=30).json()
    return json.loads(answer["result"]["content"][0]["text"])


def physical_ids(local_aws: ControlPlane, stack: str) -> dict[str, str]:
    found = local_aws.client("cloudformation").describe_stack_resources(StackName=stack)["StackResources"]
    return {it["ResourceType"].rpartition("::")[2]: it["PhysicalResourceId"] for it in found}


def test_a_stack_of_cdk_answers_and_goes(local_aws: ControlPlane, shop: Template) -> None:
    """Created, called, updated in place, deleted with everything that is in it."""
    stacks, name = local_aws.client("cloudformation"), local_aws.unique("shop")
    stacks.create_stack(StackName=name, TemplateBody=json.dumps(shop))
    [stack] = stacks.describe_stacks(StackName=name)["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    assert call(stack["Outputs"][0]["OutputValue"]) == {"id": "7", "status": "shipped"}
    made = physical_ids(local_aws, name)
    gateway_id, _, target_id = made["GatewayTarget"].partition("|")
    assert made["Gateway"] == gateway_id
    assert made["WorkloadIdentity"] == resource_of(shop, "WorkloadIdentity")["Name"]

    resource_of(shop, "GatewayTarget")["TargetConfiguration"]["Mcp"]["Lambda"]["ToolSchema"]["InlinePayload"][0][
        "Description"
    ] = "Find it"
    stacks.update_stack(StackName=name, TemplateBody=json.dumps(shop))
    target = local_aws.control.get_gateway_target(gatewayIdentifier=gateway_id, targetId=target_id)
    schema = target["targetConfiguration"]["mcp"]["lambda"]["toolSchema"]["inlinePayload"]
    assert schema[0]["description"] == "Find it"

    stacks.delete_stack(StackName=name)
    for get, members in (
        (local_aws.control.get_gateway, {"gatewayIdentifier": gateway_id}),
        (local_aws.control.get_workload_identity, {"name": made["WorkloadIdentity"]}),
        (local_aws.client("lambda").get_function, {"FunctionName": made["Function"]}),
        (local_aws.client("iam").get_role, {"RoleName": made["Role"]}),
    ):
        with pytest.raises(ClientError, match=r"(?i)not ?found|NoSuchEntity"):
            get(**members)


def test_a_change_set_creates_a_stack(local_aws: ControlPlane, shop: Template) -> None:
    """As `aws cloudformation deploy` and `cdk deploy` do."""
    stacks, name = local_aws.client("cloudformation"), local_aws.unique("shop")
    made = stacks.create_change_set(
        StackName=name, ChangeSetName="first", ChangeSetType="CREATE", TemplateBody=json.dumps(shop)
    )
    stacks.execute_change_set(ChangeSetName=made["Id"])
    [stack] = stacks.describe_stacks(StackName=name)["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    assert call(stack["Outputs"][0]["OutputValue"])["status"] == "shipped"
    shop["Outputs"]["More"] = {"Value": "text"}
    changed = stacks.create_change_set(
        StackName=name, ChangeSetName="second", ChangeSetType="UPDATE", TemplateBody=json.dumps(shop)
    )
    stacks.execute_change_set(ChangeSetName=changed["Id"])
    outputs = stacks.describe_stacks(StackName=name)["Stacks"][0]["Outputs"]
    assert {it["OutputKey"] for it in outputs} == {"Url", "More"}
    stacks.delete_change_set(StackName=name, ChangeSetName="second")
    with pytest.raises(ClientError) as error:
        stacks.describe_change_set(StackName=name, ChangeSetName="second")
    assert error.value.response["Error"]["Code"] == "ChangeSetNotFound"
    stacks.delete_stack(StackName=name)


def test_a_parameter_keeps_its_previous_value(local_aws: ControlPlane) -> None:
    """Also one that names a parameter of SSM, as the version of CDK's bootstrap stack does in every template."""
    stacks, name = local_aws.client("cloudformation"), local_aws.unique("agents")
    local_aws.client("ssm").put_parameter(Name=f"/{name}/version", Value="33", Type="String")

    def template(*urls: str) -> str:
        properties = {"Name": name, "AllowedResourceOauth2ReturnUrls": list(urls)}
        version = {"Type": "AWS::SSM::Parameter::Value<String>", "Default": f"/{name}/version"}
        resource = {"Type": "AWS::BedrockAgentCore::WorkloadIdentity", "Properties": properties}
        return json.dumps({"Parameters": {"Version": version}, "Resources": {"Agent": resource}})

    previous = [{"ParameterKey": "Version", "UsePreviousValue": True}]
    stacks.create_stack(StackName=name, TemplateBody=template())
    for number in range(2):
        stacks.create_change_set(
            StackName=name,
            ChangeSetName="deploy",
            ChangeSetType="UPDATE",
            TemplateBody=template(f"https://{number}.example.com"),
            Parameters=previous,
        )
        stacks.execute_change_set(StackName=name, ChangeSetName="deploy")
    found = local_aws.control.get_workload_identity(name=name)
    assert found["allowedResourceOauth2ReturnUrls"] == ["https://1.example.com"]


def test_change_sets_belong_to_stacks(local_aws: ControlPlane) -> None:
    """CDK gives those of all stacks one name."""
    stacks, names = local_aws.client("cloudformation"), [local_aws.unique("agents") for _ in range(2)]
    for name in names:
        resource = {"Type": "AWS::BedrockAgentCore::WorkloadIdentity", "Properties": {"Name": name}}
        template = json.dumps({"Resources": {"Agent": resource}})
        stacks.create_change_set(StackName=name, ChangeSetName="deploy", ChangeSetType="CREATE", TemplateBody=template)
    stacks.execute_change_set(StackName=names[1], ChangeSetName="deploy")
    assert local_aws.control.get_workload_identity(name=names[1])
    found = stacks.describe_change_set(StackName=names[0], ChangeSetName="deploy")
    assert (found["StackName"], found["ExecutionStatus"]) == (names[0], "AVAILABLE")
    stacks.delete_stack(StackName=names[0])
    with pytest.raises(ClientError, match="ChangeSetNotFound"):
        stacks.describe_change_set(StackName=names[0], ChangeSetName="deploy")


def test_change_sets_that_create_are_of_one_stack(local_aws: ControlPlane) -> None:
    """Whichever is executed creates it; a name is taken until then."""
    stacks, name = local_aws.client("cloudformation"), local_aws.unique("agents")

    def create(change_set: str, identity: str) -> dict[str, Any]:
        resource = {"Type": "AWS::BedrockAgentCore::WorkloadIdentity", "Properties": {"Name": identity}}
        body = json.dumps({"Resources": {"Agent": resource}})
        made = stacks.create_change_set(
            StackName=name, ChangeSetName=change_set, ChangeSetType="CREATE", TemplateBody=body
        )
        return dict(made)

    first, second = create("first", f"{name}-1"), create("second", f"{name}-2")
    assert first["StackId"] == second["StackId"]
    with pytest.raises(ClientError, match=r"ChangeSet \[second\] already exists"):
        create("second", f"{name}-3")
    stacks.execute_change_set(StackName=name, ChangeSetName="second")
    [stack] = stacks.describe_stacks(StackName=name)["Stacks"]
    assert (stack["StackId"], stack["StackStatus"]) == (first["StackId"], "CREATE_COMPLETE")
    assert local_aws.control.get_workload_identity(name=f"{name}-2")
    with pytest.raises(ClientError, match="cannot be created again"):
        create("third", f"{name}-3")
    stacks.delete_stack(StackName=name)
    with pytest.raises(ClientError, match="not found"):
        local_aws.control.get_workload_identity(name=f"{name}-2")


def test_a_template_is_read_from_a_bucket(local_aws: ControlPlane) -> None:
    """At the address that CDK gives it: the endpoint, the bucket, the key."""
    stacks, s3, name = local_aws.client("cloudformation"), local_aws.client("s3"), local_aws.unique("agents")
    resource = {"Type": "AWS::BedrockAgentCore::WorkloadIdentity", "Properties": {"Name": name}}
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=name, Key="a/shop.json", Body=json.dumps({"Resources": {"Agent": resource}}).encode())
    stacks.create_stack(StackName=name, TemplateURL=f"{local_aws.endpoint}/{name}/a/shop.json")
    assert local_aws.control.get_workload_identity(name=name)["name"] == name
    stacks.delete_stack(StackName=name)


def test_a_stack_waits_for_its_gateway(shop: Template) -> None:
    """A target is created once its gateway is READY, and a gateway deleted once its targets are gone."""
    aws = ControlPlane(ready_after={"gateway": 0.2, "target": 0.2}, monotonic=time.monotonic)
    try:
        stacks, name = aws.client("cloudformation"), aws.unique("shop")
        stacks.create_stack(StackName=name, TemplateBody=json.dumps(shop))
        gateway_id, _, target_id = physical_ids(aws, name)["GatewayTarget"].partition("|")
        target = aws.control.get_gateway_target(gatewayIdentifier=gateway_id, targetId=target_id)
        assert target["status"] == "READY"
        stacks.delete_stack(StackName=name)
        with pytest.raises(ClientError, match="ResourceNotFound"):
            aws.control.get_gateway(gatewayIdentifier=gateway_id)
    finally:
        aws.close()


def test_a_failure_names_the_resource_and_leaves_nothing(local_aws: ControlPlane, shop: Template) -> None:
    """An unknown property, a value that the service rejects, a type that local AWS does not have."""
    stacks = local_aws.client("cloudformation")
    names = [resource_of(shop, kind)["Name"] for kind in ("WorkloadIdentity", "Gateway")]

    def reason(change: dict[str, Any]) -> str:
        stack = local_aws.unique("shop")
        template = {**shop, "Resources": {**shop["Resources"], "Broken": change}}
        with pytest.raises(ClientError) as error:
            stacks.create_stack(StackName=stack, TemplateBody=json.dumps(template))
        assert error.value.response["Error"]["Code"] == "ValidationError"
        with pytest.raises(ClientError):
            stacks.describe_stacks(StackName=stack)
        return str(error.value)

    rule = {"Type": "AWS::BedrockAgentCore::GatewayRule", "Properties": {"Prority": 1}}
    assert "Resource Broken failed: Properties.Prority is not a property" in reason(rule)
    identity = {"Type": "AWS::BedrockAgentCore::WorkloadIdentity", "Properties": {"Name": "a b"}}
    assert "failed to satisfy constraint" in reason(identity)
    memory = {"Type": "AWS::BedrockAgentCore::Memory", "Properties": {"Name": "notes"}}
    assert "Local AWS does not create AWS::BedrockAgentCore::Memory. It creates AWS::BedrockAgentCore" in reason(memory)
    with pytest.raises(ClientError, match="not found"):
        local_aws.control.get_workload_identity(name=names[0])
    assert names[1] not in [it["name"] for it in local_aws.control.list_gateways(maxResults=1000)["items"]]


def test_a_change_that_replaces_is_refused(local_aws: ControlPlane) -> None:
    stacks, name = local_aws.client("cloudformation"), local_aws.unique("agents")

    def template(identity: str) -> str:
        properties = {"Name": identity, "Tags": [{"Key": "team", "Value": "desk"}]}
        resource = {"Type": "AWS::BedrockAgentCore::WorkloadIdentity", "Properties": properties}
        arn = {"Value": {"Fn::GetAtt": ["Agent", "WorkloadIdentityArn"]}}
        return json.dumps({"Resources": {"Agent": resource}, "Outputs": {"Arn": arn}})

    identity = local_aws.unique("agent")
    stacks.create_stack(StackName=name, TemplateBody=template(identity))
    arn = stacks.describe_stacks(StackName=name)["Stacks"][0]["Outputs"][0]["OutputValue"]
    assert local_aws.control.list_tags_for_resource(resourceArn=arn)["tags"] == {"team": "desk"}
    with pytest.raises(ClientError, match="A change of name replaces the resource"):
        stacks.update_stack(StackName=name, TemplateBody=template(local_aws.unique("agent")))
    stacks.delete_stack(StackName=name)


def test_names_and_attributes_are_those_of_templates(local_aws: ControlPlane) -> None:
    """OAuth2 in another case than in the API; attributes that lead into structures."""
    stacks, name = local_aws.client("cloudformation"), local_aws.unique("logins")
    config = {"ClientId": "id", "ClientSecret": "s3cret"}
    properties = {
        "Name": name,
        "CredentialProviderVendor": "GithubOauth2",
        "Oauth2ProviderConfigInput": {"GithubOauth2ProviderConfig": config},
    }
    template = {
        "Resources": {"Login": {"Type": "AWS::BedrockAgentCore::OAuth2CredentialProvider", "Properties": properties}},
        "Outputs": {
            "Secret": {"Value": {"Fn::GetAtt": ["Login", "ClientSecretArn.SecretArn"]}},
            "Arn": {"Value": {"Ref": "Login"}},
        },
    }
    stacks.create_stack(StackName=name, TemplateBody=json.dumps(template))
    found = stacks.describe_stacks(StackName=name)["Stacks"][0]["Outputs"]
    outputs = {it["OutputKey"]: it["OutputValue"] for it in found}
    provider = local_aws.control.get_oauth2_credential_provider(name=name)
    assert outputs == {"Secret": provider["clientSecretArn"]["secretArn"], "Arn": provider["credentialProviderArn"]}
    stacks.delete_stack(StackName=name)

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

ROLE = [{"credentialProviderType": "GATEWAY_IAM_ROLE"}]
IAM = [
    {
        "credentialProviderType": "GATEWAY_IAM_ROLE",
        "credentialProvider": {"iamCredentialProvider": {"service": "execute-api"}},
    }
]
JWT = [{"credentialProviderType": "JWT_PASSTHROUGH"}]
CALLER = [{"credentialProviderType": "CALLER_IAM_CREDENTIALS"}]
SERVER = {"mcp": {"mcpServer": {"endpoint": "https://tools.example.com/mcp"}}}
RUNTIME = {
    "http": {"agentcoreRuntime": {"arn": "arn:aws:bedrock-agentcore:us-west-2:123456789012:runtime/shop-abcdefghij"}}
}
OPENAPI = {
    "openapi": "3.0.3",
    "info": {"title": "Pets", "version": "1"},
    "servers": [{"url": "https://pets.example.com"}],
    "paths": {"/pets": {"get": {"operationId": "listPets", "responses": {"200": {"description": "ok"}}}}},
}


@pytest.fixture(scope="module")
def gateway_id(local_aws: Any) -> str:
    found: str = local_aws.gateway()["gatewayId"]
    return found


def create(local_aws: Any, gateway_id: str, configuration: Any, credentials: Any = None) -> dict[str, Any]:
    given = local_aws.lambda_target(gateway_id, targetConfiguration=configuration)
    given["credentialProviderConfigurations"] = credentials
    made: dict[str, Any] = local_aws.control.create_gateway_target(
        **{name: value for name, value in given.items() if value is not None}
    )
    return made


def lambda_with(local_aws: Any, tools: Any) -> dict[str, Any]:
    schema = tools if isinstance(tools, dict) else {"inlinePayload": tools}
    return {"mcp": {"lambda": {"lambdaArn": local_aws.function(), "toolSchema": schema}}}


def openapi(**changes: Any) -> dict[str, Any]:
    return {"mcp": {"openApiSchema": {"inlinePayload": json.dumps({**OPENAPI, **changes})}}}


def test_states_follow_the_clock(slow_aws: Any) -> None:
    """No target before its gateway is READY; then CREATING, READY, DELETING, gone."""
    control, gateway_id = slow_aws.control, slow_aws.gateway()["gatewayId"]
    asked = slow_aws.lambda_target(gateway_id)
    with pytest.raises(control.exceptions.ValidationException, match="CREATING"):
        control.create_gateway_target(**asked)
    slow_aws.now += 5
    target = control.create_gateway_target(**asked)
    assert re.fullmatch("[0-9a-zA-Z]{10}", target["targetId"])
    named = {"gatewayIdentifier": gateway_id, "targetId": target["targetId"]}
    assert control.get_gateway_target(**named)["status"] == "CREATING"
    with pytest.raises(control.exceptions.ConflictException):
        control.delete_gateway_target(**named)
    slow_aws.now += 2
    assert control.get_gateway_target(**named)["status"] == "READY"
    assert control.delete_gateway_target(**named)["status"] == "DELETING"
    slow_aws.now += 2
    with pytest.raises(control.exceptions.ResourceNotFoundException):
        control.get_gateway_target(**named)


def test_a_client_token_makes_one_target(local_aws: Any, gateway_id: str) -> None:
    asked = local_aws.lambda_target(gateway_id, clientToken="k" * 40)
    first = local_aws.control.create_gateway_target(**asked)
    assert local_aws.control.create_gateway_target(**asked)["targetId"] == first["targetId"]


def test_a_name_is_taken_once_in_a_gateway(local_aws: Any, gateway_id: str) -> None:
    asked = local_aws.lambda_target(gateway_id)
    local_aws.control.create_gateway_target(**asked)
    with pytest.raises(local_aws.control.exceptions.ConflictException):
        local_aws.control.create_gateway_target(**asked)
    elsewhere = local_aws.gateway()["gatewayId"]
    local_aws.control.create_gateway_target(**{**asked, "gatewayIdentifier": elsewhere})


def test_a_name_is_optional_and_can_change(local_aws: Any, gateway_id: str) -> None:
    asked = local_aws.lambda_target(gateway_id, description="Orders")
    del asked["name"]
    target = local_aws.control.create_gateway_target(**asked)
    assert target["name"]
    del asked["description"]
    updated = local_aws.control.update_gateway_target(**asked, targetId=target["targetId"], name="renamed")
    assert (updated["name"], "description" in updated) == ("renamed", False)


def test_the_kind_of_a_target_stays(local_aws: Any, gateway_id: str) -> None:
    target = create(local_aws, gateway_id, SERVER)
    with pytest.raises(ClientError, match="kind of a target cannot be updated"):
        local_aws.control.update_gateway_target(
            gatewayIdentifier=gateway_id, targetId=target["targetId"], targetConfiguration=openapi()
        )


def test_the_function_must_exist(local_aws: Any, gateway_id: str) -> None:
    arn = local_aws.function() + "-gone"
    for found in (arn, local_aws.function() + ":no-such-alias"):
        configuration = {"mcp": {"lambda": {"lambdaArn": found, "toolSchema": {"inlinePayload": []}}}}
        configuration["mcp"]["lambda"]["toolSchema"] = lambda_with(local_aws, tool())["mcp"]["lambda"]["toolSchema"]
        with pytest.raises(ClientError, match="does not exist or cannot be invoked"):
            create(local_aws, gateway_id, configuration, ROLE)


def test_the_role_must_be_allowed_to_invoke_the_function(local_aws: Any) -> None:
    """A Deny beats an Allow; wildcards match."""
    role = local_aws.role()
    gateway_id = local_aws.gateway(roleArn=role)["gatewayId"]
    configuration = lambda_with(local_aws, tool())
    local_aws.allow(role, "lambda:Invoke*", local_aws.function()[:-1] + "?", effect="Deny")
    with pytest.raises(ClientError, match="Gateway execution role lacks permission to perform lambda:InvokeFunction"):
        create(local_aws, gateway_id, configuration, ROLE)
    iam, name = local_aws.client("iam"), role.rpartition("/")[2]
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    with pytest.raises(ClientError, match="lacks permission"):
        create(local_aws, gateway_id, configuration, ROLE)
    iam.attach_role_policy(RoleName=name, PolicyArn="arn:aws:iam::aws:policy/service-role/AWSLambdaRole")
    assert create(local_aws, gateway_id, configuration, ROLE)["targetId"]


def test_a_schema_in_s3_is_read_when_the_target_is_made(local_aws: Any, gateway_id: str) -> None:
    s3, bucket = local_aws.client("s3"), local_aws.unique("schemas")
    schema = {"s3": {"uri": f"s3://{bucket}/tools/orders.json"}}
    with pytest.raises(ClientError, match="Failed to read schema"):
        create(local_aws, gateway_id, lambda_with(local_aws, schema), ROLE)
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    with pytest.raises(ClientError, match="there is no such object"):
        create(local_aws, gateway_id, lambda_with(local_aws, schema), ROLE)
    broken = json.dumps([{"name": "x", "description": "d", "inputSchema": {"type": "object", "enum": []}}])
    for body, message in (("{", "not JSON"), (broken, "'toolSchema\\[0\\].inputSchema.enum'")):
        s3.put_object(Bucket=bucket, Key="tools/orders.json", Body=body)
        with pytest.raises(ClientError, match=message):
            create(local_aws, gateway_id, lambda_with(local_aws, schema), ROLE)
    s3.put_object(Bucket=bucket, Key="tools/orders.json", Body=json.dumps(tool()))
    assert create(local_aws, gateway_id, lambda_with(local_aws, schema), ROLE)["targetId"]
    schema["s3"]["bucketOwnerAccountId"] = "999999999999"
    with pytest.raises(ClientError, match="does not belong to 999999999999"):
        create(local_aws, gateway_id, lambda_with(local_aws, schema), ROLE)


def tool(name: str = "find", kind: str = "object") -> list[dict[str, Any]]:
    return [{"name": name, "description": "d", "inputSchema": {"type": kind}}]


@pytest.mark.parametrize(
    ("tools", "message"),
    [
        ([], "at least one tool"),
        (tool() + tool(), "Tool name find is used 2 times"),
        (tool("x" * 250), "longer than 256"),
        (tool("find", "string"), "inputSchema of tool find must be of type object at the top, not string"),
        (tool("") + tool("find", "array"), "2 validation errors detected"),
        ([{**tool()[0], "description": "d" * 1024 * 1024}], "put the schema into S3"),
    ],
)
def test_tool_schemas_obey_the_guide(local_aws: Any, gateway_id: str, tools: Any, message: str) -> None:
    with pytest.raises(ClientError, match=message):
        create(local_aws, gateway_id, lambda_with(local_aws, tools), ROLE)


@pytest.mark.parametrize(
    ("configuration", "credentials", "message"),
    [
        ("lambda", None, "mcp.lambda targets do not support no authorization"),
        ("lambda", JWT, "mcp.lambda targets do not support JWT_PASSTHROUGH"),
        ("lambda", IAM, "must not have credentialProvider.iamCredentialProvider"),
        (SERVER, ROLE, "need credentialProvider.iamCredentialProvider.service"),
        (openapi(), ROLE, "need credentialProvider.iamCredentialProvider.service"),
        (SERVER, [{"credentialProviderType": "API_KEY"}], "credentialProvider.apiKeyCredentialProvider is required"),
        (
            SERVER,
            [{"credentialProviderType": "OAUTH", "credentialProvider": IAM[0]["credentialProvider"]}],
            "iamCredentialProvider does not go with credentialProviderType OAUTH",
        ),
        (RUNTIME, CALLER, "needs a gateway with authorizerType AWS_IAM or AUTHENTICATE_ONLY"),
        (RUNTIME, ROLE, "http.agentcoreRuntime targets need a gateway without protocolType"),
        (
            SERVER,
            [
                {
                    "credentialProviderType": "API_KEY",
                    "credentialProvider": {
                        "apiKeyCredentialProvider": {
                            "providerArn": "arn:aws:bedrock-agentcore:us-west-2:123456789012:token-vault/default/"
                            "apikeycredentialprovider/nobody"
                        }
                    },
                }
            ],
            "apikeycredentialprovider/nobody does not exist",
        ),
    ],
)
def test_outbound_authorization_fits_the_target(
    local_aws: Any, gateway_id: str, configuration: Any, credentials: Any, message: str
) -> None:
    if configuration == "lambda":
        configuration = lambda_with(local_aws, tool())
    with pytest.raises(ClientError, match=message) as error:
        create(local_aws, gateway_id, configuration, credentials)
    assert error.value.response["Error"]["Code"] == "ValidationException"


def test_fitting_authorization_is_accepted(local_aws: Any, gateway_id: str) -> None:
    plain = local_aws.gateway(protocolType=None, authorizerType="AWS_IAM")["gatewayId"]
    for gateway, configuration, credentials in (
        (gateway_id, SERVER, None),
        (gateway_id, SERVER, IAM),
        (gateway_id, openapi(), None),
        (plain, RUNTIME, CALLER),
        (plain, RUNTIME, JWT),
    ):
        assert create(local_aws, gateway, configuration, credentials)["targetId"]


def test_dynamic_listing_does_not_go_with_semantic_search(local_aws: Any) -> None:
    gateway_id = local_aws.gateway(protocolConfiguration={"mcp": {"searchType": "SEMANTIC"}})["gatewayId"]
    server = {"mcp": {"mcpServer": {**SERVER["mcp"]["mcpServer"], "listingMode": "DYNAMIC"}}}
    with pytest.raises(ClientError, match="DYNAMIC is not supported on a gateway with semantic search"):
        create(local_aws, gateway_id, server)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"openapi": None, "swagger": "2.0"}, "version 3.0 or 3.1"),
        ({"servers": []}, "server with an absolute URL"),
        ({"servers": [{"url": "/v1"}]}, "must be absolute"),
        ({"servers": [{"url": "https://{host}/v1"}]}, "templated host"),
        ({"security": [{"key": []}]}, "must not have security"),
        ({"paths": {"/pets": {"get": {"responses": {}}}}}, "operationId is missing in GET /pets"),
        (
            {
                "paths": {
                    "/pets": {
                        "post": {
                            "operationId": "addPet",
                            "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/x"}}}},
                        }
                    }
                },
                "components": {"x": {"properties": {"kind": {"oneOf": []}}}},
            },
            "oneOf is not supported in the input of POST /pets",
        ),
    ],
)
def test_openapi_documents_obey_the_guide(
    local_aws: Any, gateway_id: str, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ClientError, match=message):
        create(local_aws, gateway_id, openapi(**changes))


def test_a_property_may_be_named_like_a_keyword(local_aws: Any, gateway_id: str) -> None:
    schema = {"type": "object", "properties": {"oneOf": {"type": "string"}}}
    body = {"content": {"application/json": {"schema": schema}}}
    paths = {"/pets": {"post": {"operationId": "addPet", "requestBody": body}}}
    assert create(local_aws, gateway_id, openapi(paths=paths))["targetId"]


def test_only_servers_without_a_static_schema_are_synchronized(local_aws: Any, gateway_id: str) -> None:
    control = local_aws.control
    server = create(local_aws, gateway_id, SERVER)["targetId"]
    answer = control.synchronize_gateway_targets(gatewayIdentifier=gateway_id, targetIdList=[server])
    assert answer["targets"][0]["status"] == "SYNCHRONIZING"
    after = control.get_gateway_target(gatewayIdentifier=gateway_id, targetId=server)
    assert (after["status"], "lastSynchronizedAt" in after) == ("READY", True)
    static = {"mcp": {"mcpServer": {**SERVER["mcp"]["mcpServer"], "mcpToolSchema": {"inlinePayload": "[]"}}}}
    for configuration, credentials in ((static, None), (lambda_with(local_aws, tool()), ROLE)):
        target = create(local_aws, gateway_id, configuration, credentials)["targetId"]
        with pytest.raises(control.exceptions.ValidationException):
            control.synchronize_gateway_targets(gatewayIdentifier=gateway_id, targetIdList=[target])


def test_a_gateway_has_at_most_a_hundred_targets(local_aws: Any) -> None:
    gateway_id = local_aws.gateway()["gatewayId"]
    for _ in range(100):
        create(local_aws, gateway_id, SERVER)
    with pytest.raises(local_aws.control.exceptions.ServiceQuotaExceededException):
        create(local_aws, gateway_id, SERVER)
    pages = local_aws.control.get_paginator("list_gateway_targets").paginate(
        gatewayIdentifier=gateway_id, PaginationConfig={"PageSize": 30}
    )
    items = [item for page in pages for item in page["items"]]
    assert len({item["targetId"] for item in items}) == 100
    assert items[0]["targetType"] == "MCP_SERVER"

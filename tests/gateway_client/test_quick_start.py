"""The quick start's code as it stands, but for the import and the placeholder names."""

from __future__ import annotations

import asyncio
import json
import warnings
from typing import Any

import httpx2
import pytest

from agentcore_provider import GatewayClient, errors, target_kinds
from agentcore_provider.gateway_client import target_source
from tests.support.world import World

EZ_AUTH_AND_GATEWAY = """
cognito_result = client.create_oauth_authorizer_with_cognito("my-gateway")

# Create Gateway with Lambda target
gateway = client.create_gateway(
    name="my-gateway",
    roleArn=ROLE,
    protocolType="MCP",
    authorizerType="CUSTOM_JWT",
    authorizerConfiguration={
        "customJWTAuthorizer" : {
            "allowedClients" : [ cognito_result["client_info"]["client_id"] ],
            "discoveryUrl" : cognito_result["authorizer_config"]["customJWTAuthorizer"]["discoveryUrl"]
        }
    }
)
print(f"MCP Endpoint: {gateway.get_mcp_url()}")
print(f"OAuth Credentials:")
print(f"  Client ID: {cognito_result['client_info']['client_id']}")
print(f"  Client Secret: {cognito_result['client_info']['client_secret']}")
print(f"  Scope: {cognito_result['client_info']['scope']}")
"""

SEARCHABLE = """
again = client.create_gateway(
    name="my-gateway",
    roleArn=ROLE,
    protocolType="MCP",
    authorizerType="CUSTOM_JWT",
    authorizerConfiguration=cognito_result["authorizer_config"],
    # Enable semantic search (default: True)
    protocolConfiguration={
        "mcp" : {"searchType" : "SEMANTIC"}
    }
)
"""

LAMBDA = """
lambda_target = client.create_gateway_target(
    name="my-gateway",
    gatewayIdentifier=gateway.id,
    description="description",
    credentialProviderConfigurations= [{
      "credentialProviderType": "GATEWAY_IAM_ROLE"
    }],
    targetConfiguration= {
      "mcp": {
        "lambda": {
          "lambdaArn": FUNCTION,
          "toolSchema": {
              "s3": {
                  "uri": "s3://mybucket/spec.json",
                  "bucketOwnerAccountId": "123456789012"
              }
          }
        }
      }
    }
)
"""

OPEN_API = """
openAPI_target = client.create_gateway_target(
    name="my-api",
    gatewayIdentifier=gateway.id,
    description="description",
    credentialProviderConfigurations= [{
      "credentialProviderType": "GATEWAY_IAM_ROLE"
    }],
    targetConfiguration= {
      "mcp": {
        "openApiSchema": {
          "s3": "s3://mybucket/openapi.json"
        }
      }
    }
)
"""

MCP = """
token = client.get_access_token_for_cognito(cognito_result['client_info'])

async def main():
    # List tools
    async with httpx.AsyncClient() as http:
        response = await http.post(
            gateway.get_mcp_url(),
            headers={"Authorization": f"Bearer {token}"},
            json={
                "jsonrpc": "2.0",
                "id": 1,
                "method": "tools/list",
                "params": {}
            }
        )
        tools = response.json()

        # Invoke a tool
        response = await http.post(
            gateway.get_mcp_url(),
            headers={"Authorization": f"Bearer {token}"},
            json={
                "jsonrpc": "2.0",
                "id": 2,
                "method": "tools/call",
                "params": {
                    "name": "my-gateway___find_order",
                    "arguments": {"id": "A-1"}
                }
            }
        )
        return tools, response.json()

tools, called = asyncio.run(main())
"""

OPENAPI_SPEC = {
    "openapi": "3.0.0",
    "info": {"title": "My API", "version": "1.0.0"},
    "servers": [{"url": "https://api.example.com"}],
    "paths": {
        "/users": {"get": {"operationId": "listUsers", "responses": {"200": {"description": "Success"}}}},
    },
}


@pytest.fixture(scope="module")
def run(_world: World) -> Any:
    """Runs pieces of the quick start one after the other, as cells of a notebook."""
    s3 = _world.client("s3")
    s3.create_bucket(Bucket="mybucket", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    tools = [{"name": "find_order", "description": "Find", "inputSchema": {"type": "object", "properties": {}}}]
    s3.put_object(Bucket="mybucket", Key="spec.json", Body=json.dumps(tools))
    s3.put_object(Bucket="mybucket", Key="openapi.json", Body=json.dumps(OPENAPI_SPEC))
    names: dict[str, Any] = {
        "client": GatewayClient(region_name="us-west-2", endpoint_url=_world.endpoint),
        "httpx": httpx2,
        "asyncio": asyncio,
        "ROLE": _world.role_arn,
        "FUNCTION": _world.function_arn,
    }

    def run(*pieces: str) -> dict[str, Any]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for piece in pieces:
                exec(piece, names)
        return names

    return run


def test_the_whole_quick_start_runs(run: Any, capsys: pytest.CaptureFixture[str]) -> None:
    names = run(EZ_AUTH_AND_GATEWAY, SEARCHABLE, LAMBDA, OPEN_API, MCP)
    gateway, info = names["gateway"], names["cognito_result"]["client_info"]
    assert set(info) == {"client_id", "client_secret", "user_pool_id", "token_endpoint", "scope", "domain_prefix"}
    assert f"MCP Endpoint: {gateway.get_mcp_url()}" in capsys.readouterr().out
    assert gateway.get_mcp_url().endswith("/mcp")
    assert names["again"].id == gateway.id == gateway["gatewayId"]
    assert {tool["name"] for tool in names["tools"]["result"]["tools"]} == {
        "x_amz_bedrock_agentcore_search",
        "my-gateway___find_order",
        "my-api___listUsers",
    }
    assert json.loads(names["called"]["result"]["content"][0]["text"]) == {"id": "A-1"}
    # Every piece again: nothing new is made.
    run(EZ_AUTH_AND_GATEWAY, SEARCHABLE, LAMBDA, OPEN_API)
    assert names["gateway"].id == gateway.id
    assert len(gateway.targets()) == 2
    assert len(names["client"].get_test_token_for_cognito(info)) > 100


def test_a_uri_that_is_not_written_well_is_answered_with_the_corrected_text(run: Any) -> None:
    run(EZ_AUTH_AND_GATEWAY)
    for piece in (LAMBDA, OPEN_API):
        with pytest.raises(errors.InvalidInput, match=r"Write 's3://mybucket/\w+.json'"):
            run(piece.replace("s3://", "s3>//"))


def test_a_role_that_signs_for_nothing_is_left_out_with_a_warning(run: Any) -> None:
    names = run(EZ_AUTH_AND_GATEWAY)
    with pytest.warns(UserWarning, match="called without credentials"):
        exec(OPEN_API, names)


def test_setup_gateway_makes_sign_in_gateway_and_target_at_once(client: GatewayClient, world: World, name: str) -> None:
    gateway = client.setup_gateway(name, world.function_arn, world.role_arn.rpartition("/")[2])
    assert gateway.status == "READY"
    assert gateway.client_info is not None
    (target,) = gateway.targets()
    assert (target.name, target.status) == (f"{name}-target", "READY")
    assert client.get_access_token_for_cognito(gateway.client_info)
    client.cleanup_gateway(gateway, gateway.client_info)
    assert client.find_gateway(name) is None
    pools = world.client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]
    assert name not in [pool["Name"] for pool in pools]


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("arn:aws:lambda:us-west-2:123456789012:function:MyFunction", "lambda"),
        ("arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:f:prod", "lambda"),
        ("s3://bucket/openapi.yaml", "openApiSchema"),
        ("s3://bucket/dynamodb.smithy.json", "smithyModel"),
        ("s3://bucket/smithy-model.json", "smithyModel"),
        ("https://mcp.example.com/mcp", "mcpServer"),
    ],
)
def test_the_form_of_a_source_is_its_kind_of_target(source: str, kind: str) -> None:
    assert target_kinds.kind_of(source).name == kind


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("arn:aws:iam::123456789012:role/R", "not the ARN of a Lambda function"),
        ("s3>//bucket/spec.json", "Write 's3://bucket/spec.json'"),
        ("s3:/bucket/spec.json", "Write 's3://bucket/spec.json'"),
        ("model.smithy", "smithy ast model.smithy"),
        ("MyFunction", "does not show which kind of target it is"),
        ("nowhere.json", "no such file"),
        ("https://api.example.com/openapi.json", "address of a file, which AWS does not fetch"),
    ],
)
def test_a_source_without_a_kind_is_refused_with_the_cure(source: str, message: str) -> None:
    with pytest.raises(errors.InvalidInput, match=message):
        target_source.configuration(source)

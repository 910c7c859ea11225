from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.control_plane import ControlPlane

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
DOCUMENT = {
    "openapi": "3.0.3",
    "info": {"title": "Pets", "version": "1"},
    "servers": [{"url": "https://pets.example.com"}],
    "paths": {"/pets": {"get": {"operationId": "listPets", "responses": {"200": {"description": "ok"}}}}},
}
OPENAPI = {"mcp": {"openApiSchema": {"inlinePayload": json.dumps(DOCUMENT)}}}


@pytest.mark.parametrize(
    ("configuration", "credentials", "message"),
    [
        ("lambda", None, "Credential provider configurations is not defined"),
        ("lambda", JWT, "mcp.lambda targets do not support JWT_PASSTHROUGH"),
        ("lambda", IAM, "Only MCP Server, OpenAPI, and Passthrough targets can configure IamCredentialProvider"),
        (SERVER, ROLE, "IamCredentialProvider is required for mcpServer targets using IAM authentication"),
        (OPENAPI, ROLE, "IamCredentialProvider is required for openApiSchema targets using IAM authentication"),
        (SERVER, [{"credentialProviderType": "API_KEY"}], "credentialProvider.apiKeyCredentialProvider is required"),
        (
            SERVER,
            [{"credentialProviderType": "OAUTH", "credentialProvider": IAM[0]["credentialProvider"]}],
            "iamCredentialProvider cannot be combined with credentialProviderType OAUTH",
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
    local_aws: ControlPlane, gateway_id: str, configuration: Any, credentials: Any, message: str
) -> None:
    if configuration == "lambda":
        configuration = local_aws.lambda_configuration()
    with pytest.raises(ClientError, match=message) as error:
        local_aws.create_target(gateway_id, configuration, credentials)
    assert error.value.response["Error"]["Code"] == "ValidationException"


@pytest.mark.parametrize("authorizer", ["AWS_IAM", "NONE"])
def test_a_users_sign_in_needs_callers_with_tokens(local_aws: ControlPlane, authorizer: str) -> None:
    """E11 (public transcripts of 2026-07 and 2026-08)."""
    provider = local_aws.control.create_oauth2_credential_provider(
        name=local_aws.unique("oauth"),
        credentialProviderVendor="GithubOauth2",
        oauth2ProviderConfigInput={"githubOauth2ProviderConfig": {"clientId": "agent", "clientSecret": "s"}},
    )
    oauth = {
        "providerArn": provider["credentialProviderArn"],
        "scopes": [],
        "grantType": "AUTHORIZATION_CODE",
        "defaultReturnUrl": "https://desk.example.com",
    }
    credentials = [{"credentialProviderType": "OAUTH", "credentialProvider": {"oauthCredentialProvider": oauth}}]
    gateway_id = local_aws.gateway(authorizerType=authorizer)["gatewayId"]
    refused = f"3LO Auth is not supported when gateway authorizer type is {authorizer}"
    with pytest.raises(ClientError, match=refused):
        local_aws.create_target(gateway_id, OPENAPI, credentials)


def test_fitting_authorization_is_accepted(local_aws: ControlPlane, gateway_id: str) -> None:
    plain = local_aws.gateway(protocolType=None, authorizerType="AWS_IAM")["gatewayId"]
    for gateway, configuration, credentials in (
        (gateway_id, SERVER, None),
        (gateway_id, SERVER, IAM),
        (gateway_id, OPENAPI, None),
        (plain, RUNTIME, CALLER),
        (plain, RUNTIME, JWT),
    ):
        assert local_aws.create_target(gateway, configuration, credentials)["targetId"]


def test_dynamic_listing_does_not_go_with_semantic_search(local_aws: ControlPlane) -> None:
    gateway_id = local_aws.gateway(protocolConfiguration={"mcp": {"searchType": "SEMANTIC"}})["gatewayId"]
    server = {"mcp": {"mcpServer": {**SERVER["mcp"]["mcpServer"], "listingMode": "DYNAMIC"}}}
    with pytest.raises(ClientError, match="DYNAMIC is not supported on a gateway with semantic search"):
        local_aws.create_target(gateway_id, server)

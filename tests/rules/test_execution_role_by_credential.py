"""Every kind of target with every credential it takes: the role holds what both need, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agentcore_provider import credential_kinds, target_kinds
from agentcore_provider.rules import execution_role

PLACE = {"partition": "aws", "region": "us-west-2", "account_id": "123456789012"}
_AGENTCORE = "arn:aws:bedrock-agentcore:us-west-2:123456789012"
DIRECTORY = f"{_AGENTCORE}:workload-identity-directory/default"
VAULT = f"{_AGENTCORE}:token-vault/default"
SECRET = "arn:aws:secretsmanager:us-west-2:123456789012:secret"
FUNCTION = "arn:aws:lambda:us-west-2:123456789012:function:orders"
RUNTIME = f"{_AGENTCORE}:runtime/agent-0123456789"
API = "https://abc.execute-api.us-west-2.amazonaws.com/prod"
INVOKE_API = ("execute-api:Invoke", "arn:aws:execute-api:us-west-2:123456789012:abc/prod/*")
OPENAPI = json.dumps({"openapi": "3.0.3", "servers": [{"url": API}, {"url": "https://{tenant}.example.com"}]})
SMITHY = json.dumps(
    {
        "smithy": "2.0",
        "shapes": {
            "a#Tables": {
                "type": "service",
                "operations": [{"target": "a#PutItem"}],
                "traits": {"aws.auth#sigv4": {"name": "dynamodb"}},
            },
            "a#PutItem": {"type": "operation"},
        },
    }
)
CONNECTOR = {"source": {"connectorId": "web-search"}}

Needs = set[tuple[str, str]]

# kind of target: its document, and what the gateway's own role needs to reach it
TARGETS: dict[str, tuple[dict[str, Any], Needs]] = {
    "lambda": ({"mcp": {"lambda": {"lambdaArn": FUNCTION}}}, {("lambda:InvokeFunction", FUNCTION)}),
    "openApiSchema": ({"mcp": {"openApiSchema": {"inlinePayload": OPENAPI}}}, {INVOKE_API}),
    "smithyModel": ({"mcp": {"smithyModel": {"inlinePayload": SMITHY}}}, {("dynamodb:PutItem", "*")}),
    "mcpServer": ({"mcp": {"mcpServer": {"endpoint": f"{API}/mcp"}}}, {INVOKE_API}),
    "apiGateway": (
        {
            "mcp": {
                "apiGateway": {
                    "restApiId": "abc",
                    "stage": "prod",
                    "apiGatewayToolConfiguration": {"toolFilters": [{"filterPath": "/pets/{id}", "methods": ["GET"]}]},
                }
            }
        },
        {("execute-api:Invoke", "arn:aws:execute-api:us-west-2:123456789012:abc/prod/GET/pets/*")},
    ),
    "connector": (
        {"mcp": {"connector": CONNECTOR}},
        {
            ("bedrock-agentcore:InvokeGateway", f"{_AGENTCORE}:gateway/shop-*"),
            ("bedrock-agentcore:InvokeWebSearch", "arn:aws:bedrock-agentcore:us-west-2:aws:tool/web-search.v1"),
        },
    ),
    "agentcoreRuntime": (
        {"http": {"agentcoreRuntime": {"arn": RUNTIME}}},
        {
            ("bedrock-agentcore:InvokeAgentRuntime", RUNTIME),
            ("bedrock-agentcore:InvokeAgentRuntime", f"{RUNTIME}/runtime-endpoint/*"),
            ("bedrock-agentcore:GetAgentCard", RUNTIME),
            ("bedrock-agentcore:GetAgentCard", f"{RUNTIME}/runtime-endpoint/*"),
        },
    ),
    "passthrough": ({"http": {"passthrough": {"endpoint": API, "protocolType": "CUSTOM"}}}, {INVOKE_API}),
    "http.connector": ({"http": {"connector": CONNECTOR}}, set()),
    "inference.connector": ({"inference": {"connector": CONNECTOR}}, set()),
    "provider": ({"inference": {"provider": {"endpoint": API}}}, {INVOKE_API}),
}


def _from_vault(action: str, kind: str, folder: str) -> Needs:
    actions = ("GetWorkloadAccessToken", "GetResourceApiKey", "GetResourceOauth2Token")
    asked = (DIRECTORY, f"{DIRECTORY}/workload-identity/shop-*", VAULT)
    return {
        *((f"bedrock-agentcore:{name}", resource) for name in actions for resource in asked),
        (action, f"{VAULT}/{kind}/weather"),
        ("secretsmanager:GetSecretValue", f"{SECRET}:bedrock-agentcore-identity!default/{folder}/weather-*"),
    }


_KEY = _from_vault("bedrock-agentcore:GetResourceApiKey", "apikeycredentialprovider", "apikey")
_TOKEN = _from_vault("bedrock-agentcore:GetResourceOauth2Token", "oauth2credentialprovider", "oauth2")


def _oauth(grant: str | None) -> list[dict[str, Any]]:
    used = {"providerArn": f"{VAULT}/oauth2credentialprovider/weather", "scopes": [], "grantType": grant}
    oauth = {"oauthCredentialProvider": {name: value for name, value in used.items() if value is not None}}
    return [{"credentialProviderType": "OAUTH", "credentialProvider": oauth}]


_FOR_THE_CALLER = {
    ("bedrock-agentcore:GetWorkloadAccessTokenForJWT", resource)
    for action, resource in _TOKEN
    if action == "bedrock-agentcore:GetWorkloadAccessToken"
}
_KEY_USED = {"apiKeyCredentialProvider": {"providerArn": f"{VAULT}/apikeycredentialprovider/weather"}}

# means of authorization: AWS's documents, and what the role needs to get the credential
CREDENTIALS: dict[credential_kinds.AuthMethod, tuple[list[dict[str, Any]], Needs]] = {
    "none": ([], set()),
    "gateway role": ([{"credentialProviderType": "GATEWAY_IAM_ROLE"}], set()),
    "caller IAM credentials": ([{"credentialProviderType": "CALLER_IAM_CREDENTIALS"}], set()),
    "JWT passthrough": ([{"credentialProviderType": "JWT_PASSTHROUGH"}], set()),
    "API key": ([{"credentialProviderType": "API_KEY", "credentialProvider": _KEY_USED}], _KEY),
    "OAuth client credentials": (_oauth(None), _TOKEN),
    "OAuth authorization code": (_oauth("AUTHORIZATION_CODE"), _TOKEN | _FOR_THE_CALLER),
    "OAuth token exchange": (_oauth("TOKEN_EXCHANGE"), _TOKEN | _FOR_THE_CALLER),
}


def _needs(statements: list[dict[str, Any]]) -> Needs:
    """Each action on each resource."""
    assert all(it["Effect"] == "Allow" for it in statements)
    return {
        (action, resource)
        for it in statements
        for action in ([it["Action"]] if isinstance(it["Action"], str) else it["Action"])
        for resource in ([it["Resource"]] if isinstance(it["Resource"], str) else it["Resource"])
    }


def test_the_tables_here_have_every_kind_and_every_means() -> None:
    assert TARGETS.keys() == target_kinds.BY_NAME.keys()
    taken = {method for kind in target_kinds.KINDS for method in (*kind.outbound.supported, *kind.outbound.doubtful)}
    assert CREDENTIALS.keys() == taken


TOGETHER = [
    (kind, means)
    for kind in sorted(TARGETS)
    for means in sorted(CREDENTIALS)
    if target_kinds.BY_NAME[kind].outbound.verdict(means) != "no"
]


@pytest.mark.parametrize(("kind", "means"), TOGETHER)
def test_the_role_holds_what_target_and_credential_need(kind: str, means: credential_kinds.AuthMethod) -> None:
    target, by_role = TARGETS[kind]
    documents, by_credential = CREDENTIALS[means]
    found = execution_role.statements(target, documents, **PLACE, gateway_name="Shop")
    assert _needs(found) == (by_role if means == "gateway role" else set()) | by_credential


@pytest.mark.parametrize(
    ("secret_id", "arn"),
    [
        ("own/key", f"{SECRET}:own/key-*"),
        (f"{SECRET}:own/key-AbCdEf", f"{SECRET}:own/key-AbCdEf"),
    ],
)
def test_a_secret_of_ones_own_is_read_instead_of_the_vaults(secret_id: str, arn: str) -> None:
    target, _ = TARGETS["openApiSchema"]
    found = execution_role.statements(
        target, CREDENTIALS["API key"][0], **PLACE, gateway_name="Shop", secret_id=secret_id
    )
    secrets = {resource for action, resource in _needs(found) if action == "secretsmanager:GetSecretValue"}
    assert secrets == {arn}


def test_a_policy_engine_is_asked_by_this_gateway_alone() -> None:
    engine = f"{_AGENTCORE}:policy-engine/rules-0123456789"
    found = execution_role.policy_engine_statements({"arn": engine, "mode": "ENFORCE"}, **PLACE, gateway_name="Shop")
    actions = ("bedrock-agentcore:AuthorizeAction", "bedrock-agentcore:PartiallyAuthorizeActions")
    gateways = f"{_AGENTCORE}:gateway/shop-*"
    asked = {(action, resource) for action in actions for resource in (engine, gateways)}
    assert _needs(found) == {("bedrock-agentcore:GetPolicyEngine", engine), *asked}
    assert execution_role.policy_engine_statements(None, **PLACE, gateway_name="Shop") == []

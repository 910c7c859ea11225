"""The role's trust and its permissions, compared with a table."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agentcore_provider.rules import execution_role

PLACE = {"partition": "aws", "region": "us-west-2", "account_id": "123456789012"}
ROLE = [{"credentialProviderType": "GATEWAY_IAM_ROLE"}]
FUNCTION = "arn:aws:lambda:us-west-2:123456789012:function:orders"
RUNTIME = "arn:aws:bedrock-agentcore:us-west-2:123456789012:runtime/agent-0123456789"
VAULT = "arn:aws:bedrock-agentcore:us-west-2:123456789012:token-vault/default"
DIRECTORY = "arn:aws:bedrock-agentcore:us-west-2:123456789012:workload-identity-directory/default"
SECRETS = "arn:aws:secretsmanager:us-west-2:123456789012:secret:bedrock-agentcore-identity!default"
IDENTITY = (
    "bedrock-agentcore:GetWorkloadAccessToken bedrock-agentcore:GetResourceApiKey bedrock-agentcore:GetResourceOauth2Token",
    [DIRECTORY, f"{DIRECTORY}/workload-identity/shop-*", VAULT],
)
SMITHY = {
    "smithy": "2.0",
    "shapes": {
        "a#Tables": {
            "type": "service",
            "operations": [{"target": "a#PutItem"}],
            "resources": [{"target": "a#Table"}],
            "traits": {"aws.auth#sigv4": {"name": "dynamodb"}},
        },
        "a#Table": {"type": "resource", "read": {"target": "a#DescribeTable"}},
        "a#PutItem": {"type": "operation"},
        "a#DescribeTable": {"type": "operation"},
    },
}


def _key(kind: str, provider: str, arn: str) -> list[dict[str, Any]]:
    return [{"credentialProviderType": kind, "credentialProvider": {provider: {"providerArn": arn}}}]


def _mcp(kind: str, **content: Any) -> dict[str, Any]:
    return {"mcp": {kind: content}}


TABLE: dict[str, tuple[dict[str, Any], list[dict[str, Any]] | None, list[tuple[str, list[str]]]]] = {
    "lambda": (_mcp("lambda", lambdaArn=FUNCTION), ROLE, [("lambda:InvokeFunction", [FUNCTION])]),
    "openapi without authorization": (_mcp("openApiSchema", inlinePayload="{}"), None, []),
    "openapi in S3": (_mcp("openApiSchema", s3={"uri": "s3://a/b"}), None, [("s3:GetObject", ["arn:aws:s3:::a/b"])]),
    "openapi with an API key": (
        _mcp("openApiSchema", inlinePayload="{}"),
        _key("API_KEY", "apiKeyCredentialProvider", f"{VAULT}/apikeycredentialprovider/weather"),
        [
            ("bedrock-agentcore:GetResourceApiKey", [f"{VAULT}/apikeycredentialprovider/weather"]),
            ("secretsmanager:GetSecretValue", [f"{SECRETS}/apikey/weather-*"]),
            IDENTITY,
        ],
    ),
    "openapi with OAuth": (
        _mcp("openApiSchema", inlinePayload="{}"),
        _key("OAUTH", "oauthCredentialProvider", f"{VAULT}/oauth2credentialprovider/crm"),
        [
            ("bedrock-agentcore:GetResourceOauth2Token", [f"{VAULT}/oauth2credentialprovider/crm"]),
            ("secretsmanager:GetSecretValue", [f"{SECRETS}/oauth2/crm-*"]),
            IDENTITY,
        ],
    ),
    "api gateway": (
        _mcp(
            "apiGateway",
            restApiId="abc",
            stage="prod",
            apiGatewayToolConfiguration={
                "toolFilters": [{"filterPath": "/pets", "methods": ["POST", "GET"]}],
                "toolOverrides": [{"name": "get_pet", "path": "/pets/{petId}", "method": "GET"}],
            },
        ),
        ROLE,
        [
            (
                "execute-api:Invoke",
                [
                    "arn:aws:execute-api:us-west-2:123456789012:abc/prod/GET/pets",
                    "arn:aws:execute-api:us-west-2:123456789012:abc/prod/GET/pets/*",
                    "arn:aws:execute-api:us-west-2:123456789012:abc/prod/POST/pets",
                ],
            )
        ],
    ),
    "smithy": (
        _mcp("smithyModel", inlinePayload=json.dumps(SMITHY)),
        ROLE,
        [("dynamodb:DescribeTable dynamodb:PutItem", ["*"])],
    ),
    "smithy in S3": (_mcp("smithyModel", s3={"uri": "s3://a/b"}), ROLE, [("s3:GetObject", ["arn:aws:s3:::a/b"])]),
    "mcp server elsewhere": (_mcp("mcpServer", endpoint="https://mcp.example.com/mcp"), ROLE, []),
    "mcp server on a runtime": (
        _mcp(
            "mcpServer",
            endpoint="https://bedrock-agentcore.us-west-2.amazonaws.com/runtimes/"
            "arn%3Aaws%3Abedrock-agentcore%3Aus-west-2%3A123456789012%3Aruntime%2Fagent-0123456789/invocations",
        ),
        ROLE,
        [("bedrock-agentcore:InvokeAgentRuntime", [RUNTIME, f"{RUNTIME}/runtime-endpoint/*"])],
    ),
    "runtime for the caller": (
        {"http": {"agentcoreRuntime": {"arn": RUNTIME}}},
        [{"credentialProviderType": "CALLER_IAM_CREDENTIALS"}],
        [],
    ),
    "runtime": (
        {"http": {"agentcoreRuntime": {"arn": RUNTIME}}},
        ROLE,
        [
            (
                "bedrock-agentcore:InvokeAgentRuntime bedrock-agentcore:GetAgentCard",
                [RUNTIME, f"{RUNTIME}/runtime-endpoint/*"],
            )
        ],
    ),
    "passthrough to API Gateway": (
        {"http": {"passthrough": {"endpoint": "https://abc.execute-api.us-west-2.amazonaws.com/prod/v1"}}},
        ROLE,
        [("execute-api:Invoke", ["arn:aws:execute-api:us-west-2:123456789012:abc/prod/*"])],
    ),
}


@pytest.mark.parametrize("name", sorted(TABLE))
def test_a_target_gets_exactly_what_it_needs(name: str) -> None:
    """No action and no ARN more than the table says."""
    configuration, credentials, expected = TABLE[name]
    found = execution_role.statements(configuration, credentials, **PLACE, gateway_name="Shop")
    assert [(_text(it["Action"]), _list(it["Resource"])) for it in found] == expected
    assert all(it["Effect"] == "Allow" for it in found)


def _text(action: str | list[str]) -> str:
    return action if isinstance(action, str) else " ".join(action)


def _list(resource: str | list[str]) -> list[str]:
    return [resource] if isinstance(resource, str) else resource


def test_trust_is_one_conditioned_statement() -> None:
    """Only the service, only for this account, only for gateways of this name."""
    (statement,) = execution_role.trust_policy(**PLACE, gateway_name="Shop")["Statement"]
    assert statement["Principal"] == {"Service": "bedrock-agentcore.amazonaws.com"}
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "123456789012"},
        "ArnLike": {"aws:SourceArn": "arn:aws:bedrock-agentcore:us-west-2:123456789012:gateway/shop-*"},
    }


def test_interceptors_may_be_invoked() -> None:
    """Each function once, in one statement; none at all without interceptors."""
    one = {"interceptor": {"lambda": {"arn": FUNCTION}}, "interceptionPoints": ["REQUEST"]}
    (statement,) = execution_role.interceptor_statements([one, one])
    assert statement == {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": FUNCTION}
    assert execution_role.interceptor_statements(None) == []

"""Targets that AWS has are described by the keys of their kind, their schemas in files, and nothing that is usual."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agentcore_provider.cli.deploy import imported_target

ROLE = [{"credentialProviderType": "GATEWAY_IAM_ROLE"}]
FUNCTION = "arn:aws:lambda:us-west-2:123456789012:function:find"
KEY = "arn:aws:bedrock-agentcore:us-west-2:123456789012:token-vault/default/apikeycredentialprovider/key"
TOOLS = [{"name": "find", "description": "Find", "inputSchema": {"type": "object", "properties": {}}}]
OPENAPI = {"openapi": "3.0.3", "info": {"title": "Users", "version": "1"}, "paths": {}}
SERVER = "https://mcp.example.com/mcp"
RUNTIME = "arn:aws:bedrock-agentcore:us-west-2:123456789012:runtime/agent-0a1b2c3d4e"


def described(configuration: dict[str, Any], signing: Any = (), **members: Any) -> tuple[dict[str, Any], list[Any]]:
    """The description, in which FILE stands for the path of each file, and what is in the files."""
    files: list[Any] = []

    def put(suffix: str, document: Any) -> str:
        files.append(document)
        return f"FILE.{suffix}"

    found = {"target_configuration": configuration, "credential_provider_configurations": list(signing), **members}
    return imported_target.described(found, put), files


@pytest.mark.parametrize(
    ("configuration", "signing", "reported", "files"),
    [
        (
            {"mcp": {"lambda": {"lambdaArn": FUNCTION, "toolSchema": {"inlinePayload": TOOLS}}}},
            ROLE,
            {"lambda": {"arn": FUNCTION, "tools": "FILE.tools"}},
            [TOOLS],
        ),
        (
            {"mcp": {"lambda": {"lambdaArn": FUNCTION, "toolSchema": {"s3": {"uri": "s3://b/t.json"}}}}},
            ROLE,
            {"lambda": {"arn": FUNCTION, "tools": "s3://b/t.json"}},
            [],
        ),
        (
            {"mcp": {"openApiSchema": {"inlinePayload": json.dumps(OPENAPI)}}},
            [],
            {"openapi": "FILE.openapi"},
            [json.dumps(OPENAPI)],
        ),
        ({"mcp": {"openApiSchema": {"inlinePayload": "a: 1\nb: 2"}}}, [], {"openapi": "FILE.openapi"}, ["a: 1\nb: 2"]),
        (
            {"mcp": {"openApiSchema": {"s3": {"uri": "s3://b/api.yaml", "bucketOwnerAccountId": "123456789012"}}}},
            [],
            {"openapi": {"schema": "s3://b/api.yaml", "bucket_owner": "123456789012"}},
            [],
        ),
        ({"mcp": {"smithyModel": {"inlinePayload": '{"smithy":"2.0"}'}}}, ROLE, {"smithy": "FILE.smithy"}, 1),
        (
            {"mcp": {"mcpServer": {"endpoint": SERVER, "listingMode": "DEFAULT", "resourcePriority": 1000}}},
            [],
            None,
            [],
        ),
        (
            {"mcp": {"mcpServer": {"endpoint": SERVER, "mcpToolSchema": {"inlinePayload": '{"tools": []}'}}}},
            [],
            {"mcp_server": {"endpoint": SERVER, "tool_schema": "FILE.tools"}},
            1,
        ),
        (
            {"mcp": {"mcpServer": {"endpoint": SERVER, "mcpToolSchema": {"inlinePayload": json.dumps(TOOLS)}}}},
            [],
            {"mcp_server": {"endpoint": SERVER, "tool_schema": "FILE.tools"}},
            1,
        ),
        (
            {
                "mcp": {
                    "apiGateway": {
                        "restApiId": "a1b2",
                        "stage": "prod",
                        "apiGatewayToolConfiguration": {
                            "toolFilters": [{"filterPath": "/pets/*", "methods": ["GET"]}],
                            "toolOverrides": [{"name": "pets", "path": "/pets", "method": "GET"}],
                        },
                    }
                }
            },
            ROLE,
            {
                "api_gateway": {
                    "rest_api_id": "a1b2",
                    "stage": "prod",
                    "filters": {"/pets/*": ["GET"]},
                    "overrides": [{"path": "/pets", "method": "GET", "name": "pets"}],
                }
            },
            [],
        ),
        (
            {
                "mcp": {
                    "connector": {
                        "source": {"connectorId": "web-search"},
                        "configurations": [{"name": "retrieve", "parameterValues": {"topK": 3}}],
                    }
                }
            },
            ROLE,
            {
                "connector": {
                    "connector_id": "web-search",
                    "configurations": [{"name": "retrieve", "parameter_values": {"topK": 3}}],
                }
            },
            [],
        ),
        (
            {"http": {"agentcoreRuntime": {"arn": RUNTIME, "qualifier": "DEFAULT"}}},
            ROLE,
            {"agent_runtime": RUNTIME},
            [],
        ),
        (
            {
                "http": {
                    "passthrough": {
                        "endpoint": "https://a.example.com",
                        "protocolType": "CUSTOM",
                        "schema": {"source": {"inlinePayload": json.dumps(OPENAPI)}},
                        "stickinessConfiguration": {"identifier": "$context.header.x-session-id", "timeout": 60},
                    }
                }
            },
            [],
            {
                "passthrough": {
                    "endpoint": "https://a.example.com",
                    "protocol_type": "CUSTOM",
                    "schema": "FILE.openapi",
                    "stickiness": {"identifier": "$context.header.x-session-id", "timeout": 60},
                }
            },
            1,
        ),
        (
            {
                "inference": {
                    "provider": {"endpoint": "https://llm.example.com", "operations": [{"path": "/v1/messages"}]}
                }
            },
            ROLE,
            {"inference": {"endpoint": "https://llm.example.com", "operations": [{"path": "/v1/messages"}]}},
            [],
        ),
        (
            {"inference": {"connector": {"source": {"connectorId": "openai"}}}},
            ROLE,
            {"inference_connector": "openai"},
            [],
        ),
    ],
)
def test_every_kind_has_its_own_keys(configuration: Any, signing: Any, reported: Any, files: Any) -> None:
    report, kept = described(configuration, signing)
    assert report == (reported or {"mcp_server": SERVER})
    assert kept == files or len(kept) == files


@pytest.mark.parametrize(
    ("signing", "reported"),
    [
        (
            {
                "credentialProviderType": "API_KEY",
                "credentialProvider": {
                    "apiKeyCredentialProvider": {"providerArn": KEY, "credentialLocation": "HEADER"}
                },
            },
            {"credentials": {"api_key": {"provider": KEY, "location": "HEADER"}}},
        ),
        (
            {
                "credentialProviderType": "OAUTH",
                "credentialProvider": {"oauthCredentialProvider": {"providerArn": KEY, "scopes": ["read"]}},
            },
            {"credentials": {"oauth": {"provider": KEY, "scopes": ["read"]}}},
        ),
        (
            {
                "credentialProviderType": "GATEWAY_IAM_ROLE",
                "credentialProvider": {"iamCredentialProvider": {"service": "execute-api"}},
            },
            {"credentials": {"iam_role": {"service": "execute-api"}}},
        ),
        ({"credentialProviderType": "JWT_PASSTHROUGH"}, {"credentials": {"jwt_passthrough": {}}}),
        (
            {"credentialProviderType": "NEW_WAY"},
            {"credential_provider_configurations": [{"credentialProviderType": "NEW_WAY"}]},
        ),
    ],
)
def test_a_sign_in_that_is_not_the_usual_one_is_reported(signing: Any, reported: dict[str, Any]) -> None:
    assert described({"mcp": {"mcpServer": {"endpoint": SERVER}}}, [signing])[0] == {"mcp_server": SERVER, **reported}


@pytest.mark.parametrize(
    "content",
    [
        {"mcpServer": {"endpoint": SERVER, "mcpToolSchema": {"inlinePayload": "tools: []"}}},
        {"lambda": {"lambdaArn": FUNCTION}},
        {"lambda": {"lambdaArn": FUNCTION, "toolSchema": {"inlinePayload": []}, "newMember": 1}},
        {"smithyModel": {"inlinePayload": "smithy: 2.0"}},
        {"newKind": {"a": 1}},
    ],
)
def test_what_no_key_says_the_same_stays_aws_own_document(content: dict[str, Any]) -> None:
    reported, files = described({"mcp": content}, ROLE if "lambda" in content or "smithyModel" in content else [])
    assert reported == {"target_configuration": {"mcp": content}}
    assert files == []


def test_a_kind_that_would_get_a_role_without_one_stays_aws_own_document() -> None:
    configuration = {"http": {"agentcoreRuntime": {"arn": RUNTIME}}}
    assert described(configuration)[0] == {"target_configuration": configuration}


def test_what_stands_beside_comes_along_and_what_is_empty_does_not() -> None:
    reported, _ = described(
        {"mcp": {"mcpServer": {"endpoint": SERVER}}}, description="Servers", metadata_configuration={}
    )
    assert reported == {"mcp_server": SERVER, "description": "Servers"}

"""Rules that were first met as refusals of the real service."""

from __future__ import annotations

from typing import Any

import pytest

from agentcore_provider.problem import errors
from agentcore_provider.rules import gateway, gateway_target, oauth2_credential_provider, openapi, tool_schema

PROVIDER = "arn:aws:bedrock-agentcore:us-west-2:123456789012:token-vault/default/oauth2credentialprovider/forge"
RUNTIME = "arn:aws:bedrock-agentcore:us-west-2:123456789012:runtime/clerk-0123456789"


@pytest.mark.parametrize(("inbound", "refused"), [("AWS_IAM", True), ("NONE", True), ("CUSTOM_JWT", False)])
def test_three_legged_oauth_needs_callers_that_are_known(inbound: str, refused: bool) -> None:
    """On a gateway of signatures or of nobody there is no person to sign in."""
    oauth = {
        "providerArn": PROVIDER,
        "scopes": ["repo"],
        "grantType": "AUTHORIZATION_CODE",
        "defaultReturnUrl": "https://app.example.com/done",
    }
    document = {
        "name": "forge",
        "targetConfiguration": {"mcp": {"mcpServer": {"endpoint": "https://mcp.example.com"}}},
        "credentialProviderConfigurations": [
            {"credentialProviderType": "OAUTH", "credentialProvider": {"oauthCredentialProvider": oauth}}
        ],
    }
    found = errors(gateway_target.validate(document, gateway={"authorizerType": inbound}))
    assert bool(found) is refused
    assert all(it.code == "inbound-authorizer" for it in found)


@pytest.mark.parametrize(
    ("configuration", "refused"),
    [
        ({"http": {"agentcoreRuntime": {"arn": RUNTIME}}}, True),
        ({"mcp": {"connector": {"source": {"connectorId": "web-search"}}}}, True),
        ({"http": {"passthrough": {"endpoint": "https://a.example.com", "protocolType": "CUSTOM"}}}, False),
        ({"mcp": {"mcpServer": {"endpoint": "https://a.example.com"}}}, False),
    ],
)
def test_the_service_to_sign_for_goes_with_few_kinds(configuration: Any, refused: bool) -> None:
    """MCP servers, OpenAPI and passthrough, and no other."""
    used = {
        "credentialProviderType": "GATEWAY_IAM_ROLE",
        "credentialProvider": {"iamCredentialProvider": {"service": "execute-api"}},
    }
    document = {"name": "a", "targetConfiguration": configuration, "credentialProviderConfigurations": [used]}
    assert [it.code for it in errors(gateway_target.validate(document))] == (["iam-service"] if refused else [])


def test_headers_of_http_targets_are_their_own_affair() -> None:
    """The same headers that an MCP target may not pass on."""
    document = {
        "name": "a",
        "targetConfiguration": {"http": {"agentcoreRuntime": {"arn": RUNTIME}}},
        "credentialProviderConfigurations": [{"credentialProviderType": "GATEWAY_IAM_ROLE"}],
        "metadataConfiguration": {"allowedRequestHeaders": ["Authorization", "Cookie"]},
    }
    assert errors(gateway_target.validate(document)) == []


@pytest.mark.parametrize(
    ("url", "reported"),
    [
        ("https://<tenant>/.well-known/openid-configuration", "is a placeholder"),
        ("https://login.example.com/{tenant}/.well-known/openid-configuration", "is a placeholder"),
        ("https://YOUR_DOMAIN/.well-known/openid-configuration", "is a placeholder"),
        ("login.example.com/.well-known/openid-configuration", "is not an address"),
        ("https://login.example.com/.well-known/openid-configuration", ""),
        ("http://127.0.0.1:4599/pool/.well-known/openid-configuration", ""),
    ],
)
def test_an_address_of_a_provider_is_one(url: str, reported: str) -> None:
    """AWS takes what looks like one and fails at each sign-in."""
    document = {
        "credentialProviderVendor": "CustomOauth2",
        "oauth2ProviderConfigInput": {
            "customOauth2ProviderConfig": {
                "clientId": "a",
                "clientSecret": "b",
                "oauthDiscovery": {"discoveryUrl": url},
            }
        },
    }
    found = errors(oauth2_credential_provider.validate(document))
    assert [it.message for it in found if reported in it.message] == ([f"{url!r} {reported}"] if reported else [])


@pytest.mark.parametrize(
    ("tool", "reported"),
    [
        ({"toolSpec": {"name": "find", "inputSchema": {"json": {"type": "object"}}}}, "Bedrock's Converse API"),
        ({"type": "function", "function": {"name": "find"}}, "OpenAI's API"),
        ({"name": "find", "description": "Find", "parameters": {"type": "object"}}, "a model's API"),
    ],
)
def test_tools_in_the_form_of_a_model_api_are_reported_by_it(tool: Any, reported: str) -> None:
    """One problem with its cure, instead of one for each member."""
    (problem,) = tool_schema.validate([tool])
    assert reported in problem.message
    assert problem.cure.startswith("Write name, description and inputSchema")


def test_a_document_in_a_list_is_reported_so() -> None:
    """Some generators put one there."""
    (problem,) = openapi.validate('[{"openapi": "3.0.3", "info": {}, "paths": {}}]')
    assert problem.message == "is a list with the document in it"


def test_a_version_of_mcp_that_is_newer_than_this_package_is_a_warning() -> None:
    """The service may speak it by then; an old one that there is not may never."""
    document = {
        "name": "a",
        "roleArn": "arn:aws:iam::123456789012:role/a",
        "authorizerType": "NONE",
        "protocolType": "MCP",
    }
    for version, severity in (("2099-01-01", "warning"), ("2024-01-01", "error"), ("2025-11-25", None)):
        mcp = {"supportedVersions": [version]}
        found = gateway.validate({**document, "protocolConfiguration": {"mcp": mcp}})
        assert [it.severity for it in found] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("region", "warned"), [("us-west-2", False), ("eu-west-1", True), (None, False)], ids=["same", "other", "unknown"]
)
def test_functions_in_another_region_are_warned_of(region: str | None, warned: bool) -> None:
    """A target's, an interceptor's and a transformation's, each at its place and with a code; none is refused."""
    function = "arn:aws:lambda:us-west-2:123456789012:function:find:live"
    tools = [{"name": "find", "description": "Find", "inputSchema": {"type": "object"}}]
    target = {
        "name": "a",
        "targetConfiguration": {"mcp": {"lambda": {"lambdaArn": function, "toolSchema": {"inlinePayload": tools}}}},
        "credentialProviderConfigurations": [{"credentialProviderType": "GATEWAY_IAM_ROLE"}],
    }
    owner = {
        "interceptorConfigurations": [
            {"interceptor": {"lambda": {"arn": function}}, "interceptionPoints": ["REQUEST"]},
        ],
        "customTransformConfiguration": {"lambda": {"arn": function}},
    }
    found = [*gateway_target.validate(target, region=region), *gateway.functions_elsewhere(owner, region)]
    places = ["targetConfiguration.mcp.lambda.lambdaArn"]
    places += ["interceptorConfigurations[0].interceptor.lambda.arn", "customTransformConfiguration.lambda.arn"]
    assert [it.path for it in found] == (places if warned else [])
    for problem in found:
        assert (problem.severity, problem.code) == ("warning", "function-region")
        assert problem.message.startswith("is a function in us-west-2, and the gateway is in eu-west-1")


@pytest.mark.parametrize("arn", ["", "find", "arn:aws:s3:::bucket", 7, ["arn"], None])
def test_what_is_not_a_arn_of_a_function_has_no_region(arn: Any) -> None:
    """The model refuses it; it is not judged twice, and breaks nothing."""
    document = {"name": "a", "targetConfiguration": {"mcp": {"lambda": {"lambdaArn": arn}}}}
    found = gateway_target.validate(document, region="us-west-2")
    assert all(it.code != "function-region" for it in found)

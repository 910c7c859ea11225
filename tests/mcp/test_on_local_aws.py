"""Sign-in, list, call and search against local AWS: its own reading of OAuth and MCP judges this client."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from agentcore_provider.errors import McpError, NotSignedIn, TokenRefused
from agentcore_provider.mcp.session import call_tool, list_tools, search_tools
from agentcore_provider.mcp.token import fetch_token
from tests.support.shop import Shop, ShopAws, new_shop


@pytest.fixture(scope="module")
def shop(make_shop: Callable[..., Shop]) -> Shop:
    """A gateway with Cognito sign-in and one Lambda tool, made with boto3 alone."""
    return make_shop(search=True)


@pytest.fixture(scope="module")
def make_shop() -> Iterator[Callable[..., Shop]]:
    """A gateway of one's own choice."""
    aws = ShopAws()
    yield lambda **options: new_shop(aws, **options)
    aws.close()


def test_a_signed_in_client_lists_calls_and_finds_the_lambda_tool(shop: Shop) -> None:
    token = shop.token()
    assert "orders___get_order" in [tool.name for tool in list_tools(shop.url, token)]
    answer = call_tool(shop.url, token, "orders___get_order", {"order_id": "A-7"})
    assert (answer.is_error, answer.value) == (False, {"order_id": "A-7", "status": "SHIPPED"})
    assert [tool.name for tool in search_tools(shop.url, token, "where is my order")] == ["orders___get_order"]


@pytest.mark.parametrize("versions", [("2026-07-28",), ("2026-07-28", "2025-11-25"), ("2025-06-18",)])
def test_every_revision_that_a_gateway_may_have_is_spoken(make_shop: Shop, versions: tuple[str, ...]) -> None:
    """2026-07-28 has no initialize: a gateway that names it alone is asked by server/discover."""
    shop = make_shop(search=True, versions=versions)
    token = shop.token()
    assert "orders___get_order" in [tool.name for tool in list_tools(shop.url, token)]
    answer = call_tool(shop.url, token, "orders___get_order", {"order_id": "A-7"})
    assert (answer.is_error, answer.value) == (False, {"order_id": "A-7", "status": "SHIPPED"})
    assert [tool.name for tool in search_tools(shop.url, token, "where is my order")] == ["orders___get_order"]


def test_a_sign_in_that_local_aws_forgot_is_created_again(shop: Shop) -> None:
    """After `agentcore local reset`, or a start with --forget, no client id or secret helps."""
    endpoint = f"{shop.url.partition('/gateways/')[0]}/cognito/shop-of-before/oauth2/token"
    with pytest.raises(NotSignedIn, match=r"No user pool has the domain.*was emptied.*`pulumi up --refresh`"):
        fetch_token(endpoint, "client", "secret", "shop/invoke")


def test_wrong_arguments_and_failing_handlers_are_answers_that_say_so(shop: Shop) -> None:
    token = shop.token()
    assert "order_id" in call_tool(shop.url, token, "orders___get_order", {"order": 7}).text
    failed = call_tool(shop.url, token, "orders___get_order", {"order_id": "none"})
    assert failed.is_error


def test_an_unknown_tool_is_an_error_of_the_gateway(shop: Shop) -> None:
    with pytest.raises(McpError, match="Unknown tool: orders___nothing"):
        call_tool(shop.url, shop.token(), "orders___nothing", {})


def test_no_token_and_a_foreign_token_are_refused_with_what_to_check(shop: Shop) -> None:
    with pytest.raises(TokenRefused, match=r"HTTP 401 .*no token was sent"):
        list_tools(shop.url)
    header, claims, _ = shop.token().split(".")
    with pytest.raises(TokenRefused, match=rf"HTTP 401 .*{shop.outputs['client_id']}.*allowedClients"):
        list_tools(shop.url, f"{header}.{claims}.c2lnbmF0dXJl")


def test_sign_in_names_what_is_wrong(shop: Shop) -> None:
    with pytest.raises(NotSignedIn, match="invalid_client"):
        fetch_token(shop.outputs["token_endpoint"], shop.outputs["client_id"], "wrong", "shop/invoke")
    with pytest.raises(NotSignedIn, match="invalid_scope"):
        fetch_token(
            shop.outputs["token_endpoint"], shop.outputs["client_id"], shop.outputs["client_secret"], "shop/admin"
        )


def test_a_tool_that_needs_a_persons_token_says_where_to_sign_in(shop: Shop) -> None:
    control, name = shop.aws.client("bedrock-agentcore-control"), f"person-{shop.name}"
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [everything]})
    shop.aws.client("iam").put_role_policy(
        RoleName=shop.role.rpartition("/")[2], PolicyName="everything", PolicyDocument=policy
    )
    issuer = "http://127.0.0.1:9"
    endpoints = {"issuer": issuer, "authorizationEndpoint": f"{issuer}/page", "tokenEndpoint": f"{issuer}/token"}
    config = {"oauthDiscovery": {"authorizationServerMetadata": endpoints}, "clientId": "a", "clientSecret": "b"}
    provider = control.create_oauth2_credential_provider(
        name=name,
        credentialProviderVendor="CustomOauth2",
        oauth2ProviderConfigInput={"customOauth2ProviderConfig": config},
    )["credentialProviderArn"]
    document = {
        "openapi": "3.0.3",
        "info": {"title": "Mine", "version": "1"},
        "servers": [{"url": issuer}],
        "paths": {"/mine": {"get": {"operationId": "mine", "responses": {"200": {"description": "ok"}}}}},
    }
    oauth = {"providerArn": provider, "scopes": ["read"], "grantType": "AUTHORIZATION_CODE"}
    shop.add_target(
        "mine",
        {"openApiSchema": {"inlinePayload": json.dumps(document)}},
        {"credentialProviderType": "OAUTH", "credentialProvider": {"oauthCredentialProvider": oauth}},
    )
    with pytest.raises(
        McpError, match=r"needs its user to sign in. Open http://127.*request_uri=\S+ and call it again"
    ):
        call_tool(shop.url, shop.token(), "mine___mine", {})

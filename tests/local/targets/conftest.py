"""Targets of every kind on a local AWS of the test process, and the servers behind them, which keep what they got."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from tests.support.control_plane import ControlPlane
from tests.support.targets import Counterpart, Gateway, metadata_of, openapi

ROLE = [{"credentialProviderType": "GATEWAY_IAM_ROLE"}]


@pytest.fixture
def counterpart() -> Iterator[Counterpart]:
    found = Counterpart()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def gateway(local_aws: ControlPlane) -> Gateway:
    return Gateway(local_aws)


@pytest.fixture
def make_gateway(local_aws: ControlPlane) -> Callable[..., Gateway]:
    return lambda **members: Gateway(local_aws, **members)


@pytest.fixture
def api_key(local_aws: ControlPlane) -> Callable[..., list[dict[str, Any]]]:
    """credentialProviderConfigurations with an API key."""

    def make(key: str, **where: str) -> list[dict[str, Any]]:
        made = local_aws.control.create_api_key_credential_provider(name=local_aws.unique("key"), apiKey=key)
        provider = {"providerArn": made["credentialProviderArn"], **where}
        return [{"credentialProviderType": "API_KEY", "credentialProvider": {"apiKeyCredentialProvider": provider}}]

    return make


@pytest.fixture
def oauth(local_aws: ControlPlane) -> Callable[..., list[dict[str, Any]]]:
    """credentialProviderConfigurations with an OAuth2 provider of the custom vendor."""

    def make(discovery: dict[str, Any], grant: str = "CLIENT_CREDENTIALS", **config: Any) -> list[dict[str, Any]]:
        custom = {"oauthDiscovery": discovery, "clientId": "agent", "clientSecret": "s3cret&", **config}
        made = local_aws.control.create_oauth2_credential_provider(
            name=local_aws.unique("oauth"),
            credentialProviderVendor="CustomOauth2",
            oauth2ProviderConfigInput={"customOauth2ProviderConfig": custom},
        )
        provider = {
            "providerArn": made["credentialProviderArn"],
            "scopes": ["orders/read", "orders/write"],
            "customParameters": {"audience": "shop"},
            "grantType": grant,
        }
        return [{"credentialProviderType": "OAUTH", "credentialProvider": {"oauthCredentialProvider": provider}}]

    return make


@pytest.fixture
def make_openapi() -> Callable[..., dict[str, Any]]:
    return openapi


@pytest.fixture
def ping(counterpart: Counterpart) -> dict[str, Any]:
    """An OpenAPI target whose one tool `ping` asks the counterpart."""
    return openapi(f"{counterpart.url}/v1", {"/ping": {"get": {"operationId": "ping", "responses": {}}}})


@pytest.fixture
def endpoints_at() -> Callable[[str], dict[str, Any]]:
    return metadata_of


@pytest.fixture
def interceptor(local_aws: ControlPlane) -> Callable[..., list[dict[str, Any]]]:
    """interceptorConfigurations with a function of this code."""

    def make(code: str, *points: str, headers: bool = False) -> list[dict[str, Any]]:
        arn = local_aws.function(textwrap.dedent(code))
        return [
            {
                "interceptor": {"lambda": {"arn": arn}},
                "interceptionPoints": list(points),
                "inputConfiguration": {"passRequestHeaders": headers},
            }
        ]

    return make


@pytest.fixture
def users(local_aws: ControlPlane) -> dict[str, Any]:
    """An authorizer and the tokens of two who may come in."""
    cognito, name = local_aws.client("cognito-idp"), local_aws.unique("users")
    pool = cognito.create_user_pool(PoolName=name)["UserPool"]["Id"]
    cognito.create_user_pool_domain(UserPoolId=pool, Domain=name)
    scopes = [{"ScopeName": "call", "ScopeDescription": "c"}]
    cognito.create_resource_server(UserPoolId=pool, Identifier="desk", Name="desk", Scopes=scopes)
    tokens = []
    for number in range(2):
        client = cognito.create_user_pool_client(
            UserPoolId=pool,
            ClientName=str(number),
            GenerateSecret=True,
            AllowedOAuthFlows=["client_credentials"],
            AllowedOAuthScopes=["desk/call"],
            AllowedOAuthFlowsUserPoolClient=True,
        )["UserPoolClient"]
        answer = requests.post(
            f"{local_aws.endpoint}/cognito/{name}/oauth2/token",
            data={"grant_type": "client_credentials"},
            auth=(client["ClientId"], client["ClientSecret"]),
            timeout=10,
        )
        tokens.append(answer.json()["access_token"])
    discovery = f"{local_aws.endpoint}/{pool}/.well-known/openid-configuration"
    jwt = {"customJWTAuthorizer": {"discoveryUrl": discovery, "allowedScopes": ["desk/call"]}}
    return {"tokens": tokens, "authorizer": {"authorizerType": "CUSTOM_JWT", "authorizerConfiguration": jwt}}

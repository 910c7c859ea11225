"""OAuth clients that nobody here wrote sign in at a gateway whose user pool is named as AWS names it."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest
import requests
from mcp.client.auth.exceptions import OAuthTokenError
from mcp.client.auth.extensions.client_credentials import ClientCredentialsOAuthProvider
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client

from tests.support.control_plane import ControlPlane


class Memory:
    """Where the client keeps its token."""

    tokens: Any = None
    client: Any = None

    async def get_tokens(self) -> Any:
        return self.tokens

    async def set_tokens(self, tokens: Any) -> None:
        self.tokens = tokens

    async def get_client_info(self) -> Any:
        return self.client

    async def set_client_info(self, client: Any) -> None:
        self.client = client


@pytest.fixture
def pool(local_aws: ControlPlane) -> dict[str, str]:
    """A user pool with a domain and a machine's client; `aws` is its address on AWS, without the document."""
    cognito, name = local_aws.client("cognito-idp"), local_aws.unique("desk")
    pool_id = cognito.create_user_pool(PoolName=name)["UserPool"]["Id"]
    cognito.create_user_pool_domain(UserPoolId=pool_id, Domain=name)
    scopes = [{"ScopeName": "invoke", "ScopeDescription": "Call"}]
    cognito.create_resource_server(UserPoolId=pool_id, Identifier="desk", Name="desk", Scopes=scopes)
    client = cognito.create_user_pool_client(
        UserPoolId=pool_id,
        ClientName=name,
        GenerateSecret=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthScopes=["desk/invoke"],
        AllowedOAuthFlowsUserPoolClient=True,
    )["UserPoolClient"]
    return {
        "id": pool_id,
        "domain": name,
        "aws": f"https://cognito-idp.us-west-2.amazonaws.com/{pool_id}",
        "client": client["ClientId"],
        "secret": client["ClientSecret"],
    }


@pytest.fixture
def gateway(local_aws: ControlPlane, pool: dict[str, str]) -> Any:
    def make(**authorizer: Any) -> dict[str, Any]:
        jwt = {
            "discoveryUrl": f"{pool['aws']}/.well-known/openid-configuration",
            "allowedClients": [pool["client"]],
            **authorizer,
        }
        made: dict[str, Any] = local_aws.gateway(
            authorizerType="CUSTOM_JWT", authorizerConfiguration={"customJWTAuthorizer": jwt}
        )
        return made

    return make


def list_tools(url: str, pool: dict[str, str], issuer: str) -> Any:
    """What the official client lists after it has found out where to sign in, and done so."""

    async def talk() -> Any:
        auth = ClientCredentialsOAuthProvider(url, Memory(), pool["client"], pool["secret"], issuer=issuer)
        async with (
            httpx2.AsyncClient(auth=auth, timeout=60) as http,
            Client(streamable_http_client(url, http_client=http)) as client,
        ):
            return (await client.list_tools()).tools

    try:
        return asyncio.run(talk())
    except Exception as error:
        # Task groups wrap what went wrong into groups of groups.
        cause: BaseException = error
        while inner := getattr(cause, "exceptions", None):
            cause = inner[0]
        raise cause from error


def test_the_official_client_finds_the_token_endpoint_of_a_pool_named_as_on_aws(
    local_aws: ControlPlane, pool: dict[str, str], gateway: Any
) -> None:
    """From the challenge by way of both metadata documents to a token, without a call off this machine."""
    made = gateway(allowedScopes=["desk/invoke"])
    assert list_tools(made["gatewayUrl"], pool, f"{local_aws.endpoint}/{pool['id']}") == []


def test_a_client_that_asks_for_users_scopes_reads_what_to_do(
    local_aws: ControlPlane, pool: dict[str, str], gateway: Any
) -> None:
    """Without allowedScopes a gateway advertises none, as on AWS, and clients ask for what the pool lists."""
    made = gateway()
    with pytest.raises(OAuthTokenError, match=r"invalid_scope.*Ask for one of desk/invoke, or give .* allowedScopes"):
        list_tools(made["gatewayUrl"], pool, f"{local_aws.endpoint}/{pool['id']}")


def test_the_challenge_names_the_scopes_in_their_advertised_form(local_aws: ControlPlane, gateway: Any) -> None:
    made = gateway(allowedScopes=["desk/invoke"], advertisedScopeMapping={"desk/invoke": "api://desk/invoke"})
    answer = requests.post(made["gatewayUrl"], json={}, timeout=10)
    metadata = f"{local_aws.endpoint}/gateways/{made['gatewayId']}/.well-known/oauth-protected-resource"
    assert answer.headers["WWW-Authenticate"] == (
        f'Bearer error="invalid_token", scope="api://desk/invoke", resource_metadata="{metadata}"'
    )


def test_a_pool_has_no_document_but_its_own(local_aws: ControlPlane, pool: dict[str, str]) -> None:
    """Clients try three places in turn, and go on at 404."""
    for path in (
        f"/.well-known/oauth-authorization-server/{pool['id']}",
        f"/.well-known/openid-configuration/{pool['id']}",
    ):
        assert requests.get(local_aws.endpoint + path, timeout=10).status_code == 404
    assert local_aws.http("GET", f"/{pool['id']}/.well-known/oauth-authorization-server")[0] == 404
    status, found = local_aws.http("GET", f"/{pool['id']}/.well-known/openid-configuration")
    assert (status, found["issuer"]) == (200, f"{local_aws.endpoint}/{pool['id']}")

"""Outbound credentials: what the local token vault holds reaches the target, and nothing else does."""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest
from werkzeug.wrappers import Response

from tests.support.control_plane import ControlPlane
from tests.support.targets import Counterpart, Gateway


def test_an_api_key_goes_into_the_header_or_parameter_it_is_for(
    gateway: Gateway, counterpart: Counterpart, ping: Any, api_key: Any
) -> None:
    header = {"credentialLocation": "HEADER", "credentialParameterName": "X-Key"}
    gateway.target(ping, api_key("k1", **header), name="header")
    gateway.call("header___ping")
    assert counterpart.last.headers["x-key"] == "k1"
    bearer = {"credentialParameterName": "Authorization", "credentialPrefix": "Bearer"}
    gateway.target(ping, api_key("k2", **bearer), name="bearer")
    gateway.call("bearer___ping")
    assert counterpart.last.headers["authorization"] == "Bearer k2"
    query = {"credentialLocation": "QUERY_PARAMETER", "credentialParameterName": "api_key"}
    gateway.target(ping, api_key("k&3", **query), name="query")
    gateway.call("query___ping")
    assert counterpart.last.query == "api_key=k%263"


def test_errors_do_not_show_a_key_in_the_query(
    gateway: Gateway, counterpart: Counterpart, ping: Any, api_key: Any
) -> None:
    counterpart.answer = lambda _: Response("no", status=500)
    gateway.target(ping, api_key("MARKER", credentialLocation="QUERY_PARAMETER"))
    text, failed = gateway.call("t___ping")
    assert failed
    assert "MARKER" not in text


def test_a_rotated_key_is_used_at_once(
    local_aws: ControlPlane, gateway: Gateway, counterpart: Counterpart, ping: Any, api_key: Any
) -> None:
    credentials = api_key("old", credentialParameterName="X-Key")
    gateway.target(ping, credentials)
    arn = credentials[0]["credentialProvider"]["apiKeyCredentialProvider"]["providerArn"]
    local_aws.control.update_api_key_credential_provider(name=arn.rpartition("/")[2], apiKey="new")
    gateway.call("t___ping")
    assert counterpart.last.headers["x-key"] == "new"


@pytest.fixture
def token_server(counterpart: Counterpart) -> Any:
    """Answers /token with one token after another, and everything else with what it was sent."""
    numbers = itertools.count(1)

    def answer(request: Any) -> Response:
        document: dict[str, Any] = {"ok": True}
        if request.path == "/.well-known/openid-configuration":
            document = {"issuer": counterpart.url, "token_endpoint": f"{counterpart.url}/token"}
        elif request.path == "/token":
            document = {"access_token": f"token-{next(numbers)}", "token_type": "Bearer", "expires_in": 3600}
        return Response(json.dumps(document), content_type="application/json")

    counterpart.answer = answer
    return counterpart


def test_a_token_is_fetched_once_with_scopes_and_custom_parameters(
    gateway: Gateway, token_server: Any, ping: Any, oauth: Any
) -> None:
    gateway.target(ping, oauth({"discoveryUrl": f"{token_server.https_url}/.well-known/openid-configuration"}))
    assert gateway.call("t___ping") == ({"ok": True}, False)
    assert gateway.call("t___ping") == ({"ok": True}, False)
    assert [request.path for request in token_server.received if not request.path.startswith("/v1")] == [
        "/.well-known/openid-configuration",
        "/token",
    ]
    asked = next(request for request in token_server.received if request.path == "/token")
    assert parse_qs(asked.body.decode()) == {
        "grant_type": ["client_credentials"],
        "scope": ["orders/read orders/write"],
        "audience": ["shop"],
    }
    assert asked.headers["authorization"] == "Basic " + base64.b64encode(b"agent:s3cret%26").decode()
    assert token_server.last.headers["authorization"] == "Bearer token-1"


def test_a_client_can_prove_itself_in_the_body(
    gateway: Gateway, token_server: Any, ping: Any, oauth: Any, endpoints_at: Any
) -> None:
    post = {"clientAuthenticationMethod": "CLIENT_SECRET_POST"}
    gateway.target(ping, oauth(endpoints_at(token_server.url), **post))
    gateway.call("t___ping")
    asked = next(request for request in token_server.received if request.path == "/token")
    assert b"client_id=agent&client_secret=s3cret%26" in asked.body
    assert "authorization" not in asked.headers


def test_a_callers_token_is_exchanged(
    gateway: Gateway, token_server: Any, ping: Any, oauth: Any, endpoints_at: Any
) -> None:
    exchange = {
        "grantType": "TOKEN_EXCHANGE",
        "tokenExchangeGrantTypeConfig": {"actorTokenContent": "NONE"},
    }
    credentials = oauth(endpoints_at(token_server.url), "TOKEN_EXCHANGE", onBehalfOfTokenExchangeConfig=exchange)
    gateway.target(ping, credentials)
    assert gateway.call("t___ping")[1], "a caller without a token has nothing to exchange"
    gateway.call("t___ping", headers={"Authorization": "Bearer caller"})
    asked = next(request for request in token_server.received if request.path == "/token")
    assert b"grant-type%3Atoken-exchange&subject_token=caller" in asked.body
    assert token_server.last.headers["authorization"] == "Bearer token-1"


@pytest.mark.parametrize("path", ["/token", "/.well-known/openid-configuration"])
@pytest.mark.parametrize("body", ["[" * 100_000, '{"access_token": NaN', b"\xff{}"])
def test_an_answer_that_nobody_can_read_is_named(
    make_gateway: Callable[..., Gateway], counterpart: Counterpart, ping: Any, oauth: Any, *, path: str, body: Any
) -> None:
    """Whoever answers it, and however it is broken: the call fails with the address, and not local AWS."""

    def answer(request: Any) -> Response:
        document = json.dumps({"issuer": counterpart.url, "token_endpoint": f"{counterpart.url}/token"})
        return Response(body if request.path == path else document, content_type="application/json")

    counterpart.answer = answer
    gateway = make_gateway(exceptionLevel="DEBUG")
    gateway.target(ping, oauth({"discoveryUrl": f"{counterpart.https_url}/.well-known/openid-configuration"}))
    text, failed = gateway.call("t___ping")
    assert failed
    assert f"{path} " in text


def test_the_error_of_a_rejected_client_has_no_secret(
    make_gateway: Callable[..., Gateway], counterpart: Counterpart, ping: Any, oauth: Any, endpoints_at: Any
) -> None:
    counterpart.answer = lambda _: Response('{"error":"invalid_client"}', status=401, content_type="application/json")
    gateway = make_gateway(exceptionLevel="DEBUG")
    gateway.target(ping, oauth(endpoints_at(counterpart.url)))
    text, failed = gateway.call("t___ping")
    assert failed
    assert text.endswith(f"{counterpart.url}/token answered HTTP 401 invalid_client.")
    assert "s3cret" not in text


@pytest.mark.parametrize(
    "action",
    [
        "bedrock-agentcore:GetWorkloadAccessToken*",
        "bedrock-agentcore:GetResource*",
        "secretsmanager:GetSecretValue",
    ],
)
@pytest.mark.parametrize("kind", ["api key", "OAuth2 token"])
def test_a_role_that_may_not_use_the_credential_is_an_internal_error_at_the_call(
    local_aws: ControlPlane,
    make_gateway: Callable[..., Gateway],
    counterpart: Counterpart,
    ping: Any,
    api_key: Any,
    *,
    oauth: Any,
    endpoints_at: Any,
    caplog: Any,
    kind: str,
    action: str,
) -> None:
    """B14, F9 (public transcripts of 2026-08): READY, tools are listed, and the call's text says nothing."""
    role = local_aws.execution_role()
    local_aws.allow(role, action, "*", effect="Deny")
    gateway = make_gateway(roleArn=role)
    credentials = api_key("k") if kind == "api key" else oauth(endpoints_at(counterpart.url))
    target = gateway.target(ping, credentials)
    assert gateway.get(target)["status"] == "READY"
    assert set(gateway.tools()) == {"t___ping"}
    assert gateway.call("t___ping") == ("An internal error occurred. Please retry later.", True)
    assert not counterpart.received
    assert f"Failed to fetch outbound {kind}. " in caplog.text
    assert f"{role} lacks {action.rstrip('*')}" in caplog.text


@pytest.mark.parametrize("left_out", range(4))
def test_every_resource_of_a_providers_action_has_to_be_allowed(
    local_aws: ControlPlane, make_gateway: Callable[..., Gateway], ping: Any, api_key: Any, left_out: int
) -> None:
    """F9 (public transcript of 2026): directory, workload identity, token vault and provider; three are not enough."""
    role = local_aws.execution_role()
    gateway = make_gateway(roleArn=role, exceptionLevel="DEBUG")
    credentials = api_key("k")
    gateway.target(ping, credentials)
    home = "arn:aws:bedrock-agentcore:us-west-2:123456789012"
    directory = f"{home}:workload-identity-directory/default"
    identity = f"{directory}/workload-identity/{gateway.id}"
    provider = credentials[0]["credentialProvider"]["apiKeyCredentialProvider"]["providerArn"]
    assert gateway.call("t___ping") == ({"ok": True}, False)
    lacking = [directory, identity, f"{home}:token-vault/default", provider][left_out]
    local_aws.allow(role, "bedrock-agentcore:GetResourceApiKey", lacking, effect="Deny")
    text, failed = gateway.call("t___ping")
    assert failed
    assert text.startswith(f"Failed to fetch outbound api key. {role} lacks bedrock-agentcore:GetResourceApiKey on ")


def test_the_gateways_role_signs_for_service_and_region(
    local_aws: ControlPlane, gateway: Gateway, counterpart: Counterpart, ping: Any
) -> None:
    iam = {"iamCredentialProvider": {"service": "execute-api", "region": "eu-west-1"}}
    gateway.target(ping, [{"credentialProviderType": "GATEWAY_IAM_ROLE", "credentialProvider": iam}])
    gateway.call("t___ping", headers={"Authorization": "Bearer caller"})
    signature = counterpart.last.headers["authorization"]
    assert "/eu-west-1/execute-api/aws4_request" in signature
    assert "x-amz-security-token" in counterpart.last.headers
    assert "caller" not in str(counterpart.last.headers)


@pytest.mark.parametrize("form", ["discovery document", "token endpoint"])
def test_a_local_pool_named_as_on_aws_signs_targets_in(
    local_aws: ControlPlane, gateway: Gateway, counterpart: Counterpart, ping: Any, oauth: Any, *, form: str
) -> None:
    """The program names the pool's documents and domain as AWS does; no call leaves this machine."""
    cognito, name = local_aws.client("cognito-idp"), local_aws.unique("out")
    pool = cognito.create_user_pool(PoolName=name)["UserPool"]["Id"]
    cognito.create_user_pool_domain(UserPoolId=pool, Domain=name)
    scopes = [{"ScopeName": word, "ScopeDescription": word} for word in ("read", "write")]
    cognito.create_resource_server(UserPoolId=pool, Identifier="orders", Name="orders", Scopes=scopes)
    client = cognito.create_user_pool_client(
        UserPoolId=pool,
        ClientName=name,
        GenerateSecret=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthScopes=["orders/read", "orders/write"],
        AllowedOAuthFlowsUserPoolClient=True,
    )["UserPoolClient"]
    issuer = f"https://cognito-idp.us-west-2.amazonaws.com/{pool}"
    domain = f"https://{name}.auth.us-west-2.amazoncognito.com/oauth2"
    discovery = {
        "discovery document": {"discoveryUrl": f"{issuer}/.well-known/openid-configuration"},
        "token endpoint": {
            "authorizationServerMetadata": {
                "issuer": issuer,
                "authorizationEndpoint": f"{domain}/authorize",
                "tokenEndpoint": f"{domain}/token",
            }
        },
    }[form]
    gateway.target(ping, oauth(discovery, clientId=client["ClientId"], clientSecret=client["ClientSecret"]))
    assert not gateway.call("t___ping")[1]
    claims = json.loads(base64.urlsafe_b64decode(counterpart.last.headers["authorization"].split(".")[1] + "=="))
    assert (claims["client_id"], claims["scope"]) == (client["ClientId"], "orders/read orders/write")

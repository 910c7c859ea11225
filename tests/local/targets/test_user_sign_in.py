"""Targets with the AUTHORIZATION_CODE grant: each user of a gateway signs in at the provider's own page."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import jwt
import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from werkzeug.wrappers import Request, Response

from tests.support.control_plane import ControlPlane
from tests.support.people_pool import PASSWORD, submit
from tests.support.targets import Counterpart, Gateway

PING = [{"name": "ping", "description": "d", "inputSchema": {"type": "object"}}]


class Provider:
    """An authorization server and an API that takes its tokens; it signs everybody in."""

    def __init__(self, counterpart: Counterpart) -> None:
        self.http = counterpart
        self.denies = False
        counterpart.answer = self._answer

    def _answer(self, request: Request) -> Response:
        if request.path == "/authorize":
            outcome = "error=access_denied" if self.denies else "code=the-code"
            where = f"{request.args['redirect_uri']}?{outcome}&state={request.args['state']}"
            return Response(status=302, headers={"Location": where})
        if request.path == "/token":
            answer = {"access_token": "token-of-a-person", "expires_in": 3600}
            return Response(json.dumps(answer), content_type="application/json")
        return Response('{"ok":true}', content_type="application/json")


@pytest.fixture
def provider(counterpart: Counterpart) -> Provider:
    return Provider(counterpart)


@pytest.fixture
def make(
    make_gateway: Callable[..., Any], users: Any, provider: Provider, oauth: Any, ping: Any, *, endpoints_at: Any
) -> Any:
    """A gateway with the target `t`, whose tool `ping` needs a person's token."""

    def make_one(return_url: str | None = None, **members: Any) -> Any:
        gateway = make_gateway(**users["authorizer"], **members)
        credentials = oauth(endpoints_at(provider.http.url), "AUTHORIZATION_CODE")
        if return_url:
            credentials[0]["credentialProvider"]["oauthCredentialProvider"]["defaultReturnUrl"] = return_url
        gateway.target(ping, credentials)
        return gateway

    return make_one


def call(gateway: Gateway, token: str, **more: Any) -> requests.Response:
    params = {"name": "t___ping", "arguments": {}, **more.pop("params", {})}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    headers = {"Authorization": f"Bearer {token}", **more}
    return requests.post(gateway.url, json=message, headers=headers, timeout=30)


def page_of(refused: requests.Response) -> str:
    """The address that a refused call sends its user to."""
    assert refused.status_code == 401
    error = refused.json()["error"]
    assert (error["code"], error["message"]) == (-32042, "This request requires more information.")
    [elicitation] = error["data"]["elicitations"]
    assert (elicitation["mode"], elicitation["message"]) == ("url", "Please login to this URL for authorization.")
    url: str = elicitation["url"]
    return url


def test_a_user_signs_in_once_and_for_nobody_else(make: Any, users: Any, provider: Provider) -> None:
    gateway, (mine, other) = make(), users["tokens"]
    page = requests.get(page_of(call(gateway, mine)), timeout=10)
    assert (page.status_code, page.text) == (
        200,
        "You are signed in. Go back to your program and call the tool again.\n",
    )
    asked, exchanged = (
        next(it for it in provider.http.received if it.path == path) for path in ("/authorize", "/token")
    )
    query, form = parse_qs(asked.query), parse_qs(exchanged.body.decode())
    assert query["scope"] == ["orders/read orders/write"]
    assert query["audience"] == ["shop"]
    assert query["code_challenge_method"] == ["S256"]
    assert form["grant_type"] == ["authorization_code"]
    assert form["redirect_uri"] == query["redirect_uri"]
    assert form["code_verifier"]
    assert call(gateway, mine).json()["result"]["isError"] is False
    assert provider.http.last.headers["authorization"] == "Bearer token-of-a-person"
    page_of(call(gateway, other))


def test_a_user_signs_in_again_once_the_token_vault_is_reset(local_aws: ControlPlane, make: Any, users: Any) -> None:
    """A reset deletes the tokens of people."""
    gateway, (mine, _) = make(), users["tokens"]
    requests.get(page_of(call(gateway, mine)), timeout=10)
    assert call(gateway, mine).json()["result"]["isError"] is False
    key = "arn:aws:kms:us-west-2:123456789012:key/11111111-2222-3333-4444-555555555555"
    local_aws.control.set_token_vault_cmk(kmsConfiguration={"keyType": "CustomerManagedKey", "kmsKeyArn": key})
    local_aws.control.reset_token_vault_key_material(tokenVaultId="default")
    page_of(call(gateway, mine))


def test_a_user_signs_in_at_a_user_pool_of_this_machine(
    local_aws: ControlPlane, make_gateway: Callable[..., Any], users: Any, provider: Provider, oauth: Any, *, ping: Any
) -> None:
    """A target whose provider is Cognito leads to the login page of local AWS, named as on AWS or not."""
    cognito, name = local_aws.client("cognito-idp"), local_aws.unique("people")
    pool = cognito.create_user_pool(PoolName=name)["UserPool"]["Id"]
    cognito.create_user_pool_domain(UserPoolId=pool, Domain=name)
    scopes = [{"ScopeName": it, "ScopeDescription": it} for it in ("read", "write")]
    cognito.create_resource_server(UserPoolId=pool, Identifier="orders", Name="orders", Scopes=scopes)
    cognito.admin_create_user(UserPoolId=pool, Username="ada")
    cognito.admin_set_user_password(UserPoolId=pool, Username="ada", Password=PASSWORD, Permanent=True)
    flows = {
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["orders/read", "orders/write"],
        "AllowedOAuthFlowsUserPoolClient": True,
    }
    client = cognito.create_user_pool_client(
        UserPoolId=pool, ClientName=name, GenerateSecret=True, **flows, CallbackURLs=["http://localhost/later"]
    )["UserPoolClient"]
    discovery = f"https://cognito-idp.us-west-2.amazonaws.com/{pool}/.well-known/openid-configuration"
    secret = {"clientId": client["ClientId"], "clientSecret": client["ClientSecret"]}
    credentials = oauth({"discoveryUrl": discovery}, "AUTHORIZATION_CODE", **secret)
    arn = credentials[0]["credentialProvider"]["oauthCredentialProvider"]["providerArn"]
    made = local_aws.control.get_oauth2_credential_provider(name=arn.rpartition("/")[2])
    cognito.update_user_pool_client(
        UserPoolId=pool, ClientId=client["ClientId"], **flows, CallbackURLs=[made["callbackUrl"]]
    )
    gateway = make_gateway(**users["authorizer"])
    gateway.target(ping, credentials)
    browser, mine = requests.Session(), users["tokens"][0]
    back = submit(browser, browser.get(page_of(call(gateway, mine)), timeout=10), username="ada", password=PASSWORD)
    assert browser.get(back.headers["Location"], timeout=10).text.startswith("You are signed in.")
    assert call(gateway, mine).json()["result"]["isError"] is False
    token = provider.http.last.headers["authorization"].removeprefix("Bearer ")
    assert jwt.decode(token, options={"verify_signature": False})["username"] == "ada"


def test_an_application_confirms_its_user_before_the_token_is_used(
    local_aws: ControlPlane, make: Any, users: Any, provider: Provider
) -> None:
    """With a defaultReturnUrl, as on AWS: an application that does not call CompleteResourceTokenAuth gets no further."""
    gateway, (mine, other) = make("https://desk.example.com/done?a=b"), users["tokens"]
    step = requests.get(page_of(call(gateway, mine)), timeout=10, allow_redirects=False)
    step = requests.get(step.headers["Location"], timeout=10, allow_redirects=False)
    step = requests.get(step.headers["Location"], timeout=10, allow_redirects=False)
    back = urlsplit(step.headers["Location"])
    assert (back.netloc, back.path) == ("desk.example.com", "/done")
    session = parse_qs(back.query)["session_id"][0]
    page_of(call(gateway, mine))
    data = boto3.client(
        "bedrock-agentcore",
        endpoint_url=local_aws.endpoint,
        region_name="us-west-2",
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )
    with pytest.raises(data.exceptions.AccessDeniedException):
        data.complete_resource_token_auth(sessionUri=session, userIdentifier={"userToken": other})
    data.complete_resource_token_auth(sessionUri=session, userIdentifier={"userToken": mine})
    assert call(gateway, mine).json()["result"]["isError"] is False
    with pytest.raises(data.exceptions.AccessDeniedException, match="Invalid or expired session"):
        data.complete_resource_token_auth(sessionUri=session, userIdentifier={"userToken": mine})


def test_a_sign_in_that_failed_or_is_over_says_so(
    local_aws: ControlPlane, make: Any, users: Any, provider: Provider
) -> None:
    gateway, (mine, _) = make(), users["tokens"]
    provider.denies = True
    page = requests.get(page_of(call(gateway, mine)), timeout=10)
    assert (page.status_code, page.text) == (403, "The provider did not sign you in: access_denied.\n")
    for path in ("authorize?request_uri=none", "callback/none?code=c&state=none"):
        over = requests.get(f"{local_aws.endpoint}/identities/oauth2/{path}", timeout=10)
        assert (over.status_code, over.text.partition(".")[0]) == (404, "This sign-in is over, or too old")


def test_the_revision_without_sessions_asks_in_its_own_way(make: Any, users: Any) -> None:
    """A client that can open addresses gets a result that wants the call again; another one learns what it lacks."""
    versions = {"protocolConfiguration": {"mcp": {"supportedVersions": ["2026-07-28"]}}}
    gateway, (mine, _) = make(**versions), users["tokens"]
    headers = {"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call", "Mcp-Name": "t___ping"}

    def asked(capabilities: dict[str, Any], **more: Any) -> requests.Response:
        meta = {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": capabilities,
        }
        return call(gateway, mine, params={"_meta": meta, **more}, **headers)

    lacking = asked({})
    assert (lacking.status_code, lacking.json()["error"]["code"]) == (400, -32021)
    result = asked({"elicitation": {"url": {}}}).json()["result"]
    assert result["resultType"] == "input_required"
    [(key, request)] = result["inputRequests"].items()
    assert (request["method"], request["params"]["mode"]) == ("elicitation/create", "url")
    assert requests.get(request["params"]["url"], timeout=10).status_code == 200
    again = asked({"elicitation": {"url": {}}}, inputResponses={key: {"action": "accept"}})
    assert again.json()["result"]["isError"] is False


@pytest.fixture
def server(provider: Provider) -> dict[str, Any]:
    """An MCP server beside the provider, which shows its tool `ping` to people alone."""

    def speak(request: Request) -> Response:
        if request.path != "/mcp":
            return provider._answer(request)
        if request.headers.get("Authorization") != "Bearer token-of-a-person":
            return Response(status=401)
        message = request.get_json()
        results = {
            "initialize": {"protocolVersion": "2025-11-25", "capabilities": {"tools": {}}, "serverInfo": {}},
            "tools/list": {"tools": PING},
            "tools/call": {"content": [{"type": "text", "text": "pong"}], "isError": False},
        }
        if "id" not in message:
            return Response(status=202)
        document = {"jsonrpc": "2.0", "id": message["id"], "result": results[message["method"]]}
        return Response(json.dumps(document), content_type="application/json")

    provider.http.answer = speak
    return {"endpoint": f"{provider.http.https_url}/mcp"}


def test_an_mcp_server_is_spoken_to_once_its_user_has_signed_in(
    make_gateway: Callable[..., Gateway], users: Any, provider: Provider, server: Any, *, oauth: Any, endpoints_at: Any
) -> None:
    """With tools that are named beforehand, since nobody has signed in when the target is made."""
    server["mcpToolSchema"] = {"inlinePayload": json.dumps({"tools": PING})}
    gateway, (mine, other) = make_gateway(**users["authorizer"]), users["tokens"]
    gateway.target({"mcp": {"mcpServer": server}}, oauth(endpoints_at(provider.http.url), "AUTHORIZATION_CODE"))
    assert requests.get(page_of(call(gateway, mine)), timeout=10).status_code == 200
    assert call(gateway, mine).json()["result"]["content"][0]["text"] == "pong"
    page_of(call(gateway, other))


def test_a_target_that_waits_becomes_ready_when_its_owner_has_signed_in(
    make_gateway: Callable[..., Gateway], users: Any, provider: Provider, server: Any, *, oauth: Any, endpoints_at: Any
) -> None:
    gateway, (mine, _) = make_gateway(**users["authorizer"]), users["tokens"]
    target = gateway.target(
        {"mcp": {"mcpServer": server}}, oauth(endpoints_at(provider.http.url), "AUTHORIZATION_CODE")
    )
    waiting = gateway.get(target)
    assert waiting["status"] == "CREATE_PENDING_AUTH"
    page = requests.get(waiting["authorizationData"]["oauth2"]["authorizationUrl"], timeout=10)
    assert page.status_code == 200
    ready = gateway.get(gateway.settle(target))
    assert (ready["status"], ready.get("authorizationData")) == ("READY", None)
    assert list(gateway.tools({"Authorization": f"Bearer {mine}"})) == ["t___ping"]
    page_of(call(gateway, mine))


def test_a_browser_may_come_back_from_the_page_of_another_origin(local_aws: ControlPlane) -> None:
    """To the callback alone, as a page and not from a script; all else of other origins stays refused."""
    navigation = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    for path, headers, status in (
        ("/identities/oauth2/callback/none", navigation, 404),
        ("/identities/oauth2/callback/none", {**navigation, "Sec-Fetch-Mode": "no-cors"}, 403),
        ("/identities/oauth2/callback/none", {**navigation, "Sec-Fetch-Dest": "iframe"}, 403),
        ("/identities/oauth2/authorize", navigation, 403),
        ("/_local/status", navigation, 403),
    ):
        assert requests.get(local_aws.endpoint + path, headers=headers, timeout=10).status_code == status, path


def test_a_caller_without_a_token_has_nobody_to_sign_in(
    make_gateway: Callable[..., Gateway], provider: Provider, oauth: Any, ping: Any, *, endpoints_at: Any, caplog: Any
) -> None:
    gateway = make_gateway(authorizerType="AUTHENTICATE_ONLY")
    gateway.target(ping, oauth(endpoints_at(provider.http.url), "AUTHORIZATION_CODE"))
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "t___ping"}})
    request = AWSRequest("POST", gateway.url, data=body, headers={"Content-Type": "application/json"})
    SigV4Auth(Credentials("local", "local"), "bedrock-agentcore", "us-west-2").add_auth(request)
    answer = requests.post(gateway.url, data=body, headers=dict(request.headers), timeout=10)
    assert answer.json()["result"]["isError"]
    assert "needs a caller who signed in at the gateway with a bearer token" in caplog.text

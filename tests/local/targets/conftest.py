"""Targets of every kind on a local AWS of the test process, and the servers behind them, which keep what they got."""

from __future__ import annotations

import asyncio
import io
import json
import textwrap
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
import requests
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

ROLE = [{"credentialProviderType": "GATEWAY_IAM_ROLE"}]


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        """Be quiet."""


@dataclass
class Received:
    """One request as it arrived."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Counterpart:
    """An HTTP server on loopback; `answer` makes its responses."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.answer: Callable[[Request], Response] = lambda _: Response('{"ok":true}', content_type="application/json")

        @Request.application
        def app(request: Request) -> Response:
            raw = request.environ["RAW_URI"].partition("?")
            headers = {name.lower(): value for name, value in request.headers.items()}
            self.received.append(Received(request.method, raw[0], raw[2], headers, request.get_data()))
            return self.answer(request)

        self.server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
        self.url = f"http://127.0.0.1:{self.server.port}"
        self.https_url = f"https://127.0.0.1:{self.server.port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def last(self) -> Received:
        return self.received[-1]


@pytest.fixture
def counterpart() -> Iterator[Counterpart]:
    found = Counterpart()
    yield found
    found.server.shutdown()
    found.server.server_close()


class Gateway:
    """A gateway on local AWS and what clients do with it."""

    def __init__(self, local_aws: Any, **members: Any) -> None:
        self.aws = local_aws
        made = local_aws.gateway(**members)
        self.id = made["gatewayId"]
        self.url = made["gatewayUrl"]

    @property
    def base(self) -> str:
        return f"{self.aws.endpoint}/gateways/{self.id}"

    def target(self, configuration: Any, credentials: Any = None, name: str = "t", **members: Any) -> str:
        """Create a target and wait until it has settled; returns its id."""
        given = {
            "gatewayIdentifier": self.id,
            "name": name,
            "targetConfiguration": configuration,
            "credentialProviderConfigurations": credentials,
            **members,
        }
        made = self.aws.control.create_gateway_target(**{k: v for k, v in given.items() if v is not None})
        return self.settle(made["targetId"])

    def settle(self, target_id: str) -> str:
        deadline = time.monotonic() + 20
        while self.get(target_id)["status"] in ("CREATING", "UPDATING", "SYNCHRONIZING"):
            assert time.monotonic() < deadline
            threading.Event().wait(0.01)
        return target_id

    def get(self, target_id: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.aws.control.get_gateway_target(gatewayIdentifier=self.id, targetId=target_id)
        return answer

    def tools(self, headers: dict[str, str] | None = None) -> dict[str, Any]:
        """The tools by name, as the official MCP client lists them."""
        listed = self.talk(lambda client: client.list_tools(), headers or {})
        return {tool.name: tool.model_dump(by_alias=True, exclude_none=True) for tool in listed.tools}

    def call(self, tool: str, arguments: Any = None, headers: dict[str, str] | None = None, query: str = "") -> Any:
        """A call by the official MCP client; the text of its result, parsed if it is JSON, and whether it failed."""
        result = self.talk(lambda client: client.call_tool(tool, arguments or {}), headers or {}, query)
        text = result.content[0].text if result.content else ""
        try:
            return json.loads(text), result.is_error
        except ValueError:
            return text, result.is_error

    def talk(self, ask: Any, headers: dict[str, str] | None = None, query: str = "") -> Any:
        """What `ask` gets of the official MCP client."""

        async def talk() -> Any:
            async with httpx2.AsyncClient(headers=headers or {}, timeout=60) as http:
                transport = streamable_http_client(self.url + query, http_client=http)
                async with Client(transport) as client:
                    return await ask(client)

        try:
            return asyncio.run(talk())
        except BaseException as error:
            # Task groups wrap what went wrong into groups of groups.
            cause = error
            while inner := getattr(cause, "exceptions", None):
                cause = inner[0]
            raise cause from None


@pytest.fixture
def gateway(local_aws: Any) -> Gateway:
    return Gateway(local_aws)


@pytest.fixture
def make_gateway(local_aws: Any) -> Callable[..., Gateway]:
    return lambda **members: Gateway(local_aws, **members)


@pytest.fixture
def api_key(local_aws: Any) -> Callable[..., list[dict[str, Any]]]:
    """credentialProviderConfigurations with an API key."""

    def make(key: str, **where: str) -> list[dict[str, Any]]:
        made = local_aws.control.create_api_key_credential_provider(name=local_aws.unique("key"), apiKey=key)
        provider = {"providerArn": made["credentialProviderArn"], **where}
        return [{"credentialProviderType": "API_KEY", "credentialProvider": {"apiKeyCredentialProvider": provider}}]

    return make


@pytest.fixture
def oauth(local_aws: Any) -> Callable[..., list[dict[str, Any]]]:
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


def metadata_of(url: str) -> dict[str, Any]:
    """An oauthDiscovery that names the endpoints itself."""
    endpoints = {"issuer": url, "authorizationEndpoint": f"{url}/authorize", "tokenEndpoint": f"{url}/token"}
    return {"authorizationServerMetadata": endpoints}


def openapi(server: str, paths: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A target configuration with an OpenAPI document."""
    info = {"title": "Shop", "version": "1"}
    document = {"openapi": "3.0.3", "info": info, "servers": [{"url": server}], "paths": paths, **more}
    return {"mcp": {"openApiSchema": {"inlinePayload": json.dumps(document)}}}


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
def interceptor(local_aws: Any) -> Callable[..., list[dict[str, Any]]]:
    """interceptorConfigurations with a function of this code."""

    def make(code: str, *points: str, headers: bool = False) -> list[dict[str, Any]]:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as files:
            files.writestr("app.py", textwrap.dedent(code))
        arn = local_aws.client("lambda").create_function(
            FunctionName=local_aws.unique("interceptor"),
            Runtime="python3.12",
            Role=local_aws.execution_role(),
            Handler="app.handler",
            Code={"ZipFile": archive.getvalue()},
        )["FunctionArn"]
        return [
            {
                "interceptor": {"lambda": {"arn": arn}},
                "interceptionPoints": list(points),
                "inputConfiguration": {"passRequestHeaders": headers},
            }
        ]

    return make


@pytest.fixture
def users(local_aws: Any) -> dict[str, Any]:
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

"""Calls a gateway as a client would: signed in, over its own address, recorded, with the faults that are set."""

from __future__ import annotations

import contextlib
import json
import time
import uuid
from collections.abc import Generator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder

from agentcore_provider.local import access_key
from agentcore_provider.local.application.application import NUMBER
from agentcore_provider.local.cognito import token_endpoint, user_pool_client, user_pool_domain
from agentcore_provider.local.cognito.user_pool_client import UserPoolClient

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

    from agentcore_provider.local.json_document import JsonObject
    from agentcore_provider.local.store import Gateway

_CLIENT = "local-aws-page"
_SIGNED = ("AWS_IAM",)


def call(
    application: WSGIApplication, base_url: str, gateway: Gateway, tool: str, arguments: JsonObject, *, token: str
) -> int:
    """Call a tool; returns the number of the recorded call. token: typed by the user; empty to sign in by itself."""
    message = {
        "jsonrpc": "2.0",
        "id": f"page-{uuid.uuid4().hex[:8]}",
        "method": "tools/call",
        "params": {"name": tool, "arguments": arguments},
    }
    body = json.dumps(message, ensure_ascii=False).encode()
    path = f"/gateways/{gateway.gateway_id}/mcp"
    headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": _CLIENT}
    if gateway.authorizer_type in _SIGNED:
        headers |= _signature(gateway, base_url + path, body, headers)
    elif token or (token := access_token(gateway)):
        headers["Authorization"] = f"Bearer {token}"
    builder = EnvironBuilder(path, base_url, method="POST", headers=Headers(headers), data=body)
    environ = builder.get_environ()
    builder.close()
    # A fault may withhold the answer; the call is recorded all the same.
    with contextlib.suppress(ConnectionError), contextlib.closing(_start(application, environ)) as pieces:
        for _ in pieces:
            pass
    return int(environ[NUMBER])


def _start(application: WSGIApplication, environ: WSGIEnvironment) -> Generator[bytes, None, None]:
    # Not werkzeug's client, which passes on a copy of the environment: the number would be lost.
    yield from application(environ, lambda _status, _headers, _error=None: lambda _piece: None)


def signs_in(gateway: Gateway) -> bool:
    """Whether the page can sign in to the gateway without help."""
    return gateway.authorizer_type in ("NONE", *_SIGNED) or machine_client(gateway) is not None


def access_token(gateway: Gateway) -> str:
    """A token of an app client that the gateway lets in; empty if local AWS has none."""
    client = machine_client(gateway)
    if client is None:
        return ""
    wanted = _authorizer(gateway).get("allowedScopes") or []
    machine_scopes = [scope for scope in client.allowed_scopes if "/" in scope]
    scopes = [scope for scope in machine_scopes if scope in wanted] or machine_scopes
    return token_endpoint.access_token(client, scopes, int(time.time()))


def machine_client(gateway: Gateway) -> UserPoolClient | None:
    """An app client of a local user pool that gets tokens without a person, and that the gateway allows."""
    domain, allowed = domain_of(gateway), _authorizer(gateway).get("allowedClients") or []
    if domain is None:
        return None
    for pool in user_pool_domain.user_pools(domain):
        for client_id in [it for it in list(pool.clients) if not allowed or it in allowed]:
            client = user_pool_client.find(domain, client_id)
            if client is not None and token_endpoint.GRANT in client.allowed_flows:
                return client
    return None


def domain_of(gateway: Gateway) -> str | None:
    """The domain of the local user pool whose tokens the gateway accepts."""
    path = urlsplit(_authorizer(gateway).get("discoveryUrl", "")).path
    return user_pool_domain.domain_of(path.split("/")[1]) if path.count("/") > 1 else None


def _authorizer(gateway: Gateway) -> JsonObject:
    return dict(gateway.authorizer_configuration.get("customJWTAuthorizer") or {})


def _signature(gateway: Gateway, url: str, body: bytes, headers: dict[str, str]) -> dict[str, str]:
    request = AWSRequest("POST", url, headers={"Content-Type": headers["Content-Type"]}, data=body)
    credentials = Credentials(access_key.LOCAL, access_key.LOCAL)
    SigV4Auth(credentials, "bedrock-agentcore", gateway.region).add_auth(request)
    return {name: value for name, value in request.headers.items() if name != "Content-Type"}

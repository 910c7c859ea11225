"""Which operation of which AWS service a request calls."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import parse_qs

from werkzeug.wrappers import Request

from agentcore_provider.local import json_document, service_model
from agentcore_provider.local.service_model import RouteMatch

_SCOPE = re.compile(r"Credential=(?P<key>[^/,\s]+)/\d{8}/(?P<region>[^/,\s]+)/(?P<service>[^/,\s]+)/aws4_request")
_SERVICES_OF_SIGNING_NAME = {
    "bedrock-agentcore": ("bedrock-agentcore-control", "bedrock-agentcore"),
    "agent-registry": ("agent-registry-control", "agent-registry"),
    "bedrock": ("bedrock", "bedrock-agent", "bedrock-runtime"),
}
_UNSIGNED_TARGETS = {"AWSCognitoIdentityProviderService": "cognito-idp"}
_DEFAULT_REGION = "us-west-2"

GATEWAY_PATH = re.compile(r"/gateways/(?P<id>[^/]+)/(?:mcp|\.well-known)(?:/.*)?")
GATEWAY_METADATA_PATH = re.compile(r"/\.well-known/[^/]+/gateways/(?P<id>[^/]+)(?:/.*)?")
HTTP_TARGET_PATH = re.compile(r"/gateways/(?P<id>[^/]+)/(?P<target>[^/]+)(?P<path>(?:/.*)?)")
USER_POOL_DOMAIN_PATH = re.compile(
    r"/cognito/(?P<domain>[^/]+)/(?P<what>oauth2/(?:token|revoke|authorize|userInfo)|login|logout)"
)
SIGN_IN_PATH = re.compile(r"/identities/(?P<what>oauth2/(?:authorize|callback))(?:/[^/]+)?")
USER_POOL_PATH = re.compile(r"/(?P<pool>[^/]+_[^/]+)/\.well-known/(?P<document>[^/]+)")


_READS = re.compile(
    r"(?:BatchGet|Check|Describe|Get|Head|List|Lookup|Query|Scan|Search)[A-Z]\w*"
    r"|initialize|ping|notifications/.*|(?:tools|prompts|resources|resources/templates)/list|GET .*|HEAD .*"
    r"|openid-configuration|jwks\.json"
)


@dataclass(frozen=True)
class Operation:
    """A call.

    service: botocore's name of the service; `mcp` for the tools of a gateway, `http` for what it forwards.
    name: the operation; the JSON-RPC method of an MCP call; method and path where nothing better is known.
    speaks_xml: whether the service's errors are XML.
    is_signed: whether the request is signed, for whichever service.
    route: values of the path, for REST services.
    """

    service: str
    name: str
    region: str = _DEFAULT_REGION
    access_key: str = ""
    speaks_xml: bool = False
    is_signed: bool = False
    route: RouteMatch | None = None


def identify(request: Request) -> Operation:
    """The operation that a request calls; never fails, since unknown requests are recorded too."""
    called = _identify_by_path(request) or _identify_by_signature(request)
    return replace(called, is_signed=_scope(request) is not None)


def only_reads(called: Operation) -> bool:
    """Whether a call changes nothing, by the name of its operation."""
    return called.service != "http" and _READS.fullmatch(called.name) is not None


def signed_service(request: Request) -> str | None:
    """The service that a request is signed for, by its signing name; None for one that is not signed."""
    scope = _scope(request)
    return scope[0] if scope else None


def _identify_by_path(request: Request) -> Operation | None:
    if GATEWAY_PATH.fullmatch(request.path) or GATEWAY_METADATA_PATH.fullmatch(request.path):
        return Operation("mcp", _json_rpc_method(request))
    if http_target(request):
        return Operation("http", f"{request.method} {request.path}")
    if found := USER_POOL_DOMAIN_PATH.fullmatch(request.path):
        return Operation("cognito-idp", found["what"])
    if found := SIGN_IN_PATH.fullmatch(request.path):
        return Operation("bedrock-agentcore", found["what"])
    if found := USER_POOL_PATH.fullmatch(request.path):
        return Operation("cognito-idp", found["document"], region=found["pool"].rpartition("_")[0])
    return None


def http_target(request: Request) -> re.Match[str] | None:
    """Gateway, target and path of a request that a gateway forwards; None for any other.

    The control plane's own paths begin alike, and clients of both sign for the same service: what the control plane
    knows is its own if it is signed.
    """
    raw_path = request.environ.get("RAW_URI", request.path).partition("?")[0]
    found = HTTP_TARGET_PATH.fullmatch(raw_path)
    if found is None or GATEWAY_PATH.fullmatch(request.path):
        return None
    query = request.query_string.decode()
    control = "bedrock-agentcore-control"
    is_control = service_model.match_route(control, request.method, raw_path, query, request.headers)
    return None if is_control and _scope(request) else found


def _identify_by_signature(request: Request) -> Operation:
    target_prefix, _, target = request.headers.get("X-Amz-Target", "").rpartition(".")
    scope = _scope(request)
    if scope is None and target_prefix in _UNSIGNED_TARGETS:
        return Operation(_UNSIGNED_TARGETS[target_prefix], target)
    service, region, access_key = scope or ("s3", _DEFAULT_REGION, "")
    known = Operation(service, "", region, access_key)
    if target:
        return replace(known, name=target)
    if action := _action(request):
        return replace(known, name=action, speaks_xml=True)
    return _identify_rest(request, known)


def _identify_rest(request: Request, known: Operation) -> Operation:
    raw_path = request.environ.get("RAW_URI", request.path).partition("?")[0]
    for candidate in _SERVICES_OF_SIGNING_NAME.get(known.service, (known.service,)):
        if candidate not in service_model.names():
            continue
        query = request.query_string.decode()
        route = service_model.match_route(candidate, request.method, raw_path, query, request.headers)
        speaks_xml = service_model.load(candidate).metadata.get("protocol") == "rest-xml"
        if route:
            return replace(known, service=candidate, name=route.operation, speaks_xml=speaks_xml, route=route)
    return replace(known, name=f"{request.method} {request.path}")


def _scope(request: Request) -> tuple[str, str, str] | None:
    credential = request.args.get("X-Amz-Credential")
    text = f"Credential={credential}" if credential else request.headers.get("Authorization", "")
    found = _SCOPE.search(text)
    return (found["service"].lower(), found["region"], found["key"]) if found else None


def _action(request: Request) -> str | None:
    if "Action" in request.args:
        return request.args["Action"]
    if request.mimetype != "application/x-www-form-urlencoded":
        return None
    # The form is not read through request.form, which would leave nothing for the step that answers.
    return parse_qs(request.get_data(cache=True).decode(errors="replace")).get("Action", [None])[0]


def _json_rpc_method(request: Request) -> str:
    try:
        message = json_document.read(request.get_data(cache=True))
    except ValueError:
        message = None
    if isinstance(message, list) and message:
        message = message[0]
    method = message.get("method") if isinstance(message, dict) else None
    return str(method or f"{request.method} {request.path.rpartition('/')[2]}")

"""A stage of a REST API, served: moto keeps the API but does not run it on a server.

Of its integrations, HTTP and HTTP_PROXY call the real server, AWS_PROXY and AWS the Lambda function, MOCK answers by itself. Mapping
templates in VTL are not run: bodies go on as they are.
"""

from __future__ import annotations

import base64
import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from agentcore_provider.local import lambda_runtime
from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.lambda_runtime.function import FunctionNotFoundError
from agentcore_provider.local.outbound import HttpAnswer, HttpCall, UnreachableError, send

if TYPE_CHECKING:
    from agentcore_provider.local.mcp_endpoint.request_context import RequestContext

_LABEL = re.compile(r"\{([^}]+)\}")
_FUNCTION = re.compile(r"/functions/(arn:[^/]+)/invocations")
# The client's proof of who it is was for API Gateway, not for what is behind it.
_KEPT_BACK = frozenset({"host", "authorization", "x-amz-date", "x-amz-security-token", "x-api-key"})


def serve(context: RequestContext, api_id: str, stage: str, request: HttpCall) -> HttpAnswer:
    """The stage's answer. Raises UnreachableError when an integration cannot be reached or run."""
    from moto.apigateway.models import apigateway_backends

    backend = apigateway_backends[context.gateway.account_id][context.gateway.region]
    api = backend.apis.get(api_id)
    if api is None or stage not in api.stages:
        return json_answer(403, {"message": "Forbidden"})
    parts = urlsplit(request.full_url)
    path = unquote(parts.path)[len(stage) + 1 :] or "/"
    resource, labels = _route(api, request.method, path)
    if resource is None:
        return json_answer(403, {"message": "Missing Authentication Token"})
    method = resource.resource_methods[request.method]
    rejection = _rejection(backend, method, request)
    if rejection is not None:
        return json_answer(403, {"message": rejection})
    if method.method_integration is None:
        return json_answer(500, {"message": "Internal server error"})
    query = parse_qsl(parts.query, keep_blank_values=True)
    asked = StageRequest(context, stage, resource.get_path(), path, request, query, labels)
    return run(method.method_integration, asked)


def _route(api: Any, method: str, path: str) -> tuple[Any, dict[str, str]]:
    routes = []
    for resource in list(api.resources.values()):
        written = resource.get_path()
        pattern = "([^/]+)".join(re.escape(part) for part in _LABEL.split(written)[::2])
        if method in resource.resource_methods and (found := re.fullmatch(pattern, path)):
            labels = dict(zip(_LABEL.findall(written), found.groups(), strict=True))
            routes.append((resource, labels))
    # A path that is written out wins over one with labels.
    return min(routes, key=lambda route: len(route[1]), default=(None, {}))


def _rejection(backend: Any, method: Any, request: HttpCall) -> str | None:
    signed = (request.header("authorization") or "").startswith("AWS4-HMAC-SHA256")
    if method.authorization_type == "AWS_IAM" and not signed:
        return "Missing Authentication Token"
    if method.api_key_required:
        key = request.header("x-api-key")
        if not any(known.value == key and known.enabled for known in list(backend.keys.values())):
            return "Forbidden"
    return None


@dataclass(frozen=True)
class StageRequest:
    """A request that a stage has let in. `labels`: what the path holds in place of the resource's `{...}`."""

    context: RequestContext
    stage: str
    resource: str
    path: str
    http: HttpCall
    query: list[tuple[str, str]]
    labels: dict[str, str]


def run(integration: Any, request: StageRequest) -> HttpAnswer:
    """The integration's answer. Raises UnreachableError when it cannot be reached or run."""
    runner = _RUNNERS.get(integration.integration_type)
    if runner is None:
        raise _not_available(integration, request)
    return runner(integration, request)


def json_answer(status: int, document: object) -> HttpAnswer:
    """An answer of API Gateway itself."""
    return HttpAnswer(status, "", (("content-type", "application/json"),), json.dumps(document).encode())


def _call_server(integration: Any, request: StageRequest) -> HttpAnswer:
    passes_all = integration.integration_type == "HTTP_PROXY"
    sources: dict[str, str] = {f"path.{name}": value for name, value in request.labels.items()}
    sources.update({f"querystring.{name}": value for name, value in request.query})
    sources.update({f"header.{name}": value for name, value in request.http.headers})
    url = integration.uri
    out_query = list(request.query) if passes_all else []
    headers = [pair for pair in request.http.headers if pair[0].lower() not in _KEPT_BACK] if passes_all else []
    for target, source in (integration.request_parameters or {}).items():
        place, name = target.split(".", 3)[2:]
        value = source[1:-1] if source.startswith("'") else sources.get(source.removeprefix("method.request."))
        if value is None:
            continue
        if place == "path":
            url = url.replace(f"{{{name}}}", value)
        elif place == "querystring":
            out_query = [pair for pair in out_query if pair[0] != name] + [(name, value)]
        elif place == "header":
            headers = [pair for pair in headers if pair[0].lower() != name.lower()] + [(name, value)]
    if not passes_all and (media_type := request.http.header("content-type")):
        headers.append(("Content-Type", media_type))
    method = integration.http_method if integration.http_method != "ANY" else request.http.method
    return send(HttpCall(method, url, tuple(headers), tuple(out_query), request.http.body))


def _call_function(integration: Any, request: StageRequest) -> HttpAnswer:
    function = _FUNCTION.search(integration.uri or "")
    if function is None:
        raise _not_available(integration, request)
    if integration.integration_type == "AWS_PROXY":
        return _proxy_answer(_invoke(request.context, function[1], _proxy_event(request)))
    return json_answer(200, _invoke(request.context, function[1], _json_body(request.http)))


def _proxy_event(request: StageRequest) -> JsonObject:
    query = request.query
    return {
        "resource": request.resource,
        "path": request.path,
        "httpMethod": request.http.method,
        "headers": dict(request.http.headers),
        "multiValueHeaders": {name: [value] for name, value in request.http.headers},
        "queryStringParameters": dict(query) or None,
        "multiValueQueryStringParameters": {name: [v for n, v in query if n == name] for name, _ in query} or None,
        "pathParameters": request.labels or None,
        "stageVariables": None,
        "requestContext": {
            "stage": request.stage,
            "httpMethod": request.http.method,
            "requestId": str(uuid.uuid4()),
        },
        "body": request.http.body.decode(errors="replace") or None,
        "isBase64Encoded": False,
    }


def _proxy_answer(payload: object) -> HttpAnswer:
    if not isinstance(payload, dict) or "statusCode" not in payload:
        return json_answer(502, {"message": "Internal server error"})
    headers = tuple((str(name), str(value)) for name, value in (payload.get("headers") or {}).items())
    body = payload.get("body") or ""
    data = base64.b64decode(body) if payload.get("isBase64Encoded") else str(body).encode()
    return HttpAnswer(int(payload["statusCode"]), "", headers or (("content-type", "application/json"),), data)


def _invoke(context: RequestContext, function_arn: str, event: object) -> object:
    gateway = context.gateway
    try:
        result = lambda_runtime.invoke(
            function_arn, event, None, gateway.region, account_id=gateway.account_id, endpoint_url=context.base_url
        )
    except FunctionNotFoundError as error:
        raise UnreachableError(f"Lambda function {function_arn} does not exist.") from error
    return result.payload


def _json_body(request: HttpCall) -> object:
    try:
        return json.loads(request.body) if request.body else {}
    except ValueError:
        return request.body.decode(errors="replace")


def _mock(integration: Any, _request: StageRequest) -> HttpAnswer:
    responses = integration.integration_responses or {}
    status = next(iter(sorted(responses)), "200")
    templates = responses[status].response_templates if responses else None
    text = next(iter((templates or {}).values()), "") or ""
    return HttpAnswer(int(status), "", (("content-type", "application/json"),), str(text).encode())


def _not_available(integration: Any, request: StageRequest) -> UnreachableError:
    return UnreachableError(
        f"{request.http.place}: an integration of type {integration.integration_type} with {integration.uri} is not "
        "available on local AWS; HTTP, HTTP_PROXY, MOCK and Lambda ones are."
    )


_RUNNERS: dict[str, Callable[[Any, StageRequest], HttpAnswer]] = {
    "HTTP": _call_server,
    "HTTP_PROXY": _call_server,
    "AWS": _call_function,
    "AWS_PROXY": _call_function,
    "MOCK": _mock,
}

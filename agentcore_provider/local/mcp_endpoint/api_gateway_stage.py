"""A stage of a REST API, served: moto keeps the API but does not run it on a server."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from agentcore_provider.local.mcp_endpoint.api_gateway_integration import StageRequest, json_answer, run
from agentcore_provider.local.outbound import HttpAnswer, HttpCall

if TYPE_CHECKING:
    from agentcore_provider.local.mcp_endpoint.request_context import RequestContext

_LABEL = re.compile(r"\{([^}]+)\}")


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

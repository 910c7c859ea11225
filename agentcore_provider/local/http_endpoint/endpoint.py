"""Forwards a client's request to a target of the http or inference kinds, and the answer back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from agentcore_provider.local import store
from agentcore_provider.local.http_endpoint import destination, inference
from agentcore_provider.local.http_endpoint.destination import Destination, NotAvailableError
from agentcore_provider.local.interception.failure import InterceptorError
from agentcore_provider.local.interception.http_exchange import HttpExchange
from agentcore_provider.local.mcp_endpoint import sign_in
from agentcore_provider.local.mcp_endpoint.endpoint import BODY_BYTES, caller_of
from agentcore_provider.local.mcp_endpoint.json_rpc import respond
from agentcore_provider.local.outbound import (
    Caller,
    CredentialError,
    HttpAnswer,
    HttpCall,
    SignInNeededError,
    UnreachableError,
    authorize,
    send,
)

if TYPE_CHECKING:
    from agentcore_provider.local.store import Gateway, Target

_SERVING = ("READY", "UPDATING", "UPDATE_UNSUCCESSFUL")
# They belong to one connection, not to the message (RFC 9110, 7.6.1), or are for the gateway itself.
_NOT_FORWARDED = frozenset(
    {
        "host",
        "connection",
        "keep-alive",
        "proxy-connection",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "content-length",
        "authorization",
        "x-amz-date",
        "x-amz-security-token",
        "x-amz-content-sha256",
    }
)


def serve(request: Request, gateway_id: str, target_name: str, path: str, base_url: str) -> Response:
    """Answer `<base_url>/gateways/<gateway_id>/<target_name><path>`. path: with its slash, as the client wrote it."""
    # A body left unread would be taken for the next request of the connection.
    body = request.get_data()
    gateway = store.find_gateway(gateway_id)
    if gateway is None:
        return respond({"message": f"Gateway {gateway_id} does not exist."}, 404)
    rejection = sign_in.check(request, gateway, base_url) or _rejection(gateway, body)
    if rejection is not None:
        return rejection
    targets = [target for target in store.targets_of(gateway_id) if target.status in _SERVING]
    if target_name == inference.PREFIX:
        return _serve_inference(request, gateway, targets, path, base_url)
    target = next((target for target in targets if target.name == target_name), None)
    if target is None:
        text = f"Gateway {gateway_id} has no target {target_name[:100]} that is READY. MCP clients call {base_url}/gateways/{gateway_id}/mcp."
        return respond({"message": text}, 404)
    exchange = _exchange(request, gateway, base_url, f"/{target_name}{path}")
    return _forward(exchange, gateway, target, _call(request, path))


def _rejection(gateway: Gateway, body: bytes) -> Response | None:
    if gateway.status not in _SERVING:
        text = f"Gateway {gateway.gateway_id} is {gateway.status}; it answers once it is READY."
        return respond({"message": text}, 503)
    if len(body) > BODY_BYTES:
        return respond({"message": f"{len(body)} bytes are over the limit of {BODY_BYTES}."}, 413)
    return None


def _serve_inference(request: Request, gateway: Gateway, targets: list[Target], path: str, base_url: str) -> Response:
    if request.method == "GET" and path.rstrip("/") == "/v1/models":
        return respond(inference.models(targets))
    try:
        route = inference.route(targets, path, request.get_data())
    except inference.NoTargetError as error:
        return respond({"message": str(error)}, error.status)
    exchange = _exchange(request, gateway, base_url, f"/{inference.PREFIX}{path}")
    return _forward(exchange, gateway, route.target, inference.rewritten(_call(request, route.path), route.model))


def _exchange(request: Request, gateway: Gateway, base_url: str, path: str) -> HttpExchange:
    return HttpExchange(gateway, base_url, caller_of(request), path, request.remote_addr)


def _call(request: Request, path: str) -> HttpCall:
    headers = tuple((name, value) for name, value in request.headers.items() if name.lower() not in _NOT_FORWARDED)
    query = tuple((name, value) for name, value in request.args.items(multi=True) if not name.startswith("X-Amz-"))
    return HttpCall(request.method, path, headers, query, request.get_data())


def _forward(exchange: HttpExchange, gateway: Gateway, target: Target, call: HttpCall) -> Response:
    cure = ""
    try:
        asked = exchange.on_request(call)
        if asked.answer is not None:
            return _answer(asked.answer)
        where = destination.of_target(target)
        cure = where.cure
        outbound = _outbound(gateway, target, asked.call, where, asked.caller)
        return _answer(exchange.on_response(send(outbound, stream=not exchange.buffers)))
    except InterceptorError as error:
        return respond({"message": error.text, "reason": error.reason}, error.status)
    except NotAvailableError as error:
        return respond({"message": str(error)}, 501)
    except (SignInNeededError, CredentialError) as error:
        page = {"authorizationUrl": error.url} if isinstance(error, SignInNeededError) else {}
        return respond({"message": f"Target {target.name}: {error}", **page}, 401 if page else 403)
    except UnreachableError as error:
        return respond({"message": f"Target {target.name}: {error}{cure}"}, 502)


def _outbound(gateway: Gateway, target: Target, call: HttpCall, where: Destination, caller: Caller) -> HttpCall:
    addressed = HttpCall(call.method, where.url + call.url, call.headers, call.query, call.body)
    return authorize(destination.with_static_query(addressed, target), gateway, target, caller, service=where.service)


def _answer(answer: HttpAnswer) -> Response:
    # Chunk by chunk: server-sent events reach the client as they come.
    response = Response(answer.chunks or answer.body, status=answer.status)
    response.headers.clear()
    for name, value in answer.headers:
        if name.lower() not in _NOT_FORWARDED | {"content-encoding"}:
            response.headers.add(name, value)
    return response

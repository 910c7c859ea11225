"""Forwards a client's request to a target of the http or inference kinds, and the answer back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from agentcore_provider.local import store
from agentcore_provider.local.http_endpoint import destination, fallback, inference, rules, throttling
from agentcore_provider.local.http_endpoint.destination import Destination
from agentcore_provider.local.http_endpoint.fallback import (
    Attempt,
    Chain,
    FirstByteTimeoutError,
    UnroutableError,
    send_within,
)
from agentcore_provider.local.interception.failure import InterceptorError
from agentcore_provider.local.interception.http_exchange import HttpExchange
from agentcore_provider.local.mcp_endpoint import policies, sign_in
from agentcore_provider.local.mcp_endpoint.endpoint import BODY_BYTES, caller_of
from agentcore_provider.local.mcp_endpoint.json_rpc import JsonRpcError, respond
from agentcore_provider.local.mcp_endpoint.request_context import RequestContext
from agentcore_provider.local.outbound import (
    Caller,
    CredentialError,
    HttpAnswer,
    HttpCall,
    SignInNeededError,
    UnreachableError,
    authorize,
)
from agentcore_provider.local.rate_limits import Admission, ThrottledError, usage

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


class _DeniedError(Exception):
    """The gateway's policies do not allow the request: it goes to no other target either, and no circuit breaks."""

    def __init__(self, error: JsonRpcError) -> None:
        super().__init__(error.message)
        self.status = error.http_status or 500


@dataclass(frozen=True)
class Attempts:
    """The targets that a request may go to. prepare: the target of an attempt, and the request as that has it."""

    chain: Chain
    prepare: Callable[[Attempt, HttpCall], tuple[Target, HttpCall]]


@dataclass(frozen=True)
class Incoming:
    """A request that may come in. targets: those that serve. path: with its slash, as the client wrote it."""

    request: Request
    gateway: Gateway
    targets: list[Target]
    path: str
    base_url: str


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
    incoming = Incoming(request, gateway, targets, path, base_url)
    if target_name == inference.PREFIX:
        return _serve_inference(incoming)
    try:
        admission = throttling.admit(gateway, caller_of(request), body, target_name)
    except ThrottledError as error:
        return throttling.answer(error)
    with _held(admission):
        return admission.until_sent(_serve_http(incoming, target_name, admission))


@contextmanager
def _held(admission: Admission) -> Iterator[None]:
    """Within, an error ends what a request holds of its limits; else its answer does."""
    try:
        yield
    except BaseException:
        admission.end()
        raise


def _serve_http(incoming: Incoming, target_name: str, admission: Admission) -> Response:
    gateway, base_url = incoming.gateway, incoming.base_url
    asked = rules.Asked(caller_of(incoming.request).principal(gateway), f"/{target_name}{incoming.path}")
    served = [it for it in incoming.targets if it.kind.startswith("http.")]
    route = rules.route(gateway.gateway_id, store.rules_of(gateway.gateway_id), served, asked)
    name = target_name if route is None else str(route["targetName"])
    target = next((target for target in incoming.targets if target.name == name), None)
    if target is None:
        address = f"{base_url}/gateways/{gateway.gateway_id}/mcp"
        text = f"Gateway {gateway.gateway_id} has no target {name[:100]} that is READY. MCP clients call {address}."
        return respond({"message": text}, 404)
    exchange = _exchange(incoming, f"/{target_name}{incoming.path}")
    call = _with_bundle(_call(incoming.request, incoming.path), gateway, asked)
    return _forward(exchange, gateway, call, one_of(target), admission)


def one_of(target: Target) -> Attempts:
    """The one target that a request goes to, and the request as it is."""
    return Attempts(Chain("", [Attempt(target.name)]), lambda _, call: (target, call))


def _rejection(gateway: Gateway, body: bytes) -> Response | None:
    if gateway.status not in _SERVING:
        text = f"Gateway {gateway.gateway_id} is {gateway.status}; it answers once it is READY."
        return respond({"message": text}, 503)
    if len(body) > BODY_BYTES:
        return respond({"message": f"{len(body)} bytes are over the limit of {BODY_BYTES}."}, 413)
    return None


def _serve_inference(incoming: Incoming) -> Response:
    gateway, path, caller = incoming.gateway, incoming.path, caller_of(incoming.request)
    call = _call(incoming.request, path)
    found = _found(incoming.targets, path, call.body)
    try:
        admission = throttling.admit_inference(gateway, caller, call.body, path, found)
    except ThrottledError as error:
        return throttling.answer(error, path)
    if admission.tokens:
        call = replace(call, body=usage.asking_for_usage(path, call.body))
    with _held(admission):
        return admission.until_sent(_infer(incoming, call, found, admission))


def _infer(
    incoming: Incoming, call: HttpCall, found: inference.Route | inference.NoTargetError, admission: Admission
) -> Response:
    gateway, path, whole_path = incoming.gateway, incoming.path, f"/{inference.PREFIX}{incoming.path}"
    if call.method == "GET" and path.rstrip("/") == "/v1/models":
        return respond(inference.models(incoming.targets))
    try:
        principal = caller_of(incoming.request).principal(gateway)
        asked = rules.Asked(principal, whole_path, inference.model_of(call.body))
        call = _with_bundle(call, gateway, asked)
        inferring = [it for it in incoming.targets if it.kind.startswith("inference.")]
        chosen = rules.route(gateway.gateway_id, store.rules_of(gateway.gateway_id), inferring, asked)
        if chosen is not None:
            attempts = Attempts(fallback.chain(gateway.gateway_id, chosen), partial(_routed, incoming.targets, path))
        elif isinstance(found, inference.NoTargetError):
            raise found
        else:
            call = inference.rewritten(replace(call, url=found.path), found.model)
            attempts = one_of(found.target)
    except inference.NoTargetError as error:
        return respond({"message": str(error)}, error.status)
    return _forward(_exchange(incoming, whole_path), gateway, call, attempts, admission)


def _found(targets: list[Target], path: str, body: bytes) -> inference.Route | inference.NoTargetError:
    """Where an inference request goes unless a rule sends it elsewhere."""
    try:
        return inference.route(targets, path, body)
    except inference.NoTargetError as error:
        return error


def _routed(targets: list[Target], path: str, attempt: Attempt, call: HttpCall) -> tuple[Target, HttpCall]:
    """The target of an attempt, and the request as that has it. Raises UnroutableError."""
    named = [it for it in targets if it.name == attempt.target_name]
    try:
        model = attempt.model or inference.model_of(call.body)
        found = inference.route_in(named, path, model)
    except inference.NoTargetError as error:
        raise UnroutableError(error.status, str(error)) from None
    return found.target, inference.rewritten(replace(call, url=found.path), found.model)


def _exchange(incoming: Incoming, path: str) -> HttpExchange:
    request = incoming.request
    return HttpExchange(incoming.gateway, incoming.base_url, caller_of(request), path, request.remote_addr)


def _with_bundle(call: HttpCall, gateway: Gateway, asked: rules.Asked) -> HttpCall:
    """The call with the configuration bundle that the rules choose for it."""
    chosen = rules.bundle(gateway.gateway_id, store.rules_of(gateway.gateway_id), asked)
    return replace(call, headers=rules.with_baggage(call.headers, chosen))


def _call(request: Request, path: str) -> HttpCall:
    headers = tuple((name, value) for name, value in request.headers.items() if name.lower() not in _NOT_FORWARDED)
    query = tuple((name, value) for name, value in request.args.items(multi=True) if not name.startswith("X-Amz-"))
    return HttpCall(request.method, path, headers, query, request.get_data())


def _forward(
    exchange: HttpExchange, gateway: Gateway, call: HttpCall, attempts: Attempts, admission: Admission
) -> Response:
    name, cure = "", ""
    try:
        asked = exchange.on_request(call)
        if asked.answer is not None:
            return _answer(asked.answer)

        def attempt_one(attempt: Attempt) -> HttpAnswer:
            nonlocal name, cure
            name, cure = attempt.target_name, ""
            target, routed = attempts.prepare(attempt, asked.call)
            _require_allowed(exchange, gateway, target, asked.call)
            where = destination.of_target(target)
            cure = where.cure
            outbound = _outbound(gateway, target, routed, where, asked.caller)
            return send_within(outbound, attempt.first_byte_seconds, stream=not exchange.buffers)

        answer = throttling.counted(attempts.chain.run(attempt_one), admission)
        return _answer(exchange.on_response(answer))
    except InterceptorError as error:
        return respond({"message": error.text, "reason": error.reason}, error.status)
    except (UnroutableError, _DeniedError) as error:
        return respond({"message": str(error)}, error.status)
    except (SignInNeededError, CredentialError) as error:
        page = {"authorizationUrl": error.url} if isinstance(error, SignInNeededError) else {}
        return respond({"message": f"Target {name}: {error}", **page}, 401 if page else 403)
    except UnreachableError as error:
        status = 504 if isinstance(error, FirstByteTimeoutError) else 502
        return respond({"message": f"Target {name}: {error}{cure}"}, status)


def _require_allowed(exchange: HttpExchange, gateway: Gateway, target: Target, call: HttpCall) -> None:
    """Raises _DeniedError for a request that the gateway's policies do not allow."""
    if gateway.policy_engine is None:
        return
    principal = policies.principal_of(gateway, exchange.caller)
    context = RequestContext(gateway, exchange.base_url, exchange.caller, principal=principal)
    try:
        policies.check_http(context, target.name, call.method, call.url)
    except JsonRpcError as error:
        raise _DeniedError(error) from None


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

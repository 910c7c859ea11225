"""HTTP in, HTTP out: one POST carries one message (or, in one revision, a batch) and gets its answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from werkzeug.wrappers import Request, Response

from agentcore_provider.local.interception.failure import InterceptorError
from agentcore_provider.local.interception.mcp_exchange import McpAnswer, McpExchange
from agentcore_provider.local.mcp_endpoint import (
    event_stream,
    mcp_server_sessions,
    messages,
    methods,
    protocol_versions,
    sign_in,
)
from agentcore_provider.local.mcp_endpoint.client_sessions import HEADER, has_sessions
from agentcore_provider.local.mcp_endpoint.json_rpc import (
    INVALID_REQUEST,
    NOT_AVAILABLE,
    JsonRpcError,
    decode,
    id_of,
    respond,
)
from agentcore_provider.local.mcp_endpoint.resource_metadata import METADATA_PATH, resource_metadata
from agentcore_provider.local.outbound import Caller

if TYPE_CHECKING:
    from agentcore_provider.local.store import Gateway, Target

BODY_BYTES = 6 * 1024 * 1024  # devguide limits: payload 6 MB
_SERVING = ("READY", "UPDATING", "UPDATE_UNSUCCESSFUL")


class Gateways(Protocol):
    """Where gateways and targets are looked up."""

    def find_gateway(self, gateway_id: str) -> Gateway | None:
        """The gateway of this id, in any account and Region."""

    def targets_of(self, gateway_id: str) -> list[Target]:
        """Its targets, in the order they were created."""


def serve(request: Request, gateway_id: str, base_url: str, *, gateways: Gateways | None = None) -> Response:
    """Answer a request to a gateway's MCP endpoint or for its protected-resource metadata.

    base_url: the address of local AWS, without a slash at the end.
    gateways: where to look the gateway up; local AWS's store by default.
    """
    # A body left unread would be taken for the next request of the connection.
    request.get_data()
    if gateways is None:
        from agentcore_provider.local import store

        gateways = store
    gateway = gateways.find_gateway(gateway_id)
    if gateway is None:
        return respond({"message": f"Gateway {gateway_id} does not exist."}, 404)
    if "/.well-known/" in request.path:
        return _well_known(request, gateway, base_url)
    refusal = _wrong_method(request, gateway) or sign_in.check(request, gateway, base_url)
    if refusal is not None:
        return refusal
    if gateway.status not in _SERVING:
        text = f"Gateway {gateway_id} is {gateway.status}; it answers once it is READY."
        return respond(JsonRpcError(NOT_AVAILABLE, text).document(None), 503)
    if request.method == "DELETE":
        return _end_session(request, gateway)
    return _answer_body(request, methods.Endpoint(gateway, gateways.targets_of, base_url, caller_of(request)))


def caller_of(request: Request) -> Caller:
    """What targets may come to know of a request."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Caller(headers, tuple(request.args.items(multi=True)))


def _well_known(request: Request, gateway: Gateway, base_url: str) -> Response:
    if METADATA_PATH in request.path:
        return resource_metadata(gateway, base_url)
    return respond({"message": f"{request.path} does not exist."}, 404)


def _wrong_method(request: Request, gateway: Gateway) -> Response | None:
    allowed = ("POST", "DELETE") if has_sessions(gateway) else ("POST",)
    if request.method in allowed:
        return None
    # Events come in the answers of POST: there is nothing to GET.
    response = respond({"message": f"{request.method} is not allowed; use POST."}, 405)
    response.headers["Allow"] = ", ".join(allowed)
    return response


def _end_session(request: Request, gateway: Gateway) -> Response:
    try:
        session = messages.sessions.find(gateway, caller_of(request), request.headers.get(HEADER))
    except JsonRpcError as error:
        return respond(error.document(None), error.http_status or 400)
    messages.sessions.end(session)
    mcp_server_sessions.kept.end(session.session_id)
    return Response(status=204)


def _answer_body(request: Request, endpoint: methods.Endpoint) -> Response:
    body = request.get_data()
    try:
        if len(body) > BODY_BYTES:
            text = f"Invalid Request: {len(body)} bytes are over the limit of {BODY_BYTES}."
            raise JsonRpcError(INVALID_REQUEST, text, http_status=413)
        document = decode(body)
        exchange = McpExchange(endpoint.gateway, endpoint.base_url, endpoint.caller, body.decode(errors="replace"))
        asked = exchange.on_request(document)
        answer = asked.answer or _answer_document(
            request,
            replace(endpoint, caller=asked.caller),
            asked.document,
            may_stream=not exchange.buffers,
        )
        if answer.events is not None:
            return _stream(exchange, asked.document, answer)
        answer = exchange.on_response(asked.document, answer)
    except InterceptorError as error:
        return respond(_refusal(error).document(id_of(document)), error.status)
    except JsonRpcError as error:
        return respond(error.document(None), error.http_status or 400)
    response = Response(status=answer.status) if answer.body is None else respond(answer.body, answer.status)
    return _with_headers(response, answer)


def _stream(exchange: McpExchange, document: Any, answer: McpAnswer) -> Response:
    """An answer in events, each as soon as it is there. Raises InterceptorError while nothing has been sent."""
    events = exchange.on_events(document, answer)
    first = next(events)

    def body() -> Iterator[bytes]:
        yield event_stream.write(first.body)
        try:
            for event in events:
                yield event_stream.write(event.body)
        except InterceptorError as error:
            yield event_stream.write(_refusal(error).document(id_of(document)))

    response = Response(body(), status=first.status, content_type=event_stream.CONTENT_TYPE)
    response.headers["Cache-Control"] = "no-cache"
    response.call_on_close(events.close)
    return _with_headers(response, first)


def _with_headers(response: Response, answer: McpAnswer) -> Response:
    for name, value in answer.headers.items():
        response.headers[name] = value
    return response


def _refusal(error: InterceptorError) -> JsonRpcError:
    return JsonRpcError(error.code, error.text, data={"reason": error.reason})


def _answer_document(request: Request, endpoint: methods.Endpoint, document: Any, *, may_stream: bool) -> McpAnswer:
    if isinstance(document, list):
        return _answer_batch(request, endpoint, document)
    return messages.answer(endpoint, request.headers, document, may_stream=may_stream)


def _answer_batch(request: Request, endpoint: methods.Endpoint, documents: list[Any]) -> McpAnswer:
    version = request.headers.get(protocol_versions.VERSION_HEADER, protocol_versions.WITH_BATCHES)
    allowed = protocol_versions.supported(endpoint.gateway)
    if version != protocol_versions.WITH_BATCHES or version not in allowed:
        text = f"Invalid Request: only protocol version {protocol_versions.WITH_BATCHES} has batches."
        raise JsonRpcError(INVALID_REQUEST, text, http_status=400)
    if not documents:
        raise JsonRpcError(INVALID_REQUEST, "Invalid Request: the batch is empty.", http_status=400)
    if any(isinstance(document, dict) and document.get("method") == "initialize" for document in documents):
        raise JsonRpcError(INVALID_REQUEST, "Invalid Request: initialize cannot be batched.", http_status=400)
    answers = [messages.answer(endpoint, request.headers, document, may_stream=False).body for document in documents]
    answers = [answer for answer in answers if answer is not None]
    return McpAnswer(200, answers) if answers else McpAnswer(202, None)

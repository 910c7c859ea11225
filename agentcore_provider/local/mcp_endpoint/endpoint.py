"""HTTP in, HTTP out: one POST carries one message (or, in one revision, a batch) and gets its answer.

Read STEPS from top to bottom: they are the path of every request. A step returns the response, which ends the request, or
None, after which the next step follows; it keeps what it finds in the HttpExchange. An error of JSON-RPC or of an
interceptor ends the request too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from werkzeug.wrappers import Request, Response

from agentcore_provider.local import rate_limits, store
from agentcore_provider.local.interception.failure import InterceptorError
from agentcore_provider.local.interception.mcp_exchange import McpAnswer, McpExchange, McpRequest
from agentcore_provider.local.mcp_endpoint import (
    event_stream,
    mcp_server_sessions,
    messages,
    policies,
    protocol_versions,
    sign_in,
)
from agentcore_provider.local.mcp_endpoint.client_sessions import HEADER, has_sessions
from agentcore_provider.local.mcp_endpoint.json_rpc import (
    INVALID_REQUEST,
    NOT_AVAILABLE,
    THROTTLED,
    JsonRpcError,
    decode,
    id_of,
    respond,
)
from agentcore_provider.local.mcp_endpoint.request_context import Gateways, RequestContext
from agentcore_provider.local.mcp_endpoint.sign_in import METADATA_PATH, resource_metadata
from agentcore_provider.local.outbound import Caller
from agentcore_provider.local.rate_limits import Admission, Asked, ThrottledError

BODY_BYTES = 6 * 1024 * 1024  # devguide limits: payload 6 MB
_SERVING = ("READY", "UPDATING", "UPDATE_UNSUCCESSFUL")


@dataclass
class HttpExchange:
    """A request at the endpoint of a gateway that exists, and what the steps have made of it.

    document: of the body, None until it has been read. asked: the same as the interceptor leaves it.
    """

    request: Request
    context: RequestContext
    document: object = None
    admission: Admission = field(default_factory=Admission)
    interceptors: McpExchange = field(init=False)
    asked: McpRequest = field(init=False)
    answer: McpAnswer = field(init=False)


def serve(request: Request, gateway_id: str, base_url: str, *, gateways: Gateways = store) -> Response:
    """Answer a request to a gateway's MCP endpoint or for its protected-resource metadata.

    base_url: the address of local AWS, without a slash at the end.
    gateways: where to look the gateway up; local AWS's store by default.
    """
    # A body left unread would be taken for the next request of the connection.
    request.get_data()
    gateway = gateways.find_gateway(gateway_id)
    if gateway is None:
        return respond({"message": f"Gateway {gateway_id} does not exist."}, 404)
    exchange = HttpExchange(request, RequestContext(gateway, base_url, caller_of(request), gateways))
    try:
        return exchange.admission.until_sent(_respond(exchange))
    except BaseException:
        exchange.admission.end()
        raise


def _respond(exchange: HttpExchange) -> Response:
    try:
        return next(response for step in STEPS if (response := step(exchange)) is not None)
    except InterceptorError as error:
        return respond(_to_error(error).document(id_of(exchange.document)), error.status)
    except JsonRpcError as error:
        return respond(error.document(None), error.http_status or 400)


def caller_of(request: Request) -> Caller:
    """What targets may come to know of a request."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Caller(headers, tuple(request.args.items(multi=True)))


def _publish_metadata(exchange: HttpExchange) -> Response | None:
    path, context = exchange.request.path, exchange.context
    if METADATA_PATH in path:
        return resource_metadata(context.gateway, context.base_url)
    return respond({"message": f"{path} does not exist."}, 404) if "/.well-known/" in path else None


def _require_method(exchange: HttpExchange) -> Response | None:
    method = exchange.request.method
    allowed = ("POST", "DELETE") if has_sessions(exchange.context.gateway) else ("POST",)
    if method in allowed:
        return None
    # Events come in the answers of POST: there is nothing to GET.
    response = respond({"message": f"{method} is not allowed; use POST."}, 405)
    response.headers["Allow"] = ", ".join(allowed)
    return response


def _authorize(exchange: HttpExchange) -> Response | None:
    context = exchange.context
    rejection = sign_in.check(exchange.request, context.gateway, context.base_url)
    if rejection is None and context.gateway.policy_engine is not None:
        # Of the request as it came: an interceptor changes no caller.
        exchange.context = replace(context, principal=policies.principal_of(context.gateway, context.caller))
    return rejection


def _require_ready(exchange: HttpExchange) -> None:
    gateway = exchange.context.gateway
    if gateway.status not in _SERVING:
        text = f"Gateway {gateway.gateway_id} is {gateway.status}; it answers once it is READY."
        raise JsonRpcError(NOT_AVAILABLE, text, http_status=503)


def _end_session(exchange: HttpExchange) -> Response | None:
    if exchange.request.method != "DELETE":
        return None
    context = exchange.context
    session = messages.sessions.find(context.gateway, context.caller, exchange.request.headers.get(HEADER))
    messages.sessions.end(session)
    mcp_server_sessions.kept.end(session.session_id)
    return Response(status=204)


def _read_body(exchange: HttpExchange) -> None:
    body, context = exchange.request.get_data(), exchange.context
    if len(body) > BODY_BYTES:
        text = f"Invalid Request: {len(body)} bytes are over the limit of {BODY_BYTES}."
        raise JsonRpcError(INVALID_REQUEST, text, http_status=413)
    exchange.document = decode(body)
    exchange.interceptors = McpExchange(
        context.gateway, context.base_url, context.caller, body.decode(errors="replace")
    )


def _limit(exchange: HttpExchange) -> Response | None:
    """Count the request before anything is done with it. Of a batch each message counts."""
    document, context = exchange.document, exchange.context
    for one in document if isinstance(document, list) else [document]:
        tool = messages.tool_of(one)
        target = tool.partition("___")[0] if tool and "___" in tool else None
        try:
            asked = Asked(context.gateway, context.caller, target, tool, document=one)
            exchange.admission.add(rate_limits.admit(asked))
        except ThrottledError as error:
            throttled = JsonRpcError(THROTTLED, str(error), data=error.members)
            return respond(throttled.document(id_of(one)), 429)
    return None


def _intercept_request(exchange: HttpExchange) -> None:
    exchange.asked = exchange.interceptors.on_request(exchange.document)


def _answer_messages(exchange: HttpExchange) -> None:
    asked, context = exchange.asked, replace(exchange.context, caller=exchange.asked.caller)
    if asked.answer is not None:
        # By the interceptor, in the target's place.
        exchange.answer = asked.answer
    elif isinstance(asked.document, list):
        exchange.answer = _answer_batch(context, asked.document)
    else:
        exchange.answer = messages.answer(context, asked.document, may_stream=not exchange.interceptors.buffers)


def _stream_events(exchange: HttpExchange) -> Response | None:
    """An answer in events, each as soon as it is there. Raises InterceptorError while nothing has been sent."""
    if exchange.answer.events is None:
        return None
    events = exchange.interceptors.on_events(exchange.asked.document, exchange.answer)
    first = next(events)

    def body() -> Iterator[bytes]:
        yield event_stream.write(first.body)
        try:
            for event in events:
                yield event_stream.write(event.body)
        except InterceptorError as error:
            yield event_stream.write(_to_error(error).document(id_of(exchange.document)))

    response = Response(body(), status=first.status, content_type=event_stream.CONTENT_TYPE)
    response.headers["Cache-Control"] = "no-cache"
    response.call_on_close(events.close)
    return _with_headers(response, first)


def _intercept_response(exchange: HttpExchange) -> Response:
    answer = exchange.interceptors.on_response(exchange.asked.document, exchange.answer)
    response = Response(status=answer.status) if answer.body is None else respond(answer.body, answer.status)
    return _with_headers(response, answer)


Step = Callable[[HttpExchange], "Response | None"]

STEPS: tuple[Step, ...] = (
    _publish_metadata,
    _require_method,
    _authorize,
    _require_ready,
    _end_session,
    _read_body,
    _limit,
    _intercept_request,
    _answer_messages,
    _stream_events,
    _intercept_response,
)


def _with_headers(response: Response, answer: McpAnswer) -> Response:
    for name, value in answer.headers.items():
        response.headers[name] = value
    return response


def _to_error(error: InterceptorError) -> JsonRpcError:
    return JsonRpcError(error.code, error.text, data={"reason": error.reason})


def _answer_batch(context: RequestContext, documents: list[object]) -> McpAnswer:
    version = context.caller.headers.get(protocol_versions.VERSION_HEADER.lower(), protocol_versions.WITH_BATCHES)
    allowed = protocol_versions.supported(context.gateway)
    if version != protocol_versions.WITH_BATCHES or version not in allowed:
        text = f"Invalid Request: only protocol version {protocol_versions.WITH_BATCHES} has batches."
        raise JsonRpcError(INVALID_REQUEST, text, http_status=400)
    if not documents:
        raise JsonRpcError(INVALID_REQUEST, "Invalid Request: the batch is empty.", http_status=400)
    if any(isinstance(document, dict) and document.get("method") == "initialize" for document in documents):
        raise JsonRpcError(INVALID_REQUEST, "Invalid Request: initialize cannot be batched.", http_status=400)
    answers = [messages.answer(context, document, may_stream=False).body for document in documents]
    answers = [answer for answer in answers if answer is not None]
    return McpAnswer(200, answers) if answers else McpAnswer(202, None)

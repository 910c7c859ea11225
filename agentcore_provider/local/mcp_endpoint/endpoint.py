"""HTTP in, HTTP out: one POST carries one message (or, in one revision, a batch) and gets one JSON answer."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from werkzeug.wrappers import Request, Response

from agentcore_provider.local.interception.failure import InterceptorError
from agentcore_provider.local.interception.mcp_exchange import McpAnswer, McpExchange
from agentcore_provider.local.mcp_endpoint import methods, protocol_versions, sign_in
from agentcore_provider.local.mcp_endpoint.json_rpc import (
    INTERNAL_ERROR,
    INVALID_REQUEST,
    NOT_AVAILABLE,
    JsonRpcError,
    decode,
    id_of,
    message_of,
    respond,
)
from agentcore_provider.local.mcp_endpoint.resource_metadata import METADATA_PATH, resource_metadata
from agentcore_provider.local.outbound import Caller

if TYPE_CHECKING:
    from agentcore_provider.local.store import Gateway, Target

_log = logging.getLogger(__name__)

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
    refusal = _wrong_method(request) or sign_in.check(request, gateway, base_url)
    if refusal is not None:
        return refusal
    if gateway.status not in _SERVING:
        text = f"Gateway {gateway_id} is {gateway.status}; it answers once it is READY."
        return respond(JsonRpcError(NOT_AVAILABLE, text).document(None), 503)
    return _answer_body(request, methods.Endpoint(gateway, gateways.targets_of, base_url, caller_of(request)))


def caller_of(request: Request) -> Caller:
    """What targets may come to know of a request."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Caller(headers, tuple(request.args.items(multi=True)))


def _well_known(request: Request, gateway: Gateway, base_url: str) -> Response:
    if METADATA_PATH in request.path:
        return resource_metadata(gateway, base_url)
    return respond({"message": f"{request.path} does not exist."}, 404)


def _wrong_method(request: Request) -> Response | None:
    if request.method == "POST":
        return None
    # No stream and no session: there is nothing to GET and nothing to DELETE.
    response = respond({"message": f"{request.method} is not allowed; use POST."}, 405)
    response.headers["Allow"] = "POST"
    return response


def _answer_body(request: Request, endpoint: methods.Endpoint) -> Response:
    body = request.get_data()
    try:
        if len(body) > BODY_BYTES:
            text = f"Invalid Request: {len(body)} bytes are over the limit of {BODY_BYTES}."
            raise JsonRpcError(INVALID_REQUEST, text, http_status=413)
        document = decode(body)
        exchange = McpExchange(endpoint.gateway, endpoint.base_url, endpoint.caller, body.decode(errors="replace"))
        asked = exchange.on_request(document)
        answer = asked.answer or _answer_document(request, replace(endpoint, caller=asked.caller), asked.document)
        answer = exchange.on_response(asked.document, answer)
    except InterceptorError as error:
        refusal = JsonRpcError(error.code, error.text, data={"reason": error.reason})
        return respond(refusal.document(id_of(document)), error.status)
    except JsonRpcError as error:
        return respond(error.document(None), error.http_status or 400)
    response = Response(status=answer.status) if answer.body is None else respond(answer.body, answer.status)
    for name, value in answer.headers.items():
        response.headers[name] = value
    return response


def _answer_document(request: Request, endpoint: methods.Endpoint, document: Any) -> McpAnswer:
    if isinstance(document, list):
        return _answer_batch(request, endpoint, document)
    answer, status = _answer(request, endpoint, document)
    return McpAnswer(status, answer, endpoint.response_headers)


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
    answers = [answer for answer, _ in (_answer(request, endpoint, document) for document in documents)]
    answers = [answer for answer in answers if answer is not None]
    return McpAnswer(200, answers) if answers else McpAnswer(202, None)


def _answer(request: Request, endpoint: methods.Endpoint, document: Any) -> tuple[dict[str, Any] | None, int]:
    """One message's answer, None for one that gets none, and the HTTP status."""
    version: str | None = None
    try:
        message = message_of(document)
        version = protocol_versions.version_of(endpoint.gateway, request.headers, message)
        if not message.wants_answer:
            return None, 202
        result = methods.answer(endpoint, message)
        result = protocol_versions.finish(version, message.method, result, endpoint.server)
        return {"jsonrpc": "2.0", "id": message.message_id, "result": result}, 200
    except JsonRpcError as error:
        return error.document(id_of(document)), protocol_versions.http_status(version, error)
    except Exception:
        _log.exception("gateway %s could not answer", endpoint.gateway.gateway_id)
        hidden = JsonRpcError(INTERNAL_ERROR, "An internal error occurred. Please retry later.")
        return hidden.document(id_of(document)), 200

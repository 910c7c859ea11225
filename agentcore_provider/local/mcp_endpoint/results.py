"""What tools/call answers: text, a failure that the model can read, or the answer of a target's HTTP server."""

from __future__ import annotations

import base64
import logging
from typing import TYPE_CHECKING, Any

from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.outbound import (
    CredentialError,
    HttpAnswer,
    HttpCall,
    NotOnLocalAwsError,
    UnreachableError,
    authorize,
    send,
)

if TYPE_CHECKING:
    from agentcore_provider.local.mcp_endpoint.request_context import ToolCall
    from agentcore_provider.local.store import Gateway

_log = logging.getLogger(__name__)

INTERNAL_ERROR = "An internal error occurred. Please retry later."
_TEXTUAL = ("json", "xml", "text/", "javascript", "yaml", "x-www-form-urlencoded", "csv")


class FailedResult(dict[str, Any]):
    """A CallToolResult of a call that failed. reason: why, which is in the gateway's log even if the client does not learn it."""

    reason = ""


def text_result(text: str, *, is_error: bool = False) -> JsonObject:
    """A CallToolResult with one block of text."""
    return {"content": [{"type": "text", "text": text}], "isError": is_error}


def failure(gateway: Gateway, text: str) -> JsonObject:
    """A failed call whose reason the client learns."""
    result = _failed_result(text, text)
    if gateway.exception_level == "DEBUG":
        result["_meta"] = {"debug": {"type": "text", "text": text}}
    return result


def no_credential(gateway: Gateway, error: CredentialError) -> JsonObject:
    """The result of a call that was not made, since its target's credential was not available."""
    # What local AWS alone cannot do is not an error of the service, which would keep it back.
    to_result = failure if isinstance(error, NotOnLocalAwsError) else kept_back
    return to_result(gateway, str(error))


def kept_back(gateway: Gateway, text: str) -> JsonObject:
    """A failed call whose reason the client learns only where the gateway's exceptionLevel is DEBUG.

    Without it the service answers a general sentence, and the reason is in its log alone, as here: permissions of the
    execution role, errors of functions (devguide gateway-debug-messages), 401 and 403 of a backend (public transcripts
    of 2026).
    """
    if gateway.exception_level == "DEBUG":
        return failure(gateway, text)
    _log.warning("gateway %s: %s (clients learn this where exceptionLevel is DEBUG)", gateway.gateway_id, text)
    return _failed_result(INTERNAL_ERROR, text)


def call_http(call: ToolCall, request: HttpCall) -> JsonObject:
    """Send a tool call's request with what its target adds to it; the answer as a result."""
    try:
        request = prepared(call, request)
        return result_of(call, send(request))
    except CredentialError as error:
        return no_credential(call.context.gateway, error)
    except UnreachableError as error:
        return unreachable(call, error)


def prepared(call: ToolCall, request: HttpCall, service: str | None = None) -> HttpCall:
    """The request with what the target lets through of the client's, and with its credential.

    service: what a signature is for if the target does not state it. Raises CredentialError.
    """
    metadata = call.target.metadata_configuration
    for name, value in call.context.caller.headers_for(metadata).items():
        request = request.with_header(name, value)
    for name, value in call.context.caller.query_for(metadata):
        request = request.with_query(name, value)
    return authorize(request, call.context.gateway, call.target, call.context.caller, service=service)


def result_of(call: ToolCall, answer: HttpAnswer) -> JsonObject:
    """A CallToolResult; every status but 2xx is an error with the status and the body.

    Its form is that of public transcripts of 2026. Two of them show 401 and 403 kept back, one a 400 that is not.
    """
    for name in call.target.metadata_configuration.get("allowedResponseHeaders", ()):
        if (value := answer.header(name)) is not None:
            call.context.response_headers[name] = value
    text = _text(answer)
    if not 200 <= answer.status < 300:
        side = "Server" if answer.status >= 500 else "Client"
        text = _failed(
            call, call.tool["name"], f"{side} error: API request failed with status: {answer.status} - {text}"
        )
        to_result = kept_back if answer.status in (401, 403) else failure
        return to_result(call.context.gateway, text)
    return text_result(text)


def unreachable(call: ToolCall, error: UnreachableError) -> JsonObject:
    """The CallToolResult of a request that nobody answered."""
    why = f"{error.host} ({error})" if error.is_known else error.host
    return failure(call.context.gateway, _failed(call, "unknown", why))


def _failed_result(text: str, reason: str) -> FailedResult:
    result = FailedResult(text_result(text, is_error=True))
    result.reason = reason
    return result


def _failed(call: ToolCall, operation: str, why: str) -> str:
    # Of Smithy services no transcript is known.
    kind = "" if "smithyModel" in call.target.target_configuration["mcp"] else "OpenAPIClientException - "
    return f"{kind}Error executing HTTP request for {operation}: {why}"


def _text(answer: HttpAnswer) -> str:
    kind = (answer.header("content-type") or "text/plain").lower()
    if any(word in kind for word in _TEXTUAL):
        return answer.text
    try:
        return answer.body.decode()
    except UnicodeDecodeError:
        # Nothing of what an MCP client shows as text could carry these bytes.
        return base64.b64encode(answer.body).decode()

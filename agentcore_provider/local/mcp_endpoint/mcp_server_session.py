"""A conversation with another MCP server over streamable HTTP, as a gateway holds it.

Documents pass as they are. The official client would read each into its model of MCP, which drops what it does not
know and validates results, which is the client's task; and it opens a conversation for every call.

Source of revision and order of messages: public transcripts of what servers behind gateways were sent (2026); the MCP
specification, basic/transports of 2025-11-25.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import urllib3

from agentcore_provider.local import call_trace, json_document, runtimes
from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.mcp_endpoint import event_stream
from agentcore_provider.local.mcp_endpoint.json_rpc import METHOD_NOT_FOUND
from agentcore_provider.local.mcp_endpoint.request_context import ServerMessage
from agentcore_provider.local.outbound import CredentialError, HttpAnswer, HttpCall, UnreachableError, authorize, send
from agentcore_provider.local.outbound.http_call import reachable

if TYPE_CHECKING:
    from agentcore_provider.local.mcp_endpoint.request_context import Messages, RequestContext
    from agentcore_provider.local.store import Target

PROTOCOL_VERSION = "2025-11-25"
INITIALIZE_SECONDS = 40.0  # devguide gateway-target-MCPservers
CALL_SECONDS = 300.0
_CLOSE_SECONDS = 1.0
_MOST_BYTES = 32 * 1024 * 1024
_MOST_PAGES = 100
_CAPABILITY_OF = {"elicitation/create": "elicitation", "sampling/createMessage": "sampling"}
"""What a server may ask of a client, and the capability that the client must have."""


class McpServerError(Exception):
    """The server cannot be used; the text names it and the reason."""


class McpServerCredentialError(McpServerError):
    """The target's credential is not available, so the server was not asked."""

    def __init__(self, cause: CredentialError) -> None:
        super().__init__(str(cause))
        self.cause = cause


class McpServerSession:
    """One conversation. Several requests of it may be under way at once."""

    def __init__(self, target: Target, capabilities: JsonObject, *, by_machine: bool = False) -> None:
        """capabilities: those of the client that the server may use. by_machine: no client is there."""
        self.url: str = target.target_configuration["mcp"]["mcpServer"]["endpoint"]
        self.server_capabilities: JsonObject = {}
        """Those that the server declared; empty before the conversation has begun."""
        self._target = target
        self._capabilities = capabilities
        self._by_machine = by_machine
        self._runtime = runtimes.of_url(self.url)
        self._ids = itertools.count(1)
        self._lock = threading.Lock()
        self._address: str | None = None
        """Where the server is; None before the conversation has begun."""
        self._session_id: str | None = None
        self._version = PROTOCOL_VERSION

    def ask(self, context: RequestContext, method: str, params: JsonObject) -> Messages:
        """Send a request. The value is the answer, with `result` or `error`. Raises McpServerError."""
        self._begin(context, None)
        message: JsonObject = {"jsonrpc": "2.0", "id": next(self._ids), "method": method, "params": params}
        known = self._session_id
        answer = self._post(context, message, CALL_SECONDS)
        if answer.status in (400, 404) and known is not None:
            # The server has forgotten the conversation: it begins again, and the client learns nothing of it.
            _release(answer)
            self._begin(context, known)
            answer = self._post(context, message, CALL_SECONDS)
        document = yield from self._read(context, answer, message["id"])
        call_trace.answered(f"\n{json.dumps(document, ensure_ascii=False)}")
        return document

    def result(self, context: RequestContext, method: str, params: JsonObject) -> JsonObject:
        """The result of a request whose other messages nobody wants. Raises McpServerError, also for an error."""
        document = drained(self.ask(context, method, params))
        if "error" in document:
            raise McpServerError(f"The MCP server {self.url} answered {method} with an error: {reason(document)}")
        result = document.get("result")
        if not isinstance(result, dict):
            raise McpServerError(f"The MCP server {self.url} answered {method} without a result")
        return result

    def pages(self, context: RequestContext, method: str, member: str) -> list[JsonObject]:
        """A list of the server, all pages of it. Raises McpServerError."""
        found: list[JsonObject] = []
        params: JsonObject = {}
        for _ in range(_MOST_PAGES):
            page = self.result(context, method, params)
            found += [item for item in page.get(member) or () if isinstance(item, dict)]
            if not page.get("nextCursor"):
                break
            params = {"cursor": page["nextCursor"]}
        return found

    def begin(self, context: RequestContext) -> None:
        """Begin the conversation unless it has begun. Raises McpServerError."""
        self._begin(context, None)

    def close(self, context: RequestContext) -> None:
        """End the conversation. A server that does not answer will end it by itself."""
        if self._session_id is None:
            return
        with contextlib.suppress(McpServerError, urllib3.exceptions.HTTPError, OSError):
            _finish(self._send(context, "DELETE", b"", _CLOSE_SECONDS))
        self._session_id, self._address = None, None

    def _begin(self, context: RequestContext, forgotten: str | None) -> None:
        """Begin the conversation unless it has begun, or begin again if it is still the one that was forgotten."""
        with self._lock:
            if self._address is not None and (forgotten is None or self._session_id != forgotten):
                return
            self._session_id, self._version = None, PROTOCOL_VERSION
            try:
                self._address = reachable(runtimes.mcp_server(self._runtime) if self._runtime else self.url)
            except runtimes.RuntimesUnreadableError as error:
                raise McpServerError(str(error)) from None
            try:
                self._initialize(context)
            except BaseException:
                self._address = None
                raise

    def _initialize(self, context: RequestContext) -> None:
        params = {
            "protocolVersion": PROTOCOL_VERSION,
            "capabilities": self._capabilities,
            "clientInfo": {"name": "agentcore-gateway", "version": "1.0.0"},
        }
        message: JsonObject = {"jsonrpc": "2.0", "id": next(self._ids), "method": "initialize", "params": params}
        answer = self._post(context, message, INITIALIZE_SECONDS)
        session_id = answer.header("Mcp-Session-Id")
        document = drained(self._read(context, answer, message["id"]))
        result = document.get("result")
        if not isinstance(result, dict):
            raise self._error(reason(document))
        self._session_id = session_id
        self._version = str(result.get("protocolVersion") or PROTOCOL_VERSION)
        capabilities = result.get("capabilities")
        self.server_capabilities = capabilities if isinstance(capabilities, dict) else {}
        self._notify(context, {"method": "notifications/initialized"})

    def _notify(self, context: RequestContext, message: JsonObject) -> None:
        """Send what gets no answer."""
        try:
            _finish(self._post(context, {"jsonrpc": "2.0", **message}, INITIALIZE_SECONDS))
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise self._error(f"the answer broke off: {error}") from error

    def _post(self, context: RequestContext, message: JsonObject, seconds: float) -> HttpAnswer:
        return self._send(context, "POST", json.dumps(message, ensure_ascii=False).encode(), seconds)

    def _send(self, context: RequestContext, method: str, body: bytes, seconds: float) -> HttpAnswer:
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
            "MCP-Protocol-Version": self._version,
        }
        if self._session_id is not None:
            headers["Mcp-Session-Id"] = self._session_id
        call = HttpCall(method, self._address or self.url, tuple(headers.items()), (), body)
        metadata = self._target.metadata_configuration
        for name, value in context.caller.headers_for(metadata).items():
            call = call.with_header(name, value)
        for name, value in context.caller.query_for(metadata):
            call = call.with_query(name, value)
        try:
            call = authorize(call, context.gateway, self._target, context.caller, by_machine=self._by_machine)
            return send(call, stream=True, read_seconds=seconds)
        except CredentialError as error:
            raise McpServerCredentialError(error) from error
        except UnreachableError as error:
            raise self._error(str(error)) from error

    def _read(self, context: RequestContext, answer: HttpAnswer, message_id: int) -> Messages:
        try:
            for document in self._documents(answer, message_id):
                if document.get("id") == message_id and "method" not in document:
                    return document
                if "method" in document:
                    yield from self._pass_on(context, document)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise self._error(f"the answer broke off: {error}") from error
        finally:
            _release(answer)
        raise self._error("the answer ended without a result")

    def _pass_on(self, context: RequestContext, document: JsonObject) -> Iterator[ServerMessage]:
        if "id" not in document:
            yield ServerMessage(document)
            return

        def answer(outcome: JsonObject) -> None:
            self._notify(context, {"id": document["id"], **outcome})

        method = document["method"]
        if method == "ping":
            answer({"result": {}})
        elif _CAPABILITY_OF.get(method) in self._capabilities:
            yield ServerMessage(document, answer)
        else:
            answer(not_found(method))

    def _documents(self, answer: HttpAnswer, message_id: int) -> Iterator[JsonObject]:
        if answer.status >= 300:
            yield self._refusal(answer, message_id)
            return
        kind = (answer.header("content-type") or "").partition(";")[0].strip().lower()
        if kind == "text/event-stream":
            texts: Iterator[bytes] = event_stream.read(_limited(answer))
        elif kind == "application/json":
            texts = iter((b"".join(_limited(answer)),))
        else:
            raise self._error(f"it answers {kind or 'nothing'}, which no MCP server does")
        for text in texts:
            try:
                document = json_document.read(text)
            except ValueError as error:
                raise self._error(f"its answer is not JSON: {error}") from None
            if isinstance(document, dict):
                yield document

    def _refusal(self, answer: HttpAnswer, message_id: int) -> JsonObject:
        """The error to a message that came with a status of HTTP. Raises McpServerError if it is not JSON-RPC."""
        body = b"".join(_limited(answer))
        try:
            document = json_document.read(body)
        except ValueError:
            document = None
        if isinstance(document, dict) and "error" in document and document.get("id") == message_id:
            return document
        text = " ".join(body[:500].decode(errors="replace").split())
        raise self._error(f"HTTP {answer.status} {answer.reason} {text}".rstrip())

    def _error(self, why: str) -> McpServerError:
        cure = f". {runtimes.cure(self._runtime)}" if self._runtime else ""
        return McpServerError(f"The MCP server {self.url} cannot be used: {why}{cure}")


def drained(messages: Messages) -> JsonObject:
    """The answer, for a client who gets nothing before it. A server's own requests are answered with an error."""
    while True:
        try:
            message = next(messages)
        except StopIteration as end:
            answer: JsonObject = end.value
            return answer
        if message.answer is not None:
            message.answer(not_found(message.document["method"]))


def not_found(method: str) -> JsonObject:
    """The answer to a server that asks a client for what it does not support."""
    return {"error": {"code": METHOD_NOT_FOUND, "message": f"Method not found: {method}"}}


def reason(document: JsonObject) -> str:
    """The message of an answer without a result, in one line."""
    error = document.get("error")
    message = error.get("message") if isinstance(error, dict) else None
    return " ".join(str(message).split()) if message else "without a reason"


def _limited(answer: HttpAnswer) -> Iterator[bytes]:
    size = 0
    for piece in answer.chunks or ():
        size += len(piece)
        if size > _MOST_BYTES:
            raise OSError(f"more than {_MOST_BYTES:,} bytes")
        yield piece


def _finish(answer: HttpAnswer) -> None:
    """Read to the end what nobody wants, so that the connection can be used again."""
    for _ in _limited(answer):
        pass
    _release(answer)


def _release(answer: HttpAnswer) -> None:
    if answer.release is not None:
        answer.release()

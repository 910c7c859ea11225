"""One message of a client: what it gets for an answer, at once or as a stream of events.

Sources: developer guide, gateway-sessions, gateway-mcp-streaming and gateway-mcp-elicitation.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Generator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from agentcore_provider.local.interception.mcp_exchange import McpAnswer
from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.mcp_endpoint import event_stream, methods, protocol_versions
from agentcore_provider.local.mcp_endpoint.client_sessions import HEADER, ClientSession, ClientSessions, has_sessions
from agentcore_provider.local.mcp_endpoint.gateway_log import RequestLog
from agentcore_provider.local.mcp_endpoint.input_rounds import InputRounds
from agentcore_provider.local.mcp_endpoint.json_rpc import (
    INTERNAL_ERROR,
    MISSING_CAPABILITY,
    URL_ELICITATION_REQUIRED,
    JsonRpcError,
    Message,
    id_of,
    message_of,
)
from agentcore_provider.local.mcp_endpoint.results import FailedResult
from agentcore_provider.local.mcp_revisions import STATELESS
from agentcore_provider.local.outbound import SignInNeededError

if TYPE_CHECKING:
    from agentcore_provider.local.mcp_endpoint.request_context import Messages, RequestContext, ServerMessage

_log = logging.getLogger(__name__)

_ASKED_OF_CLIENTS = ("elicitation", "sampling")
_LOG_LEVEL_META = "io.modelcontextprotocol/logLevel"

sessions = ClientSessions()
"""Those of this process."""
rounds = InputRounds()
"""Those of this process."""


def answer(context: RequestContext, document: object, *, may_stream: bool = True) -> McpAnswer:
    """The answer to one message; its body is None for a message that gets none.

    may_stream: the client takes more than one message.
    """
    try:
        message = message_of(document)
        context = replace(
            context, version=protocol_versions.version_of(context.gateway, context.caller.headers, message)
        )
        context = replace(context, session=_session(context, message))
        streams = may_stream and _streams(context, message)
        context = replace(context, capabilities=_capabilities(context, message, streams=streams))
        if context.session is not None:
            context.response_headers[HEADER] = context.session.session_id
        if not message.wants_answer:
            if message.is_answer:
                _take(context.session, document)
            return McpAnswer(202, None, context.response_headers)
        log = RequestLog(context.gateway, document, context.caller.headers)
        log.start(message.method)
        context = replace(context, log=log)
        if message.method != "tools/call":
            result = methods.answer(context, message)
            if message.method == "initialize" and has_sessions(context.gateway):
                _begin_session(context, message)
            return McpAnswer(200, _logged(context, _result(context, message, result)), context.response_headers)
        events = _Call(context, message).events(streams=streams)
        first = next(events)
        if not streams:
            events.close()
        return McpAnswer(200, first, context.response_headers, events if streams else None)
    except JsonRpcError as error:
        status = protocol_versions.http_status(context.version, error)
        return McpAnswer(status, _logged(context, error.document(id_of(document))), context.response_headers)
    except Exception:
        hidden = _hidden(context).document(id_of(document))
        return McpAnswer(200, _logged(context, hidden), context.response_headers)


def tool_of(document: object) -> str | None:
    """The name of the tool that a message calls; None for any other message."""
    if not isinstance(document, dict) or document.get("method") != "tools/call":
        return None
    params = document.get("params")
    name = params.get("name") if isinstance(params, dict) else None
    return name if isinstance(name, str) and name else None


class _Call:
    """One tools/call, and what the client gets before its result."""

    def __init__(self, context: RequestContext, message: Message) -> None:
        self._context = context
        self._message = message
        self._asked: list[str] = []

    def events(self, *, streams: bool) -> Generator[JsonObject, None, None]:
        """The documents for the client, the answer last. Raises JsonRpcError if nothing came before it."""
        is_first = True
        documents = self._documents(streams=streams)
        try:
            for document in documents:
                is_first = False
                yield document
        except SignInNeededError as needed:
            yield self._answer(self._sign_in(needed))
        except JsonRpcError as error:
            if is_first:
                raise
            yield _logged(self._context, error.document(self._message.message_id))
        except Exception:
            if is_first:
                raise
            yield _logged(self._context, _hidden(self._context).document(self._message.message_id))
        finally:
            documents.close()

    def _documents(self, *, streams: bool) -> Generator[JsonObject, None, None]:
        context = self._context
        messages: Messages | None = rounds.resume(context, self._message) or methods.converse(context, self._message)
        try:
            while messages is not None:
                try:
                    message = next(messages)
                except StopIteration as end:
                    yield self._answer(end.value)
                    return
                if message.answer is not None and self._context.version == STATELESS:
                    # This revision has no requests to clients: the client comes back with what was asked.
                    waiting = rounds.park(context, self._message, messages, message)
                    messages = None
                    yield self._answer(waiting)
                elif streams and (passed_on := self._for_client(message)) is not None:
                    yield passed_on
        finally:
            if messages is not None:
                messages.close()
            for request_id in self._asked:
                if self._context.session is not None:
                    self._context.session.forget(request_id)

    def _sign_in(self, needed: SignInNeededError) -> JsonObject:
        """The result that sends the user to an address, in the revision that has it. Raises JsonRpcError in others."""
        elicitation = {
            "mode": "url",
            "elicitationId": str(uuid.uuid4()),
            "url": needed.url,
            "message": "Please login to this URL for authorization.",
        }
        if self._context.version != STATELESS:
            raise JsonRpcError(
                URL_ELICITATION_REQUIRED,
                "This request requires more information.",
                data={"elicitations": [elicitation]},
                http_status=401,
            )
        if "url" not in (self._context.capabilities.get("elicitation") or {}):
            missing: JsonObject = {"requiredCapabilities": {"elicitation": {"url": {}}}}
            raise JsonRpcError(MISSING_CAPABILITY, "Missing required client capability", data=missing)
        return {
            "resultType": "input_required",
            "inputRequests": {"sign_in": {"method": "elicitation/create", "params": elicitation}},
        }

    def _answer(self, result: JsonObject) -> JsonObject:
        reason = result.reason if isinstance(result, FailedResult) else ""
        return _logged(self._context, _result(self._context, self._message, result), reason)

    def _for_client(self, message: ServerMessage) -> JsonObject | None:
        """A server's message as the client gets it; None for one that the client did not ask for."""
        document = message.document
        if message.answer is not None:
            if self._context.session is None:
                return None
            request_id = self._context.session.ask(message.answer)
            self._asked.append(request_id)
            return {**document, "id": request_id}
        meta = self._message.params.get("_meta") or {}
        wants_logs = self._context.version != STATELESS or _LOG_LEVEL_META in meta
        return document if wants_logs or document["method"] != "notifications/message" else None


def _session(context: RequestContext, message: Message) -> ClientSession | None:
    if not has_sessions(context.gateway) or context.version == STATELESS or message.method == "initialize":
        return None
    return sessions.find(context.gateway, context.caller, context.caller.headers.get(HEADER.lower()))


def _begin_session(context: RequestContext, message: Message) -> None:
    capabilities = message.params.get("capabilities")
    session = sessions.begin(context.gateway, context.caller, capabilities if isinstance(capabilities, dict) else {})
    context.response_headers[HEADER] = session.session_id


def _streams(context: RequestContext, message: Message) -> bool:
    streaming = context.gateway.protocol_configuration.get("mcp", {}).get("streamingConfiguration", {})
    accepts = event_stream.CONTENT_TYPE in context.caller.headers.get("accept", "")
    return message.method == "tools/call" and bool(streaming.get("enableResponseStreaming")) and accepts


def _capabilities(context: RequestContext, message: Message, *, streams: bool) -> JsonObject:
    """What servers may ask of the client while it waits for the answer."""
    if context.version == STATELESS:
        declared = protocol_versions.capabilities_of(message)
    else:
        declared = context.session.capabilities if context.session is not None and streams else {}
    return {name: declared[name] for name in _ASKED_OF_CLIENTS if name in declared}


def _take(session: ClientSession | None, document: Any) -> None:
    if session is None:
        return
    send_answer = session.take(document.get("id"))
    send_answer({name: document[name] for name in ("result", "error") if name in document})


def _result(context: RequestContext, message: Message, result: JsonObject) -> JsonObject:
    result = protocol_versions.finish(context.version, message.method, result, methods.server(context.gateway))
    return {"jsonrpc": "2.0", "id": message.message_id, "result": result}


def _logged(context: RequestContext, answer: JsonObject, reason: str = "") -> JsonObject:
    """The answer, after the gateway's log has it. reason: why a tool failed."""
    if context.log is not None:
        context.log.end(answer, reason)
    return answer


def _hidden(context: RequestContext) -> JsonRpcError:
    _log.exception("gateway %s could not answer", context.gateway.gateway_id)
    return JsonRpcError(INTERNAL_ERROR, "An internal error occurred. Please retry later.")

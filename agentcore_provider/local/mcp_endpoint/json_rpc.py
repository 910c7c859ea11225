"""JSON-RPC 2.0 as MCP uses it: messages in, messages out, errors with their numbers."""

from __future__ import annotations

import json
from dataclasses import dataclass

from werkzeug.wrappers import Response

from agentcore_provider.local import json_document
from agentcore_provider.local.json_document import JsonObject

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
NOT_AVAILABLE = -32000
NOT_AUTHORIZED = -32001
RESOURCE_NOT_FOUND = -32002
POLICY_DENIED = -32002
THROTTLED = -32003
HEADER_MISMATCH = -32020
MISSING_CAPABILITY = -32021
UNSUPPORTED_PROTOCOL_VERSION = -32022
URL_ELICITATION_REQUIRED = -32042

MessageId = str | int | None


class JsonRpcError(Exception):
    """An answer that is an error. `http_status` None leaves the choice to the protocol version."""

    def __init__(self, code: int, message: str, *, data: object = None, http_status: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data
        self.http_status = http_status

    def document(self, message_id: MessageId) -> JsonObject:
        """The error as the answer to one message."""
        error: JsonObject = {"code": self.code, "message": self.message}
        if self.data is not None:
            error["data"] = self.data
        return {"jsonrpc": "2.0", "id": message_id, "error": error}


@dataclass(frozen=True)
class Message:
    """One message from a client. `wants_answer` is False for notifications and for answers to what servers asked."""

    method: str
    params: JsonObject
    message_id: MessageId
    wants_answer: bool

    @property
    def is_answer(self) -> bool:
        """Whether it answers what a server asked."""
        return not self.method


def decode(body: bytes) -> object:
    """Parse a request's body. Raises JsonRpcError."""
    try:
        return json_document.read(body)
    except ValueError as error:
        raise JsonRpcError(PARSE_ERROR, f"Parse error: {error}", http_status=400) from error


def message_of(document: object) -> Message:
    """Read one message. Raises JsonRpcError."""
    if not isinstance(document, dict) or document.get("jsonrpc") != "2.0":
        raise JsonRpcError(INVALID_REQUEST, 'Invalid Request: "jsonrpc" must be "2.0".', http_status=400)
    if "method" not in document and ("result" in document or "error" in document):
        return Message("", {}, None, wants_answer=False)
    method = document.get("method")
    if not isinstance(method, str):
        raise JsonRpcError(INVALID_REQUEST, 'Invalid Request: "method" must be a string.', http_status=400)
    params = document.get("params")
    if params is not None and not isinstance(params, dict):
        raise JsonRpcError(INVALID_PARAMS, 'Invalid params: "params" must be an object.')
    message_id = document.get("id")
    has_id = "id" in document
    if has_id and (isinstance(message_id, bool) or not isinstance(message_id, str | int)):
        text = 'Invalid Request: "id" must be a string or an integer.'
        raise JsonRpcError(INVALID_REQUEST, text, http_status=400)
    return Message(method, params or {}, message_id, wants_answer=has_id)


def id_of(document: object) -> MessageId:
    """The id to answer to, None where the message has no usable one."""
    found = document.get("id") if isinstance(document, dict) else None
    return found if isinstance(found, str | int) and not isinstance(found, bool) else None


def respond(document: object, status: int = 200) -> Response:
    """An HTTP response with a JSON body."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status=status, content_type="application/json")

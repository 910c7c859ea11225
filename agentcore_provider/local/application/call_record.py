"""What is recorded of a call besides its operation: who called, how long it took, why it failed."""

from __future__ import annotations

import base64
import json
import re

from werkzeug.wrappers import Request, Response

from agentcore_provider.local.application.operation import Operation

GATEWAY = re.compile(r"/gateways/(?P<id>[^/]+)/")
_LONGEST_ERROR = 10_000
_XML_MESSAGE = re.compile(r"<Message>(.*?)</Message>", re.DOTALL)


def caller_of(request: Request, called: Operation) -> str:
    """Whom a request names; nothing is verified, the answer shows whether it was let in."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return called.access_key
    payload = token.strip().split(".")[1:2]
    try:
        # Not by the library, which takes as long for it as everything else that is recorded.
        claims = json.loads(base64.urlsafe_b64decode(f"{payload[0]}===")) if payload else {}
    except (ValueError, RecursionError):
        return ""
    if not isinstance(claims, dict):
        return ""
    return next((str(claims[name]) for name in ("username", "client_id", "sub") if claims.get(name)), "")


def client_of(request: Request) -> str:
    """The program that sent a request, as it introduces itself."""
    return request.headers.get("User-Agent", "").partition(" ")[0]


def gateway_of(request: Request) -> str:
    """The id in the address of a request to a gateway; empty for any other request."""
    found = GATEWAY.match(request.path)
    return found["id"] if found else ""


def error_of(response: Response) -> str:
    """The message of an answer that is an error."""
    if response.status_code < 400:
        return ""
    if response.is_streamed:
        return response.status
    text = response.get_data(as_text=True)[:_LONGEST_ERROR]
    if found := _XML_MESSAGE.search(text):
        return found[1]
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return response.status
    return _message(document) or response.status


def summary(error: str) -> str:
    """An error in a line: what a Lambda function raised without its trace."""
    try:
        document = json.loads(error)
    except (ValueError, RecursionError):
        return error
    if not isinstance(document, dict) or "errorMessage" not in document:
        return error
    return f"{document.get('errorType', 'Error')}: {document['errorMessage']}"


def _message(document: object) -> str:
    if not isinstance(document, dict):
        return ""
    if isinstance(error := document.get("error"), dict):
        data = error.get("data")
        reason = data.get("reason") if isinstance(data, dict) else None
        return f"{error.get('message')}: {reason}" if reason else str(error.get("message"))
    found = document.get("message") or document.get("Message") or document.get("error_description") or error
    return str(found) if found else ""

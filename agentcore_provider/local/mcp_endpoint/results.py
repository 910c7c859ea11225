"""What tools/call answers: text, or a failure the model can read."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.outbound import CredentialError, NotOnLocalAwsError

if TYPE_CHECKING:
    from agentcore_provider.local.store import Gateway

_log = logging.getLogger(__name__)

INTERNAL_ERROR = "An internal error occurred. Please retry later."


def text_result(text: str, *, is_error: bool = False) -> JsonObject:
    """A CallToolResult with one block of text."""
    return {"content": [{"type": "text", "text": text}], "isError": is_error}


def failure(gateway: Gateway, text: str) -> JsonObject:
    """A failed call whose reason the client learns."""
    result = text_result(text, is_error=True)
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
    return text_result(INTERNAL_ERROR, is_error=True)

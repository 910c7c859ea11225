"""What tools/call answers: text, or a failure the model can read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agentcore_provider.local.store import Gateway


def text_result(text: str, *, is_error: bool = False) -> dict[str, Any]:
    """A CallToolResult with one block of text."""
    return {"content": [{"type": "text", "text": text}], "isError": is_error}


def failure(gateway: Gateway, text: str) -> dict[str, Any]:
    """A failed call, told in full.

    The service hides such details behind a general sentence unless the gateway's exceptionLevel is DEBUG
    (devguide gateway-debug-messages); on one's own machine nobody is served by that. `_meta.debug` appears
    under the service's condition.
    """
    result = text_result(text, is_error=True)
    if gateway.exception_level == "DEBUG":
        result["_meta"] = {"debug": {"type": "text", "text": text}}
    return result

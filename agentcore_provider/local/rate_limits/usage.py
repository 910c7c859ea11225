"""Tokens of an inference request and its answer (devguide gateway-rate-limits-metrics).

Documented: the paths whose tokens are counted, that an estimate counts before and what the model reports after, and that a
stream of chat completions is asked to report it. Assumed: the estimate, here a token for each four characters of the body.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from agentcore_provider.local import json_document

CHAT, MESSAGES, RESPONSES = "/v1/chat/completions", "/v1/messages", "/v1/responses"
PATHS = (CHAT, MESSAGES, RESPONSES)
_CHARACTERS_OF_A_TOKEN = 4
_LONGEST = 16 * 1024 * 1024


def estimate(body: bytes) -> int:
    """About how many tokens a request has."""
    return max(1, len(body.decode(errors="replace")) // _CHARACTERS_OF_A_TOKEN)


def asking_for_usage(path: str, body: bytes) -> bytes:
    """The body, which asks a stream of chat completions to report its tokens."""
    document = _object(body) if path == CHAT else {}
    if document.get("stream") is not True or "stream_options" in document:
        return body
    return json.dumps({**document, "stream_options": {"include_usage": True}}, ensure_ascii=False).encode()


@dataclass
class Usage:
    """The tokens that an answer reports."""

    input_tokens: int = 0
    output_tokens: int = 0

    @property
    def tokens(self) -> int:
        """All of them; 0 while none were reported."""
        return self.input_tokens + self.output_tokens

    def read(self, body: bytes) -> None:
        """Note what a whole answer reports, or one event of a stream."""
        document = _object(body)
        for part in (document, document.get("message"), document.get("response")):
            usage = part.get("usage") if isinstance(part, dict) else None
            if isinstance(usage, dict):
                self.input_tokens = _count(usage, "input_tokens", "prompt_tokens") or self.input_tokens
                self.output_tokens = _count(usage, "output_tokens", "completion_tokens") or self.output_tokens

    def reading(self, chunks: Iterator[bytes], *, is_stream: bool) -> Iterator[bytes]:
        """The chunks of an answer, whose report is noted as it passes. is_stream: it comes in events."""
        held = b""
        for chunk in chunks:
            held += chunk
            if is_stream:
                *events, held = held.split(b"\n")
                for one in events:
                    if one.startswith(b"data:") and b'"usage"' in one:
                        self.read(one.removeprefix(b"data:").strip())
            held = held if len(held) <= _LONGEST else b""
            yield chunk
        if not is_stream:
            self.read(held)


def _count(usage: dict[str, Any], *names: str) -> int:
    found = next((usage[it] for it in names if it in usage), 0)
    return found if isinstance(found, int) and not isinstance(found, bool) and found > 0 else 0


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json_document.read(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}

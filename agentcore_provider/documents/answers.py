"""What other servers answer: read to a limit in size and time, and from the place that was asked alone."""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Callable
from typing import Protocol

from agentcore_provider.documents.json_types import JsonDict
from agentcore_provider.documents.limits import Unreadable
from agentcore_provider.documents.reading import parsed

MAX_ANSWER_BYTES = 1024 * 1024
"""Bytes of a token endpoint's or identity provider's answer: real ones have a few thousand."""


class Answer(Protocol):
    """An HTTP answer whose body is not read yet."""

    def read1(self, amount: int, /) -> bytes:
        """What has arrived, up to this number of bytes; empty at the end."""
        ...


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry a secret to a place that nobody configured."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


def body(answer: Answer, *, seconds: float, clock: Callable[[], float] = time.monotonic) -> bytes:
    """The body of an answer. seconds: for all of it, however slowly it arrives.

    Raises Unreadable if it is too long, TimeoutError if it does not end in time.
    """
    end = clock() + seconds
    content = bytearray()
    while part := answer.read1(65536):
        content += part
        if len(content) > MAX_ANSWER_BYTES:
            raise Unreadable(f"is longer than {MAX_ANSWER_BYTES:,} bytes", "See whether the address is the right one")
        if clock() > end:
            raise TimeoutError("timed out")
    return bytes(content)


def json_object(content: bytes) -> JsonDict:
    """The JSON object of an answer; empty if it is none."""
    try:
        document = parsed(content.decode(), yaml=False)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}

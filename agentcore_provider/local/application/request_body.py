"""Reads the body of a request: its size is checked first, and nothing is done before it is read."""

from __future__ import annotations

import re
from dataclasses import dataclass

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request

_KILOBYTE, _MEGABYTE = 1024, 1024 * 1024
_LIMITS = (
    (re.compile(r"/+_local(?:/.*)?"), _MEGABYTE),
    (re.compile(r"/+cognito/.*"), 64 * _KILOBYTE),
    # A gateway answers itself to what exceeds its own limit of 6 MB, up to this size.
    (re.compile(r"/+gateways/.*"), 7 * _MEGABYTE),
)
_LIMIT_BY_SERVICE = {
    "bedrock-agentcore": 10 * _MEGABYTE,
    "cognito-idp": _MEGABYTE,
    # A function of 50 MB, in base64.
    "lambda": 70 * _MEGABYTE,
    # AWS takes 5 GB. What is here lies in memory.
    "s3": 512 * _MEGABYTE,
}
_OTHERS = 16 * _MEGABYTE
"""DynamoDB's, which is the largest of the rest."""


@dataclass(frozen=True)
class UnreadableBodyError(Exception):
    """The body is too large, or does not match its headers. code: the name of the error at AWS."""

    status: int
    code: str
    message: str


def read(request: Request, service: str | None) -> bytes:
    """Read the body, once for all later readers of the request.

    service: the one that the request is signed for. Raises UnreadableBodyError.
    """
    limit = _limit(request.path, service)
    too_large = UnreadableBodyError(
        413, "RequestEntityTooLargeException", f"The body is over the limit of {limit} bytes."
    )
    if (request.content_length or 0) > limit:
        raise too_large
    # Without Content-Length, werkzeug cuts off what exceeds it, without an error.
    request.max_content_length = limit + 1
    try:
        body = request.get_data()
    except (HTTPException, OSError):
        raise UnreadableBodyError(
            400, "IncompleteBody", "The body does not match Content-Length or Transfer-Encoding."
        ) from None
    if len(body) > limit:
        raise too_large
    return body


def _limit(path: str, service: str | None) -> int:
    for pattern, limit in _LIMITS:
        if pattern.fullmatch(path) and service in (None, "bedrock-agentcore"):
            return limit
    return _LIMIT_BY_SERVICE.get(service or "", _OTHERS)

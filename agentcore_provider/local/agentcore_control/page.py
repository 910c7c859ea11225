"""Answers of List operations, page by page."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from agentcore_provider.local import service_error

_DEFAULT_SIZE = 100
_Item = TypeVar("_Item")


def page(
    items: Iterable[tuple[str, _Item]], max_results: int | None, next_token: str | None
) -> tuple[list[_Item], str | None]:
    """One page and the token of the next; None after the last.

    items: key and item. Pages follow the keys, so what is deleted or added meanwhile shifts nothing.
    """
    after = _key_of(next_token) if next_token else ""
    left = sorted((pair for pair in items if pair[0] > after), key=lambda pair: pair[0])
    size = max_results or _DEFAULT_SIZE
    following = _token_of(left[size - 1][0]) if len(left) > size else None
    return [item for _, item in left[:size]], following


def age_key(created_at: datetime, resource_id: str) -> str:
    """A key that orders by creation."""
    return f"{created_at.isoformat(timespec='microseconds')} {resource_id}"


def _token_of(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode()


def _key_of(token: str) -> str:
    try:
        return base64.urlsafe_b64decode(token.encode()).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise service_error.validation("Invalid nextToken") from None

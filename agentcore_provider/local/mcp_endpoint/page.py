"""Lists in pages, with a cursor while there is more."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from agentcore_provider.local.mcp_endpoint.json_rpc import INVALID_PARAMS, JsonRpcError

MOST_ITEMS = 100


def page(member: str, items: list[dict[str, Any]], cursor: Any) -> dict[str, Any]:
    """The result with the items from the cursor on. Raises JsonRpcError for a cursor that is not ours."""
    start = 0 if cursor is None else _start(member, cursor)
    result: dict[str, Any] = {member: items[start : start + MOST_ITEMS]}
    if start + MOST_ITEMS < len(items):
        result["nextCursor"] = base64.urlsafe_b64encode(f"{member}:{start + MOST_ITEMS}".encode()).decode()
    return result


def _start(member: str, cursor: Any) -> int:
    try:
        word, _, number = base64.urlsafe_b64decode(cursor).decode().partition(":")
        if word == member and number.isdecimal():
            return int(number)
    except (TypeError, ValueError, binascii.Error):
        pass
    raise JsonRpcError(INVALID_PARAMS, "Invalid params: the cursor is not one of this gateway.")

"""Lists in pages, with a cursor while there is more."""

from __future__ import annotations

import base64
import binascii

from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.mcp_endpoint.json_rpc import INVALID_PARAMS, JsonRpcError

MOST_ITEMS = 100


def page(member: str, items: list[JsonObject], cursor: object) -> JsonObject:
    """The result with the items from the cursor on. Raises JsonRpcError for a cursor that is not ours."""
    start = 0 if cursor is None else _start(member, cursor)
    result: JsonObject = {member: items[start : start + MOST_ITEMS]}
    if start + MOST_ITEMS < len(items):
        result["nextCursor"] = base64.urlsafe_b64encode(f"{member}:{start + MOST_ITEMS}".encode()).decode()
    return result


def _start(member: str, cursor: object) -> int:
    try:
        word, _, number = base64.urlsafe_b64decode(str(cursor)).decode().partition(":")
        if word == member and number.isdecimal():
            return int(number)
    except (TypeError, ValueError, binascii.Error):
        pass
    raise JsonRpcError(INVALID_PARAMS, "Invalid params: the cursor is not one of this gateway.")

"""The function of a target without a payload: two tools that answer, so that a new gateway can be tried out."""

from datetime import datetime, timezone
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer the tool that the gateway names in the client context."""
    name = context.client_context.custom["bedrockAgentCoreToolName"].rpartition("___")[2]
    if name == "get_weather":
        return {"location": event["location"], "temperature": "72°F", "conditions": "Sunny", "sample": True}
    try:
        now = datetime.now(ZoneInfo(event["timezone"]))
    except (ZoneInfoNotFoundError, ValueError):
        now = datetime.now(timezone.utc)
    return {"timezone": str(now.tzinfo), "time": now.isoformat(timespec="seconds")}

"""The first tools: AgentCore sends a tool's arguments as the event, and its name in the client context."""

from datetime import datetime, timedelta, timezone


def current_time(utc_offset_hours: float = 0) -> dict:
    """Tell date and time.

    Args:
        utc_offset_hours: Hours ahead of UTC, such as 2 or -5.5.
    """
    now = datetime.now(timezone(timedelta(hours=utc_offset_hours)))
    return {"time": now.isoformat(timespec="seconds"), "weekday": f"{now:%A}"}


def days_between(first: str, second: str) -> dict:
    """Count the days from one date to another.

    Args:
        first: Date such as 2026-01-31.
        second: Date such as 2026-03-01.
    """
    return {"days": (datetime.fromisoformat(second) - datetime.fromisoformat(first)).days}


# Type hints and docstrings of these become the tool schema that agents see.
TOOLS = [current_time, days_between]


def handler(event: dict, context) -> dict:
    """What Lambda calls."""
    asked = context.client_context.custom["bedrockAgentCoreToolName"].rpartition("___")[2]
    return {tool.__name__: tool for tool in TOOLS}[asked](**event)

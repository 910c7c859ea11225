"""The tools that a Lambda target gets when nobody says which it has."""

from __future__ import annotations

from agentcore_provider.documents.json_types import JsonDict


def tools() -> list[JsonDict]:
    """The default schema of the quick start: `get_weather(location)` and `get_time(timezone)`."""
    return [
        {
            "name": "get_weather",
            "description": "Get the weather at a location",
            "inputSchema": {
                "type": "object",
                "properties": {"location": {"type": "string", "description": "Name of a place, such as Seattle, WA"}},
                "required": ["location"],
            },
        },
        {
            "name": "get_time",
            "description": "Get the time in a time zone",
            "inputSchema": {
                "type": "object",
                "properties": {
                    "timezone": {"type": "string", "description": "Name of a time zone, such as America/Los_Angeles"}
                },
                "required": ["timezone"],
            },
        },
    ]

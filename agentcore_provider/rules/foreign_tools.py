"""Tool definitions in the form of another API, such as those that models take."""

from __future__ import annotations

from collections.abc import Mapping

_CURE = "Write name, description and inputSchema (JSON Schema) on top of each tool."


def recognized(tool: object) -> tuple[str, str] | None:
    """What a definition is, and its cure; None for a form that is not known here."""
    if not isinstance(tool, Mapping) or "inputSchema" in tool:
        return None
    if isinstance(tool.get("toolSpec"), Mapping):
        return "is a tool of Bedrock's Converse API", f"{_CURE} They are in toolSpec, the schema in inputSchema.json."
    if tool.get("type") == "function" and isinstance(tool.get("function"), Mapping):
        return "is a function of OpenAI's API", f"{_CURE} They are in function, the schema in parameters."
    if "name" in tool and "parameters" in tool:
        return "is a function of a model's API", f"{_CURE} The schema is in parameters."
    return None

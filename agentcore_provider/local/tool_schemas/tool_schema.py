"""A Lambda target's tool schema: the document as it was read when the target was created or updated.

An S3 object that changes afterwards is not noticed until the target is updated, as on the service.
"""

from __future__ import annotations

import json
from typing import Any

import yaml

Tool = dict[str, Any]
"""A tool, prompt or resource as an MCP document."""


class SchemaUnreadableError(Exception):
    """The schema cannot be used; the text states the reason."""


def definitions(document: object) -> list[Tool]:
    """The tool definitions in a schema: a list, or JSON or YAML text of one. Raises SchemaUnreadableError."""
    if isinstance(document, bytes):
        document = document.decode(errors="replace")
    if isinstance(document, str):
        document = _parse(document)
    found = document.get("tools") if isinstance(document, dict) else document
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(tool, dict) and "name" in tool for tool in found):
        raise SchemaUnreadableError("the tool schema is not a list of tool definitions")
    return found


def _parse(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        try:
            return yaml.safe_load(text)
        except yaml.YAMLError as error:
            raise SchemaUnreadableError(f"the tool schema is neither JSON nor YAML: {error}") from error

"""A client's file of settings: one server is added or changed, everything else in it is kept as it is."""

from __future__ import annotations

import json
import re
from pathlib import Path

from agentcore_provider.cli import files
from agentcore_provider.cli.connect.mcp_client import Connection, McpClient
from agentcore_provider.documents import files as documents
from agentcore_provider.documents.json_types import JsonDict
from agentcore_provider.documents.limits import Unreadable
from agentcore_provider.errors import InvalidInput

_INDENTED = re.compile(r"\n(?P<indent>[ \t]+)\"")
# How a client signed in before; a member that the new entry does not have counts no more.
_SIGN_IN = ("oauth", "auth")


def text_of(client: McpClient, name: str, connection: Connection, before: str = "") -> str:
    """The text of the file with the server. before: its text now; empty for a new file. Raises InvalidInput."""
    found = documents.parse(before, name="", yaml=False) if before.strip() else {}
    servers = found.get(client.servers, {}) if isinstance(found, dict) else None
    if not isinstance(found, dict) or not isinstance(servers, dict):
        raise InvalidInput(f"has no object {client.servers!r}", "Correct it, or add what --print prints by hand")
    old = servers.get(name)
    document = {**found, client.servers: {**servers, name: _merged(old, client.entry(connection))}}
    for member, items in client.beside(connection).items():
        kept = found.get(member)
        ids = [it["id"] for it in items]
        others = (
            [it for it in kept if not (isinstance(it, dict) and it.get("id") in ids)] if isinstance(kept, list) else []
        )
        document[member] = [*others, *items]
    indent = _INDENTED.search(before)
    return json.dumps(document, indent=indent["indent"] if indent else 2, ensure_ascii=False) + "\n"


def write(client: McpClient, name: str, connection: Connection, path: Path) -> bool:
    """Write the file; returns whether it changed. Raises InvalidInput, and AgentCoreError if it cannot be written."""
    # What dotfiles are linked to is changed, not the link.
    path = path.resolve()
    before = documents.text(path) if path.exists() else ""
    try:
        text = text_of(client, name, connection, before)
    except Unreadable as error:
        raise InvalidInput(
            f"cannot be changed without losing something: {error.message}",
            f"Correct it, or add what --print prints to {client.servers!r} by hand",
            label=str(path),
        ) from None
    except InvalidInput as error:
        raise error.labelled(str(path)) from None
    if before.strip() and json.loads(before) == json.loads(text):
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    files.write(path, text)
    return True


def _merged(old: object, new: JsonDict) -> JsonDict:
    """The new entry, with what the user has set beside it, such as a time limit."""
    if not isinstance(old, dict):
        return new
    kept = {key: value for key, value in old.items() if key not in _SIGN_IN}
    headers = kept.get("headers")
    if isinstance(headers, dict):
        others = {key: value for key, value in headers.items() if key.lower() != "authorization"}
        kept["headers"] = {**others, **new.get("headers", {})}
        if not kept["headers"]:
            del kept["headers"]
        new = {key: value for key, value in new.items() if key != "headers"}
    return {**kept, **new}

"""The settings of MCP clients that people use: which file, and what is in it, as each client documents them.

No client gets a secret. Where people can sign in, the client opens the login page itself; else it reads a token from the
environment, or asks for it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from agentcore_provider.arguments import callback_urls
from agentcore_provider.documents.json_types import JsonDict

TOKEN_VARIABLE = "AGENTCORE_TOKEN"  # noqa: S105 (a name)


@dataclass(frozen=True)
class Connection:
    """What a client has to know of a gateway.

    client_id: with which people sign in; empty where they do not. takes_token: whether calls without a token are refused.
    """

    url: str
    client_id: str = ""
    scopes: tuple[str, ...] = ()
    takes_token: bool = False


@dataclass(frozen=True)
class McpClient:
    """An MCP client.

    servers: the member of its file that has the servers by name. project_file: relative to the current folder.
    user_file: from home, environment and platform. sign_in: what people do next, to be signed in.
    """

    title: str
    servers: str
    project_file: str
    user_file: Callable[[Path, Mapping[str, str], str], Path]
    entry: Callable[[Connection], JsonDict]
    sign_in: str
    beside: Callable[[Connection], JsonDict] = field(default=lambda _: {})
    """Other members of the file, lists of objects with an `id`."""

    def path(self, *, of_user: bool) -> Path:
        """The file to write."""
        if of_user:
            return self.user_file(Path.home(), os.environ, sys.platform)
        return Path.cwd() / self.project_file


def _claude(connection: Connection) -> JsonDict:
    found: JsonDict = {"type": "http", "url": connection.url}
    if connection.client_id:
        found["oauth"] = {"clientId": connection.client_id, "callbackPort": callback_urls.CLAUDE_CODE_PORT}
    elif connection.takes_token:
        found["headers"] = _bearer("${" + TOKEN_VARIABLE + "}")
    return found


def _cursor(connection: Connection) -> JsonDict:
    found: JsonDict = {"url": connection.url}
    if connection.client_id:
        scopes = {"scopes": [*connection.scopes]} if connection.scopes else {}
        found["auth"] = {"CLIENT_ID": connection.client_id, **scopes}
    elif connection.takes_token:
        found["headers"] = _bearer("${env:" + TOKEN_VARIABLE + "}")
    return found


def _vscode(connection: Connection) -> JsonDict:
    found: JsonDict = {"type": "http", "url": connection.url}
    if connection.client_id:
        found["oauth"] = {"clientId": connection.client_id}
    elif connection.takes_token:
        found["headers"] = _bearer("${input:agentcore-token}")
    return found


def _vscode_inputs(connection: Connection) -> JsonDict:
    if connection.client_id or not connection.takes_token:
        return {}
    asked = {"type": "promptString", "id": "agentcore-token", "description": "agentcore token", "password": True}
    return {"inputs": [asked]}


def _inspector(connection: Connection) -> JsonDict:
    found: JsonDict = {"type": "streamable-http", "url": connection.url}
    if connection.client_id:
        scopes = {"scopes": " ".join(connection.scopes)} if connection.scopes else {}
        found["oauth"] = {"clientId": connection.client_id, **scopes}
    return found


def _bearer(token: str) -> JsonDict:
    return {"Authorization": f"Bearer {token}"}


def _vscode_profile(home: Path, environment: Mapping[str, str], platform: str) -> Path:
    if platform == "win32":
        folder = Path(environment.get("APPDATA") or home / "AppData" / "Roaming")
    elif platform == "darwin":
        folder = home / "Library" / "Application Support"
    else:
        folder = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
    return folder / "Code" / "User" / "mcp.json"


CLIENTS: dict[str, McpClient] = {
    "claude": McpClient(
        "Claude Code",
        "mcpServers",
        ".mcp.json",
        lambda home, _environment, _platform: home / ".claude.json",
        _claude,
        "In `claude`, enter /mcp and choose {name} to sign in",
    ),
    "cursor": McpClient(
        "Cursor",
        "mcpServers",
        ".cursor/mcp.json",
        lambda home, _environment, _platform: home / ".cursor" / "mcp.json",
        _cursor,
        "In Cursor's MCP settings, connect {name} to sign in",
    ),
    "vscode": McpClient(
        "VS Code",
        "servers",
        ".vscode/mcp.json",
        _vscode_profile,
        _vscode,
        "In VS Code, run `MCP: List Servers` and start {name} to sign in",
        _vscode_inputs,
    ),
    "inspector": McpClient(
        "MCP Inspector",
        "mcpServers",
        "mcp-inspector.json",
        lambda home, _environment, _platform: home / ".mcp-inspector" / "mcp.json",
        _inspector,
        "Run `npx @modelcontextprotocol/inspector --config {file}`, and connect {name} to sign in",
    ),
}

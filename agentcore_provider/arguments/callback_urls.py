"""Where a browser returns to after a person has signed in: the addresses of MCP clients, as each of them documents.

Cognito compares them as texts, ports included.
"""

from __future__ import annotations

CLAUDE_CODE_PORT = 8976
"""The port of its `callbackPort`: Claude Code takes any that its settings name."""
CLAUDE_CODE = (f"http://localhost:{CLAUDE_CODE_PORT}/callback",)
CURSOR = ("http://localhost:8787/callback", "cursor://anysphere.cursor-mcp/oauth/callback")
VS_CODE = ("http://127.0.0.1:33418/", "http://localhost:33418/", "https://vscode.dev/redirect")
INSPECTOR = ("http://localhost:6274/oauth/callback", "http://127.0.0.1:6276/oauth/callback")

ALL = (*CLAUDE_CODE, *CURSOR, *VS_CODE, *INSPECTOR)

"""A shop on this machine that the examples call: `python examples/shop` serves it at 127.0.0.1:8765.

/orders            open to all
/key/...           the same for those who send the key `shop-key`
/token/...         the same for those who send a bearer token
/signed/...        the same for those who sign with IAM
/busy/...          answers that there are too many requests
/oauth2/token      gives a token to the client `gateway`
/mcp               an MCP server with one tool
/invocations       an agent, as AgentCore Runtime runs it
"""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

ORDERS = [{"id": "A-1", "state": "shipped"}, {"id": "A-2", "state": "open"}]
TOOLS = [
    {
        "name": "in_stock",
        "description": "Tell how many of an item are in stock",
        "inputSchema": {"type": "object", "properties": {"item": {"type": "string"}}, "required": ["item"]},
    }
]


class Shop(BaseHTTPRequestHandler):
    """Answers one request."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Orders, and where tokens are to be had."""
        path = self._allowed()
        if path == "/.well-known/openid-configuration":
            here = f"http://{self.headers['Host']}"
            endpoints = {"authorization_endpoint": f"{here}/oauth2/authorize", "token_endpoint": f"{here}/oauth2/token"}
            self._answer(
                {"issuer": here, "jwks_uri": f"{here}/jwks", "response_types_supported": ["code"], **endpoints}
            )
        elif path == "/orders":
            self._answer(ORDERS)
        elif path and path.startswith("/orders/"):
            found = [order for order in ORDERS if order["id"] == path.rpartition("/")[2]]
            self._answer({**found[0], "query": urlsplit(self.path).query} if found else {"error": "no such order"})
        elif path:
            self._answer({"error": "not found"}, 404)

    def do_POST(self) -> None:
        """Tokens, MCP, an agent, and a language model."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self._allowed()
        if path == "/oauth2/token":
            self._answer({"access_token": "a-token", "token_type": "Bearer", "expires_in": 300})
        elif path == "/mcp":
            self._mcp(json.loads(body))
        elif path and path.endswith("/invocations"):
            self._answer({"agent": "clerk", "signed_in": self.headers.get("Authorization", "").partition(" ")[0]})
        elif path == "/v1/messages":
            model = json.loads(body)["model"]
            self._answer({"model": model, "content": [{"type": "text", "text": "At your service"}]})
        elif path:
            self._answer({"error": "not found"}, 404)

    def _allowed(self) -> str:
        """The path behind its door; empty, with an answer on its way, if the door stays closed."""
        path = urlsplit(self.path).path
        if path.startswith("/busy/"):
            self._answer({"error": "too many requests"}, 429)
            return ""
        sent = self.headers.get("Authorization", "")
        doors = {
            "/key/": self.headers.get("X-Api-Key") == "shop-key",
            "/token/": sent.startswith("Bearer "),
            "/signed/": sent.startswith("AWS4-HMAC-SHA256 "),
        }
        for door, is_open in doors.items():
            if path.startswith(door):
                if not is_open:
                    self._answer({"error": "sign in first"}, 401)
                    return ""
                return path[len(door) - 1 :]
        return path

    def _mcp(self, message: dict[str, Any]) -> None:
        method, parameters = message["method"], message.get("params") or {}
        if "id" not in message:
            self._answer(None, 202)
            return
        result: dict[str, Any] = {}
        if method == "initialize":
            version = parameters["protocolVersion"]
            server = {"name": "shop", "version": "1"}
            result = {"protocolVersion": version, "capabilities": {"tools": {}}, "serverInfo": server}
        elif method == "tools/list":
            result = {"tools": TOOLS}
        elif method == "tools/call":
            result = {"content": [{"type": "text", "text": json.dumps({**parameters["arguments"], "count": 7})}]}
        self._answer({"jsonrpc": "2.0", "id": message["id"], "result": result})

    def _answer(self, document: Any, status: int = 200) -> None:
        body = b"" if document is None else json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing: the examples' own output is what one wants to read."""


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8765
    with ThreadingHTTPServer(("127.0.0.1", port), Shop) as server:
        print(f"the shop is open at http://127.0.0.1:{server.server_port}", flush=True)
        server.serve_forever()

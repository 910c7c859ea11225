"""An MCP server on loopback whose list of tools a test changes."""

from __future__ import annotations

import json
import uuid
from typing import Any

from werkzeug.wrappers import Request, Response

from tests.support.targets import Counterpart


class ListingServer:
    """Answers initialize and tools/list, over JSON."""

    def __init__(self, *tools: dict[str, Any]) -> None:
        self.tools = list(tools)
        self.identifier = uuid.uuid4().hex
        """Its own, unlike its address, which another may have had."""
        self.token = ""
        """What it wants as a bearer token; empty for a server that everybody may read."""
        self.status = 0
        """What it answers instead; 0 for a server that works."""
        self.counterpart = Counterpart()
        self.counterpart.answer = self._answer
        self.url = f"{self.counterpart.https_url}/mcp"

    @property
    def lists(self) -> int:
        """How often its tools were listed."""
        return sum(b'"tools/list"' in it.body for it in self.counterpart.received)

    def stop(self) -> None:
        """Answer nobody any more."""
        self.counterpart.server.shutdown()
        self.counterpart.server.server_close()

    def _answer(self, request: Request) -> Response:
        if self.status:
            return Response(status=self.status)
        if self.token and request.headers.get("Authorization") != f"Bearer {self.token}":
            return Response(status=401)
        if request.method != "POST":
            return Response(status=405)
        message = json.loads(request.get_data())
        if "id" not in message:
            return Response(status=202)
        result: dict[str, Any] = {"tools": self.tools}
        if message["method"] == "initialize":
            about = {"name": "tools", "version": "1"}
            result = {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": about}
        document = {"jsonrpc": "2.0", "id": message["id"], "result": result}
        return Response(json.dumps(document), content_type="application/json")


def tool(name: str, description: str = "Returns the stock.", **properties: Any) -> dict[str, Any]:
    """A tool as a server lists it. properties: schemas of its arguments."""
    schema = {"type": "object", "properties": properties or {"sku": {"type": "string"}}}
    return {"name": name, "description": description, "inputSchema": schema}

"""Targets on a local AWS of the test's process, and the servers behind them, which keep what they received."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx2
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from tests.support.control_plane import ControlPlane, set_members


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        """Be quiet."""


@dataclass
class Received:
    """One request as it arrived."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Counterpart:
    """An HTTP server on loopback; `answer` makes its responses."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.answer: Callable[[Request], Response] = lambda _: Response('{"ok":true}', content_type="application/json")

        @Request.application
        def app(request: Request) -> Response:
            raw = request.environ["RAW_URI"].partition("?")
            headers = {name.lower(): value for name, value in request.headers.items()}
            self.received.append(Received(request.method, raw[0], raw[2], headers, request.get_data()))
            return self.answer(request)

        self.server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
        self.url = f"http://127.0.0.1:{self.server.port}"
        self.https_url = f"https://127.0.0.1:{self.server.port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def last(self) -> Received:
        return self.received[-1]


class Gateway:
    """A gateway on local AWS and what clients do with it."""

    def __init__(self, local_aws: ControlPlane, **members: Any) -> None:
        self.aws = local_aws
        made = local_aws.gateway(**members)
        self.id = made["gatewayId"]
        self.url = made["gatewayUrl"]

    @property
    def base(self) -> str:
        return f"{self.aws.endpoint}/gateways/{self.id}"

    def target(self, configuration: Any, credentials: Any = None, name: str = "t", **members: Any) -> str:
        """Create a target and wait until it has settled; returns its id."""
        given = {
            "gatewayIdentifier": self.id,
            "name": name,
            "targetConfiguration": configuration,
            "credentialProviderConfigurations": credentials,
            **members,
        }
        made = self.aws.control.create_gateway_target(**set_members(given))
        return self.settle(made["targetId"])

    def settle(self, target_id: str) -> str:
        deadline = time.monotonic() + 20
        while self.get(target_id)["status"] in ("CREATING", "UPDATING", "SYNCHRONIZING"):
            assert time.monotonic() < deadline
            threading.Event().wait(0.01)
        return target_id

    def get(self, target_id: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.aws.control.get_gateway_target(gatewayIdentifier=self.id, targetId=target_id)
        return answer

    def tools(self, headers: dict[str, str] | None = None) -> dict[str, Any]:
        """The tools by name, as the official MCP client lists them."""
        listed = self.talk(lambda client: client.list_tools(), headers or {})
        return {tool.name: tool.model_dump(by_alias=True, exclude_none=True) for tool in listed.tools}

    def call(self, tool: str, arguments: Any = None, headers: dict[str, str] | None = None, query: str = "") -> Any:
        """A call by the official MCP client; the text of its result, parsed if it is JSON, and whether it failed."""
        result = self.talk(lambda client: client.call_tool(tool, arguments or {}), headers or {}, query)
        text = result.content[0].text if result.content else ""
        try:
            return json.loads(text), result.is_error
        except ValueError:
            return text, result.is_error

    def talk(self, ask: Any, headers: dict[str, str] | None = None, query: str = "") -> Any:
        """What `ask` gets of the official MCP client."""

        async def talk() -> Any:
            async with httpx2.AsyncClient(headers=headers or {}, timeout=60) as http:
                transport = streamable_http_client(self.url + query, http_client=http)
                async with Client(transport) as client:
                    return await ask(client)

        try:
            return asyncio.run(talk())
        except BaseException as error:
            # Task groups wrap what went wrong into groups of groups.
            cause = error
            while inner := getattr(cause, "exceptions", None):
                cause = inner[0]
            raise cause from None


def metadata_of(url: str) -> dict[str, Any]:
    """An oauthDiscovery that names the endpoints itself."""
    endpoints = {"issuer": url, "authorizationEndpoint": f"{url}/authorize", "tokenEndpoint": f"{url}/token"}
    return {"authorizationServerMetadata": endpoints}


def openapi(server: str, paths: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A target configuration with an OpenAPI document."""
    info = {"title": "Shop", "version": "1"}
    document = {"openapi": "3.0.3", "info": info, "servers": [{"url": server}], "paths": paths, **more}
    return {"mcp": {"openApiSchema": {"inlinePayload": json.dumps(document)}}}

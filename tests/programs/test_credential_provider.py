"""An API key kept by AgentCore: calls carry it, a new one takes its place, and nobody sees it."""

from __future__ import annotations

import inspect
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.support.stack import Stack

OLD, NEW, CLIENT = "sk-marker-old-6b1f", "sk-marker-new-93ac", "marker-client-c07d"
MARKERS = (OLD, NEW, CLIENT)


def weather() -> None:
    """A program with a REST API behind an API key, and an OAuth client beside it."""
    import pulumi

    from agentcore_provider import (
        ApiKeyCredentialProvider,
        Gateway,
        GatewayRole,
        GatewayTarget,
        OAuth2CredentialProvider,
        credentials,
        targets,
    )

    config = pulumi.Config("weather")
    # Typed plain on purpose: the resources make secrets of them by themselves.
    key = ApiKeyCredentialProvider("weather", api_key=config.require("key"))
    client = OAuth2CredentialProvider(
        "crm",
        client_id="agent",
        client_secret=config.require("client"),
        discovery_url="https://login.example.com/.well-known/openid-configuration",
    )
    gateway = Gateway("shop", role_arn=GatewayRole("shop"), authorizer="NONE")
    GatewayTarget(
        "weather",
        gateway=gateway,
        target=targets.OpenApi("weather.json"),
        credentials=credentials.ApiKey(key, parameter_name="X-Api-Key", location="HEADER"),
    )
    pulumi.export("mcp_url", gateway.gateway_url)
    pulumi.export("arns", [key.credential_provider_arn, client.credential_provider_arn])


class Weather(ThreadingHTTPServer):
    """A REST API that remembers the keys it was called with."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.keys: list[str | None] = []

    def document(self) -> dict[str, Any]:
        """Its OpenAPI document."""
        answer = {"200": {"description": "the weather"}}
        forecast = {"operationId": "forecast", "summary": "The weather of today", "responses": answer}
        return {
            "openapi": "3.0.3",
            "info": {"title": "weather", "version": "1"},
            "servers": [{"url": f"http://127.0.0.1:{self.server_port}"}],
            "paths": {"/forecast": {"get": forecast}},
        }


class _Handler(BaseHTTPRequestHandler):
    server: Weather

    def do_GET(self) -> None:
        self.server.keys.append(self.headers.get("X-Api-Key"))
        body = json.dumps({"sky": "blue"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Be quiet."""


@pytest.fixture
def api() -> Iterator[Weather]:
    server = Weather()
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def files_with_a_secret(*folders: Path) -> list[tuple[Path, str]]:
    """Files below the folders in which a secret stands in clear."""
    found = []
    for file in (file for folder in folders for file in folder.rglob("*") if file.is_file()):
        content = file.read_bytes()
        found += [(file, marker) for marker in MARKERS if marker.encode() in content]
    return found


def test_a_key_rotates_in_place_and_is_found_by_the_api_alone(stack: Stack, api: Weather) -> None:
    (stack.folder / "__main__.py").write_text(f"{inspect.getsource(weather)}\n\nweather()\n")
    (stack.folder / "weather.json").write_text(json.dumps(api.document()))
    for name, value in (("key", OLD), ("client", CLIENT)):
        stack.pulumi("config", "set", "--secret", f"weather:{name}", value)
    reported = [stack.preview("--diff").text, stack.up().text]
    assert json.loads(stack.agentcore("tools", "call", "forecast", "{}", "--url", stack.outputs()["mcp_url"])) == {
        "sky": "blue"
    }
    assert api.keys == [OLD]

    stack.pulumi("config", "set", "--secret", "weather:key", NEW)
    reported.append(stack.preview("--diff").text)
    rotated = stack.up("--diff")
    reported.append(rotated.text)
    assert rotated.changes["update"] == 1, "the key, and not the target that uses it"
    assert "replace" not in rotated.changes
    stack.agentcore("tools", "call", "forecast", "{}", "--url", stack.outputs()["mcp_url"])
    assert api.keys == [OLD, NEW]

    reported += [stack.refresh("--diff").text, stack.pulumi("stack", "export"), stack.pulumi("stack", "output")]
    assert set(stack.up().changes) == {"same"}
    state = stack.folder / ".agentcore"
    assert list((state / "state").rglob("*.json")), "there is something to look at"
    assert files_with_a_secret(state) == []
    reported.append(stack.destroy().text)
    assert [marker for marker in MARKERS if marker in "".join(reported)] == []
    logs = (stack.folder.parent / "local.log").read_text()
    assert [marker for marker in MARKERS if marker in logs] == []
    assert files_with_a_secret(state) == []
    control = stack.local_aws.client("bedrock-agentcore-control")
    assert control.list_api_key_credential_providers()["credentialProviders"] == []
    assert control.list_oauth2_credential_providers()["credentialProviders"] == []

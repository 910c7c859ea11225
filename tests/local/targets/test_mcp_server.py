"""MCP-server targets: tools are read when they are to be read, and calls reach the server with the credential."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import quote

import pytest
from werkzeug.wrappers import Response


class ToolServer:
    """An MCP server as JSON over HTTP, whose tools a test can change."""

    def __init__(self, counterpart: Any) -> None:
        self.http = counterpart
        self.tools = ["add"]
        counterpart.answer = self._answer
        self.configuration: dict[str, Any] = {"mcp": {"mcpServer": {"endpoint": f"{counterpart.https_url}/mcp"}}}

    def _answer(self, request: Any) -> Response:
        if request.method != "POST":
            return Response(status=405)
        message = json.loads(request.get_data())
        if "id" not in message:
            return Response(status=202)
        result = self._result(message["method"], message.get("params") or {})
        document = {"jsonrpc": "2.0", "id": message["id"], "result": result}
        return Response(json.dumps(document), content_type="application/json")

    def _result(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        if method == "initialize":
            about = {"name": "tools", "version": "1"}
            return {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": about}
        if method == "tools/list":
            # One tool a page, so that a reader of the first page alone is found out.
            index = int(params.get("cursor") or 0)
            more = {"nextCursor": str(index + 1)} if index + 1 < len(self.tools) else {}
            schema = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
            return {"tools": [{"name": self.tools[index], "description": "d", "inputSchema": schema}], **more}
        text = json.dumps({"called": params["name"], "with": params["arguments"]})
        return {"content": [{"type": "text", "text": text}], "isError": params["arguments"]["a"] < 0}


@pytest.fixture
def server(counterpart: Any) -> ToolServer:
    return ToolServer(counterpart)


def test_tools_are_read_at_create_and_when_synchronized(local_aws: Any, gateway: Any, server: ToolServer) -> None:
    server.tools = ["add", "subtract"]
    target = gateway.target(server.configuration, name="math")
    created = gateway.get(target)
    assert created["status"] == "READY"
    assert created["lastSynchronizedAt"]
    assert list(gateway.tools()) == ["math___add", "math___subtract"]
    server.tools = ["multiply"]
    assert list(gateway.tools()) == ["math___add", "math___subtract"]
    answer = local_aws.control.synchronize_gateway_targets(gatewayIdentifier=gateway.id, targetIdList=[target])
    assert answer["targets"][0]["status"] == "SYNCHRONIZING"
    gateway.settle(target)
    assert list(gateway.tools()) == ["math___multiply"]
    assert gateway.get(target)["lastSynchronizedAt"] > created["lastSynchronizedAt"]


def test_calls_are_passed_on_and_results_come_back(gateway: Any, server: ToolServer) -> None:
    gateway.target(server.configuration, name="math")
    assert gateway.call("math___add", {"a": 1}) == ({"called": "add", "with": {"a": 1}}, False)
    assert gateway.call("math___add", {"a": -1})[1]


def test_credentials_go_with_reading_and_calling(gateway: Any, server: ToolServer, api_key: Any) -> None:
    where = {"credentialParameterName": "Authorization", "credentialPrefix": "Bearer "}
    gateway.target(server.configuration, api_key("k", **where))
    gateway.call("t___add", {"a": 1})
    assert {request.headers.get("authorization") for request in server.http.received} == {"Bearer k"}


def test_the_gateways_role_signs_each_request(gateway: Any, server: ToolServer) -> None:
    iam = {"iamCredentialProvider": {"service": "bedrock-agentcore"}}
    gateway.target(server.configuration, [{"credentialProviderType": "GATEWAY_IAM_ROLE", "credentialProvider": iam}])
    signatures = [request.headers["authorization"] for request in server.http.received if request.method == "POST"]
    assert all("/us-west-2/bedrock-agentcore/aws4_request" in signature for signature in signatures)
    assert len(set(signatures)) == len(signatures) > 1


def test_a_server_that_is_not_there_fails_the_target(local_aws: Any, gateway: Any, server: ToolServer) -> None:
    gone = {"mcp": {"mcpServer": {"endpoint": "https://127.0.0.1:1/mcp"}}}
    found = gateway.get(gateway.target(gone, name="gone"))
    assert found["status"] == "FAILED"
    assert found["statusReasons"][0].startswith("The MCP server https://127.0.0.1:1/mcp cannot be used: ")
    target = gateway.target(server.configuration, name="math")
    local_aws.control.update_gateway_target(gatewayIdentifier=gateway.id, targetId=target, targetConfiguration=gone)
    assert gateway.get(gateway.settle(target))["status"] == "UPDATE_UNSUCCESSFUL"
    assert list(gateway.tools()) == ["math___add"], "what was read before goes on serving"


def test_dynamic_servers_are_asked_at_every_listing(gateway: Any, server: ToolServer) -> None:
    server.configuration["mcp"]["mcpServer"]["listingMode"] = "DYNAMIC"
    gateway.target(server.configuration, name="math")
    assert not server.http.received
    assert list(gateway.tools()) == ["math___add"]
    server.tools = ["other"]
    assert list(gateway.tools()) == ["math___other"]


def test_a_static_schema_is_never_read_from_the_server(gateway: Any, server: ToolServer) -> None:
    tools = {"tools": [{"name": "fixed", "description": "d", "inputSchema": {"type": "object"}}]}
    server.configuration["mcp"]["mcpServer"]["mcpToolSchema"] = {"inlinePayload": json.dumps(tools)}
    gateway.target(server.configuration, name="math")
    assert list(gateway.tools()) == ["math___fixed"]
    assert not server.http.received


def test_tool_names_that_get_too_long_fail_the_target(gateway: Any, server: ToolServer) -> None:
    server.tools = ["x" * 250]
    found = gateway.get(gateway.target(server.configuration, name="target"))
    assert (found["status"], found["statusReasons"]) == (
        "FAILED",
        [f"Tool name target___{'x' * 250} is longer than 256"],
    )


def test_a_gateway_can_be_the_server_of_another(make_gateway: Any, gateway: Any, server: ToolServer) -> None:
    """Reading happens outside the control plane's lock, or this would never end."""
    gateway.target(server.configuration, name="math")
    outer = make_gateway()
    began = time.monotonic()
    outer.target({"mcp": {"mcpServer": {"endpoint": gateway.url.replace("http:", "https:")}}}, name="inner")
    assert list(outer.tools()) == ["inner___math___add"]
    assert outer.call("inner___math___add", {"a": 2}) == ({"called": "add", "with": {"a": 2}}, False)
    assert time.monotonic() - began < 15


RUNTIME = "arn:aws:bedrock-agentcore:us-west-2:123456789012:runtime/desk-0123456789"


@pytest.mark.parametrize(
    ("endpoint", "named"),
    [
        (
            f"https://bedrock-agentcore.us-west-2.amazonaws.com/runtimes/{quote(RUNTIME, safe='')}/invocations?qualifier=DEFAULT",
            "desk-0123456789",
        ),
        (f"https://bedrock-agentcore.us-west-2.amazonaws.com/runtimes/{quote(RUNTIME, safe='')}/invocations", RUNTIME),
        ("https://desk-0123456789.runtime.bedrock-agentcore.us-west-2.amazonaws.com/mcp", "desk-0123456789"),
    ],
)
def test_a_server_in_a_runtime_is_the_one_that_runs_on_this_machine(
    local_aws: Any, gateway: Any, server: ToolServer, endpoint: str, named: str
) -> None:
    """The target names the runtime as on AWS, and local AWS is told where its server runs."""
    status, known = local_aws.http("POST", "/_local/runtimes", {named: server.http.url})
    assert (status, known[named]) == (200, server.http.url)
    iam = {"iamCredentialProvider": {"service": "bedrock-agentcore"}}
    credentials = [{"credentialProviderType": "GATEWAY_IAM_ROLE", "credentialProvider": iam}]
    gateway.target({"mcp": {"mcpServer": {"endpoint": endpoint}}}, credentials)
    assert gateway.call("t___add", {"a": 1}) == ({"called": "add", "with": {"a": 1}}, False)
    assert {request.path for request in server.http.received} == {"/mcp"}
    assert local_aws.http("DELETE", "/_local/runtimes")[0] == 204


def test_a_runtime_that_nobody_runs_fails_the_target_with_the_cure(local_aws: Any, gateway: Any) -> None:
    local_aws.http("POST", "/_local/runtimes", {"desk-0123456789": "http://127.0.0.1:1"})
    endpoint = "https://desk-0123456789.runtime.bedrock-agentcore.us-west-2.amazonaws.com/mcp"
    found = gateway.get(gateway.target({"mcp": {"mcpServer": {"endpoint": endpoint}}}))
    assert found["status"] == "FAILED"
    assert "Run what desk-0123456789 runs there, or name its address" in found["statusReasons"][0]
    local_aws.http("DELETE", "/_local/runtimes")
    status, answer = local_aws.http("POST", "/_local/runtimes", {"desk": 8765})
    assert status == 400
    assert 'must be a JSON object of addresses such as {"RUNTIME_ARN_OR_ID": ' in answer["message"]

"""MCP-server targets: tools are read when they are to be read, and calls reach the server with the credential."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from mcp.shared.exceptions import MCPError
from werkzeug.wrappers import Response

from tests.support.control_plane import ControlPlane
from tests.support.targets import Counterpart, Gateway


class ToolServer:
    """An MCP server as JSON over HTTP, whose tools a test can change."""

    def __init__(self, counterpart: Counterpart) -> None:
        self.http = counterpart
        self.tools = ["add"]
        self.lists: dict[str, list[dict[str, Any]]] = {}
        self.sessions: list[str] | None = None
        """Those that are open; None for a server without sessions."""
        self.error: dict[str, Any] | None = None
        """What tools/call answers in place of a result."""
        counterpart.answer = self._answer
        self.configuration: dict[str, Any] = {"mcp": {"mcpServer": {"endpoint": f"{counterpart.https_url}/mcp"}}}

    def _answer(self, request: Any) -> Response:
        session = request.headers.get("Mcp-Session-Id")
        if request.method == "DELETE" and self.sessions is not None:
            self.sessions.remove(session)
            return Response(status=204)
        if request.method != "POST":
            return Response(status=405)
        message = json.loads(request.get_data())
        headers = {}
        if self.sessions is not None:
            if message["method"] == "initialize":
                headers["Mcp-Session-Id"] = session = f"session-{len(self.http.received)}"
                self.sessions.append(session)
            elif session not in self.sessions:
                return Response(status=404)
        if "id" not in message:
            return Response(status=202)
        if message["method"] == "tools/call" and self.error:
            outcome = {"error": self.error}
        else:
            outcome = {"result": self._result(message["method"], message.get("params") or {}, request)}
        document = {"jsonrpc": "2.0", "id": message["id"], **outcome}
        return Response(json.dumps(document), content_type="application/json", headers=headers)

    def _result(self, method: str, params: dict[str, Any], request: Any) -> dict[str, Any]:
        if method == "initialize":
            capabilities = {"tools": {}} | ({"prompts": {}, "resources": {}} if self.lists else {})
            about = {"name": "tools", "version": "1"}
            return {"protocolVersion": "2025-06-18", "capabilities": capabilities, "serverInfo": about}
        where = request.query_string.decode()
        if method == "prompts/get":
            text = f"{params['name']} for {params['arguments']['who']} from {where}"
            return {"messages": [{"role": "user", "content": {"type": "text", "text": text}}]}
        if method == "resources/read":
            return {"contents": [{"uri": params["uri"], "text": f"{params['uri']} from {where}"}]}
        for member, listing in (
            ("prompts", "prompts/list"),
            ("resources", "resources/list"),
            ("resourceTemplates", "resources/templates/list"),
        ):
            if method == listing:
                return {member: self.lists[member]}
        if method == "tools/list":
            # One tool a page, so that a reader of the first page alone is found out.
            index = int(params.get("cursor") or 0)
            more = {"nextCursor": str(index + 1)} if index + 1 < len(self.tools) else {}
            schema = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
            return {"tools": [{"name": self.tools[index], "description": "d", "inputSchema": schema}], **more}
        text = json.dumps({"called": params["name"], "with": params["arguments"]})
        return {"content": [{"type": "text", "text": text}], "isError": params["arguments"]["a"] < 0}


@pytest.fixture
def server(counterpart: Counterpart) -> ToolServer:
    return ToolServer(counterpart)


def test_tools_are_read_at_create_and_when_synchronized(
    local_aws: ControlPlane, gateway: Gateway, server: ToolServer
) -> None:
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


def test_calls_are_passed_on_and_results_come_back(gateway: Gateway, server: ToolServer) -> None:
    gateway.target(server.configuration, name="math")
    assert gateway.call("math___add", {"a": 1}) == ({"called": "add", "with": {"a": 1}}, False)
    assert gateway.call("math___add", {"a": -1})[1]


def test_credentials_go_with_reading_and_calling(gateway: Gateway, server: ToolServer, api_key: Any) -> None:
    where = {"credentialParameterName": "Authorization", "credentialPrefix": "Bearer "}
    gateway.target(server.configuration, api_key("k", **where))
    gateway.call("t___add", {"a": 1})
    assert {request.headers.get("authorization") for request in server.http.received} == {"Bearer k"}


def test_the_gateways_role_signs_each_request(gateway: Gateway, server: ToolServer) -> None:
    iam = {"iamCredentialProvider": {"service": "bedrock-agentcore"}}
    gateway.target(server.configuration, [{"credentialProviderType": "GATEWAY_IAM_ROLE", "credentialProvider": iam}])
    signatures = [request.headers["authorization"] for request in server.http.received if request.method == "POST"]
    assert all("/us-west-2/bedrock-agentcore/aws4_request" in signature for signature in signatures)
    assert len(set(signatures)) == len(signatures) > 1


def test_a_server_that_is_not_there_fails_the_target(
    local_aws: ControlPlane, gateway: Gateway, server: ToolServer
) -> None:
    gone = {"mcp": {"mcpServer": {"endpoint": "https://127.0.0.1:1/mcp"}}}
    found = gateway.get(gateway.target(gone, name="gone"))
    assert found["status"] == "FAILED"
    assert found[
        "statusReasons"
    ][
        0
    ].startswith(
        "Failed to connect and fetch tools from the provided MCP target server. Error - "  # E16 (public reports of 2026)
        "The MCP server https://127.0.0.1:1/mcp cannot be used: "
    )
    target = gateway.target(server.configuration, name="math")
    local_aws.control.update_gateway_target(gatewayIdentifier=gateway.id, targetId=target, targetConfiguration=gone)
    assert gateway.get(gateway.settle(target))["status"] == "UPDATE_UNSUCCESSFUL"
    assert list(gateway.tools()) == ["math___add"], "what was read before goes on serving"


def test_dynamic_servers_are_asked_at_every_listing(gateway: Gateway, server: ToolServer) -> None:
    server.configuration["mcp"]["mcpServer"]["listingMode"] = "DYNAMIC"
    gateway.target(server.configuration, name="math")
    assert not server.http.received
    assert list(gateway.tools()) == ["math___add"]
    server.tools = ["other"]
    assert list(gateway.tools()) == ["math___other"]


def test_a_static_schema_is_never_read_from_the_server(gateway: Gateway, server: ToolServer) -> None:
    tools = {"tools": [{"name": "fixed", "description": "d", "inputSchema": {"type": "object"}}]}
    server.configuration["mcp"]["mcpServer"]["mcpToolSchema"] = {"inlinePayload": json.dumps(tools)}
    gateway.target(server.configuration, name="math")
    assert list(gateway.tools()) == ["math___fixed"]
    assert not server.http.received


def test_tool_names_that_get_too_long_fail_the_target(gateway: Gateway, server: ToolServer) -> None:
    server.tools = ["x" * 250]
    found = gateway.get(gateway.target(server.configuration, name="target"))
    assert (found["status"], found["statusReasons"]) == (
        "FAILED",
        [f"Tool name target___{'x' * 250} is longer than 256"],
    )


def test_a_gateway_can_be_the_server_of_another(
    make_gateway: Callable[..., Gateway], gateway: Gateway, server: ToolServer
) -> None:
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
    local_aws: ControlPlane, gateway: Gateway, server: ToolServer, endpoint: str, named: str
) -> None:
    """The target names the runtime as on AWS, and local AWS knows where its server runs."""
    status, known = local_aws.http("POST", "/_local/runtimes", {named: server.http.url})
    assert (status, known[named]) == (200, server.http.url)
    iam = {"iamCredentialProvider": {"service": "bedrock-agentcore"}}
    credentials = [{"credentialProviderType": "GATEWAY_IAM_ROLE", "credentialProvider": iam}]
    gateway.target({"mcp": {"mcpServer": {"endpoint": endpoint}}}, credentials)
    assert gateway.call("t___add", {"a": 1}) == ({"called": "add", "with": {"a": 1}}, False)
    assert {request.path for request in server.http.received} == {"/mcp"}
    assert local_aws.http("DELETE", "/_local/runtimes")[0] == 204


def test_a_runtime_that_nobody_runs_fails_the_target_with_the_cure(local_aws: ControlPlane, gateway: Gateway) -> None:
    local_aws.http("POST", "/_local/runtimes", {"desk-0123456789": "http://127.0.0.1:1"})
    endpoint = "https://desk-0123456789.runtime.bedrock-agentcore.us-west-2.amazonaws.com/mcp"
    found = gateway.get(gateway.target({"mcp": {"mcpServer": {"endpoint": endpoint}}}))
    assert found["status"] == "FAILED"
    assert "Run what desk-0123456789 runs there, or name its address" in found["statusReasons"][0]
    local_aws.http("DELETE", "/_local/runtimes")
    status, answer = local_aws.http("POST", "/_local/runtimes", {"desk": 8765})
    assert status == 400
    assert 'must be a JSON object of addresses such as {"RUNTIME_ARN_OR_ID": ' in answer["message"]


def test_one_conversation_serves_many_calls_and_begins_again_where_the_server_forgot_it(
    gateway: Gateway, server: ToolServer
) -> None:
    """Clients notice neither; conversations in which tools are read are ended."""
    server.sessions = []
    gateway.target(server.configuration, name="math")
    assert server.sessions == [], "the conversation that read the tools is over"
    gateway.call("math___add", {"a": 1})
    gateway.call("math___add", {"a": 2})
    assert len(server.sessions) == 1
    server.sessions.clear()
    assert gateway.call("math___add", {"a": 3}) == ({"called": "add", "with": {"a": 3}}, False)
    methods = [request.json["method"] for request in server.http.received if request.method == "POST"]
    assert methods.count("initialize") == 3


def test_prompts_and_resources_of_servers_are_those_of_the_gateway(
    make_gateway: Callable[..., Gateway], server: ToolServer
) -> None:
    """Prompts get the target's name; resources keep their URIs, and the target with the lowest priority is asked."""
    gateway = make_gateway()
    server.lists = {
        "prompts": [{"name": "greet", "description": "Greets", "arguments": [{"name": "who", "required": True}]}],
        "resources": [{"uri": "menu://today", "name": "menu"}],
        "resourceTemplates": [{"uriTemplate": "menu://{day}/lunch", "name": "lunch"}],
    }
    gateway.target(server.configuration, name="desk")
    first = {**server.configuration["mcp"]["mcpServer"], "resourcePriority": 5}
    gateway.target({"mcp": {"mcpServer": {**first, "endpoint": f"{first['endpoint']}?first"}}}, name="first")

    async def talk(client: Any) -> Any:
        prompts, resources = await client.list_prompts(), await client.list_resources()
        templates = await client.list_resource_templates()
        prompt = await client.get_prompt("desk___greet", {"who": "you"})
        read = await client.read_resource("menu://today")
        lunch = await client.read_resource("menu://monday/lunch")
        return prompts, resources, templates, prompt, read, lunch

    prompts, resources, templates, prompt, read, lunch = gateway.talk(talk)
    assert [item.name for item in prompts.prompts] == ["desk___greet", "first___greet"]
    assert [item.uri for item in resources.resources] == ["menu://today"] * 2
    assert [item.uri_template for item in templates.resource_templates] == ["menu://{day}/lunch"] * 2
    assert prompt.messages[0].content.text == "greet for you from "
    assert read.contents[0].text == "menu://today from first"
    assert lunch.contents[0].text == "menu://monday/lunch from first"
    for ask, code in (
        (lambda client: client.get_prompt("desk___other"), -32602),
        (lambda client: client.read_resource("menu://yesterday"), -32002),
    ):
        with pytest.raises(MCPError) as refused:
            gateway.talk(ask)
        assert refused.value.error.code == code


def test_an_error_of_the_servers_tool_does_not_make_the_server_unusable(gateway: Gateway, server: ToolServer) -> None:
    gateway.target(server.configuration, name="math")
    server.error = {"code": -32000, "message": "boom"}
    text, failed = gateway.call("math___add", {"a": 1})
    assert failed
    assert text == f"The MCP server {server.http.https_url}/mcp answered with an error: boom"


def test_an_address_that_a_server_sends_its_user_to_reaches_the_client(gateway: Gateway, server: ToolServer) -> None:
    gateway.target(server.configuration, name="math")
    elicitation = {"mode": "url", "elicitationId": "e", "url": "https://example.com", "message": "Sign in"}
    server.error = {"code": -32042, "message": "Go there", "data": {"elicitations": [elicitation]}}
    with pytest.raises(MCPError) as refused:
        gateway.call("math___add", {"a": 1})
    assert refused.value.error.code == -32042
    assert refused.value.error.data == {"elicitations": [elicitation]}


def test_tools_that_only_the_server_knows_are_decided(
    local_aws: ControlPlane, make_gateway: Callable[..., Gateway], server: ToolServer
) -> None:
    """A policy may name them before anybody has asked the server; what changes there is decided as it is."""
    server.configuration["mcp"]["mcpServer"]["listingMode"] = "DYNAMIC"
    name = local_aws.unique("dynamic").replace("-", "_")
    engine = local_aws.control.create_policy_engine(name=name)
    gateway = make_gateway(policyEngineConfiguration={"arn": engine["policyEngineArn"], "mode": "ENFORCE"})
    gateway.target(server.configuration, name="math")
    arn = local_aws.control.get_gateway(gatewayIdentifier=gateway.id)["gatewayArn"]
    scope = f'action in [AgentCore::Action::"math___add", AgentCore::Action::"math___other"], resource == AgentCore::Gateway::"{arn}"'
    policy = local_aws.control.create_policy(
        policyEngineId=engine["policyEngineId"],
        name=name,
        definition={"cedar": {"statement": f"permit(principal, {scope}) when {{ context.input has x || true }};"}},
    )
    found = local_aws.control.get_policy(policyEngineId=engine["policyEngineId"], policyId=policy["policyId"])
    assert (found["status"], found["statusReasons"]) == ("ACTIVE", [])
    server.tools = ["add", "hidden"]
    assert list(gateway.tools()) == ["math___add"]
    server.tools = ["hidden", "other"]
    assert list(gateway.tools()) == ["math___other"]

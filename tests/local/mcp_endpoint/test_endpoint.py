"""A gateway's MCP endpoint on the wire: JSON-RPC, protocol versions, the tool list."""

from __future__ import annotations

import pytest
import requests

LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}


def with_versions(*versions, **more):
    return {"protocol_configuration": {"mcp": {"supportedVersions": list(versions), **more}}}


def error_of(response):
    return response.json()["error"]["code"]


def test_a_bare_post_lists_the_tools_without_accept_header_session_or_initialize(plane, make_tool):
    gateway = plane.gateway()
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}}
    plane.target(gateway, "sums", [make_tool("add", {"n": {"type": "integer"}}), make_tool("sub", outputSchema=schema)])
    response = plane.post(gateway, LIST)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert "Mcp-Session-Id" not in response.headers
    assert response.json() == {
        "jsonrpc": "2.0",
        "id": 1,
        "result": {
            "tools": [
                {"name": "sums___add", "description": "The add tool", "inputSchema": schema},
                {
                    "name": "sums___sub",
                    "description": "The sub tool",
                    "inputSchema": {"type": "object", "properties": {}},
                    "outputSchema": schema,
                },
            ]
        },
    }


@pytest.mark.parametrize(
    ("asked", "gateway_has", "answered"),
    [
        ("2025-06-18", None, "2025-06-18"),
        ("2024-11-05", None, "2025-11-25"),
        (None, None, "2025-11-25"),
        ("2025-11-25", ["2025-03-26"], "2025-03-26"),
        ("2025-03-26", ["2025-03-26", "2025-11-25"], "2025-03-26"),
        ("2026-07-28", ["2026-07-28", "2025-06-18"], "2025-06-18"),
    ],
)
def test_initialize_settles_on_a_version_that_the_gateway_supports(plane, asked, gateway_has, answered):
    gateway = plane.gateway(**(with_versions(*gateway_has, instructions="Be kind.") if gateway_has else {}))
    result = plane.ask(gateway, "initialize", {"protocolVersion": asked, "capabilities": {}, "clientInfo": {}})
    assert result["protocolVersion"] == answered
    assert result["capabilities"] == {"tools": {"listChanged": False}}
    assert result["serverInfo"]["name"] == plane.gateways[gateway].name
    assert result.get("instructions") == ("Be kind." if gateway_has else None)


def test_a_gateway_without_mcp_servers_lists_no_prompts_and_no_resources(plane):
    """Clients that list everything at start are not turned away."""
    gateway = plane.gateway()
    assert plane.ask(gateway, "prompts/list") == {"prompts": []}
    assert plane.ask(gateway, "resources/list") == {"resources": []}
    assert plane.ask(gateway, "resources/templates/list") == {"resourceTemplates": []}


def test_ping_answers_an_empty_result(plane):
    assert plane.ask(plane.gateway(), "ping") == {}


@pytest.mark.parametrize("method", ["server/discover", "resources/subscribe", "nonsense"])
def test_an_unknown_method_is_an_error_and_so_is_discovery_where_the_gateway_has_it_not(plane, method):
    response = plane.post(plane.gateway(), {**LIST, "method": method}, MCP_Protocol_Version="2025-11-25")
    assert (response.status_code, error_of(response)) == (200, -32601)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", -32700),
        (b"\xff", -32700),
        (b"7", -32600),
        (b'{"id": 1, "method": "ping"}', -32600),
        (b'{"jsonrpc": "2.0", "id": null, "method": "ping"}', -32600),
        (b'{"jsonrpc": "2.0", "id": 1, "method": 5}', -32600),
        (b'{"jsonrpc": "2.0", "id": 1}', -32600),
        (b"[]", -32600),
    ],
)
def test_what_is_not_json_rpc_is_a_bad_request(plane, body, code):
    response = plane.post(plane.gateway(), body)
    assert (response.status_code, error_of(response)) == (400, code)


def test_params_that_are_no_object_are_invalid(plane):
    assert error_of(plane.post(plane.gateway(), {**LIST, "params": [1]})) == -32602


@pytest.mark.parametrize(
    "body",
    [
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 9, "result": {}},
        {"jsonrpc": "2.0", "method": "nonsense"},
    ],
)
def test_notifications_and_answers_are_accepted_without_a_body(plane, body):
    response = plane.post(plane.gateway(), body)
    assert (response.status_code, response.content) == (202, b"")


def test_a_batch_is_answered_in_the_one_version_that_has_batches(plane):
    batch = [{**LIST, "id": "a", "method": "ping"}, {"jsonrpc": "2.0", "method": "notifications/x"}, {**LIST, "id": 2}]
    gateway = plane.gateway()
    answers = plane.post(gateway, batch).json()
    assert [answer["id"] for answer in answers] == ["a", 2]
    assert plane.post(gateway, batch[1:2]).status_code == 202
    newer = plane.post(gateway, batch, MCP_Protocol_Version="2025-06-18")
    assert (newer.status_code, error_of(newer)) == (400, -32600)
    without = plane.post(plane.gateway(**with_versions("2025-11-25")), batch)
    assert (without.status_code, error_of(without)) == (400, -32600)


def test_a_version_header_that_the_gateway_does_not_support_is_refused_and_names_what_it_has(plane):
    gateway = plane.gateway(**with_versions("2025-03-26"))
    response = plane.post(gateway, LIST, MCP_Protocol_Version="2025-11-25")
    assert response.status_code == 400
    assert response.json()["error"]["data"] == {"supported": ["2025-03-26"], "requested": "2025-11-25"}
    assert plane.post(gateway, LIST, MCP_Protocol_Version="2025-03-26").status_code == 200


STATELESS = "2026-07-28"
META = {"io.modelcontextprotocol/protocolVersion": STATELESS, "io.modelcontextprotocol/clientCapabilities": {}}


def stateless(method, params=None, *, meta=META, version=STATELESS, **headers):
    """Body and headers of a request in the revision without sessions."""
    params = {**(params or {}), **({} if meta is None else {"_meta": meta})}
    headers = {"MCP_Protocol_Version": version, "Mcp_Method": method, **headers}
    return {**LIST, "method": method, "params": params}, {name: value for name, value in headers.items() if value}


def test_the_stateless_version_serves_where_the_gateway_names_it(plane, make_tool):
    gateway = plane.gateway(**with_versions(STATELESS, "2025-03-26", instructions="Hi."))
    plane.target(gateway, "sums", [make_tool("ädd")])
    server = {"io.modelcontextprotocol/serverInfo": {"name": plane.gateways[gateway].name, "version": "1.0.0"}}

    def result(method, params=None, **more):
        body, headers = stateless(method, params, **more)
        response = plane.post(gateway, body, **headers)
        assert response.status_code == 200, response.text
        return response.json()["result"]

    found = result("server/discover")
    assert (found["supportedVersions"], found["instructions"]) == ([STATELESS, "2025-03-26"], "Hi.")
    listed = result("tools/list")
    assert [tool["name"] for tool in listed.pop("tools")] == ["sums___ädd"]
    assert listed == {"resultType": "complete", "ttlMs": 0, "cacheScope": "private", "_meta": server}
    # Header values that are not plain ASCII come in base64.
    called = result("tools/call", {"name": "sums___ädd"}, Mcp_Name="=?base64?c3Vtc19fX8OkZGQ=?=")
    assert (called["resultType"], called["isError"]) == ("complete", False)
    assert "tools" in plane.ask(gateway, "tools/list"), "clients of older revisions are served too"


@pytest.mark.parametrize(
    ("request_", "status", "code"),
    [
        (stateless("ping"), 404, -32601),
        (stateless("initialize"), 404, -32601),
        (stateless("logging/setLevel"), 404, -32601),
        (stateless("nonsense"), 404, -32601),
        (stateless("tools/list", meta=None), 400, -32602),
        (stateless("tools/list", meta={"io.modelcontextprotocol/protocolVersion": STATELESS}), 400, -32602),
        (stateless("server/discover", meta=None), 400, -32602),
        (
            stateless(
                "server/discover",
                meta={**META, "io.modelcontextprotocol/protocolVersion": "2099-01-01"},
                version="2099-01-01",
            ),
            400,
            -32022,
        ),
        (stateless("tools/list", version="2025-06-18"), 400, -32022),
        (stateless("tools/list", version="2024-11-05"), 400, -32020),
        (stateless("tools/list", meta=None, version="2024-11-05"), 400, -32022),
        (stateless("tools/list", Mcp_Method="ping"), 400, -32020),
        (stateless("tools/call", {"name": "a___b"}), 400, -32020),
        (stateless("tools/call", {"name": "a___b"}, Mcp_Name="=?base64?****?="), 400, -32020),
        (stateless("tools/call", {"name": "a___b"}, Mcp_Name="a___b"), 400, -32602),
    ],
)
def test_what_the_stateless_version_refuses(plane, request_, status, code):
    """As the specification has it, and as the server of the official SDK answers the same requests."""
    body, headers = request_
    response = plane.post(plane.gateway(**with_versions(STATELESS, "2025-03-26")), body, **headers)
    assert (response.status_code, error_of(response)) == (status, code)


@pytest.mark.parametrize(("versions", "code"), [([STATELESS], -32020), (["2025-11-25"], -32000)])
def test_a_request_that_names_no_version_is_in_the_oldest(plane, versions, code):
    """Observed on the service: 400 where supportedVersions does not have it."""
    gateway = plane.gateway(**with_versions(*versions))
    response = plane.post(gateway, LIST)
    assert (response.status_code, error_of(response)) == (400, code)


def test_a_refused_request_leaves_the_connection_fit_for_the_next(plane):
    guarded = plane.gateway(authorizer_type="CUSTOM_JWT")
    with requests.Session() as session:
        observed = [session.post(plane.url(gateway), json=LIST, timeout=10).status_code for gateway in (guarded, "x-y")]
        observed += [session.put(plane.url(guarded), json=LIST, timeout=10).status_code]
        observed += [session.post(plane.url(plane.gateway()), json=LIST, timeout=10).status_code]
    assert observed == [401, 404, 405, 200]


def test_an_unknown_gateway_is_404(plane):
    assert plane.post("missing-abcdefghij", LIST).status_code == 404


@pytest.mark.parametrize(("status", "http"), [("CREATING", 503), ("FAILED", 503), ("DELETING", 503), ("UPDATING", 200)])
def test_a_gateway_answers_once_it_has_been_ready(plane, status, http):
    response = plane.post(plane.gateway(status=status), LIST)
    assert response.status_code == http
    if http == 503:
        assert status in response.json()["error"]["message"]


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_there_is_no_stream_to_get_and_no_session_to_delete(plane, method):
    response = requests.request(method, plane.url(plane.gateway()), timeout=10)
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")


def test_long_lists_come_in_pages_unless_the_gateway_turns_that_off(plane, make_tool):
    names = [f"t{number:03}" for number in range(250)]
    gateway = plane.gateway()
    plane.target(gateway, "many", [make_tool(name) for name in names])
    found, cursor, pages = [], None, 0
    while pages == 0 or cursor:
        result = plane.ask(gateway, "tools/list", {"cursor": cursor} if cursor else {})
        found += [tool["name"].removeprefix("many___") for tool in result["tools"]]
        cursor = result.get("nextCursor")
        pages += 1
    assert (found, pages) == (names, 3)
    assert error_of(plane.post(gateway, {**LIST, "params": {"cursor": "not-ours"}})) == -32602

    whole = plane.gateway(protocol_configuration={"mcp": {"disableMcpListToolsPagination": True}})
    plane.targets[whole] = plane.targets[gateway]
    result = plane.ask(whole, "tools/list")
    assert len(result["tools"]) == 250
    assert "nextCursor" not in result


def test_only_targets_that_serve_are_listed_and_schemas_may_be_text(plane, make_tool):
    gateway = plane.gateway()
    plane.target(gateway, "failed", [make_tool("a")], status="FAILED")
    plane.target(gateway, "coming", [make_tool("a")], status="CREATING")
    plane.target(gateway, "broken", [], tool_schema="{[")
    plane.target(gateway, "other", [], target_configuration={"mcp": {"somethingNew": {}}})
    plane.target(gateway, "json", [], tool_schema='[{"name": "a", "inputSchema": {"type": "object"}}]')
    plane.target(gateway, "yaml", [], tool_schema="- name: b\n  inputSchema: {type: object}\n")
    assert [tool["name"] for tool in plane.ask(gateway, "tools/list")["tools"]] == ["json___a", "yaml___b"]


def test_protected_resource_metadata_names_the_issuer(plane):
    authorizer = {"discoveryUrl": plane.discovery_url, "allowedScopes": ["api/call"]}
    gateway = plane.gateway(authorizer_type="CUSTOM_JWT", authorizer_configuration={"customJWTAuthorizer": authorizer})
    for url in (
        f"{plane.base_url}/gateways/{gateway}/.well-known/oauth-protected-resource",
        f"{plane.base_url}/.well-known/oauth-protected-resource/gateways/{gateway}/mcp",
    ):
        assert requests.get(url, timeout=10).json() == {
            "resource": plane.url(gateway),
            "authorization_servers": [plane.issuer_url],
            "bearer_methods_supported": ["header"],
            "scopes_supported": ["api/call"],
        }
    other = f"{plane.base_url}/gateways/{gateway}/.well-known/something-else"
    assert requests.get(other, timeout=10).status_code == 404

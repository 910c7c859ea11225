"""Who may call local AWS, request by request. tests/local/test_browser.py asks a real browser."""

from __future__ import annotations

import http.client
import json
import socket
from typing import Any

import pytest

from agentcore_provider import pulumi_aws_stand_in
from tests.support.control_plane import ControlPlane

NOT_MADE = "never-made"
CREATE_USER = f"Action=CreateUser&UserName={NOT_MADE}&Version=2010-05-08"


def call(local_aws: ControlPlane, method: str, path: str, headers: dict[str, str], body: str | None = None) -> Any:
    """The response to a request with exactly these headers, and its body."""
    port = local_aws.server.port
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {name: value.replace("PORT", str(port)) for name, value in headers.items()}
    connection.putrequest(method, path, skip_host="Host" in headers, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name, value)
    if body is not None:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders()
    if body is not None:
        connection.send(body.encode())
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response, text


FOREIGN = [
    {"Host": "rebind.example:PORT"},
    {"Host": "localhost.example:PORT"},
    {"Host": "localhost"},
    {"Host": "127.0.0.1:1"},
    {"Host": "192.168.1.7:PORT"},
    {"Host": "0.0.0.0:PORT"},
    {"Host": "127.0.0.1:PORT, rebind.example"},
    {"Host": "user@127.0.0.1:PORT"},
    {"Host": ""},
    {"Host": "x" * 60_000},
    {"Origin": "http://other.example"},
    {"Origin": "https://127.0.0.1:PORT"},
    {"Origin": "http://127.0.0.1:1"},
    {"Origin": "http://localhost:3000"},
    {"Origin": "http://localhost:PORT.example"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "of a day to come"},
    {"Host": "rebind.example:PORT", "Origin": "http://rebind.example:PORT", "Sec-Fetch-Site": "same-origin"},
]
OWN = [
    {},
    {"Host": "localhost:PORT"},
    {"Host": "LocalHost.:PORT"},
    {"Host": "bucket.localhost:PORT"},
    {"Host": "127.1.2.3:PORT"},
    {"Host": "[::1]:PORT"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "http://localhost:PORT", "Sec-Fetch-Site": "same-origin"},
    {"Origin": "http://127.0.0.1:PORT"},
]


def shown(headers: dict[str, str]) -> str:
    return " ".join(f"{name}={value[:40]}" for name, value in headers.items()) or "plain"


@pytest.mark.parametrize("headers", FOREIGN, ids=shown)
def test_what_a_web_page_sends_is_refused_and_does_nothing(local_aws: ControlPlane, headers: dict[str, str]) -> None:
    """One line with the status 403; nothing is made, nothing is recorded, no fault is set."""
    gateway = local_aws.gateway()
    local_aws.http("DELETE", "/_local/requests")
    mcp = f"/gateways/{gateway['gatewayId']}/mcp"
    ping = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "ping"})
    fault = json.dumps({"operation": "*", "kind": "status"})
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for method, path, body, more in (
        ("POST", mcp, ping, {"Content-Type": "text/plain"}),
        ("POST", "/", CREATE_USER, form),
        ("GET", f"/?{CREATE_USER}", None, {}),
        ("OPTIONS", "/", None, {"Access-Control-Request-Method": "POST"}),
        ("GET", "/_local/requests", None, {}),
        ("POST", "/_local/faults", fault, {"Content-Type": "text/plain"}),
        ("POST", "/moto-api/reset", "", {}),
        ("PUT", f"/{NOT_MADE}", "", {}),
    ):
        response, text = call(local_aws, method, path, {**more, **headers}, body)
        assert response.status == 403
        assert text.startswith('{"message": "Local AWS answers programs on this machine that call http://127.0.0.1:')
        assert (text.count("\n"), text[-1], len(text) < 400) == (1, "\n", True)
        assert not [name for name, _ in response.getheaders() if name.lower().startswith("access-control-")]
    assert local_aws.http("GET", "/_local/requests")[1] == []
    assert local_aws.http("GET", "/_local/faults")[1] == []
    assert NOT_MADE not in [user["UserName"] for user in local_aws.client("iam").list_users()["Users"]]
    assert NOT_MADE not in [bucket["Name"] for bucket in local_aws.client("s3").list_buckets()["Buckets"]]
    assert local_aws.control.get_gateway(gatewayIdentifier=gateway["gatewayId"])["status"] == "READY"


@pytest.mark.parametrize("headers", OWN, ids=shown)
def test_programs_and_pages_of_local_aws_itself_are_served(local_aws: ControlPlane, headers: dict[str, str]) -> None:
    """By every name of loopback; also gateways, whoever authorizes their callers."""
    gateway = local_aws.gateway()
    ping = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "ping"})
    path = f"/gateways/{gateway['gatewayId']}/mcp"
    response, text = call(local_aws, "POST", path, {"Content-Type": "application/json", **headers}, ping)
    assert (response.status, json.loads(text)["result"]) == (200, {})


@pytest.mark.parametrize("path", ["/moto-api/seed", "/moto-api/", "//moto-api/seed", "/%6doto-api/data.json"])
def test_moto_s_own_api_is_not_there(local_aws: ControlPlane, path: str) -> None:
    """What changes moto alone would not fit the gateways; a reset resets everything."""
    role = local_aws.execution_role()
    for method in ("GET", "POST"):
        response, text = call(local_aws, method, path, {})
        assert response.status == 404
        assert "agentcore local reset" in json.loads(text)["message"]
    assert local_aws.client("iam").get_role(RoleName=role.rpartition("/")[2])["Role"]["Arn"] == role


def test_no_answer_invites_pages_of_other_origins(local_aws: ControlPlane) -> None:
    """Neither those of AgentCore nor those of moto."""
    own = {"Origin": "http://127.0.0.1:PORT", "Sec-Fetch-Site": "same-origin"}
    for path in ("/?Action=ListUsers&Version=2010-05-08", "/_local/status", "/bucket/key", "/gateways/none/mcp"):
        for method in ("GET", "OPTIONS", "POST"):
            response, _ = call(local_aws, method, path, own, "")
            assert not [name for name, _ in response.getheaders() if name.lower().startswith("access-control-")]


def test_the_plugin_s_port_speaks_no_http_that_a_page_could(local_aws: ControlPlane) -> None:
    """It takes HTTP/2 without TLS only, which no browser begins with."""
    port = local_aws.server.start_aws_plugin(pulumi_aws_stand_in)
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(f"POST / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 0\r\n\r\n".encode())
        answer = connection.recv(4096)
    assert not answer.startswith(b"HTTP/")

"""Every example deploys to local AWS, and a client reaches what it offers."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from agentcore_provider.mcp import session
from agentcore_provider.mcp.token import fetch_token
from tests.support import warm_python

EXAMPLES = Path(__file__).parents[2] / "examples"
A1 = {"id": "A-1", "state": "shipped"}


@dataclass(frozen=True)
class Call:
    """What a client asks an example for, and what the answer contains.

    asked: name of a tool, or method and path of an HTTP request below the gateway.
    """

    asked: str
    given: dict[str, Any] = field(default_factory=dict)
    answered: Any = None


ORDER = Call("orders___getOrder", {"id": "A-1"}, A1)
CALLS: dict[str, list[Call]] = {
    "01-lambda": [
        Call("orders___order_state", {"order_id": "A-1"}, {"order_id": "A-1", "state": "shipped"}),
        Call("orders___quote_shipping", {"weight_kg": 2, "speed": "fast"}, {"price_eur": 10}),
    ],
    "02-lambda-json-schema": [
        Call("orders___find_orders", {"state": "open"}, {"orders": [{"id": "A-1", "state": "open"}]})
    ],
    "03-openapi": [ORDER, Call("orders___listOrders", {}, [A1, {"id": "A-2", "state": "open"}])],
    "04-smithy": [Call("functions___ListFunctions", {"MaxItems": 5}, "Functions")],
    "05-builtin": [
        Call("table___PutItem", {"TableName": "orders", "Item": {"id": {"S": "A-1"}}}),
        Call("table___GetItem", {"TableName": "orders", "Key": {"id": {"S": "A-1"}}}, {"Item": {"id": {"S": "A-1"}}}),
    ],
    "06-mcp-server": [Call("stock___in_stock", {"item": "lamp"}, {"item": "lamp", "count": 7})],
    "07-api-gateway": [Call("orders___list_orders", {}, [A1, {"id": "A-2", "state": "open"}])],
    "08-connector": [],
    "09-agent-runtime": [Call("POST /clerk/invocations", {}, {"agent": "clerk", "signed_in": "AWS4-HMAC-SHA256"})],
    "10-passthrough": [Call("GET /orders/orders/A-1", {}, {**A1, "query": "shop=north"})],
    "11-inference": [Call("POST /inference/v1/messages", {"model": "clerk-1"}, {"model": "clerk-1"})],
    "12-api-key": [ORDER],
    "13-oauth": [ORDER],
    "14-iam-role": [ORDER],
    "15-caller-iam": [Call("POST /clerk/invocations", {}, {"agent": "clerk", "signed_in": "AWS4-HMAC-SHA256"})],
    "16-jwt-passthrough": [Call("GET /orders/orders/A-1", {}, A1)],
    "17-regions": [Call("orders___order_state", {"order_id": "A-1"}, {"order_id": "A-1", "state": "shipped"})],
    "18-gateway-rules": [Call("POST /inference/v1/messages", {"model": "clerk-1"}, {"model": "clerk-2"})],
    "19-rate-limits": [Call("stock___in_stock", {"item": "lamp"}, {"item": "lamp", "count": 7})],
    "20-people": [Call("orders___order_state", {"order_id": "A-1"}, {"order_id": "A-1", "state": "shipped"})],
    "21-observability": [Call("orders___order_state", {"order_id": "A-1"}, {"order_id": "A-1", "state": "shipped"})],
    "22-yaml": [Call("stock___in_stock", {"item": "lamp"}, {"item": "lamp", "count": 7})],
    "24-registry": [Call("stock___in_stock", {"item": "lamp"}, {"item": "lamp", "count": 7})],
    "23-policies": [
        Call("orders___order_state", {"order_id": "A-1"}, {"order_id": "A-1", "state": "shipped"}),
        Call("orders___quote_shipping", {"weight_kg": 30, "speed": "fast"}, {"price_eur": 150}),
    ],
    "25-typescript": [Call("orders___order_state", {"order_id": "A-1"}, {"order_id": "A-1", "state": "shipped"})],
    "26-go": [Call("orders___order_state", {"order_id": "A-1"}, {"order_id": "A-1", "state": "shipped"})],
}


# One of each family goes the whole way: no change a second time, and nothing left in the end. It takes its time.
WHOLE_WAY = (
    "02-lambda-json-schema",
    "03-openapi",
    "05-builtin",
    "06-mcp-server",
    "11-inference",
    "13-oauth",
    "18-gateway-rules",
    "21-observability",
    "19-rate-limits",
    "23-policies",
    "25-typescript",
    "26-go",
)


@pytest.fixture(scope="module")
def shop() -> Iterator[str]:
    """HOST:PORT of the shop that the examples call."""
    command = [sys.executable, str(EXAMPLES / "shop"), "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    yield process.stdout.readline().strip().rpartition("//")[2]
    process.kill()
    process.wait()


@pytest.fixture(scope="module")
def shared_local_aws(shop: str, request: pytest.FixtureRequest, tmp_path_factory: Any) -> Iterator[Any]:
    """Local AWS that knows where the agent of the examples runs."""
    os.environ["AGENTCORE_LOCAL_RUNTIMES"] = json.dumps({"clerk-0123456789": f"http://{shop}"})
    local_aws = request.getfixturevalue("start_local_aws")(tmp_path_factory.mktemp("local"))
    del os.environ["AGENTCORE_LOCAL_RUNTIMES"]
    yield local_aws
    local_aws.stop()


def test_every_example_is_called() -> None:
    assert sorted(CALLS) == sorted(it.name for it in EXAMPLES.iterdir() if it.name[0].isdigit())


# A language host may have to be built first.
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", sorted(CALLS))
def test_an_example_deploys_and_answers(
    name: str, shop: str, stack_of: Any, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    shared_local_aws = request.getfixturevalue("shared_local_aws")
    folder = tmp_path / "examples" / name
    shutil.copytree(
        EXAMPLES / name, folder, ignore=shutil.ignore_patterns("__pycache__", ".agentcore", "node_modules", "sdks")
    )
    (tmp_path / ".venv").symlink_to(warm_python.environment())
    for file in (it for it in folder.rglob("*") if it.is_file()):
        text = file.read_text().replace("127.0.0.1:8765", shop)
        file.write_text(text.replace("http://127.0.0.1:4599", shared_local_aws.endpoint))
    stack = stack_of(folder)
    runtime = yaml.safe_load((folder / "Pulumi.yaml").read_text())["runtime"]
    if runtime == "yaml":
        stack.also_on_path = request.getfixturevalue("yaml_host")
    elif runtime in ("nodejs", "go"):
        request.getfixturevalue("make_ready")(runtime, stack)
    if name == "07-api-gateway":
        made = subprocess.run(
            [sys.executable, "rest_api.py", shop], cwd=folder, env=stack.environment, capture_output=True, text=True
        )
        stack.pulumi("config", "set", "rest_api_id", made.stdout.strip())
    stack.up()
    gateway = stack.outputs()["gateways"]["shop"]
    for call in CALLS[name]:
        answer = _ask(gateway, call)
        if isinstance(call.answered, dict):
            assert {key: answer[key] for key in call.answered} == call.answered
        elif isinstance(call.answered, list):
            assert answer == call.answered
        elif call.answered:
            assert call.answered in answer
    if name == "08-connector":
        names = [it.name for it in session.list_tools(gateway["mcp_url"], _token(gateway))]
        assert sorted(names[-2:]) == ["knowledge___Retrieve", "web___WebSearch"]
    typed = _typed(folder / "README.md")
    answer = subprocess.run(typed, shell=True, cwd=folder, env=stack.environment, capture_output=True, text=True)
    assert answer.returncode == 0, f"{typed}:\n{answer.stdout}{answer.stderr}"
    if name in WHOLE_WAY:
        assert set(stack.up().changes) == {"same"}
        stack.destroy()
        assert stack.resources() == []


def _typed(readme: Path) -> str:
    """What the page of an example reports to type when it is deployed."""
    command = re.search(r"then `(.+)` \(\[how to start\]", readme.read_text())
    assert command, readme
    return command[1]


def _token(gateway: dict[str, Any]) -> str:
    if "token_endpoint" not in gateway:
        return ""
    members = ("token_endpoint", "client_id", "client_secret", "scope")
    return fetch_token(*(gateway[member] for member in members)).access_token


def _ask(gateway: dict[str, Any], call: Call) -> Any:
    method, _, path = call.asked.partition(" ")
    if not path:
        answer = session.call_tool(gateway["mcp_url"], _token(gateway), call.asked, call.given)
        assert not answer.is_error, answer
        return json.loads(answer.document["content"][0]["text"])
    url = gateway["mcp_url"].removesuffix("/mcp") + path
    body = json.dumps(call.given).encode() if method == "POST" else b""
    headers = {"Content-Type": "application/json"}
    if token := _token(gateway):
        headers["Authorization"] = f"Bearer {token}"
    else:
        headers |= _signed(method, url, body, headers)
    request = urllib.request.Request(url, body or None, headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.loads(response.read())


def _signed(method: str, url: str, body: bytes, headers: dict[str, str]) -> dict[str, str]:
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    request = AWSRequest(method, url, headers, body)
    SigV4Auth(Credentials("local", "local"), "bedrock-agentcore", "us-west-2").add_auth(request)
    return dict(request.headers)

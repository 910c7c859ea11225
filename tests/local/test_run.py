"""Local AWS as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.support.local_aws import CONTROL, LocalAws

COMMAND = [sys.executable, "-m", "agentcore_provider.local"]


def started(*flags: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*COMMAND, *flags], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def read_url(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    word, url = process.stdout.readline().split()
    assert word == "ready"
    return url


@pytest.fixture
def process() -> Iterator[subprocess.Popen[str]]:
    started_process = started("--port", "0", "--ready-after", "gateway=1.5", "--enforce-limits")
    yield started_process
    if started_process.poll() is None:
        os.killpg(started_process.pid, signal.SIGKILL)
    started_process.communicate()


def get(url: str) -> Any:
    with urllib.request.urlopen(url) as response:
        return json.load(response)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_and_ends_cleanly(process: subprocess.Popen[str], number: signal.Signals) -> None:
    """One line on standard output; a signal ends it, with nothing on standard error."""
    url = read_url(process)
    status = get(f"{url}/_local/status")
    assert (status["endpoint"], status["pid"]) == (url, process.pid)
    assert isinstance(status["aws_plugin_port"], int)
    assert get(f"{url}/_local/health") == {"status": "ok"}
    process.send_signal(number)
    output, errors = process.communicate(timeout=10)
    assert (process.returncode, output, errors) == (0, "", "")


def test_a_taken_port_is_one_clear_line(process: subprocess.Popen[str]) -> None:
    port = read_url(process).rpartition(":")[2]
    second = started("--port", port)
    output, errors = second.communicate(timeout=30)
    assert (second.returncode, output) == (1, "")
    assert errors == (
        f"Local AWS cannot listen on 127.0.0.1:{port}: another program uses it. "
        "Stop that program or choose another --port.\n"
    )


def test_flags_that_make_no_sense_are_refused() -> None:
    refused = started("--ready-after", "gateway=soon")
    _, errors = refused.communicate(timeout=30)
    assert refused.returncode == 2
    assert (
        "KIND one of gateway, target, domain, policy, portal, registry, rule, rate-limit, permission, for example gateway=5"
        in errors
    )


def test_it_starts_without_the_mcp_client() -> None:
    """The client takes as long to load as all the rest; the first target that is an MCP server brings it."""
    code = (
        "import sys, agentcore_provider.local.server\nprint(sorted({'mcp', 'pulumi_aws', 'httpx2'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == "[]\n", done.stderr


@pytest.mark.parametrize("path", ["/_local/reset", "/moto-api/reset"])
def test_a_reset_leaves_it_as_after_a_start(process: subprocess.Popen[str], path: str) -> None:
    """Resources of AgentCore and of other services, faults, delays and recorded requests are gone; new ones can be created."""
    aws = LocalAws(read_url(process))
    control, iam = aws.client(CONTROL), aws.client("iam")
    for _ in range(2):
        gateway = control.create_gateway(
            name="shop", roleArn=aws.execution_role(name="shop"), authorizerType="NONE", protocolType="MCP"
        )
        aws.fault(operation="ListGateways", kind="status", times=100)
        page = requests.get(f"{aws.endpoint}/_local/page/faults", timeout=30).text
        assert 'name="gateway" inputmode="decimal" value="1.5"' in page
        token = page.partition('name="token" value="')[2].partition('"')[0]
        requests.post(f"{aws.endpoint}/_local/page/delays", {"token": token, "gateway": "60"}, timeout=30)
        aws.ask("POST", path)
        assert (aws.requests(), aws.ask("GET", "/_local/faults")) == ([], [])
        assert control.list_gateways()["items"] == []
        assert iam.list_roles()["Roles"] == []
        with pytest.raises(control.exceptions.ResourceNotFoundException):
            control.get_gateway(gatewayIdentifier=gateway["gatewayId"])

"""The gateways of local AWS as MCP clients meet them, next to a plain MCP server of the official SDK."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench import programs
from tests.bench.environment import NotMeasured, python_of
from tests.bench.figure import Measured
from tests.bench.local_aws import clean_environment, local_aws
from tests.bench.mcp_load import Address, a_second, one_by_one, percentiles
from tests.bench.peer import PEERS
from tests.bench.project import Project
from tests.bench.row import Row, Run, Workplace

_REQUESTS = 400
_CLIENTS = 8
_SLEEPERS = 50
_SDK = "plain server of the MCP SDK"
_SLEEP = "import time\ndef handler(event, context):\n    time.sleep(1)\n    return {}\n"
_CALL = {"name": "find_order", "arguments": {"order_id": "A-1"}}


@contextmanager
def _open(workplace: Workplace) -> Iterator[Run]:
    with local_aws(workplace.folder / "local.log") as aws, _mcp_server(workplace) as sdk:
        # The service takes HTTPS alone; local AWS speaks HTTP to an address of this machine that does.
        program = programs.data_plane(
            aws.function(), aws.function(_SLEEP), sdk.url.replace("http:", "https:") if sdk else ""
        )
        project = Project(workplace.new_folder("shop"), program, aws)
        project.up()
        url = json.loads(project.pulumi("stack", "output", "--json", "--stack", "local").text)["url"]
        gateway = Address(url, project.agentcore("token").text.strip())

        def run() -> list[Measured]:
            figures = _figures("tools/list", 1500, (gateway, {}), (sdk, {}) if sdk else None)
            figures += _figures("tools/call", 1000, (gateway, _call("orders")), (sdk, _CALL) if sdk else None)
            last = one_by_one(gateway, _REQUESTS, "tools/call", name="many___tool_199", arguments={})
            figures += [Measured("tools/call, last of 200 tools, p50", percentiles(last)[0] * 1000, "ms")]
            if sdk:
                through = one_by_one(gateway, 100, "tools/call", **_call("server"))
                direct = one_by_one(sdk, 100, "tools/call", **_CALL)
                against = {_SDK: percentiles(direct)[0] * 1000, "goal": 15.0}
                p50 = percentiles(through)[0] * 1000
                figures.append(Measured("tools/call of an MCP server, p50", p50, "ms", against, goal=("goal", 1.0)))
            started = time.perf_counter()
            a_second(gateway, _SLEEPERS, 1, "tools/call", name="sleep___sleep", arguments={})
            seconds = time.perf_counter() - started
            name = f"{_SLEEPERS} calls at once of a tool that sleeps 1 s"
            return [*figures, Measured(name, seconds, against={"goal": 2.0}, goal=("goal", 1.0))]

        yield run


def _call(target: str) -> dict[str, Any]:
    return {**_CALL, "name": f"{target}___find_order"}


def _figures(
    method: str, wanted: float, gateway: tuple[Address, dict[str, Any]], sdk: tuple[Address, dict[str, Any]] | None
) -> list[Measured]:
    """p50, p99 and requests a second. gateway, sdk: where to send the requests, and their parameters."""
    ours, plain = _measure(method, *gateway), _measure(method, *sdk) if sdk else {}
    limits = {"p50": 1.5, "p99": 8.0, f"{_CLIENTS} clients": wanted}
    return [
        Measured(
            f"{method}, {name}",
            value,
            "a second" if name.endswith("clients") else "ms",
            against={**({_SDK: plain[name]} if plain else {}), "goal": limits[name]},
            goal=("goal", 1.0),
            higher_is_better=name.endswith("clients"),
        )
        for name, value in ours.items()
    ]


def _measure(method: str, address: Address, params: dict[str, Any]) -> dict[str, float]:
    p50, p99 = percentiles(one_by_one(address, _REQUESTS, method, **params))
    rate = a_second(address, _CLIENTS, _REQUESTS // 4, method, **params)
    return {"p50": p50 * 1000, "p99": p99 * 1000, f"{_CLIENTS} clients": rate}


@contextmanager
def _mcp_server(workplace: Workplace) -> Iterator[Address | None]:
    try:
        python = python_of("mcp_server")
    except NotMeasured as error:
        workplace.not_measured[_SDK] = str(error)
        yield None
        return
    workplace.version("mcp_server", "mcp")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command: list[str | Path] = [python, PEERS / "mcp_server.py", str(port)]
    with (workplace.folder / "mcp_server.log").open("w") as log:
        process = subprocess.Popen(command, env=clean_environment(), stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if time.monotonic() > deadline or process.poll() is not None:
                    raise
                time.sleep(0.1)
        yield Address(f"http://127.0.0.1:{port}/mcp")
    finally:
        process.terminate()
        process.wait()


ROW = Row("data-plane", "Requests to a gateway of local AWS, with JWT, over kept connections", _open)

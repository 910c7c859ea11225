"""A project folder, a gateway on loopback, and a `pulumi` that answers from a file: what the command works with."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from agentcore_provider.cli.app import app
from tests.support import mcp_gateway
from tests.support.mcp_gateway import ScriptedGateway

# Answers `pulumi stack export` from state.json beside it, with outputs.json as the stack's outputs, and keeps what it was
# asked; `config` from config.json. Each run is a line of `runs`.
_PULUMI = f"""#!{sys.executable}
import json, os, pathlib, sys
here = pathlib.Path(__file__).parent
def content(name):
    return (here / name).read_text() if (here / name).exists() else "{{}}"
with (here / "runs").open("a") as runs:
    runs.write(" ".join(it for it in sys.argv[1:] if it != "--non-interactive") + "\\n")
if sys.argv[1] == "config":
    sys.exit(print(content("config.json")))
(here / "asked").write_text("\\n".join([" ".join(sys.argv[1:]), f"backend={{os.environ.get('PULUMI_BACKEND_URL', '')}}"]))
if (here / "refusal").exists():
    sys.exit((here / "refusal").read_text())
try:
    state, outputs = json.loads(content("state.json")), json.loads(content("outputs.json"))
    stack = {{"type": "pulumi:pulumi:Stack", "urn": "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev", "outputs": outputs}}
    if outputs or "deployment" not in state:
        state.setdefault("deployment", {{}}).setdefault("resources", []).insert(0, stack)
    print(json.dumps(state))
except (ValueError, AttributeError):
    print(content("state.json"))
"""


@pytest.fixture(scope="module")
def running_gateway() -> Iterator[ScriptedGateway]:
    with mcp_gateway.serve() as counterpart:
        yield counterpart


@pytest.fixture
def gateway(running_gateway: ScriptedGateway) -> ScriptedGateway:
    """A gateway on loopback that has not been asked anything yet."""
    running_gateway.calls.clear()
    running_gateway.token_requests.clear()
    return running_gateway


@pytest.fixture(autouse=True)
def kept_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the command keeps a project in these tests, instead of the user's own folder; not made yet."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data" / "agentcore" / "project"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty Pulumi project, which is also the current folder."""
    folder = tmp_path / "a project"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    monkeypatch.chdir(folder)
    monkeypatch.delenv("PULUMI_BACKEND_URL", raising=False)
    monkeypatch.delenv("AGENTCORE_TOKEN", raising=False)
    return folder


@pytest.fixture
def agentcore() -> Callable[..., Result]:
    """Run the command in this process; stdout and stderr apart."""

    def run(*arguments: str, **options: Any) -> Result:
        return CliRunner().invoke(app, list(arguments), **options)

    return run


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the stand-in for `pulumi`, first on PATH: takes outputs.json and state.json, leaves `asked`."""
    folder = tmp_path / "engine"
    folder.mkdir()
    (folder / "pulumi").write_text(_PULUMI)
    (folder / "pulumi").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    return folder


@pytest.fixture
def deployed(project: Path, engine: Path, gateway: ScriptedGateway) -> Path:
    """A project whose stack has one gateway `shop` with EzAuth; returns the engine's folder."""
    write_outputs(engine, shop=sign_in_of(gateway))
    return engine


def sign_in_of(gateway: ScriptedGateway) -> dict[str, str]:
    return {
        "mcp_url": gateway.url,
        "gateway_id": "shop-0123456789",
        "gateway_arn": "arn:aws:bedrock-agentcore:us-west-2:123456789012:gateway/shop-0123456789",
        "token_endpoint": gateway.token_endpoint,
        "client_id": "shop-client",
        "client_secret": "marker-secret-4711",
        "scope": "shop/invoke",
    }


def write_outputs(engine: Path, **gateways: dict[str, str]) -> None:
    (engine / "outputs.json").write_text(json.dumps({"gateways": gateways}))

"""The notebook of docs/scripts.md runs with nothing but the wheel, in a clean environment, on local AWS."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

from tests.support.stack import StartedAws

PROJECT = Path(__file__).parents[2]
PAGE = PROJECT / "docs" / "scripts.md"


def _cells() -> list[str]:
    return re.findall(r"<!-- notebook -->\n```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def _files() -> dict[str, str]:
    return dict(re.findall(r'```python title="([^"]+)"\n(.*?)```', PAGE.read_text(encoding="utf-8"), re.DOTALL))


@pytest.fixture
def run(installed: Any, local_aws: StartedAws, tmp_path: Path) -> Any:
    """Runs cells one after the other in a kernel of the installed wheel; gives each cell's outputs."""
    kernel = tmp_path / "kernels" / "wheel"
    kernel.mkdir(parents=True)
    command = [str(installed.python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (kernel / "kernel.json").write_text(json.dumps({"argv": command, "display_name": "wheel", "language": "python"}))
    environment = {
        "HOME": str(tmp_path / "home"),
        "PATH": f"{installed.folder / 'bin'}{os.pathsep}/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "AWS_ENDPOINT_URL": local_aws.endpoint,
        "IPYTHONDIR": str(tmp_path / "ipython"),
    }
    folder = tmp_path / "notebook"
    for name, text in _files().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)

    def run(*cells: str) -> list[list[dict[str, Any]]]:
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        specs = KernelSpecManager(kernel_dirs=[str(kernel.parent)], ensure_native_kernel=False)
        manager = AsyncKernelManager(kernel_name="wheel", kernel_spec_manager=specs)
        manager.cache_ports = True
        NotebookClient(notebook, km=manager, timeout=120, resources={"metadata": {"path": str(folder)}}).execute(
            env=environment
        )
        return [cell["outputs"] for cell in notebook.cells]

    return run


def _shown(outputs: list[dict[str, Any]]) -> str:
    """Everything a reader sees below a cell."""
    return "\n".join(json.dumps(output) for output in outputs)


def test_the_pages_notebook_runs_from_the_wheel(run: Any) -> None:
    """Each cell shows what the page says: progress in one line, tables, answers, and no secret."""
    cells = _cells()
    first, targets, tools, called, searched, again, token, last = run(*cells)
    statuses = [it for it in first if "<small>" in _shown([it])]
    assert len(statuses) == 1
    assert "setup_gateway: done in" in _shown(statuses)
    assert "Gateway notebook" in _shown(first)
    assert "notebook-target" in _shown(targets)
    assert "notebook-target___order_status" in _shown(tools)
    assert "order_id" in _shown(tools)
    assert "shipped" in _shown(called)
    assert "order_status" in _shown(searched)
    assert "delivered" in _shown(again)
    assert "<access token" in _shown(token)
    assert "eyJ" not in _shown(token)
    assert "Gateways in us-west-2: none" in _shown(last)
    assert "stderr" not in _shown([*first, *targets, *tools, *called])


def test_warnings_point_at_the_cell(run: Any) -> None:
    """A warning names the user's own line, not one of this package."""
    (outputs,) = run(
        "from agentcore_provider import GatewayClient\n"
        "client = GatewayClient('us-west-2')\n"
        "client.create_gateway(name='open', protocolType='MCP', authorizerType='NONE',\n"
        "    authorizerConfiguration={'customJWTAuthorizer': {'discoveryUrl':\n"
        "        'https://example.com/.well-known/openid-configuration', 'allowedClients': ['a']}})\n"
        "client.cleanup_gateway('open')\n"
    )
    report = "".join(it["text"] for it in outputs if it.get("name") == "stderr")
    assert "has no effect with authorizerType NONE" in report
    assert re.search(r"ipykernel_\d+/\d+\.py:3: UserWarning", report), report
    assert sys.prefix not in report

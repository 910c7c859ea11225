"""Commands that change the same stack do so one after the other."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from agentcore_provider.cli.stack_lock import changed_stack, wait_seconds
from agentcore_provider.errors import AgentCoreError, InvalidInput

# Holds the stack of the current folder until its stdin ends.
_HOLDER = """
import sys
from agentcore_provider.cli.stack_lock import changed_stack
with changed_stack(None, "dev", "us-west-2") as chosen:
    print("holds", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def shop(project: Path) -> Path:
    (project / "__main__.py").write_text("from agentcore_provider import stack_config\nstack_config.deploy()\n")
    (project / "Pulumi.dev.yaml").write_text("config: {aws:region: us-west-2, agentcore:gateways: {}}\n")
    return project


def _hold() -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "holds\n"
    return process


def test_the_second_waits_and_says_so(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with _hold() as first:
        assert first.stdin is not None
        second = subprocess.Popen(
            [sys.executable, "-c", _HOLDER],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with second:
            assert second.stderr is not None
            assert (
                f"Waiting for another command that changes stack dev (process {first.pid})" in second.stderr.readline()
            )
            first.stdin.close()
            assert second.wait(60) == 0


def test_waiting_ends_with_the_cure(
    agentcore: Callable[..., Result], shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing waits for ever, and nothing was written."""
    monkeypatch.setenv("AGENTCORE_WAIT_SECONDS", "0")
    before = (shop / "Pulumi.dev.yaml").read_text()
    with _hold() as first:
        result = agentcore("create_mcp_gateway", "-n", "shed", "--stack", "dev")
        assert result.exit_code == 1
        assert f"or end it with `kill {first.pid}`" in result.stderr
        first.kill()
    assert (shop / "Pulumi.dev.yaml").read_text() == before
    # Who was killed holds nothing.
    with changed_stack(None, "dev", None) as chosen:
        assert chosen.name == "dev"


@pytest.mark.parametrize("reported", ["soon", "-1", "nan", "inf"])
def test_a_wrong_time_to_wait_is_reported(monkeypatch: pytest.MonkeyPatch, reported: str) -> None:
    monkeypatch.setenv("AGENTCORE_WAIT_SECONDS", reported)
    with pytest.raises(InvalidInput, match="Set it to seconds"):
        wait_seconds()


def test_a_folder_that_did_not_become_a_project_is_left_as_it_was(
    tmp_path: Path, kept_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(AgentCoreError), changed_stack(None, None, "us-west-2"):
        raise AgentCoreError("wrong input")
    assert list(tmp_path.iterdir()) == []
    (empty := tmp_path / "empty").mkdir()
    with changed_stack(empty, None, "us-west-2"):
        pass
    assert (list(empty.iterdir()), kept_project.exists()) == ([], False)

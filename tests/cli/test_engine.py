"""What the command does around the Pulumi engine."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from agentcore_provider.cli import pulumi_command


class TestTheEngineDoesNotOpenTheStack:
    """Commands that deploy name the same cure as those that read, and show nothing of how the engine is run."""

    @pytest.fixture
    def described(self, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """A project with the file of a stack, and an engine that is not logged in."""
        (project / "__main__.py").write_text("from agentcore_provider import stack_config\nstack_config.deploy()\n")
        (project / "Pulumi.dev.yaml").write_text(
            "config:\n  aws:region: us-west-2\n  agentcore:gateways:\n    shop:\n      targets: {}\n"
        )
        monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("PULUMI_SKIP_UPDATE_CHECK", "true")
        monkeypatch.setenv("AWS_REGION", "us-west-2")
        for name in ("PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"):
            monkeypatch.delenv(name, raising=False)
        return project

    @pytest.mark.parametrize(
        "command", [("up",), ("create_mcp_gateway", "-n", "shed"), ("delete", "shop")], ids=lambda it: it[0]
    )
    def test_without_a_log_in(self, agentcore: Callable[..., Result], described: Path, command: tuple[str]) -> None:
        result = agentcore(*command, "--stack", "dev")
        (error,) = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
        assert error.startswith("Error: Pulumi is not logged in (PULUMI_ACCESS_TOKEN must be set for login")
        assert error.endswith("Log in with `pulumi login`, or set PULUMI_BACKEND_URL.")
        assert result.exit_code == 3

    def test_with_another_passphrase(
        self, agentcore: Callable[..., Result], described: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PULUMI_BACKEND_URL", f"file://{described}")
        monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "local")
        subprocess.run([pulumi_command.program(os.environ), "stack", "init", "dev"], check=True, capture_output=True)
        monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "another")
        result = agentcore("up", "--stack", "dev")
        (error,) = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
        assert error.startswith("Error: The stack's secrets are locked (getting stack configuration")
        assert error.endswith("incorrect passphrase). Set PULUMI_CONFIG_PASSPHRASE to the stack's passphrase.")
        assert result.exit_code == 3

    def test_without_the_folder_of_its_backend(
        self, agentcore: Callable[..., Result], described: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Any other reason is the engine's own line."""
        monkeypatch.setenv("PULUMI_BACKEND_URL", f"file://{described}/none")
        monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "local")
        result = agentcore("up", "--stack", "dev")
        assert "Error: The engine failed: unable to open state directory" in result.stderr
        assert result.exit_code == 1


class TestAnotherRunHoldsTheStack:
    """A run that was killed leaves its lock, so the error has to name the command that takes it away."""

    @pytest.fixture
    def locked(self, project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """A project with a stack in a backend of its own, locked; asked by the real engine."""
        (project / "__main__.py").write_text("from agentcore_provider import stack_config\nstack_config.deploy()\n")
        (project / "Pulumi.dev.yaml").write_text(
            "config:\n  aws:region: us-west-2\n  agentcore:gateways:\n    shop:\n      authorizer: none\n      targets: {}\n"
        )
        monkeypatch.setenv("PULUMI_BACKEND_URL", f"file://{project}")
        monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "local")
        monkeypatch.setenv("PULUMI_SKIP_UPDATE_CHECK", "true")
        monkeypatch.setenv("AGENTCORE_WAIT_SECONDS", "0")
        monkeypatch.setenv("AWS_REGION", "us-west-2")
        program = pulumi_command.program(os.environ)
        monkeypatch.setenv("PATH", str(program.parent), prepend=":")
        command = [program, "stack", "init", "dev", "--non-interactive"]
        subprocess.run(command, cwd=project, check=True, capture_output=True)
        lock = project / ".pulumi/locks/organization/shop/dev/0f3d3b1c-7a1e-4a6e-8f58-6a5d9b1e1f11.json"
        lock.parent.mkdir(parents=True, exist_ok=True)
        lock.write_text('{"pid": 4711, "username": "me", "hostname": "laptop", "timestamp": "2026-11-25T01:00:00Z"}')
        return project

    @pytest.mark.parametrize(
        "command",
        [
            ("create_mcp_gateway", "--name", "shed", "--authorizer-type", "NONE", "--stack", "dev"),
            ("delete", "shop", "--stack", "dev"),
        ],
    )
    def test_one_line_with_the_cure(self, agentcore: Callable[..., Result], locked: Path, command: tuple[str]) -> None:
        result = agentcore(*command)
        (error,) = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
        assert result.exit_code == 1, error
        assert "Stack dev is locked by me@laptop, process 4711, since 2026-11-25T01:00:00Z" in error
        cure = f"cd '{locked}' && pulumi cancel --yes --stack dev"
        assert f"`{cure}`" in error
        subprocess.run(["sh", "-c", cure], check=True, capture_output=True)
        assert not list(locked.glob(".pulumi/locks/organization/shop/dev/*.json"))

    def test_deleting_leaves_the_entry(self, agentcore: Callable[..., Result], locked: Path) -> None:
        agentcore("delete", "shop", "--stack", "dev")
        assert "shop:" in (locked / "Pulumi.dev.yaml").read_text()

    def test_it_is_waited_for(self, locked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A line says so, and the command goes on when the lock is given up."""
        monkeypatch.setenv("AGENTCORE_WAIT_SECONDS", "100")
        monkeypatch.setenv("PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION", "true")
        command = [sys.executable, "-m", "agentcore_provider.cli", "up", "--stack", "dev"]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr is not None
            waiting = next(line for line in process.stderr if line.startswith("Waiting"))
            for lock in locked.glob(".pulumi/locks/organization/shop/dev/*.json"):
                lock.unlink()
            reported = process.communicate(timeout=100)[1]
        assert "Waiting for stack dev, which is locked by me@laptop, process 4711" in waiting
        # It got as far as the aws plugin, of which there is none.
        assert "Error: " in reported
        assert "locked" not in reported

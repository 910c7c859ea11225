"""Makes a program in TypeScript or Go ready to run: the component's package is generated, its libraries are installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from engine.go_build import build_settings
from engine.language_package import generate
from tests.support.stack import Stack

_LIMIT_SECONDS = 600


def make_ready(runtime: str, stack: Stack, hosts: Path) -> None:
    """Do to the stack's folder what `pulumi package add` does. runtime: nodejs or go; hosts: where their programs are."""
    if runtime == "nodejs" and shutil.which("npm") is None and "CI" not in os.environ:
        pytest.skip("npm is not installed")
    stack.also_on_path = hosts
    package = stack.folder / "sdks" / "agentcore"
    generate(runtime, package, hosts)
    if runtime == "nodejs":
        _run(stack, "npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--prefer-offline", str(package))
        _run(stack, "node_modules/.bin/tsc")
        return
    # Compiled as the engine is, its packages are in Go's cache.
    stack.also_set = build_settings()
    module = (package / "go.mod").read_text().split()[1]
    _run(stack, "go", "mod", "edit", f"-replace={module}={package}")
    _run(stack, "go", "mod", "tidy")
    # The first build may take longer than the engine's commands may in tests.
    _run(stack, "go", "build", "-o", os.devnull, ".")


def _run(stack: Stack, *command: str) -> None:
    answer = subprocess.run(
        command,
        cwd=stack.folder,
        env=stack.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_LIMIT_SECONDS,
        check=False,
    )
    assert answer.returncode == 0, f"{' '.join(command)}:\n{answer.stdout}{answer.stderr}"

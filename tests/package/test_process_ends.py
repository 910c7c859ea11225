"""Processes end without a search of all loaded modules for cycles, which takes longer than most of them run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import atexit, gc, pulumi
from agentcore_provider import EzAuth

class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args): return args.name, args.inputs
    def call(self, args): return {}

pulumi.runtime.set_mocks(Mocks())
EzAuth("sign-in")
print(gc.get_freeze_count())
"""


@pytest.mark.parametrize(("script", "is_frozen"), [("pulumi-language-python-exec", True), ("service.py", False)])
def test_a_program_that_pulumi_runs(tmp_path: Path, script: str, is_frozen: bool) -> None:
    """What it has loaded is not searched; a process that does other things as well keeps its collector as it is."""
    file = tmp_path / script
    file.write_text(PROGRAM)
    done = subprocess.run([sys.executable, str(file)], capture_output=True, text=True, timeout=60)
    assert (int(done.stdout or 0) > 10_000) is is_frozen, done.stderr


@pytest.mark.parametrize("arguments", [["--help"], ["show", "--stack", "none"]])
def test_the_command(tmp_path: Path, arguments: list[str]) -> None:
    """However it ends."""
    code = (
        "import atexit, gc, sys\n"
        "atexit.register(lambda: print('frozen', gc.get_freeze_count() > 10_000))\n"
        "from agentcore_provider.cli import main\n"
        "main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.endswith("frozen True\n"), done.stderr

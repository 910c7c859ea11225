"""Tours of a program and of the command: the pages' own text, with nothing but the wheel, in a clean environment."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.docs.blocks import Block, blocks, typed

PROJECT = Path(__file__).parents[2]
# Half a minute each on a quiet machine.
pytestmark = pytest.mark.timeout(600)
_SECONDS = 550
_LOCAL_AWS = """
agentcore local start --port 0
eval "$(agentcore local env)"
"""
_DEMO = """
sed -i.before "s#http://127.0.0.1:4599#$AWS_ENDPOINT_URL#" Pulumi.local.yaml
pulumi stack init local
pulumi up --stack local --skip-preview
"""


def _section(page: str, first: str, last: str) -> list[Block]:
    """The blocks of a page from one heading to another."""
    lines = (PROJECT / page).read_text(encoding="utf-8").splitlines()
    from_, to = lines.index(first), lines.index(last)
    return [it for it in blocks(PROJECT / page) if from_ < it.line <= to]


@pytest.fixture
def folder(tmp_path: Path, installed: Any) -> Path:
    """A folder with the wheel's environment and nothing else."""
    folder = tmp_path / "tour"
    folder.mkdir()
    (folder / ".venv").symlink_to(installed.folder)
    return folder


@pytest.fixture
def tour(installed: Any, folder: Path, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Types into a shell that has no variables but these, and returns what it shows."""
    environment = {
        "HOME": str(tmp_path),
        "PATH": f"{installed.folder / 'bin'}{os.pathsep}/usr/bin:/bin",
        "LANG": "C.UTF-8",
        # Who takes a tour answers yes.
        "PULUMI_SKIP_CONFIRMATIONS": "true",
    }

    def run(script: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-s"],
            input=script,
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_SECONDS,
        )

    def succeeds(script: str) -> str:
        done = run(script)
        assert done.returncode == 0, done.stdout
        return done.stdout

    yield succeeds
    run("agentcore local stop")


def test_the_readme_works_from_its_first_program_on(tour: Callable[[str], str], installed: Any) -> None:
    """In an empty folder: the program's tool answers, it deploys from its parts and goes, and so do command and script."""
    section = [it for it in _section("README.md", "## A program", "## Local AWS") if it.language != "yaml" or it.title]
    shown = tour(_LOCAL_AWS + typed(section, installed.python))
    program, _, after = shown.partition("+ pulumi destroy")
    assert re.search(r"P-1.*in Lyon", program, re.DOTALL), shown
    removed, _, commands = after.partition("+ agentcore create_mcp_gateway")
    assert "The resources in the stack have been deleted" in removed, shown
    assert re.search(r"P-2.*delivered.*in Lyon", commands, re.DOTALL), shown
    assert "Traceback" not in shown


def test_the_page_of_the_command_works(tour: Callable[[str], str], installed: Any, folder: Path) -> None:
    """In the demo's project: everything that the page types ends well, and the demo's tool answers."""
    for file in ("Pulumi.yaml", "Pulumi.local.yaml", "__main__.py"):
        shutil.copy(PROJECT / file, folder)
    shutil.copytree(PROJECT / "demo", folder / "demo", ignore=shutil.ignore_patterns("__pycache__"))
    shown = tour(_LOCAL_AWS + _DEMO + typed(list(blocks(PROJECT / "docs" / "command.md")), installed.python))
    assert re.search(r"A-1002.*shipped", shown, re.DOTALL), shown
    assert "Traceback" not in shown

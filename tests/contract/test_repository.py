"""What the workflows and hooks run is what CONTRIBUTING names: the make targets of this repository."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

_ROOT = Path(__file__).parents[2]
_WORKFLOWS = sorted((_ROOT / ".github" / "workflows").glob("*.yml"))
_TARGETS = set(re.findall(r"^([a-z-]+):", (_ROOT / "Makefile").read_text(), re.MULTILINE))


def jobs(workflow: Path) -> dict[str, Any]:
    """The jobs of a workflow by id."""
    return dict(yaml.safe_load(workflow.read_text())["jobs"])


def commands(workflow: Path) -> Iterator[str]:
    """The shell commands of a workflow."""
    for job in jobs(workflow).values():
        yield from (step["run"] for step in job.get("steps", []) if "run" in step)


@pytest.mark.parametrize("workflow", _WORKFLOWS, ids=lambda it: it.name)
def test_workflows_call_targets_that_exist(workflow: Path) -> None:
    """Each `make` of a workflow is a target of the Makefile."""
    called = [it for command in commands(workflow) for it in re.findall(r"\bmake ([a-z-]+)", command)]
    assert called
    assert set(called) <= _TARGETS


def test_ci_runs_every_check() -> None:
    """Check, tests, documents and the wheel run for each change."""
    run = set(commands(_ROOT / ".github" / "workflows" / "ci.yml"))
    assert {"make check", "make test", "make docs", "make wheel"} <= run


def test_ci_tests_every_python() -> None:
    """From the lowest Python that pyproject.toml allows on, without a gap."""
    required = re.search(r'^requires-python = ">=3\.(\d+)"$', (_ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert required
    lowest = int(required[1])
    tested = jobs(_ROOT / ".github" / "workflows" / "ci.yml")["test"]["strategy"]["matrix"]["python"]
    minors = [int(it.partition(".")[2]) for it in tested]
    assert minors == list(range(lowest, lowest + len(minors)))
    assert sys.version_info[1] in minors


@pytest.mark.parametrize("workflow", _WORKFLOWS, ids=lambda it: it.name)
def test_workflows_are_bounded_and_have_no_rights(workflow: Path) -> None:
    """Each job ends by a limit, and only the one that publishes may get a token."""
    assert yaml.safe_load(workflow.read_text())["permissions"] == {"contents": "read"}
    for name, job in jobs(workflow).items():
        assert "timeout-minutes" in job or "uses" in job
        assert ("permissions" in job) == (name == "publish")


def test_hooks_run_what_make_setup_installs() -> None:
    """Each hook's program is in the virtual environment, or is make."""
    hooks = yaml.safe_load((_ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    programs = {hook["entry"].split()[0] for repository in hooks for hook in repository["hooks"]}
    assert all(it == "make" or (_ROOT / it).exists() for it in programs)

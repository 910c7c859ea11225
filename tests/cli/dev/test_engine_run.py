"""A run of the engine ends in order, whatever became of the terminal."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agentcore_provider.cli.dev.engine_run import EngineRun

ENGINE = """
import pathlib, signal
def end(*_):
    pathlib.Path("saved").touch()
    raise SystemExit(1)
signal.signal(signal.SIGINT, end)
signal.alarm(60)
pathlib.Path("started").touch()
while True:
    signal.pause()
"""


def _broken_pipe() -> int:
    reader, writer = os.pipe()
    os.close(reader)
    return writer


def _closed_terminal() -> int:
    controller, terminal = os.openpty()
    os.close(controller)
    return terminal


@pytest.mark.parametrize("closed", [_broken_pipe, _closed_terminal])
def test_a_deployment_saves_its_state_where_nobody_reads(
    closed: Callable[[], int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the terminal is closed, the engine is stopped and waited for all the same."""
    pulumi = SimpleNamespace(
        environment=dict(os.environ),
        project=SimpleNamespace(folder=tmp_path),
        command=lambda *_: [sys.executable, "-c", ENGINE],
    )
    run = EngineRun(cast(Any, pulumi), "up")
    while not (tmp_path / "started").exists():
        assert run.result() is None
    stderr = os.fdopen(closed(), "w")
    with (tmp_path / "stdout").open("w") as stdout, monkeypatch.context() as streams:
        # Rich replaces the descriptor of stdout where stderr is a pipe that nobody reads.
        streams.setattr(sys, "stdout", stdout)
        streams.setattr(sys, "stderr", stderr)
        run.stop()
    with contextlib.suppress(OSError):
        stderr.close()
    assert (tmp_path / "saved").exists()

"""`.venv/bin/pulumi`: the engine with the virtual environment's Python, whatever PATH says."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from engine.launcher import is_launcher, write_launcher


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    folder = tmp_path / "my project's" / ".venv"
    (folder / "bin").mkdir(parents=True)
    return folder


@pytest.fixture
def engine(tmp_path: Path) -> Path:
    program = tmp_path / "pulumi"
    program.write_text('#!/bin/sh\necho "$PULUMI_PYTHON_CMD|${PATH%%:*}|$*"\n')
    program.chmod(0o755)
    return program


def test_the_engine_gets_the_environments_python_and_the_arguments(environment: Path, engine: Path) -> None:
    write_launcher(environment, engine)
    answer = subprocess.run(
        [environment / "bin" / "pulumi", "up", "--stack", "a b"],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": os.environ["PATH"]},
    )
    programs = environment / "bin"
    assert answer.stdout.strip() == f"{programs / 'python'}|{programs}|up --stack a b"


def test_a_python_that_the_user_chose_stays(environment: Path, engine: Path) -> None:
    write_launcher(environment, engine)
    given = {"PATH": os.environ["PATH"], "PULUMI_PYTHON_CMD": "python3.12"}
    answer = subprocess.run([environment / "bin" / "pulumi"], capture_output=True, text=True, check=True, env=given)
    assert answer.stdout.startswith("python3.12|")


def test_writing_it_again_changes_nothing(environment: Path, engine: Path) -> None:
    assert write_launcher(environment, engine)
    assert not write_launcher(environment, engine)
    assert write_launcher(environment, engine.with_name("another"))


def test_a_launcher_is_not_mistaken_for_an_engine(environment: Path, engine: Path) -> None:
    write_launcher(environment, engine)
    assert is_launcher(environment / "bin" / "pulumi")
    assert not is_launcher(engine)
    assert not is_launcher(engine.with_name("missing"))

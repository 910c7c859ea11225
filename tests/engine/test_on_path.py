"""An engine on PATH is taken if it can run the project, and passed over with a reason if not."""

from __future__ import annotations

import io
from pathlib import Path

from engine.launcher import write_launcher
from engine.on_path import find_on_path
from engine.progress import Progress


def _program(folder: Path, name: str, script: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return program


def _find(*folders: Path, outside: Path) -> tuple[Path | None, str]:
    reported = io.StringIO()
    found = find_on_path({"PATH": ":".join(map(str, folders))}, outside, Progress(reported))
    return found, reported.getvalue()


def test_one_that_is_new_enough_and_runs_python_is_taken(tmp_path: Path) -> None:
    program = _program(tmp_path / "bin", "pulumi", "echo v3.300.1")
    _program(tmp_path / "bin", "pulumi-language-python")
    assert _find(tmp_path / "empty", tmp_path / "bin", outside=tmp_path / ".venv") == (program, "")


def test_a_link_finds_its_language_host_beside_the_real_program(tmp_path: Path) -> None:
    program = _program(tmp_path / "opt", "pulumi", "echo v3.259.0")
    _program(tmp_path / "opt", "pulumi-language-python")
    (tmp_path / "bin").mkdir()
    link = tmp_path / "bin" / "pulumi"
    link.symlink_to(program)
    assert _find(tmp_path / "bin", outside=tmp_path / ".venv") == (link, "")


def test_an_older_one_is_passed_over_for_a_later_folder(tmp_path: Path) -> None:
    _program(tmp_path / "old", "pulumi", "echo v3.100.0")
    program = _program(tmp_path / "new", "pulumi", "echo v4.0.0")
    _program(tmp_path / "new", "pulumi-language-python")
    found, reported = _find(tmp_path / "old", tmp_path / "new", outside=tmp_path / ".venv")
    assert found == program
    assert reported == f"{tmp_path / 'old' / 'pulumi'} is older than 3.259.0: not used\n"


def test_one_without_a_language_host_or_version_is_named(tmp_path: Path) -> None:
    _program(tmp_path / "bare", "pulumi", "echo v3.300.0")
    _program(tmp_path / "broken", "pulumi", "exit 1")
    found, reported = _find(tmp_path / "bare", tmp_path / "broken", outside=tmp_path / ".venv")
    assert found is None
    assert "bare/pulumi comes without pulumi-language-python" in reported
    assert "broken/pulumi does not tell its version" in reported


def test_launchers_of_this_and_other_checkouts_are_no_engines(tmp_path: Path) -> None:
    for name in ("ours", "other"):
        (tmp_path / name / "bin").mkdir(parents=True)
        write_launcher(tmp_path / name, tmp_path / "engine")
    assert _find(tmp_path / "ours/bin", tmp_path / "other/bin", outside=tmp_path / "ours") == (None, "")

"""An engine that the machine already has."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from engine.launcher import is_launcher
from engine.progress import Progress

OLDEST = (3, 259, 0)
"""The oldest engine that the project is tested with."""

_LANGUAGE_HOST = "pulumi-language-python"


def find_on_path(environment: Mapping[str, str], outside: Path, progress: Progress) -> Path | None:
    """A `pulumi` on PATH that is new enough and can run Python programs; None if there is none.

    outside: the virtual environment, whose own launcher does not count.
    """
    folders = [Path(folder) for folder in environment.get("PATH", "").split(os.pathsep) if folder.startswith("/")]
    for folder in folders:
        program = folder / "pulumi"
        if not os.access(program, os.X_OK) or program.is_dir() or is_launcher(program):
            continue
        if outside.resolve() in program.resolve().parents:
            continue
        version = engine_version(program)
        wanted = ".".join(map(str, OLDEST))
        if version is None:
            progress.say(f"{program} does not tell its version: not used")
        elif version < OLDEST:
            progress.say(f"{program} is older than {wanted}: not used")
        elif not _has_language_host(program, folders):
            progress.say(f"{program} comes without {_LANGUAGE_HOST}: not used")
        else:
            return program
    return None


def engine_version(program: Path) -> tuple[int, int, int] | None:
    """What `pulumi version` says; None if it fails or says something else."""
    environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        answer = subprocess.run(  # noqa: S603 (a program named pulumi is what we look for)
            [program, "version"], capture_output=True, text=True, timeout=30, check=True, env=environment
        )
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.match(r"v?(\d+)\.(\d+)\.(\d+)", answer.stdout.strip())
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def _has_language_host(program: Path, folders: list[Path]) -> bool:
    # The engine itself looks on PATH first and then beside its own real file.
    beside = [program.resolve().parent, *folders]
    return any(os.access(folder / _LANGUAGE_HOST, os.X_OK) for folder in beside)

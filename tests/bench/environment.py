"""Virtual environments of the peers, one each, installed once from pinned requirements."""

from __future__ import annotations

import functools
import subprocess
import sys
from pathlib import Path

from tests.bench.results import FOLDER, ROOT

_REQUIREMENTS = Path(__file__).parent / "peers"


class NotMeasured(Exception):
    """A peer cannot be run here, and why."""


@functools.cache
def python_of(peer: str) -> Path:
    """The Python of a peer's environment, which is installed if its requirements are new. Raises NotMeasured.

    peer: `peers/PEER.txt` has its requirements; `{root}` in them is this repository.
    """
    requirements = (_REQUIREMENTS / f"{peer}.txt").read_text(encoding="utf-8").replace("{root}", str(ROOT))
    folder = FOLDER / peer
    python, installed = folder / "bin" / "python", folder / "installed.txt"
    if installed.exists() and installed.read_text(encoding="utf-8") == requirements:
        return python
    print(f"installing {peer} ...", file=sys.stderr, flush=True)
    _run(peer, sys.executable, "-m", "venv", "--clear", str(folder))
    wanted = folder / "requirements.txt"
    wanted.write_text(requirements, encoding="utf-8")
    _run(peer, str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(wanted))
    wanted.replace(installed)
    return python


@functools.cache
def version_of(peer: str, package: str) -> str:
    """The version of a package in a peer's environment."""
    program = "import importlib.metadata, sys; print(importlib.metadata.version(sys.argv[1]))"
    answer = subprocess.run([python_of(peer), "-c", program, package], capture_output=True, text=True, check=True)
    return answer.stdout.strip()


def _run(peer: str, *command: str) -> None:
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=900)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotMeasured(f"{peer} cannot be installed: {error}") from error
    if answer.returncode != 0:
        lines = (answer.stderr + answer.stdout).strip().splitlines() or ["no message"]
        # pip ends with remarks; its errors come first.
        why = next((line for line in lines if line.startswith("ERROR")), lines[-1])
        raise NotMeasured(f"{peer} cannot be installed: {why}")

"""The project and what it needs, installed into its virtual environment."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from pathlib import Path

from engine.progress import Progress
from engine.setup_error import SetupError

# The first pip that installs dependency groups.
_PIP = "pip>=25.1"


def install_packages(project: Path, environment: Path, progress: Progress) -> None:
    """Install the project editable, with local AWS and the development group, unless pyproject.toml is unchanged."""
    stamp = environment / ".packages"
    wanted = _fingerprint(project)
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    stamp.unlink(missing_ok=True)
    with progress.step("Installing the project and its Python packages"):
        _pip(["--upgrade", _PIP], project, environment)
        _pip(["--editable", ".[local]", "--group", "dev"], project, environment)
    stamp.write_text(wanted)


def _fingerprint(project: Path) -> str:
    # Another Python needs other packages.
    content = (project / "pyproject.toml").read_bytes() + sys.version.encode()
    return hashlib.sha256(content).hexdigest()


def _pip(arguments: list[str], project: Path, environment: Path) -> None:
    log = environment / "pip.log"
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-color"]
    answer = subprocess.run(  # noqa: S603 (our own command)
        [sys.executable, "-m", "pip", "install", *quiet, *arguments],
        cwd=project,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode != 0:
        # The address of a package index may hold a password.
        log.unlink(missing_ok=True)
        log.touch(mode=0o600)
        log.write_text(answer.stdout + answer.stderr)
        raise SetupError(f"{explain(answer.stderr)} (all of pip's answer: {log})")


def explain(output: str) -> str:
    """One line from pip's output: what failed, why, cure."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    reason = next((line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR:")), None)
    reason = reason or (lines[-1] if lines else "pip printed nothing")
    cure = "fix that and run this again"
    if re.search(r"NewConnectionError|NameResolution|ConnectTimeout|ProxyError|Max retries|Network is unreach", output):
        reason = "the package index does not answer"
        cure = "check the network and pip's settings (`pip config list`), then run this again"
    elif "No space left" in output:
        cure = "make room on the disk"
    return f"Installing the Python packages failed: {reason}: {cure}"

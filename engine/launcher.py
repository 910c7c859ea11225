"""`.venv/bin/pulumi`: starts an engine that lies elsewhere, with the Python of this virtual environment."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

_MARK = "# Starts the Pulumi engine with the Python of this virtual environment; written by `make setup`."


def write_launcher(environment: Path, engine: Path) -> bool:
    """Let `pulumi` of a virtual environment start an engine; returns whether that is new.

    A link would not do: the engine's language host takes the python3 of PATH, whichever that is.
    """
    launcher = environment / "bin" / "pulumi"
    text = _text(environment, engine)
    if launcher.is_file() and not launcher.is_symlink() and launcher.read_text(errors="replace") == text:
        return False
    draft = launcher.with_name(f".pulumi-{os.getpid()}")
    draft.write_text(text)
    draft.chmod(0o755)
    draft.replace(launcher)
    return True


def is_launcher(path: Path) -> bool:
    """Whether a program named pulumi is one of ours, of this or another checkout, and so no engine."""
    try:
        with path.open("rb") as file:
            return _MARK.encode() in file.read(400)
    except OSError:
        return False


def _text(environment: Path, engine: Path) -> str:
    programs = shlex.quote(str(environment / "bin"))
    python = shlex.quote(str(environment / "bin" / "python"))
    return "\n".join(
        (
            "#!/bin/sh",
            _MARK,
            f"PATH={programs}:$PATH PULUMI_PYTHON_CMD=${{PULUMI_PYTHON_CMD:-{python}}}",
            "export PATH PULUMI_PYTHON_CMD",
            f'exec {shlex.quote(str(engine))} "$@"',
            "",
        )
    )

"""Makes a folder a project whose program deploys what `agentcore:gateways` describes."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shlex
import sys
from pathlib import Path

from agentcore_provider.cli import files
from agentcore_provider.cli.project import Project
from agentcore_provider.errors import InvalidInput

_MARK = "# Written by `agentcore`."

_PROGRAM = '''"""Deploys every gateway that the selected stack describes under `agentcore:gateways`."""

from agentcore_provider import stack_config

stack_config.run()
'''


def project_at(folder: Path) -> Project:
    """The project of --project. Raises InvalidInput for a folder that is neither one nor can safely become one."""
    project = Project(folder.absolute())
    if project.is_pulumi or project.is_kept:
        return project
    if not folder.is_dir():
        raise InvalidInput(
            f"--project {folder}: there is no such folder",
            f"Fix the path, or for a new project `mkdir -p {shlex.quote(str(folder))}` first",
        )
    # It may be a parent of the intended one, and files of the same names would be lost.
    others = sorted(file.name for file in folder.iterdir() if file.name[0] != "." or file.name == ".gitignore")
    if others:
        raise InvalidInput(
            f"--project {folder}: has no Pulumi.yaml, but {others[0]}{' and more' if len(others) > 1 else ''}",
            "Pass the folder of a Pulumi project, or an empty one, which becomes one",
        )
    return project


def require_deploys(project: Project) -> None:
    """Raises InvalidInput if a program of the user's own does not deploy `agentcore:gateways`."""
    if not project.is_pulumi:
        return
    programs = [*project.folder.glob("*.py"), *project.folder.glob("*/__main__.py")]
    if not any("stack_config" in file.read_text(encoding="utf-8", errors="replace") for file in programs):
        raise InvalidInput(
            f"The program in {project.folder} does not deploy agentcore:gateways",
            "Call agentcore_provider.stack_config.deploy() in it, or choose another folder with --project",
        )


def write(project: Project) -> bool:
    """Make the folder a project, unless it is one; returns whether that is new."""
    if project.is_pulumi and _MARK not in (project.folder / "Pulumi.yaml").read_text(encoding="utf-8"):
        return False
    fresh = not project.is_pulumi
    project.make_state_folder()
    _write(project.folder / ".gitignore", ".agentcore/\n__pycache__/\n")
    _write(project.folder / "__main__.py", _PROGRAM)
    # Written each time: the environment of the command may have moved.
    _write(project.folder / "Pulumi.yaml", _description(project))
    return fresh


def passphrase_file(project: Project) -> Path:
    """The file with the passphrase of the project's secrets, made when it is first asked for."""
    file = project.passphrase_file
    if not file.exists():
        project.make_state_folder()
        draft = file.with_name(f"{file.name}-{os.getpid()}")
        try:
            files.write_private(draft, secrets.token_urlsafe(32))
            # Another command, of another stack, may have made one meanwhile, with which secrets are locked already.
            with contextlib.suppress(FileExistsError):
                file.hardlink_to(draft)
        finally:
            draft.unlink(missing_ok=True)
    return file


def _description(project: Project) -> str:
    lines = [
        _MARK + " Gateways are described in Pulumi.<stack>.yaml.",
        "name: agentcore-gateways",
        "description: Gateways made with the agentcore command",
        "backend:",
        f"  url: {json.dumps(f'file://{project.backend_folder}')}",
        "runtime:",
        "  name: python",
    ]
    if sys.prefix != sys.base_prefix:
        lines += ["  options:", "    toolchain: pip", f"    virtualenv: {json.dumps(sys.prefix)}"]
    return "\n".join([*lines, ""])


def _write(file: Path, text: str) -> None:
    if not file.is_file() or file.read_text(encoding="utf-8") != text:
        files.write(file, text)

"""The port of stack `local`, moved for a `make up PORT=…` and moved back by `make down`: its file is under git."""

from __future__ import annotations

import re
from pathlib import Path

from agentcore_provider.cli import files
from agentcore_provider.cli.project import Project


class DemoPort:
    """Where stack `local` of a project looks for local AWS."""

    def __init__(self, project: Project) -> None:
        self.file: Path = project.folder / "Pulumi.local.yaml"
        self._project = project
        self._before = project.state_folder / "port-before"

    @property
    def number(self) -> int:
        """The port that the stack's file names."""
        return self._project.local_port()

    def move(self, port: int) -> bool:
        """Let the stack's file name another port, until `move_back`; returns whether it had to change."""
        if port == self.number:
            return False
        if not self._before.exists():
            self._project.make_state_folder()
            self._before.write_text(f"{self.number}\n", encoding="utf-8")
        self._replace(port)
        return True

    def move_back(self) -> bool:
        """Let the stack's file name the port that it named first; other changes stay. Returns whether it had moved."""
        if not self._before.exists():
            return False
        self._replace(int(self._before.read_text(encoding="utf-8")))
        self._before.unlink()
        return True

    def _replace(self, port: int) -> None:
        # Other addresses on this machine may be targets of the user's.
        text = re.sub(rf"\b127\.0\.0\.1:{self.number}\b", f"127.0.0.1:{port}", self.file.read_text(encoding="utf-8"))
        files.write(self.file, text)

"""A shell as a new user has it, in which lines of the documents are typed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.support.local_aws import CONTROL, LocalAws
from tests.support.stack import clean_environment


class Shell:
    """A shell of a other owner: an empty folder, a home of its own, and the command."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "empty"
        self.folder.mkdir()
        self.project = folder / "data" / "agentcore" / "project"
        self.environment = {**clean_environment(), "XDG_DATA_HOME": str(folder / "data")}
        self.aws = LocalAws()

    def run(self, line: str) -> subprocess.CompletedProcess[str]:
        """A line as it is typed."""
        return subprocess.run(
            line,
            shell=True,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=280,
        )

    def succeeds(self, line: str) -> str:
        """What a line prints that has to succeed."""
        done = self.run(line)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def changes(self, line: str) -> dict[str, int]:
        """What a line that takes --json did to the stack."""
        changes: dict[str, int] = json.loads(self.succeeds(f"{line} --json"))["changes"]
        return changes

    def gateways(self, region: str = "us-west-2") -> list[str]:
        """Names of the gateways in AWS."""
        control = self.aws.client(CONTROL, region)
        return [gateway["name"] for gateway in control.list_gateways()["items"]]

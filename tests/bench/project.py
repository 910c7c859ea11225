"""A Pulumi project in a folder of its own, deployed to a local AWS by the engine as a user runs it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from agentcore_provider.cli.local_aws.environment import local_environment
from agentcore_provider.cli.local_aws.process import LocalAws as RunningLocalAws
from agentcore_provider.cli.project import Project as FolderOfProject
from tests.bench.command import Ended, run
from tests.bench.environment import python_of
from tests.bench.local_aws import BenchAws, clean_environment
from tests.bench.results import ROOT

_PULUMI = ROOT / ".venv" / "bin" / "pulumi"
_PULUMI_YAML = """name: {name}
runtime: {{name: python, options: {{toolchain: pip, virtualenv: .venv}}}}
"""
_STACK = """config:
  agentcore:endpointUrl: {endpoint}
  aws:region: us-west-2
"""


class Project:
    """Stack `local` of a program. parallel: PULUMI_PARALLEL; None for the engine's own default."""

    def __init__(self, folder: Path, program: str, aws: BenchAws, *, parallel: int | None = 64) -> None:
        self.folder = folder
        (folder / ".agentcore" / "state").mkdir(parents=True)
        (folder / ".venv").symlink_to(python_of("agentcore").parents[1])
        (folder / "Pulumi.yaml").write_text(_PULUMI_YAML.format(name=folder.name))
        (folder / "Pulumi.local.yaml").write_text(_STACK.format(endpoint=aws.endpoint))
        self.write(program)
        running = RunningLocalAws(0, 0, aws.endpoint, aws.aws_plugin_port)
        inherited = clean_environment()
        path = f"{folder / '.venv' / 'bin'}:{_PULUMI.parent}:{inherited['PATH']}"
        self.environment = {**inherited, **local_environment(FolderOfProject(folder), running, path), "PATH": path}
        self.environment.pop("PULUMI_PARALLEL")
        if parallel is not None:
            self.environment["PULUMI_PARALLEL"] = str(parallel)
        self.pulumi("stack", "init", "local")

    def write(self, program: str) -> None:
        """Replace the program."""
        (self.folder / "__main__.py").write_text(program)

    def up(self) -> Ended:
        """`pulumi up` without a preview."""
        return self.pulumi("up", "--yes", "--skip-preview", "--stack", "local")

    def refresh(self) -> Ended:
        """`pulumi refresh` without a preview."""
        return self.pulumi("refresh", "--yes", "--skip-preview", "--stack", "local")

    def destroy(self) -> Ended:
        """`pulumi destroy` without a preview."""
        return self.pulumi("destroy", "--yes", "--skip-preview", "--stack", "local")

    def pulumi(self, *arguments: str) -> Ended:
        """Any pulumi command."""
        command: list[str | Path] = [_PULUMI, *arguments, "--non-interactive"]
        return run(command, environment=self.environment, folder=self.folder, limit_seconds=1800)

    def agentcore(self, *arguments: str) -> Ended:
        """A command of the package."""
        program = self.folder / ".venv" / "bin" / "agentcore"
        return run([program, *arguments], environment=self.environment, folder=self.folder)

    def resources(self) -> int:
        """How many resources the stack has, without the providers that the engine keeps there."""
        state = json.loads(self.pulumi("stack", "export", "--stack", "local").text)
        types = [it["type"] for it in state["deployment"].get("resources") or []]
        return sum(not it.startswith("pulumi:providers:") for it in types)

    @contextmanager
    def watched_plugin(self) -> Iterator[Mapping[str, float]]:
        """While it is open, watch the processes that run dynamic providers; afterwards `MB` is the most memory of one,
        and `CPU` the most seconds of processor, where the system shows them by process."""
        peak: dict[str, float] = {}
        ended = threading.Event()

        def watch() -> None:
            while not ended.wait(0.1):
                for process, megabytes in self._plugins():
                    peak["MB"] = max(peak.get("MB", 0), _peak_of(process) or megabytes)
                    if (cpu := _cpu_of(process)) is not None:
                        peak["CPU"] = max(peak.get("CPU", 0), cpu)

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield peak
        finally:
            ended.set()
            watcher.join()

    def _plugins(self) -> list[tuple[int, float]]:
        listed = subprocess.run(
            ["ps", "-e", "-ww", "-o", "pid=,rss=,args="], capture_output=True, text=True, check=True
        )
        lines = [it.split(maxsplit=2) for it in listed.stdout.splitlines()]
        return [
            (int(pid), int(kilobytes) / 1024)
            for pid, kilobytes, line in lines
            if str(self.folder) in line and "pulumi.dynamic" in line
        ]


def _peak_of(process: int) -> float | None:
    """The most memory that a process has had, where the system keeps it."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return None
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else None


def _cpu_of(process: int) -> float | None:
    """Seconds of processor of a process so far, where the system shows them in fractions."""
    try:
        # After the name, which is in brackets and may have spaces: the 14th and 15th of all fields.
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

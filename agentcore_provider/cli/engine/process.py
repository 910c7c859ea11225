"""The engine's process as the Automation API starts it: in a session of its own, so that each signal reaches it once."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from typing import IO

from pulumi import automation as auto
from pulumi.automation.errors import create_command_error

from agentcore_provider.cli.signals import forwarded_to

_OnLine = Callable[[str], object]


class EngineProcess(auto.PulumiCommand):
    """A terminal sends Ctrl-C to all its processes, and SIGHUP, which the engine would not survive, when it closes."""

    def run(
        self,
        args: list[str],
        cwd: str,
        additional_env: Mapping[str, str],
        on_output: _OnLine | None = None,
        on_error: _OnLine | None = None,
    ) -> auto.CommandResult:
        """Run one command of the engine. Raises the Automation API's errors, and KeyboardInterrupt or SystemExit."""
        environment = {**os.environ, **additional_env, "PULUMI_AUTOMATION_API": "true"}
        if os.path.isabs(self.command):
            # The language host built with this engine, not another one on PATH.
            environment["PATH"] = os.pathsep.join([os.path.dirname(self.command), environment.get("PATH", os.defpath)])
        # Into files, not pipes: an engine whose command was killed finishes its operation, where a closed pipe would kill it.
        with tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as complaint:
            process = subprocess.Popen(  # noqa: S603 (the engine; no shell)
                [self.command, "--non-interactive", *args],
                cwd=cwd,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=complaint,
                start_new_session=True,
            )
            with process, forwarded_to(process):
                code = process.wait()
            result = auto.CommandResult(stdout=_text(answer, on_output), stderr=_text(complaint, on_error), code=code)
        if code:
            raise create_command_error(result)
        return result


def _text(file: IO[bytes], on_line: _OnLine | None) -> str:
    file.seek(0)
    lines = [line.rstrip() for line in file.read().decode(errors="replace").splitlines()]
    if on_line is not None:
        for line in lines:
            on_line(line)
    return "\n".join(lines)

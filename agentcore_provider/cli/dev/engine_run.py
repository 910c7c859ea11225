"""`pulumi preview` or `pulumi up` in a process of its own, beside the watching of files; what it found."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from agentcore_provider.cli.engine.events import called, reason
from agentcore_provider.cli.local_aws.environment import REAL_ACCOUNT
from agentcore_provider.cli.pulumi_command import PulumiCommand, error_line
from agentcore_provider.cli.signals import forwarded_to
from agentcore_provider.cli.terminal import say_if_open
from agentcore_provider.documents.json_types import JsonObject

_ABOUT_TOOLS = "tools: "
_UNCHANGED = {"same", "read", "refresh"}
_FRAME = re.compile(r'File "(?P<file>[^"]+)", line (?P<line>\d+)')
_SYNTAX_ERROR = re.compile(r"^(?:SyntaxError|IndentationError|TabError)\b")
_STOP_SECONDS = 10


@dataclass(frozen=True)
class Found:
    """What a run of the engine found."""

    tools: tuple[str, ...] = ()
    """What callers of tools would notice, a line each, with the target."""
    changes: tuple[tuple[str, str], ...] = ()
    """Operation and URN of each resource that differs."""
    failure: str = ""
    """Why it failed; empty if it did not."""


class EngineRun:
    """One run, from its start on."""

    def __init__(self, pulumi: PulumiCommand, *arguments: str) -> None:
        """arguments: of pulumi, the operation first. Raises AgentCoreError if it is not installed."""
        self.operation = arguments[0]
        self._pulumi = pulumi
        # The events have what the program has, so they are in a folder that only its user can read.
        self._folder = tempfile.TemporaryDirectory(prefix="agentcore-dev-")
        self._events = Path(self._folder.name) / "events.json"
        self._output = tempfile.TemporaryFile()  # noqa: SIM115 (open until the run has ended)
        environment = {name: value for name, value in pulumi.environment.items() if name not in REAL_ACCOUNT}
        self._process = subprocess.Popen(  # noqa: S603 (the engine; no shell)
            pulumi.command(*arguments, "--event-log", str(self._events)),
            cwd=pulumi.project.folder,
            # Without the variable the engine has no --event-log.
            env=environment | {"PULUMI_DEBUG_COMMANDS": "true"},
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def result(self) -> Found | None:
        """What it found; None while it runs."""
        code = self._process.poll()
        if code is None:
            return None
        try:
            return self._found(code)
        finally:
            self._close()

    def stop(self) -> None:
        """End it, and wait until the engine has saved its state and released its lock."""
        try:
            if self._process.poll() is None:
                self._interrupt()
        finally:
            self._close()

    def _interrupt(self) -> None:
        if self.operation != "preview":
            with contextlib.suppress(KeyboardInterrupt, SystemExit), forwarded_to(self._process):
                self._process.send_signal(signal.SIGINT)
                say_if_open(
                    "Stopping: the engine finishes its current operations and saves its state; Ctrl-C stops it at once"
                )
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _close(self) -> None:
        self._output.close()
        self._folder.cleanup()

    def _found(self, code: int) -> Found:
        tools: list[str] = []
        errors: list[str] = []
        changes: list[tuple[str, str]] = []
        for event in self._read_events():
            if isinstance(diagnostic := event.get("diagnosticEvent"), dict):
                message, urn = str(diagnostic.get("message", "")), str(diagnostic.get("urn") or "")
                if diagnostic.get("severity") == "error":
                    if line := reason(self._in_program(message)):
                        errors.append(": ".join(filter(None, (called(urn), line))))
                elif message.startswith(_ABOUT_TOOLS):
                    line = reason(message.removeprefix(_ABOUT_TOOLS))
                    tools.append(f"{called(urn).rpartition(' ')[2]}: {line}")
            elif isinstance(step := event.get("resourcePreEvent"), dict):
                operation, urn = str(step["metadata"]["op"]), str(step["metadata"]["urn"])
                if operation not in _UNCHANGED and called(urn) and "pulumi:providers:" not in urn:
                    changes.append((operation, urn))
        failure = ""
        if code:
            self._output.seek(0)
            output = self._output.read().decode(errors="replace")
            failure = "; ".join(dict.fromkeys(errors)) or error_line(output)
        return Found(tuple(dict.fromkeys(tools)), tuple(dict.fromkeys(changes)), failure)

    def _read_events(self) -> Iterator[JsonObject]:
        with contextlib.suppress(FileNotFoundError), self._events.open(encoding="utf-8") as lines:
            for line in lines:
                # The last line of a run that was killed may be cut.
                with contextlib.suppress(ValueError):
                    yield json.loads(line)

    def _in_program(self, message: str) -> str:
        """A traceback of the program as one line, with the place in the project's files that it came through last."""
        frames = [(Path(it["file"]), it["line"]) for it in _FRAME.finditer(message)]
        folder = self._pulumi.project.folder.resolve()
        own = [
            f"{file.relative_to(folder)}:{line}: "
            for file, line in frames
            if file.is_relative_to(folder) and not any(it.startswith(".") for it in file.relative_to(folder).parts)
        ]
        if not frames:
            return message
        lines = [it.strip() for it in message.splitlines() if it.strip()]
        return f"{own[-1] if own else ''}{lines[-1]}"

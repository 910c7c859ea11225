"""Commands as a user runs them: how long they take, and the memory that they need at most."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# A process counts the memory of the one that started it as its own most, so a small one starts it.
_MEASURE = """
import json, os, sys, time
started = time.monotonic()
process = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(process, 0)
ended = {"seconds": time.monotonic() - started, "code": os.waitstatus_to_exitcode(status), "memory": usage.ru_maxrss}
ended["cpu"] = usage.ru_utime + usage.ru_stime
with open(sys.argv[1], "w") as file:
    json.dump(ended, file)
"""


class CommandFailed(Exception):
    """A command ended with another exit code than 0; the message has the end of what it printed."""


@dataclass(frozen=True)
class Ended:
    """A command that ended well.

    cpu: seconds of processor, those of the processes that it started and waited for among them.
    megabytes: the most memory of its process, without those that it started.
    """

    seconds: float
    cpu: float
    megabytes: float
    text: str


def run(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    limit_seconds: float = 900,
    accepts: Sequence[int] = (0,),
) -> Ended:
    """Run it and wait. accepts: exit codes that are no failure."""
    with tempfile.TemporaryDirectory() as scratch:
        answer = Path(scratch, "ended")
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _MEASURE, answer, *command],
            env=None if environment is None else dict(environment),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            text, _ = process.communicate(timeout=limit_seconds)
        except subprocess.TimeoutExpired as error:
            raise CommandFailed(f"{_name(command)} has not ended after {limit_seconds:g} s") from error
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        ended = json.loads(answer.read_text())
    if ended["code"] not in accepts:
        # Above its diagnostics pulumi lists every resource, below them what became of them.
        lines = [it.strip() for it in text[max(text.find("Diagnostics:"), 0) :].splitlines() if it.strip()]
        reported = lines[1:5] if "Diagnostics:" in text else lines[-1:] if "Traceback" in text else lines[-3:]
        raise CommandFailed(f"{_name(command)} ended with {ended['code']}: {' / '.join(reported)[:500]}")
    kilobytes = ended["memory"] if sys.platform.startswith("linux") else ended["memory"] / 1024
    return Ended(ended["seconds"], ended["cpu"], kilobytes / 1024, text)


def _name(command: Sequence[str | Path]) -> str:
    return " ".join(Path(it).name for it in command[:3])

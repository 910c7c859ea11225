"""Writes the state of local AWS shortly after it changes, and puts it back at the next start.

Not before each answer: a deployment changes it hundreds of times, and each time the whole state would be written. One
thread writes once no request has changed anything for a moment, at the latest a second after the first change, and for
a twentieth of the time at most. A process that is killed loses what came after the last write.
"""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import TypeVar

from agentcore_provider.local import kept
from agentcore_provider.local.disk import contents, state_file
from agentcore_provider.local.disk.gate import Gate
from agentcore_provider.local.disk.state_file import Header, StateUnusableError
from agentcore_provider.local.disk.state_folder import StateFolder, installed_version
from agentcore_provider.local.settings import Clock
from agentcore_provider.local.store import LOCK

_Result = TypeVar("_Result")
_QUIET_SECONDS = 0.1
_LATEST_SECONDS = 1.0
_PATIENCE_SECONDS = 0.5
_PAUSE = 20.0
"""How many times as long as the last write the next one is away."""
_RETRY_SECONDS = 1.0
"""How long after a write that failed the next one is, at least."""
_ATTEMPTS = 5
_NOT_WRITTEN = "The state of local AWS cannot be written"


class Keeper:
    """Keeps the state of this process, from construction until `close`.

    folder: where it is kept; its `lock` is held by this process.
    reset: makes local AWS empty. keeps: whether changes are written; else only what is saved under a name.
    """

    def __init__(
        self, folder: StateFolder, *, clock: Clock, base_url: str, reset: Callable[[], None], keeps: bool = True
    ) -> None:
        self.folder = folder
        self.keeps = keeps
        self.problem = ""
        """Why local AWS did not go on with its last state, or cannot write it; empty if all is well."""
        self.gate = Gate()
        self._clock = clock
        self._base_url = base_url
        self._reset = reset
        self._condition = threading.Condition()
        self._writing = threading.RLock()
        self._changed_at: float | None = None
        """When something last changed that is not written; None if nothing has."""
        self._first_changed_at = 0.0
        self._is_writing = False
        self._pause = 0.0
        self._is_ending = False
        self._since = time.time()
        """When everything was last forgotten, or replaced by what was saved."""
        self._unwritable: set[contents.BackendName] = set()
        self._stop_listening = kept.on_change(self.changed) if keeps else lambda: None
        self._thread = threading.Thread(target=self._run, name="local-aws-state", daemon=True)
        if keeps:
            self._go_on()
            self._thread.start()

    def status(self) -> dict[str, object]:
        """What GET /_local/status reports."""
        not_kept = sorted({contents.service_of(it) for it in self._unwritable})
        where = {"file": str(self.folder.current)} if self.keeps else {}
        return {
            "kept": self.keeps,
            **where,
            "since": self._since,
            "written": self._is_written(),
            "problem": self.problem,
            "not_kept": not_kept,
        }

    def _is_written(self) -> bool:
        with self._condition:
            return self._changed_at is None and not self._is_writing

    def changed(self) -> None:
        """Have the state written soon."""
        with self._condition:
            now = time.monotonic()
            if self._changed_at is None:
                self._first_changed_at = now
                self._condition.notify_all()
            self._changed_at = now

    def save(self, name: str) -> None:
        """Write the state under a name. Raises StateNameError, StateUnusableError, OSError, RuntimeError."""
        path = self.folder.saved(name)
        self.folder.make()
        self._write(path)

    def load(self, name: str) -> None:
        """Replace everything by what was saved under a name.

        Raises StateNameError; FileNotFoundError; StateUnusableError, OSError, RuntimeError, after which local AWS has
        what it had.
        """
        found = self.folder.read(self.folder.saved(name))
        with self._writing:
            before = self._gather()
            try:
                self._put(*found)
            except StateUnusableError:
                self._put(*before)
                raise
            self.replaced()

    def replaced(self) -> None:
        """Write that everything was forgotten or replaced, before this returns."""
        self._since = time.time()
        self._unwritable.clear()
        self.changed()
        self.write_now()

    def write_now(self) -> None:
        """Write what has changed, if anything has, before this returns."""
        with self._writing:
            self._write_changes()

    def _write_changes(self) -> None:
        with self._condition:
            is_changed, self._changed_at = self._changed_at is not None, None
            self._is_writing = is_changed and self.keeps
        if not self._is_writing:
            return
        try:
            self._write(self.folder.current)
        except OSError as error:
            self._fail(f"{_NOT_WRITTEN} to {self.folder.current} ({error.strerror})")
        except StateUnusableError as error:
            self._fail(f"{_NOT_WRITTEN} to {self.folder.current}: it {error}")
        except RuntimeError:
            # Something changed at each attempt; what changed it has reported that.
            self.changed()
        else:
            if self.problem.startswith(_NOT_WRITTEN):
                self.problem = ""
        finally:
            with self._condition:
                self._is_writing = False

    def _fail(self, problem: str) -> None:
        self._report(problem)
        self._pause = max(self._pause, _RETRY_SECONDS)
        self.changed()

    def close(self) -> None:
        """Write what has changed, and stop."""
        self._stop_listening()
        with self._condition:
            self._is_ending = True
            self._condition.notify_all()
        if self.keeps:
            self._thread.join()
            self.write_now()

    def _go_on(self) -> None:
        path = self.folder.current
        try:
            header, content = self.folder.read(path)
            self._put(header, content)
            self._since = header.since
        except FileNotFoundError:
            return
        except StateUnusableError as error:
            self._reset()
            aside = f"it is kept as {self._set_aside(path)}"
            cure = f". {error.cure}" if error.cure else ""
            self._report(f"Local AWS starts empty: its state in {path} {error}; {aside}{cure}")

    def _set_aside(self, path: Path) -> str:
        try:
            return str(self.folder.set_aside(path))
        except OSError:
            return str(path)

    def _put(self, header: Header, content: bytes) -> None:
        """Replace everything. Raises RuntimeError; StateUnusableError, after which local AWS is empty."""

        def put() -> None:
            self._reset()
            self._clock.go_on_from(header.clock)
            try:
                contents.restore(content, self._clock, base_url=self._base_url, old_base_url=header.base_url)
            except StateUnusableError:
                self._reset()
                raise

        self._alone(put)

    def _write(self, path: Path) -> None:
        """Raises StateUnusableError, OSError; RuntimeError if something changes all the time."""
        with self._writing:
            began = time.thread_time()
            try:
                state_file.write(path, *self._gather())
            finally:
                self._pause = _PAUSE * (time.thread_time() - began)

    def _gather(self) -> tuple[Header, bytes]:
        return self._alone(lambda: (self._header(), contents.gather(self._unwritable)))

    def _alone(self, action: Callable[[], _Result]) -> _Result:
        """Do something while no request changes anything. Raises RuntimeError if one does at each attempt."""
        for attempt in range(_ATTEMPTS):
            with self.gate.closed(_PATIENCE_SECONDS), contextlib.ExitStack() as locked:
                # Whoever has it may wait for a request that the gate keeps out.
                if not LOCK.acquire(timeout=_PATIENCE_SECONDS):
                    continue
                locked.callback(LOCK.release)
                try:
                    return action()
                except RuntimeError:
                    if attempt == _ATTEMPTS - 1:
                        raise
        raise RuntimeError("The state of local AWS is in use")

    def _header(self) -> Header:
        return Header(
            saved_at=datetime.now(timezone.utc).isoformat(timespec="seconds"),
            package=installed_version("agentcore-provider"),
            moto=installed_version("moto"),
            base_url=self._base_url,
            clock=self._clock(),
            since=self._since,
        )

    def _run(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(lambda: self._changed_at is not None or self._is_ending)
                while not self._is_ending and (seconds := self._seconds_left()) > 0:
                    self._condition.wait(seconds)
                if self._is_ending:
                    return
            self.write_now()
            with self._condition:
                self._condition.wait_for(lambda: self._is_ending, self._pause)

    def _seconds_left(self) -> float:
        quiet_at = (self._changed_at or 0.0) + _QUIET_SECONDS
        return min(quiet_at, self._first_changed_at + _LATEST_SECONDS) - time.monotonic()

    def _report(self, problem: str) -> None:
        if problem != self.problem:
            print(problem, file=sys.stderr)
        self.problem = problem

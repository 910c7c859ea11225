"""What a client is doing, where people look: one line of the terminal, or one status below a notebook's cell.

A script that has configured logging at INFO reads it there instead, and one that asks the logger for no more than
warnings reads nothing.
"""

from __future__ import annotations

import functools
import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from typing import Any, Protocol, TypeVar, cast

Method = TypeVar("Method", bound=Callable[..., Any])

# In a log file, where no line can be replaced: how often to repeat that something is still waited for.
LINE_SECONDS = 10.0


class _Surface(Protocol):
    def show(self, text: str) -> None:
        """Show what is going on, in place of what was shown."""

    def end(self, text: str | None) -> None:
        """Show how it ended; None takes away what was shown."""


class Progress:
    """Shows one operation at a time; those that it consists of are shown as its steps."""

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger
        self._depth = 0
        self._surface: _Surface | None = None

    def tell(self, text: str) -> None:
        """Say what is going on."""
        if self._surface is not None:
            self._surface.show(text)

    @contextmanager
    def operation(self, name: str) -> Iterator[None]:
        """While it runs, its messages are displayed."""
        if self._depth == 0:
            self._surface = _surface(self._logger)
        began = time.monotonic()
        self._depth += 1
        ended: str | None = None
        try:
            yield
            ended = f"{name}: done in {time.monotonic() - began:.1f} s"
        finally:
            self._depth -= 1
            if self._depth == 0 and self._surface is not None:
                self._surface.end(ended)
                self._surface = None


def shown(method: Method) -> Method:
    """A method of a client whose progress is shown."""

    @functools.wraps(method)
    def run(self: Any, *args: Any, **kwargs: Any) -> Any:
        with self._progress.operation(method.__name__):
            return method(self, *args, **kwargs)

    return cast("Method", run)


def _surface(logger: logging.Logger) -> _Surface | None:
    if logger.hasHandlers() and logger.isEnabledFor(logging.INFO):
        return _Log(logger)
    if logger.level > logging.INFO:
        return None
    if _is_notebook():
        return _Cell()
    return _Terminal() if sys.stderr.isatty() else _Lines()


def _is_notebook() -> bool:
    """Whether this runs in a notebook's kernel; IPython is not imported for it."""
    shell: Any = sys.modules.get("IPython")
    running = shell.get_ipython() if shell is not None else None
    return running is not None and hasattr(running, "kernel")


class _Log:
    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger

    def show(self, text: str) -> None:
        self._logger.info("%s", text)

    def end(self, text: str | None) -> None:
        if text is not None:
            self._logger.info("%s", text)


class _Terminal:
    def __init__(self) -> None:
        self._is_dirty = False

    def show(self, text: str) -> None:
        self._write(text)
        self._is_dirty = True

    def end(self, text: str | None) -> None:
        if self._is_dirty:
            self._write("" if text is None else f"{text}\n")

    def _write(self, text: str) -> None:
        from shutil import get_terminal_size

        width = max(get_terminal_size().columns - 1, 20)
        cut = text if len(text) <= width or text.endswith("\n") else text[: width - 1] + "…"
        # Back to the beginning of the line, and clear it.
        sys.stderr.write(f"\r\x1b[K{cut}")
        sys.stderr.flush()


class _Lines:
    def __init__(self) -> None:
        self._last, self._shown_at = "", 0.0

    def show(self, text: str) -> None:
        # What is waited for is displayed again each second, with the seconds in it.
        again = text.partition("(")[0] == self._last.partition("(")[0]
        if again and time.monotonic() - self._shown_at < LINE_SECONDS:
            return
        self._last, self._shown_at = text, time.monotonic()
        print(text, file=sys.stderr, flush=True)

    def end(self, text: str | None) -> None:
        if self._last and text is not None:
            print(text, file=sys.stderr, flush=True)


class _Cell:
    def __init__(self) -> None:
        self._handle: Any = None

    def show(self, text: str) -> None:
        from IPython import display

        # IPython has no types for these.
        show: Any = display.display
        html: Any = display.HTML
        status = html(f"<small>{escape(text)}</small>")
        if self._handle is None:
            self._handle = show(status, display_id=True)
        else:
            self._handle.update(status)

    def end(self, text: str | None) -> None:
        if self._handle is not None:
            self.show(text or "")

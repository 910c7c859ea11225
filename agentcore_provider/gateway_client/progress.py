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
from typing import Any, TypeVar, cast

Method = TypeVar("Method", bound=Callable[..., object])

# In a log file, where no line can be replaced: how often to repeat that something is still waited for.
LINE_SECONDS = 10.0


class Progress:
    """Displays one operation at a time."""

    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger
        self._surface: _Surface | None = None

    def report(self, text: str) -> None:
        """Display what is going on."""
        if self._surface is not None:
            self._surface.show(text)

    @contextmanager
    def operation(self, name: str) -> Iterator[None]:
        """While it runs, its messages are displayed."""
        surface = self._surface = _surface(self._logger)
        began, ended = time.monotonic(), None
        try:
            yield
            ended = f"{name}: done in {time.monotonic() - began:.1f} s"
        finally:
            self._surface = None
            if surface is not None:
                surface.end(ended)


def displayed(method: Method) -> Method:
    """A method of a client whose progress is displayed."""

    @functools.wraps(method)
    def run(self: Any, *args: object, **kwargs: object) -> object:
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
    shell = sys.modules.get("IPython")
    running = shell.get_ipython() if shell is not None else None
    return running is not None and hasattr(running, "kernel")


class _Surface:
    """Where progress is displayed."""

    def show(self, text: str) -> None:
        """Display the text in place of the last one."""
        raise NotImplementedError

    def end(self, text: str | None) -> None:
        """Display how the operation ended; None removes what was displayed."""
        if text is not None:
            self.show(text)


class _Log(_Surface):
    def __init__(self, logger: logging.Logger) -> None:
        self._logger = logger

    def show(self, text: str) -> None:
        self._logger.info("%s", text)


class _Terminal(_Surface):
    _is_dirty = False

    def show(self, text: str) -> None:
        from shutil import get_terminal_size

        width = max(get_terminal_size().columns - 1, 20)
        cut = text if len(text) <= width or text.endswith("\n") else text[: width - 1] + "…"
        # Back to the beginning of the line, and clear it.
        sys.stderr.write(f"\r\x1b[K{cut}")
        sys.stderr.flush()
        self._is_dirty = True

    def end(self, text: str | None) -> None:
        if self._is_dirty:
            self.show("" if text is None else f"{text}\n")


class _Lines(_Surface):
    _last, _shown_at = "", 0.0

    def show(self, text: str) -> None:
        # What is waited for is displayed again each second, with the seconds in it.
        again = text.partition("(")[0] == self._last.partition("(")[0]
        if again and time.monotonic() - self._shown_at < LINE_SECONDS:
            return
        self._last, self._shown_at = text, time.monotonic()
        print(text, file=sys.stderr, flush=True)

    def end(self, text: str | None) -> None:
        if self._last:
            super().end(text)


class _Cell(_Surface):
    # IPython has no types for it.
    _handle: Any = None

    def show(self, text: str) -> None:
        from IPython import display

        status = display.HTML(f"<small>{escape(text)}</small>")  # type: ignore[no-untyped-call]
        if self._handle is None:
            self._handle = display.display(status, display_id=True)  # type: ignore[no-untyped-call]
        else:
            self._handle.update(status)

    def end(self, text: str | None) -> None:
        if self._handle is not None:
            self.show(text or "")

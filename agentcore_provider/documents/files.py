"""Files that users name: regular ones, up to the limit, as text."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import Any, BinaryIO

from agentcore_provider.documents import reading
from agentcore_provider.documents.limits import MAX_BYTES, Unreadable, too_large

_KINDS = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISDIR, "a folder"),
)


def text(path: Path) -> str:
    """The text of a regular file in UTF-8. Raises Unreadable, one line about why there is none."""
    return _decoded(content_of(path), str(path))


def text_of_stdin() -> str:
    """What comes in on stdin, up to the limit. Raises Unreadable."""
    return text_of(sys.stdin.buffer, "stdin")


def text_of(stream: BinaryIO, name: str) -> str:
    """What a stream sends, up to the limit. Raises Unreadable."""
    content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise too_large().of(name)
    return _decoded(content, name)


def content_of(path: Path) -> bytes:
    """The bytes of a regular file, up to the limit. Raises Unreadable."""
    try:
        _require_regular(path, os.stat(path))
        # Should a pipe take the file's place now, opening does not wait for who writes into it.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(descriptor, "rb") as opened:
            known = os.fstat(descriptor)
            _require_regular(path, known)
            if known.st_size > MAX_BYTES:
                raise too_large(known.st_size).of(str(path))
            content = opened.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise _no_file(path, "there is no such file", "Give the path of a file that exists") from None
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise _no_file(path, f"cannot be read ({reason})", "Give the path of a readable file") from None
    except Unreadable:
        raise
    except ValueError:  # a path with a zero byte
        raise _no_file(path, "is not the path of a file", "Give the path of a file that exists") from None
    if len(content) > MAX_BYTES:
        raise too_large().of(str(path))
    return content


def read(path: Path) -> Any:
    """What a JSON or YAML file says. Its ending decides which: everything but .json is read as YAML.

    Raises Unreadable.
    """
    return parse(text(path), name=str(path), yaml=path.suffix.lower() != ".json")


def parse(content: str, *, name: str, yaml: bool = True) -> Any:
    """What a text in JSON, or in YAML, says. name: what to call it in errors. Raises Unreadable."""
    try:
        return reading.parsed(content, yaml=yaml)
    except Unreadable as error:
        raise error.of(name) from None


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _no_file(name, f"is not UTF-8 text (byte {error.start})", "Save it as UTF-8") from None


def _require_regular(path: Path, known: os.stat_result) -> None:
    if not stat.S_ISREG(known.st_mode):
        kind = next((name for is_it, name in _KINDS if is_it(known.st_mode)), "no file")
        raise _no_file(path, f"is {kind}, not a regular file", "Give the path of a file")


def _no_file(path: Path | str, why: str, cure: str) -> Unreadable:
    name = str(path)
    return Unreadable(why, cure, source="the file", name=name if name.isprintable() else repr(name))

"""The format of a file with the state of local AWS.

A header in JSON on the first line, the pickled state, and the SHA-256 of both. Who loads a pickle runs what is in it, so
a file counts only if nobody but its owner, who is also the reader, can have written it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

FORMAT = 1
_LONGEST_HEADER = 4096
_DIGEST_BYTES = 32
_MODE = 0o600


class StateUnusableError(Exception):
    """A state that cannot be used. The text says why; `cure`: what to do."""

    def __init__(self, why: str, cure: str = "") -> None:
        super().__init__(why)
        self.cure = cure


@dataclass(frozen=True)
class Header:
    """base_url: the address of the local AWS that wrote the state. clock: what its clock showed.

    since: when it was last emptied, or another state was loaded; in seconds since the epoch.
    """

    saved_at: str
    package: str
    moto: str
    base_url: str
    clock: float
    since: float
    format: int = FORMAT


def write(path: Path, header: Header, state: bytes) -> None:
    """Replace a file: after a crash it is the old one or the new one. Raises OSError."""
    text = json.dumps(asdict(header)).encode() + b"\n"
    digest = hashlib.sha256(text)
    digest.update(state)
    draft = path.with_name(f".{path.name}-{os.getpid()}")
    draft.unlink(missing_ok=True)
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, _MODE)
        with os.fdopen(descriptor, "wb") as file:
            file.writelines((text, state, digest.digest()))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read(path: Path) -> tuple[Header, bytes]:
    """The header and the state of a file. Raises FileNotFoundError, StateUnusableError."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise StateUnusableError(f"cannot be read ({(error.strerror or repr(error)).lower()})") from None
    try:
        _require_own(os.fstat(descriptor))
        _require_own(os.stat(path.parent), folder=True)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            content = file.read()
    finally:
        os.close(descriptor)
    line, found, rest = content[: _LONGEST_HEADER + 1].partition(b"\n")
    document = _object(line) if found else None
    if document is None:
        raise _damaged()
    format_ = document.get("format")
    if isinstance(format_, int) and format_ > FORMAT:
        raise StateUnusableError(
            f"was written by a newer version of the package (format {format_}, this one reads {FORMAT})",
            "Install that version to use it",
        )
    body, digest = content[:-_DIGEST_BYTES], content[-_DIGEST_BYTES:]
    if len(rest) < _DIGEST_BYTES or hashlib.sha256(body).digest() != digest:
        raise _damaged()
    return _header(document), body[len(line) + 1 :]


def _require_own(status: os.stat_result, *, folder: bool = False) -> None:
    what = "is in a folder that" if folder else ""
    if not folder and not stat.S_ISREG(status.st_mode):
        raise StateUnusableError("is not a file")
    if status.st_uid != os.geteuid():
        raise StateUnusableError(f"{what} belongs to another user".lstrip())
    if status.st_mode & 0o022:
        raise StateUnusableError(f"{what} can be written by other users".lstrip())


def _object(line: bytes) -> Mapping[str, object] | None:
    try:
        document = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _header(document: Mapping[str, object]) -> Header:
    # The digest is right, so what is written here was meant.
    try:
        return Header(**{field.name: document[field.name] for field in fields(Header)})  # type: ignore[arg-type]
    except KeyError:
        raise _damaged() from None


def _damaged() -> StateUnusableError:
    return StateUnusableError("is damaged")

"""Files of users: what is read, and what is refused before it is."""

import os
import socket
from pathlib import Path

import pytest

from agentcore_provider.documents import files
from agentcore_provider.documents.limits import MAX_BYTES
from agentcore_provider.errors import InvalidInput


def test_a_file_is_read_by_its_ending(tmp_path: Path) -> None:
    """JSON and YAML, with a byte order mark or without."""
    (tmp_path / "a.json").write_bytes(b'\xef\xbb\xbf{"a": 1}')
    (tmp_path / "a.yaml").write_text("a: 1")
    assert files.read(tmp_path / "a.json") == files.read(tmp_path / "a.yaml") == {"a": 1}
    (tmp_path / "b.json").write_text("a: 1")
    with pytest.raises(InvalidInput, match=r"b.json: line 1, column 1: is not JSON"):
        files.read(tmp_path / "b.json")


def test_a_file_above_the_limit_is_not_read(tmp_path: Path) -> None:
    """Its size is reported, and it is a file of holes: nobody could read it in time."""
    file = tmp_path / "large.yaml"
    with file.open("wb") as opened:
        opened.truncate(1 << 40)
    with pytest.raises(InvalidInput, match=f"large.yaml: has {1 << 40:,} bytes, over the {MAX_BYTES:,}"):
        files.text(file)


def test_what_is_not_a_regular_file_is_refused(tmp_path: Path) -> None:
    """Pipes without waiting for who writes, devices, sockets, folders, and links to them."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zeros").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket"))
    for name, kind in (("pipe", "a named pipe"), ("zeros", "a device"), ("socket", "a socket"), (".", "a folder")):
        with pytest.raises(InvalidInput, match=f"is {kind}, not a regular file"):
            files.text(tmp_path / name)


def test_what_is_not_there_or_no_text_is_one_line(tmp_path: Path) -> None:
    """A missing file, a path that no file can have, bytes that are no UTF-8."""
    (tmp_path / "latin.json").write_bytes(b'{"a": "\xe9"}')
    for path, reported in (
        (tmp_path / "nowhere", "there is no such file"),
        (Path("a\0b"), "is not the path of a file"),
        (Path("a" * 5000), "cannot be read"),
        (tmp_path / "latin.json", r"is not UTF-8 text \(byte 7\)"),
    ):
        with pytest.raises(InvalidInput, match=reported):
            files.text(path)

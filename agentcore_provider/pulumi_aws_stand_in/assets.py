"""Assets and archives of a Pulumi program, and the bytes and zip files they stand for.

The engine sends a path as the program wrote it, with the hash of what is there. Two assets are the same if their hashes
are: where the bytes come from does not matter.
"""

from __future__ import annotations

import io
import os
import tarfile
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first moment a zip file can name: the same content is the same zip


@dataclass(frozen=True, eq=False)
class Asset:
    """One file: its text, where it lies, or both unknown once only the hash was kept."""

    hash: str = ""
    text: str = ""
    path: str = ""
    uri: str = ""

    def texts(self) -> dict[str, str]:
        """The members that are set, by name."""
        named = {"hash": self.hash, "text": self.text, "path": self.path, "uri": self.uri}
        return {name: text for name, text in named.items() if text}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Asset):
            return NotImplemented
        return self.hash == other.hash if self.hash and other.hash else self.texts() == other.texts()

    def __hash__(self) -> int:
        return hash(self.hash)


@dataclass(frozen=True, eq=False)
class Archive:
    """Many files: a folder or archive file, or named assets and archives."""

    hash: str = ""
    path: str = ""
    uri: str = ""
    assets: dict[str, Asset | Archive] | None = None

    def texts(self) -> dict[str, str]:
        """The members that are set, by name, without the assets."""
        named = {"hash": self.hash, "path": self.path, "uri": self.uri}
        return {name: text for name, text in named.items() if text}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Archive):
            return NotImplemented
        if self.hash and other.hash:
            return self.hash == other.hash
        return self.texts() == other.texts() and self.assets == other.assets

    def __hash__(self) -> int:
        return hash(self.hash)


class AssetError(Exception):
    """An asset that cannot be read; the message is one complete line."""


def read_bytes(source: Asset | Archive, folder: Path) -> bytes:
    """The content of an asset, or the zip file of an archive. Relative paths start at `folder`."""
    if isinstance(source, Archive):
        return zip_file(source, folder)
    if source.path:
        return _read_file(_resolve(source.path, folder))
    if source.uri:
        return _fetch(source.uri)
    return source.text.encode()


def zip_file(archive: Archive, folder: Path) -> bytes:
    """The archive as a zip file: an existing one unchanged, everything else packed in the order of names."""
    if archive.path.endswith((".zip", ".jar")):
        return _read_file(_resolve(archive.path, folder))
    if archive.uri and urllib.parse.urlparse(archive.uri).path.endswith((".zip", ".jar")):
        return _fetch(archive.uri)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as writer:
        for name, (content, executable) in sorted(dict(_members(archive, folder)).items()):
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.external_attr = (0o100755 if executable else 0o100644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            writer.writestr(entry, content)
    return packed.getvalue()


def _members(archive: Archive, folder: Path) -> Iterator[tuple[str, tuple[bytes, bool]]]:
    if archive.path:
        place = _resolve(archive.path, folder)
        yield from _folder_members(place) if place.is_dir() else _packed_members(_read_file(place), str(place))
    elif archive.uri:
        yield from _packed_members(_fetch(archive.uri), archive.uri)
    for name, member in (archive.assets or {}).items():
        if isinstance(member, Archive):
            for inner, content in _members(member, folder):
                yield f"{name.rstrip('/')}/{inner}", content
        else:
            executable = bool(member.path) and os.access(_resolve(member.path, folder), os.X_OK)
            yield name, (read_bytes(member, folder), executable)


def _folder_members(folder: Path) -> Iterator[tuple[str, tuple[bytes, bool]]]:
    for parent, folders, names in os.walk(folder, followlinks=True):
        folders[:] = sorted(name for name in folders if name != ".pulumi")  # the engine's own bookkeeping
        for name in names:
            file = Path(parent, name)
            yield file.relative_to(folder).as_posix(), (_read_file(file), os.access(file, os.X_OK))


def _packed_members(packed: bytes, origin: str) -> Iterator[tuple[str, tuple[bytes, bool]]]:
    if zipfile.is_zipfile(io.BytesIO(packed)):
        with zipfile.ZipFile(io.BytesIO(packed)) as reader:
            for entry in reader.infolist():
                if not entry.is_dir():
                    yield entry.filename, (reader.read(entry), bool(entry.external_attr >> 16 & 0o100))
        return
    try:
        with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
            for member in tar:
                content = tar.extractfile(member)
                if content is not None:
                    yield member.name.removeprefix("./"), (content.read(), bool(member.mode & 0o100))
    except tarfile.TarError:
        message = f"{origin} is not an archive: use a folder, .zip, .jar, .tar or .tar.gz."
        raise AssetError(message) from None


def _resolve(path: str, folder: Path) -> Path:
    place = folder / path
    if not place.exists():
        raise AssetError(f"{path} does not exist in {folder}: correct the path, or write it in full.")
    return place


def _read_file(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise AssetError(f"{file} cannot be read: {error.strerror}.") from None


def _fetch(uri: str) -> bytes:
    if urllib.parse.urlparse(uri).scheme not in {"http", "https", "file"}:
        raise AssetError(f"{uri} cannot be read: only http, https and file addresses can.")
    try:
        with urllib.request.urlopen(uri, timeout=60) as answer:
            content: bytes = answer.read()
            return content
    except OSError as error:
        raise AssetError(f"{uri} cannot be read: {error}.") from None

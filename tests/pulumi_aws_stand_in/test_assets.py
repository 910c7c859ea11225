"""Archives become zip files that depend on their content alone."""

from __future__ import annotations

import io
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from agentcore_provider.pulumi_aws_stand_in.assets import Archive, Asset, AssetError, read_bytes, zip_file


def content(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as reader:
        return {name: reader.read(name) for name in reader.namelist()}


def handler(folder: Path) -> Path:
    place = folder / "handler"
    (place / "lib").mkdir(parents=True)
    (place / "index.py").write_text("main")
    (place / "lib" / "more.py").write_text("more")
    return place


def test_a_folder_is_packed_with_paths_from_its_root_and_without_the_engines_bookkeeping(tmp_path: Path) -> None:
    place = handler(tmp_path)
    (place / ".pulumi").mkdir()
    (place / ".pulumi" / "state").write_text("no")
    packed = zip_file(Archive(path="./handler"), tmp_path)
    assert content(packed) == {"index.py": b"main", "lib/more.py": b"more"}


def test_the_same_content_is_the_same_zip_whenever_it_was_written(tmp_path: Path) -> None:
    place = handler(tmp_path)
    before = zip_file(Archive(path="handler"), tmp_path)
    os.utime(place / "index.py", (1, 1))
    assert zip_file(Archive(path="handler"), tmp_path) == before


def test_archives_of_assets_nest(tmp_path: Path) -> None:
    handler(tmp_path)
    (tmp_path / "data.txt").write_text("data")
    archive = Archive(
        assets={
            "a.py": Asset(text="text"),
            "vendor": Archive(path="handler"),
            "data.txt": Asset(path="data.txt"),
        }
    )
    assert content(zip_file(archive, tmp_path)) == {
        "a.py": b"text",
        "data.txt": b"data",
        "vendor/index.py": b"main",
        "vendor/lib/more.py": b"more",
    }


def test_a_zip_file_is_taken_as_it_is_and_a_tar_file_is_repacked(tmp_path: Path) -> None:
    handler(tmp_path)
    packed = zip_file(Archive(path="handler"), tmp_path)
    (tmp_path / "code.zip").write_bytes(packed)
    with tarfile.open(tmp_path / "code.tar.gz", "w:gz") as tar:
        tar.add(tmp_path / "handler", arcname=".")
    assert zip_file(Archive(path="code.zip"), tmp_path) == packed
    assert content(zip_file(Archive(path="code.tar.gz"), tmp_path)) == content(packed)


def test_remote_assets_are_read_from_their_address(tmp_path: Path) -> None:
    (tmp_path / "schema.json").write_text("[]")
    uri = (tmp_path / "schema.json").as_uri()
    assert read_bytes(Asset(uri=uri), tmp_path) == b"[]"
    with pytest.raises(AssetError, match="only http, https and file"):
        read_bytes(Asset(uri="ftp://127.0.0.1/x"), tmp_path)


def test_a_missing_path_is_named_with_the_folder_it_was_looked_for_in(tmp_path: Path) -> None:
    with pytest.raises(AssetError, match=f"nowhere does not exist in {tmp_path}"):
        zip_file(Archive(path="nowhere"), tmp_path)


def test_assets_are_the_same_if_their_hashes_are() -> None:
    assert Archive(hash="h", path="a") == Archive(hash="h")
    assert Asset(hash="h", text="t") != Asset(hash="i", text="t")
    assert Asset(text="t") == Asset(text="t")

"""The code of functions as a stack's state records it, and what it is now."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from agentcore_provider.cli.dev.function_code import FunctionCode, functions
from agentcore_provider.documents.json_types import JsonDict
from tests.schemas.test_requirements import pip_settings, write_wheel

_SIGNATURE = "4dabf18193072939515e22adb298388d"
_ASSET, _ARCHIVE = "c44067f5952c0a294b673a41bacd8c17", "0def7320c3a5731c473e5ecbe6d01bc7"


def asset(**members: str) -> JsonDict:
    return {_SIGNATURE: _ASSET, "hash": "0" * 64, **members}


def archive(**members: Any) -> JsonDict:
    return {_SIGNATURE: _ARCHIVE, "hash": "0" * 64, **members}


def resource(code: object, *, made_of_folder: bool = False, handler: str = "app.handler") -> JsonDict:
    parent = "agentcore:index:LambdaFunction$" if made_of_folder else ""
    return {
        "urn": f"urn:pulumi:local::p::x:y:Z${parent}aws:lambda/function:Function::stock",
        "type": "aws:lambda/function:Function",
        "id": "stock-1",
        "inputs": {"code": code, "handler": handler, "runtime": "python3.12"},
        "outputs": {"arn": "arn:aws:lambda:us-west-2:123456789012:function:stock-1", "codeSha256": "before"},
    }


def only(code: object, program: Path, **options: Any) -> FunctionCode:
    (found,) = functions([resource(code, **options)], program)
    return found


def names(function: FunctionCode) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(function.zip_file())) as packed:
        return packed.namelist()


@pytest.fixture
def stock(tmp_path: Path) -> Path:
    """A folder with a handler."""
    folder = tmp_path / "stock"
    folder.mkdir()
    (folder / "app.py").write_text("def handler(event, context): return event\n")
    return folder


def test_a_folder(stock: Path, tmp_path: Path) -> None:
    """What is added to it later belongs to it."""
    function = only(archive(path="./stock"), tmp_path)
    (stock / "more.py").touch()
    assert names(function) == ["app.py", "more.py"]
    assert function.contains(stock / "more.py")
    assert function.contains(stock)
    assert not function.contains(tmp_path / "stock.py")
    assert [*function.watched_folders()] == [stock]


def test_a_zip_file(stock: Path, tmp_path: Path) -> None:
    """It is uploaded as it is, whatever is in it."""
    with zipfile.ZipFile(tmp_path / "stock.zip", "w") as packed:
        packed.write(stock / "app.py", "app.py")
    function = only(archive(path="stock.zip"), tmp_path)
    assert function.zip_file() == (tmp_path / "stock.zip").read_bytes()
    assert function.problems([tmp_path / "stock.zip"]) == {}
    assert [*function.watched_folders()] == [tmp_path]


def test_listed_files(stock: Path, tmp_path: Path) -> None:
    """Files, folders and texts under names of their own."""
    text = "X = 1\n"
    listed = {
        "app.py": asset(path="stock/app.py"),
        "lib": archive(path="stock"),
        "text.py": asset(text=text, hash=hashlib.sha256(text.encode()).hexdigest()),
    }
    function = only(archive(assets=listed), tmp_path)
    assert names(function) == ["app.py", "lib/app.py", "text.py"]
    (stock / "app.py").unlink()
    assert function.problems([]) == {stock / "app.py": "stock/app.py does not exist"}


def test_what_cannot_be_read_again(tmp_path: Path) -> None:
    """A text of which the state has the hash only, code in S3 and functions that are about to be deleted."""
    unread: list[object] = [
        archive(assets={"app.py": asset()}),
        archive(uri="https://example.com/x.zip"),
        None,
        "secret",
    ]
    deleted = {**resource(archive(path="stock")), "delete": True}
    assert functions([*map(resource, unread), deleted, {"type": "aws:lambda/function:Function"}], tmp_path) == []


def test_problems_have_file_and_line(stock: Path, tmp_path: Path) -> None:
    """Of the handler's file always, of others if they changed; files that cannot be read are reported too."""
    function = only(archive(path="stock"), tmp_path)
    assert function.problems([]) == {}
    (stock / "other.py").write_text("def (\n")
    assert function.problems([]) == {}
    assert function.problems([stock / "other.py"])[stock / "other.py"].startswith("stock/other.py:1: ")
    (stock / "other.py").write_bytes(b"\0")
    assert "stock/other.py:" in function.problems([stock / "other.py"])[stock / "other.py"]
    (stock / "other.py").unlink()
    assert function.problems([stock / "other.py"]) == {}
    (stock / "app.py").write_text("x = (\n")
    assert function.problems([])[stock / "app.py"].startswith("stock/app.py:1: '(' was never closed")
    (stock / "app.py").unlink()
    assert "app.handler" in function.problems([])[None]
    stock.rmdir()
    assert function.problems([]) == {stock: "stock does not exist"}


def test_a_folder_with_packages(stock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that requirements.txt lists now come along; the folder is found from the handler's place."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    write_wheel(wheels, "shelf", "py3-none-any")
    for name, value in pip_settings(wheels).items():
        monkeypatch.setenv(name, value)
    function = only(archive(assets={"app.py": asset(path="stock/app.py")}), tmp_path, made_of_folder=True)
    assert (function.folder, names(function)) == (stock, ["app.py"])
    (stock / "requirements.txt").write_text("shelf==1.0\n")
    assert any(it.startswith("shelf") for it in names(function))
    assert function.contains(stock / "requirements.txt")

"""The packages of requirements.txt, from a folder of wheels in place of an index."""

from __future__ import annotations

import os
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from agentcore_provider.errors import InvalidInput
from agentcore_provider.schemas import requirements, tools


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An index that is a folder, with one wheel for any Python and one for Lambda's python3.12 alone."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    write_wheel(wheels, "shelf", "py3-none-any")
    write_wheel(wheels, "fast_shelf", "cp312-cp312-manylinux_2_28_x86_64")
    return {**os.environ, **pip_settings(wheels)}


def pip_settings(wheels: Path) -> dict[str, str]:
    """What has pip find packages in this folder alone, and this package keep them beside it."""
    return {"XDG_CACHE_HOME": str(wheels.parent / "cache"), "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels)}


def write_wheel(folder: Path, name: str, tag: str) -> None:
    """The least that pip takes for a wheel: a module with a function `count`."""
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(folder / f"{name}-1.0-{tag}.whl", "w") as wheel:
        wheel.writestr(f"{name}.py", "def count():\n    return 3\n")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n")
        wheel.writestr(f"{info}/RECORD", "")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    code = tmp_path / "desk"
    code.mkdir()
    return code


def test_what_lists_nothing_needs_nothing(folder: Path) -> None:
    """No file, and a file of comments, name no packages."""
    assert not requirements.lists_packages(folder)
    (folder / "requirements.txt").write_text("# none yet\n\n")
    assert not requirements.lists_packages(folder)


def test_packages_are_installed_once_for_each_content(folder: Path, environment: dict[str, str], capsys: Any) -> None:
    """The same file is served from the cache; a changed one, also one that it includes, is installed again."""

    def install() -> Path:
        return requirements.install(folder, runtime="python3.12", environment=environment)

    (folder / "requirements.txt").write_text("-r more.txt\n")
    (folder / "more.txt").write_text("shelf==1.0\n")
    first = install()
    assert (first / "shelf.py").is_file()
    assert install() == first
    assert capsys.readouterr().err == f"Installing the packages of {folder / 'requirements.txt'} for python3.12\n"
    (folder / "more.txt").write_text("shelf==1.0\nfast-shelf\n")
    second = install()
    assert (second / "fast_shelf.py").is_file()
    assert capsys.readouterr().err.startswith("Installing")
    assert {it.name for it in first.parent.iterdir() if it.name[0] != "."} == {first.name, second.name}


@pytest.mark.parametrize(
    ("line", "runtime", "reason"),
    [
        ("nowhere==1.0", "python3.12", "No matching distribution found for nowhere==1.0"),
        ("fast-shelf", "python3.10", "installed for python3.10: .*fast-shelf"),
        ("shelf=1.0", "python3.12", "Invalid requirement"),
    ],
)
def test_what_cannot_be_had_is_one_line_with_a_cure(
    folder: Path, environment: dict[str, str], line: str, runtime: str, reason: str
) -> None:
    """The line names the file, pip's reason and what to do, and leaves nothing in the cache."""
    (folder / "requirements.txt").write_text(f"{line}\n")
    with pytest.raises(InvalidInput, match=reason) as refused:
        requirements.install(folder, runtime=runtime, environment=environment)
    assert "\n" not in str(refused.value)
    assert "Correct the file, or put the packages into" in str(refused.value)
    kept = Path(environment["XDG_CACHE_HOME"]) / "agentcore-provider" / "packages"
    assert [it.name for it in kept.iterdir() if it.is_dir()] == []


def test_an_address_of_an_index_is_not_shown(folder: Path, environment: dict[str, str]) -> None:
    """Addresses may carry a password."""
    (folder / "requirements.txt").write_text("shelf @ http://name:password@127.0.0.1:9/shelf-1.0-py3-none-any.whl\n")
    environment["PIP_RETRIES"] = "0"
    with pytest.raises(InvalidInput) as refused:
        requirements.install(folder, runtime=None, environment=environment)
    assert "password" not in str(refused.value)


def test_tools_of_a_handler_that_imports_its_packages(
    folder: Path, environment: dict[str, str], monkeypatch: Any
) -> None:
    """A tool file finds what the requirements.txt beside it lists, and the program's own path stays as it was."""

    for name in ("XDG_CACHE_HOME", "PIP_NO_INDEX", "PIP_FIND_LINKS"):
        monkeypatch.setenv(name, environment[name])
    (folder / "requirements.txt").write_text("shelf\n")
    (folder / "handler.py").write_text(
        'import shelf\n\n\ndef in_stock() -> int:\n    """Count the items."""\n    return shelf.count()\n\n\n'
        "TOOLS = [in_stock]\n"
    )
    path = list(sys.path)
    (tool,) = tools.load("handler.py", folder=folder)
    assert tool["name"] == "in_stock"
    assert sys.path == path
    assert "shelf" not in sys.modules

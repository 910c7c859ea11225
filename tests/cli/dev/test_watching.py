"""What `agentcore dev` notices, from the operating system's own reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agentcore_provider.cli.dev.watching import Watcher, folders_below


def until(changes: Iterator[frozenset[Path] | None], wanted: Path) -> set[Path]:
    """What is reported until a file is among it."""
    found: set[Path] = set()
    for changed in changes:
        found |= changed or set()
        if wanted in found:
            return found
    raise AssertionError(found)


def begun(folders: Callable[[], list[Path]]) -> Iterator[frozenset[Path] | None]:
    changes = Watcher().changes(folders)
    begin_again(changes)
    return changes


def begin_again(changes: Iterator[frozenset[Path] | None]) -> None:
    """Go on until it watches the folders that are there now."""
    while next(changes) is not None:
        pass


def test_folders_of_packages_are_left_out(tmp_path: Path) -> None:
    """However many there are; those nearest to the top come first."""
    for name in ("a/b/c", "z", ".git/objects", ".venv/lib", "env/lib", "node_modules/x", "a/__pycache__", ".agentcore"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "env" / "pyvenv.cfg").touch()
    assert folders_below(tmp_path) == [tmp_path / it for it in ("", "a", "z", "a/b", "a/b/c")]
    assert folders_below(tmp_path, 2) == [tmp_path, tmp_path / "a"]
    assert folders_below(tmp_path / "nothing") == []


@pytest.mark.parametrize("polls", ["false", "true"])
def test_files_and_new_folders_are_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, polls: str) -> None:
    """Also a file in a folder that was created meanwhile; not what is hidden, nor drafts of editors."""
    monkeypatch.setenv("WATCHFILES_FORCE_POLLING", polls)
    changes = begun(lambda: folders_below(tmp_path))
    for name in (".hidden", "draft.py~", ".handler.py.swp", "handler.py"):
        (tmp_path / name).write_text("1")
    assert until(changes, tmp_path / "handler.py") == {tmp_path / "handler.py"}
    inner = tmp_path / "inner"
    inner.mkdir()
    until(changes, inner)
    begin_again(changes)
    (inner / "more.py").write_text("1")
    until(changes, inner / "more.py")
    (inner / "more.py").unlink()
    until(changes, inner / "more.py")


def test_a_folder_may_go_and_come_back(tmp_path: Path) -> None:
    """As at a checkout of another branch."""
    code = tmp_path / "code"
    code.mkdir()
    changes = begun(lambda: [tmp_path, code])
    code.rename(tmp_path / "elsewhere")
    until(changes, tmp_path / "elsewhere")
    begin_again(changes)
    (tmp_path / "elsewhere").rename(code)
    until(changes, code)
    begin_again(changes)
    (code / "handler.py").write_text("1")
    until(changes, code / "handler.py")

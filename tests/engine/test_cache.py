"""The engine's cache: whole or not there, made once."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine.cache import EngineCache, cache_folder
from engine.progress import Progress
from engine.setup_error import SetupError


def _progress() -> Progress:
    return Progress(io.StringIO())


def _fill(root: Path) -> bool:
    (root / "bin").mkdir()
    (root / "bin" / "pulumi").write_text("engine")
    return True


def test_an_engine_is_made_once_even_by_several_setups_at_a_time(tmp_path: Path) -> None:
    cache = EngineCache(tmp_path)
    made = []

    def fill(root: Path) -> bool:
        made.append(root)
        return _fill(root)

    with ThreadPoolExecutor(4) as pool:
        folders = set(pool.map(lambda _: cache.make("v1", fill, _progress()), range(4)))
    assert folders == {tmp_path / "v1"}
    assert len(made) == 1
    assert cache.find("v1") == tmp_path / "v1"


def test_a_making_that_fails_leaves_nothing(tmp_path: Path) -> None:
    cache = EngineCache(tmp_path)

    def fail(root: Path) -> bool:
        _fill(root)
        raise SetupError("no network")

    with pytest.raises(SetupError):
        cache.make("v1", fail, _progress())
    assert cache.make("v1", lambda _root: False, _progress()) is None
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]


def test_what_a_killed_making_left_is_swept_by_the_next(tmp_path: Path) -> None:
    (tmp_path / ".making-killed" / "bin").mkdir(parents=True)
    assert EngineCache(tmp_path).find("v1") is None
    EngineCache(tmp_path).make("v1", _fill, _progress())
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", "v1"]


def test_a_cache_that_cannot_be_written_says_so_with_its_cure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SetupError, match="XDG_CACHE_HOME"):
        EngineCache(tmp_path / "file" / "engine").make("v1", _fill, _progress())


def test_the_cache_lies_where_the_user_keeps_caches() -> None:
    assert cache_folder({"XDG_CACHE_HOME": "/x"}) == Path("/x/agentcore-provider/engine")
    # The specification of XDG_CACHE_HOME: relative paths are to be ignored.
    assert cache_folder({"XDG_CACHE_HOME": "x"}) == Path.home() / ".cache/agentcore-provider/engine"

"""The official installer: given up in time if the network swallows what is sent."""

from __future__ import annotations

import io
import socket
import time
from pathlib import Path

import pytest

from engine.official_installer import install_official, official_key
from engine.progress import Progress


def test_a_network_that_never_answers_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{silent.getsockname()[1]}")
        started = time.monotonic()
        assert not install_official(tmp_path, Progress(io.StringIO()), limit_seconds=0.5)
        assert time.monotonic() - started < 8


def test_the_cache_key_is_the_release_of_the_installed_sdk() -> None:
    assert official_key().startswith("official-3.")

"""Relative paths start where the engine at the other end of the connection works."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

from agentcore_provider.pulumi_aws_stand_in.project_folder import project_folder

CONNECT = "import socket, sys; s = socket.create_connection(('127.0.0.1', int(sys.argv[1]))); sys.stdin.read()"


def folder_of_engine_in(place: Path) -> Path:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with subprocess.Popen([sys.executable, "-c", CONNECT, str(port)], cwd=place, stdin=subprocess.PIPE) as engine:
            connection, address = listener.accept()
            with connection:
                found = project_folder(f"ipv4:127.0.0.1:{address[1]}", Path("/fallback"))
            engine.communicate()
            return found


def test_it_is_the_folder_of_pulumi_yaml_above_the_working_folder(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "deep" / "er").mkdir(parents=True)
    assert folder_of_engine_in(tmp_path / "deep" / "er") == tmp_path


def test_it_is_the_folder_of_main_if_the_project_names_one(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\nmain: app\n")
    (tmp_path / "app").mkdir()
    assert folder_of_engine_in(tmp_path) == tmp_path / "app"


def test_without_a_project_it_is_the_working_folder(tmp_path: Path) -> None:
    assert folder_of_engine_in(tmp_path) == tmp_path


def test_an_unknown_peer_falls_back(tmp_path: Path) -> None:
    assert project_folder("unix:somewhere", tmp_path) == tmp_path

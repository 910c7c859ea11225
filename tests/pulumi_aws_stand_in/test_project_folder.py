"""Relative paths start where the engine at the other end of the connection works."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from agentcore_provider.pulumi_aws_stand_in.project_folder import project_folder

# Connects from a port (0: any) to a server.
CONNECT = """
import socket, sys
server, own = map(int, sys.argv[1:])
with socket.socket() as connection:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    connection.bind(("127.0.0.1", own))
    connection.connect(("127.0.0.1", server))
    sys.stdin.read()
"""


@contextlib.contextmanager
def process_in(place: Path, listener: socket.socket, *, port: int = 0) -> Iterator[int]:
    """A process that works in a folder and is connected to a server: the port of its end."""
    server = listener.getsockname()[1]
    command = [sys.executable, "-c", CONNECT, str(server), str(port)]
    with subprocess.Popen(command, cwd=place, stdin=subprocess.PIPE) as process:
        connection, address = listener.accept()
        with connection:
            yield address[1]
        process.communicate()


def folder_of_engine_in(place: Path) -> Path:
    with socket.create_server(("127.0.0.1", 0)) as listener, process_in(place, listener) as port:
        return project_folder(f"ipv4:127.0.0.1:{port}", listener.getsockname()[1], Path("/fallback"))


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


def test_a_connection_from_the_same_port_to_another_server_is_not_the_engine(tmp_path: Path) -> None:
    """Two processes can connect from one port to two servers; the folder is that of the one that is connected here."""
    (tmp_path / "first").mkdir()
    (tmp_path / "second").mkdir()
    with (
        socket.create_server(("127.0.0.1", 0)) as one,
        socket.create_server(("127.0.0.1", 0)) as other,
        process_in(tmp_path / "first", one) as port,
        process_in(tmp_path / "second", other, port=port),
    ):
        found = [
            project_folder(f"ipv4:127.0.0.1:{port}", it.getsockname()[1], Path("/fallback")).name for it in (one, other)
        ]
    assert found == ["first", "second"]


def test_an_unknown_peer_falls_back(tmp_path: Path) -> None:
    assert project_folder("unix:somewhere", 4599, tmp_path) == tmp_path

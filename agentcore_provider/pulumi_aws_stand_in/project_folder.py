"""From which folder an engine reads the relative paths of a program.

An engine that attaches to a running provider does not report where it works (its handshake leaves the folders empty), and
sends `FileArchive("./handler")` as it is written. So the folder is that of the process at the other end of the
connection: the engine itself, on this machine.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import yaml


def project_folder(peer: str, own_port: int, fallback: Path) -> Path:
    """The folder in which the engine behind a gRPC peer (`ipv4:127.0.0.1:54321`) finds files.

    It is the folder of Pulumi.yaml, or the one its `main` names. `fallback` is used where the process cannot be found.

    own_port: port of the server to which the engine is connected. The system gives the engine's port to other
        connections at the same time, to other servers.
    """
    port = peer.rsplit(":", 1)[-1]
    folder = _folder_of_connection(int(port), own_port) if port.isdigit() else None
    return program_folder(folder or fallback)


def program_folder(folder: Path) -> Path:
    """The folder of the program of the project around a folder: that of Pulumi.yaml, or the one its `main` names."""
    for place in (folder, *folder.parents):
        for name in ("Pulumi.yaml", "Pulumi.yml"):
            file = place / name
            if file.is_file():
                return _main_folder(file)
    return folder


def _main_folder(file: Path) -> Path:
    try:
        project = yaml.safe_load(file.read_text())
    except (OSError, yaml.YAMLError):
        return file.parent
    main = project.get("main") if isinstance(project, dict) else None
    if not isinstance(main, str):
        return file.parent
    place = file.parent / main
    return place if place.is_dir() else place.parent


def _folder_of_connection(port: int, own_port: int) -> Path | None:
    return _by_proc(port, own_port) if sys.platform == "linux" else _by_lsof(port, own_port)


def _by_proc(port: int, own_port: int) -> Path | None:
    inode = _socket_inode(port, own_port)
    if inode is None:
        return None
    wanted = f"socket:[{inode}]"
    for process in Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        try:
            with os.scandir(process / "fd") as descriptors:
                if any(_target(descriptor.path) == wanted for descriptor in descriptors):
                    return (process / "cwd").resolve(strict=True)
        except OSError:
            continue  # another user's process, or one that just ended
    return None


def _socket_inode(port: int, own_port: int) -> str | None:
    """The inode of the engine's end of the connection: the socket from its port to ours."""
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            lines = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            columns = line.split()
            ends = [int(columns[it].rsplit(":", 1)[1], 16) for it in (1, 2)]
            if ends == [port, own_port] and columns[9] != "0":
                return columns[9]
    return None


def _target(descriptor: str) -> str:
    try:
        return os.readlink(descriptor)
    except OSError:
        return ""


def _by_lsof(port: int, own_port: int) -> Path | None:
    owners = _lsof("-nP", f"-iTCP:{port}", "-sTCP:ESTABLISHED", "-Fpn")
    process = ""
    for line in owners:
        if line.startswith("p"):
            process = line[1:]
        elif line.startswith("n") and f":{port}->" in line and line.endswith(f":{own_port}"):
            break
    else:
        return None
    for line in _lsof("-a", "-p", process, "-d", "cwd", "-Fn"):
        if line.startswith("n"):
            return Path(line[1:])
    return None


def _lsof(*arguments: str) -> list[str]:
    try:
        answer = subprocess.run(  # noqa: S603 - fixed program, arguments made here
            ["lsof", *arguments],  # noqa: S607 - where lsof lies differs between systems
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return answer.stdout.splitlines()

"""`make up PORT=…` and `make down` leave the stack's file, which is under git, as it was."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from agentcore_provider.cli.project import Project
from engine.demo_port import DemoPort

_FILE = Path(__file__).parents[2] / "Pulumi.local.yaml"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with this project's stack file."""
    shutil.copy(_FILE, tmp_path)
    return tmp_path


def test_after_up_and_down_the_file_is_as_before(project: Path) -> None:
    port = DemoPort(Project(project))
    first = port.number
    assert port.move(4700)
    assert DemoPort(Project(project)).number == 4700
    assert f"127.0.0.1:{first}" not in port.file.read_text()
    assert DemoPort(Project(project)).move_back()
    assert port.file.read_bytes() == _FILE.read_bytes()
    assert not port.move_back()


def test_a_second_move_goes_back_to_the_first_port(project: Path) -> None:
    """As after a `make up PORT=…` that was killed and another one."""
    port = DemoPort(Project(project))
    port.move(4700)
    port.move(4701)
    port.move_back()
    assert port.file.read_bytes() == _FILE.read_bytes()


def test_the_same_port_moves_nothing(project: Path) -> None:
    port = DemoPort(Project(project))
    assert not port.move(port.number)
    assert not port.move_back()
    assert not (project / ".agentcore").exists()


def test_what_the_user_changed_meanwhile_and_other_addresses_stay(project: Path) -> None:
    port = DemoPort(Project(project))
    target = "        stock:\n          mcp_server: http://127.0.0.1:8000/mcp\n"
    port.file.write_text(port.file.read_text().replace("      targets:\n", f"      targets:\n{target}"))
    before = port.file.read_text()
    port.move(4700)
    assert target in port.file.read_text()
    port.file.write_text(port.file.read_text() + "# mine\n")
    port.move_back()
    assert port.file.read_text() == f"{before}# mine\n"


@pytest.mark.parametrize("port", ["abc", "0", "65536", "999999", "-1", "47 00"])
def test_a_wrong_port_installs_nothing(tmp_path: Path, port: str) -> None:
    """`make up PORT=…` refuses what is not a port before it sets anything up."""
    shutil.copy(_FILE.with_name("Makefile"), tmp_path)
    answer = subprocess.run(["make", "up", f"PORT={port}"], cwd=tmp_path, capture_output=True, text=True)
    assert answer.returncode != 0
    assert answer.stderr.startswith(f"make up PORT={port}: a port is a number from 1 to 65535\n")
    assert list(tmp_path.iterdir()) == [tmp_path / "Makefile"]

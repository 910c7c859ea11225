"""What the command and local AWS keep is readable by its owner alone."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentcore_provider.cli.local_aws.process import LocalProcess
from agentcore_provider.cli.project import Project, kept_project, stack_file

LOCAL_AWS = """
import http.server, os, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print("ready http://127.0.0.1:%d" % server.server_port, flush=True)
server.serve_forever()
"""


@pytest.fixture(autouse=True)
def lax_umask() -> Iterator[None]:
    """Every file would be open to everybody, unless it is made otherwise."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def open_to_others(folder: Path) -> list[str]:
    found = [folder, *folder.rglob("*")]
    return [f"{path} {mode(path):o}" for path in found if mode(path) & 0o077]


def run_local_aws(project: Project) -> None:
    process = LocalProcess(project, (sys.executable, "-c", LOCAL_AWS), stop_seconds=5.0)
    process.start(port=0, flags=())
    assert (project.state_folder / "local.log").exists()
    assert open_to_others(project.state_folder) == []
    process.stop()


def test_what_local_aws_keeps(tmp_path: Path) -> None:
    """The log, the process id and the lock; again after a stop."""
    run_local_aws(Project(tmp_path))
    run_local_aws(Project(tmp_path))


def test_what_was_open_to_others_before(tmp_path: Path) -> None:
    """Folder and files of an earlier version; what others have open of the log shows nothing new."""
    project = Project(tmp_path)
    project.backend_folder.mkdir(parents=True)
    log = project.state_folder / "local.log"
    for name in ("local.log", "local.lock", "local.json"):
        (project.state_folder / name).write_text("old\n")
    with log.open() as others:
        run_local_aws(project)
        assert others.read() == "old\n"
    assert "ready" in log.read_text()


def test_the_project_that_the_command_keeps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it, since its stack files describe the gateways; the passphrase too."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    project = Project(tmp_path / "data" / "agentcore" / "project")
    kept_project.write(project)
    kept_project.passphrase_file(project)
    assert mode(project.folder) == 0o700
    assert open_to_others(project.state_folder) == []
    project.folder.chmod(0o755)
    kept_project.write(project)
    assert mode(project.folder) == 0o700


def test_a_project_of_the_user_s_own_stays_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "Pulumi.yaml").write_text("name: a\n")
    Project(tmp_path).make_state_folder()
    assert (mode(tmp_path), mode(tmp_path / ".agentcore")) == (0o755, 0o700)


def test_a_stack_file_stays_as_narrow_as_it_was(tmp_path: Path) -> None:
    """An edit replaces the file, but not who can read it."""
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text("config:\n  aws:region: us-west-2\n")
    path.chmod(0o600)
    file = stack_file.StackFile(path)
    file.set_value("aws:region", "us-east-1")
    file.write()
    assert (mode(path), "us-east-1" in path.read_text()) == (0o600, True)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_no_file_is_open_even_for_a_moment(tmp_path: Path, umask: int) -> None:
    """Each is made with its mode, and not narrowed afterwards: the system calls say so."""
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom agentcore_provider.cli import files\nfrom agentcore_provider.cli.project import kept_project\n"
        "from agentcore_provider.cli.project import Project\n"
        "made = []\n"
        "def watch(event, given):\n"
        "    if event == 'os.chmod': made.append(f'chmod {given[0]}')\n"
        "    if event == 'os.mkdir' and '.agentcore' in str(given[0]): made.append(f'mkdir {given[1]:o}')\n"
        f"os.umask({umask})\nsys.addaudithook(watch)\nproject = Project(Path({str(tmp_path)!r}))\n"
        "kept_project.passphrase_file(project)\nfiles.write_private(project.state_folder / 'a', 'b')\n"
        "print(made, oct(os.stat(project.state_folder / 'a').st_mode & 0o777))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == "['mkdir 700', 'mkdir 700'] 0o600\n", done.stderr

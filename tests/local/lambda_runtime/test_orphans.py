"""No worker outlives the server, however the server ends."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

_SERVER = """
import sys, time
sys.path.insert(0, ".")
from conftest import deploy, run
arn = deploy('''
import os, time
def handler(event, context):
    with open(event["file"], "w") as f:
        f.write(f"{os.getpid()}\\\\n")
    if event["how"] == "busy":
        time.sleep(600)
''', Timeout=900)
run(arn, {"file": sys.argv[1], "how": sys.argv[2]})
time.sleep(600)
"""


@pytest.mark.parametrize(
    "language",
    ["python", pytest.param("node", marks=pytest.mark.skipif(not shutil.which("node"), reason="no node on PATH"))],
)
@pytest.mark.parametrize("busy", ["busy", "idle"])
def test_workers_die_with_a_killed_server(functions, busy, language, tmp_path):
    """SIGKILL leaves the server no chance to clean up; its workers notice and end themselves."""
    started = tmp_path / "pid"
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVER, str(started), busy, language],
        cwd=Path(__file__).parent,
    )
    try:
        functions.wait_until(lambda: started.exists() and started.read_text().endswith("\n"))
        worker = int(started.read_text())
        assert not functions.gone(worker, seconds=0)
    finally:
        server.send_signal(signal.SIGKILL)
        server.wait()
    assert functions.gone(worker)


def test_code_that_a_killed_server_left_behind_is_removed_by_the_next(tmp_path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    (tmp_path / f"agentcore-lambda-{ended.pid}-x").mkdir()
    script = """
from conftest import zipped
from agentcore_provider.local.lambda_runtime.code_folder import CodeFolder
import os
folder = CodeFolder().unpack(zipped(**{"app.py": ""})).parent
print(os.listdir(folder.parent) == [folder.name])
"""
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    printed = subprocess.check_output(
        [sys.executable, "-c", script], env=environment, cwd=Path(__file__).parent, text=True
    )
    assert printed == "True\n"
    assert list(tmp_path.iterdir()) == []

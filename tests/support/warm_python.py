"""A copy of the tests' virtual environment whose Python has imported everything already.

Tests start hundreds of Pythons: programs, plugins, the command, local AWS. Most of what each does is to import the same
libraries. Here `bin/python` and `bin/agentcore` ask one process, which has imported them, for a fork that runs what they
were asked to run, with their arguments, folder, environment and streams. What a fork does not do the same is left to
the real Python. That a Python without imports does it too is what tests/package, tests/plugin and tests/cli see to.
"""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

_FORKS = Path(__file__).with_name("warm_python_forks.py")

# Without `import site`, json or argparse, which would take as long as all the rest.
_CLIENT = """#!{python} -IS
import sys, os, marshal, _signal, _socket
program, *arguments = os.path.basename(sys.argv[0]), *sys.argv[1:]
asked = ["-m", "agentcore_provider.cli", *arguments] if program == "agentcore" else arguments
run = asked[1:] if asked[:1] == ["-u"] else asked
if run == ["-m", "pip", "list", "-v", "--format", "json"]:
    # The engine has pip list its packages before every operation; they are the same each time.
    if not os.path.exists({packages!r}):
        os.system("{python} -m pip list -v --format json > {packages}." + str(os.getpid()))
        os.rename({packages!r} + "." + str(os.getpid()), {packages!r})
    os.write(1, open({packages!r}, "rb").read())
    sys.exit()
known = run[:1] == ["-m"] and run[1].startswith(("pulumi.", "agentcore_provider.")) or (
    run[:1] and run[0].endswith((".py", "/pulumi-language-python-exec")))
if not known or "PYTHONPATH" in os.environ:
    os.execv({python!r}, [{python!r}, *asked])
server = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
server.connect({address!r})
name = {python_here!r} if program != "agentcore" else sys.argv[0]
question = marshal.dumps((name, asked, os.getcwd(), dict(os.environ), os.getpid()))
streams = b"".join(stream.to_bytes(4, sys.byteorder) for stream in (0, 1, 2))
server.sendmsg([len(question).to_bytes(4, "big")], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, streams)])
while question:
    question = question[server.send(question):]
process = int.from_bytes(server.recv(4), "big")
for number in (_signal.SIGINT, _signal.SIGTERM, _signal.SIGHUP, _signal.SIGQUIT):
    _signal.signal(number, lambda number, _: os.kill(process, number))
status = int.from_bytes(server.recv(4), "big")
if os.WIFSIGNALED(status):
    _signal.signal(os.WTERMSIG(status), _signal.SIG_DFL) if os.WTERMSIG(status) != _signal.SIGKILL else None
    os.kill(os.getpid(), os.WTERMSIG(status))
os._exit(os.waitstatus_to_exitcode(status))
"""


@functools.cache
def environment() -> Path:
    """The environment's folder, which lasts as long as this process; `bin` has all programs of the tests' own."""
    folder = Path(tempfile.mkdtemp(prefix="agentcore-python-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    real = Path(sys.prefix)
    for entry in real.iterdir():
        if entry.name != "bin":
            (folder / entry.name).symlink_to(entry)
    (folder / "bin").mkdir()
    for program in (real / "bin").iterdir():
        (folder / "bin" / program.name).symlink_to(program)
    client = _CLIENT.format(
        python=str(real / "bin" / "python"),
        python_here=str(folder / "bin" / "python"),
        packages=str(folder / "packages.json"),
        address=str(folder / "forks"),
    )
    for name in ("python", "python3", "agentcore"):
        written = folder / "bin" / name
        written.unlink(missing_ok=True)
        written.write_text(client)
        written.chmod(0o755)
    server = subprocess.Popen(
        [real / "bin" / "python", _FORKS, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )
    assert server.stdout is not None
    assert server.stdout.readline() == b"ready\n"
    atexit.register(_stop, server)
    return folder


def programs() -> Path:
    """The folder of its programs."""
    return environment() / "bin"


def path() -> str:
    """A PATH that begins with its programs."""
    return os.pathsep.join((str(programs()), os.environ["PATH"]))


def _stop(server: subprocess.Popen[bytes]) -> None:
    assert server.stdin is not None
    server.stdin.close()
    server.wait()

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentcore_provider.cli.local_aws.process import LocalAws, LocalProcess
from agentcore_provider.cli.project import Project
from agentcore_provider.errors import LocalAwsError

# The least that `agentcore local run` promises: a ready line, a status, an end at SIGTERM.
_STAND_IN = """
import http.server, json, signal, subprocess, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/_local/status" else 404)
        self.end_headers()
        self.wfile.write(json.dumps({"aws_plugin_port": 4711}).encode())
    def log_message(self, *_): pass
server = http.server.HTTPServer(("127.0.0.1", int(sys.argv[sys.argv.index("--port") + 1])), Handler)
"""
_WELL = _STAND_IN + "print('ready http://127.0.0.1:%d' % server.server_port, flush=True)\nserver.serve_forever()\n"
_STUBBORN = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + _WELL


@contextlib.contextmanager
def local_process(folder: Path, code: str = _WELL) -> Iterator[LocalProcess]:
    process = LocalProcess(Project(folder), (sys.executable, "-c", code), stop_seconds=0.5)
    try:
        yield process
    finally:
        process.stop()


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        # A child of this process stays as a zombie until it is waited for.
        return os.waitpid(pid, os.WNOHANG) == (0, 0)
    except (ProcessLookupError, ChildProcessError):
        return False


def test_start_find_stop_leave_nothing_behind(tmp_path: Path) -> None:
    with local_process(tmp_path) as process:
        assert process.find() is None
        local_aws, started = process.start(port=0, flags=())
        assert started
        assert local_aws.aws_plugin_port == 4711
        assert process.find() == local_aws
        assert process.answers(local_aws)
        assert process.stop()
        assert process.find() is None
        assert not _is_alive(local_aws.pid)
        assert not process.stop()


def test_a_second_start_finds_the_first(tmp_path: Path) -> None:
    with local_process(tmp_path) as process:
        first, _ = process.start(port=0, flags=())
        assert process.start(port=0, flags=()) == (first, False)


def test_starts_at_the_same_time_make_one(tmp_path: Path) -> None:
    results: list[tuple[LocalAws, bool]] = []
    with local_process(tmp_path) as process:
        threads = [threading.Thread(target=lambda: results.append(process.start(port=0, flags=()))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(results) == 4
    assert len({local_aws.pid for local_aws, _ in results}) == 1
    assert [started for _, started in results].count(True) == 1


def test_after_a_crash_it_does_not_run_and_starts_again(tmp_path: Path) -> None:
    with local_process(tmp_path) as process:
        local_aws, _ = process.start(port=0, flags=())
        os.kill(local_aws.pid, signal.SIGKILL)
        os.waitpid(local_aws.pid, 0)
        assert process.find() is None
        again, started = process.start(port=0, flags=())
        assert started
        assert again.pid != local_aws.pid


def test_a_process_id_that_belongs_to_another_program_is_left_alone(tmp_path: Path) -> None:
    with local_process(tmp_path) as process:
        (tmp_path / ".agentcore").mkdir()
        state = {"pid": os.getpid(), "port": 1, "endpoint": "http://127.0.0.1:1", "aws_plugin_port": None}
        (tmp_path / ".agentcore" / "local.json").write_text(json.dumps(state))
        assert process.find() is None
        assert not process.stop()


def test_one_that_ignores_sigterm_is_ended_all_the_same(tmp_path: Path) -> None:
    with local_process(tmp_path, _STUBBORN) as process:
        local_aws, _ = process.start(port=0, flags=())
        assert process.stop()
        assert not _is_alive(local_aws.pid)


def test_dying_early_is_one_line_with_the_reason(tmp_path: Path) -> None:
    code = "import sys; print('Error: no room on device', file=sys.stderr); sys.exit(4)"
    with local_process(tmp_path, code) as process:
        with pytest.raises(LocalAwsError, match=r"exit code 4\): no room on device \(log: ") as caught:
            process.start(port=0, flags=())
        assert "\n" not in str(caught.value)
        assert process.find() is None


def test_ready_but_without_status_is_ended(tmp_path: Path) -> None:
    code = "import time; print('ready http://127.0.0.1:1', flush=True); time.sleep(600)"
    with local_process(tmp_path, code) as process:
        with pytest.raises(LocalAwsError, match="does not report its status"):
            process.start(port=0, flags=())
        assert process.find() is None


def test_a_taken_port_is_named_with_the_cure_and_starts_nothing(tmp_path: Path) -> None:
    with socket.socket() as taken, local_process(tmp_path) as process:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(LocalAwsError, match=rf"Port {port} is taken by another program. .*`--port`"):
            process.start(port=port, flags=())
        assert process.find() is None


def test_a_port_taken_by_a_program_that_speaks_no_http_is_named_too(tmp_path: Path) -> None:
    """Such as a gRPC server, which greets with a frame of its own."""

    def greet(listening: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                caller, _ = listening.accept()
                with caller:
                    caller.sendall(b"\x00\x00\x18\x04\x00\x00\x00\x00\x00\r\n")

    with socket.socket() as taken, local_process(tmp_path) as process:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        greeter = threading.Thread(target=greet, args=[taken], daemon=True)
        greeter.start()
        with pytest.raises(LocalAwsError, match=r"is taken by another program. .*`--port`"):
            process.start(port=taken.getsockname()[1], flags=())
        taken.shutdown(socket.SHUT_RDWR)
        greeter.join()


def test_a_port_taken_by_another_project_is_named_so(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    with local_process(tmp_path / "one") as one, local_process(tmp_path / "two") as two:
        local_aws, _ = one.start(port=0, flags=())
        with pytest.raises(LocalAwsError, match="taken by another local AWS"):
            two.start(port=local_aws.port, flags=())


def test_local_aws_never_sees_credentials_of_a_real_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "marker-secret")
    code = "import os; print('found:', sorted(k for k in os.environ if k.startswith('AWS_')), flush=True)\n" + _WELL
    with local_process(tmp_path, code) as process:
        process.start(port=0, flags=())
        assert "found: []" in process.log.read_text()

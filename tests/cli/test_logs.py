"""`agentcore logs` reads logs that anything may have written to."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from agentcore_provider.cli.inspect import log_pause, logs
from agentcore_provider.cli.inspect.log_line import GatewayLog, LogLine
from tests.support.local_aws import ServedAws


@pytest.mark.parametrize("since", ["", "15", "m", "1.5h", "-3m", "10 m", "2w", "9999999s"])
def test_a_duration_is_a_number_and_a_unit(agentcore: Callable[..., Result], since: str) -> None:
    """Anything else is reported before AWS is asked."""
    result = agentcore("logs", f"--since={since}")
    assert result.exit_code == 2
    assert "Give a number and s, m, h or d, such as 30m" in result.stderr


def printed(line: LogLine | None, capsys: pytest.CaptureFixture[str], *, errors: bool = False) -> str:
    assert line is not None
    logs.print_line(line, errors=errors, as_json=False)
    return capsys.readouterr().out


@pytest.mark.parametrize("text", ["plain text", "{}", "[1]", '{"body": 7}', '{"body": {"isError": true}}'])
def test_a_line_in_another_form_is_printed_as_it_is(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Services change their logs, and a reader must not end by that."""
    assert printed(GatewayLog().line({"message": text}), capsys) == f"{text}\n"


def test_only_errors_are_printed_where_only_they_are_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    """As text, and as the service wrote them."""
    messages = [json.dumps({"body": {"log": log, "isError": log == "bad"}}) for log in ("good", "bad")]
    for as_json in (False, True):
        for message in messages:
            line = GatewayLog().line({"message": message})
            assert line is not None
            logs.print_line(line, errors=True, as_json=as_json)
        shown = capsys.readouterr().out
        assert "bad" in shown
        assert "good" not in shown


def test_what_a_terminal_would_obey_is_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """A target's answer is in the log, and may hold anything; so may the time."""
    message = json.dumps({"body": {"log": "\x1b[2J\x1b]0;gone", "isError": True}, "event_timestamp": 1e300})
    assert "\x1b" not in printed(GatewayLog().line({"message": message}), capsys)


class Growing:
    """A log that has one more event whenever it is read."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []

    def __call__(self, since: int) -> Sequence[dict[str, Any]]:
        number = len(self.events)
        self.events.append({"eventId": str(number), "timestamp": number, "message": f"line {number}"})
        return self.events


def test_a_log_is_followed_line_by_line() -> None:
    """Each event once; without follow the log ends."""
    pauses: list[bool] = []
    followed = logs.batches(Growing(), 0, follow=True, pause=pauses.append)
    assert [[it["message"] for it in next(followed)] for _ in range(3)] == [["line 0"], ["line 1"], ["line 2"]]
    assert pauses == [True, True]
    assert len([*logs.batches(Growing(), 0, follow=False, pause=pauses.append)]) == 1


def test_events_of_two_logs_are_not_taken_for_each_other() -> None:
    """Their ids are unique within a log group."""
    events = [{"eventId": "1", "timestamp": 1, "logGroupName": group} for group in ("a", "b")]
    [batch] = logs.batches(lambda _: events, 0, follow=False, pause=lambda _: None)
    assert batch == events


def test_only_new_lines_are_asked_for() -> None:
    """However long a log is followed: late lines of five minutes are still found."""
    asked: list[int] = []

    def read(since: int) -> Sequence[dict[str, Any]]:
        asked.append(since)
        new = {"eventId": str(len(asked)), "timestamp": 1_000_000 + len(asked), "message": "new"}
        return [{"eventId": "a", "timestamp": 1_000_000, "message": "line"}, new]

    followed = logs.batches(read, 0, follow=True, pause=lambda _: None)
    assert [[it["message"] for it in next(followed)] for _ in range(3)] == [["line", "new"], ["new"], ["new"]]
    assert asked == [0, 700_001, 700_002]


def test_a_quiet_log_is_read_less_often() -> None:
    """And many logs less often than few, since AWS limits reads; whatever comes is followed closely again."""
    waits: list[float] = []
    groups = [1]
    pause = log_pause.Interval(lambda: groups[0], waits.append)
    for had_new in (True, False, False, False, True):
        pause(had_new)
    assert waits == [2, 3, 4.5, 5, 2]
    groups[0] = 40
    pause(True)
    assert waits[-1] == 20


@pytest.fixture
def aws() -> Iterator[ServedAws]:
    served = ServedAws()
    yield served
    served.close()


def test_lines_of_local_aws_end_the_pause(aws: ServedAws) -> None:
    """At once; where another server answers, the pause is an interval."""
    intervals: list[bool] = []
    pause = log_pause.LocalLines(aws.endpoint, intervals.append)
    pause(False)
    function = aws.function("def handler(event, context): print('here')")
    aws.client("lambda").invoke(FunctionName=function)
    pause(False)
    assert intervals == []
    log_pause.LocalLines(f"{aws.endpoint}/elsewhere", intervals.append)(True)
    assert intervals == [True]


_FOLLOW = """
import sys
from agentcore_provider.cli.inspect import logs
def read(since):
    print("reading", flush=True)
    return []
import threading
import typer
app = typer.Typer()
@app.command()
def follow():
    with logs.stopped_by_ctrl_c():
        for _ in logs.batches(read, 0, follow=True, pause=lambda _: threading.Event().wait(60)):
            pass
app()
"""


def test_ctrl_c_ends_what_is_followed(tmp_path: Path) -> None:
    """Without an error, and without a trace."""
    script = tmp_path / "follow.py"
    script.write_text(_FOLLOW)
    with subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "reading\n"
        os.kill(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")

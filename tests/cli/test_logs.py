"""`agentcore logs` reads a log that anything may have written to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from typer.testing import Result

from agentcore_provider.aws.connection import Connection, Settings
from agentcore_provider.cli.inspect import logs


@pytest.mark.parametrize("since", ["", "15", "m", "1.5h", "-3m", "10 m", "2w", "9999999s"])
def test_a_duration_is_a_number_and_a_unit(agentcore: Callable[..., Result], since: str) -> None:
    """Anything else is reported before AWS is asked."""
    result = agentcore("logs", f"--since={since}")
    assert result.exit_code == 2
    assert "Give a number and s, m, h or d, such as 30m" in result.stderr


@pytest.mark.parametrize("text", ["plain text", "{}", "[1]", '{"body": 7}', '{"body": {"isError": true}}'])
def test_a_line_in_another_form_is_printed_as_it_is(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Services change their logs, and a reader must not end by that."""
    logs.print_line(text, errors=False, as_json=False)
    assert capsys.readouterr().out == f"{text}\n"


def test_only_errors_are_printed_where_only_they_are_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    """As text, and as the service wrote them."""
    lines = [json.dumps({"body": {"log": log, "isError": log == "bad"}}) for log in ("good", "bad")]
    for as_json in (False, True):
        for line in lines:
            logs.print_line(line, errors=True, as_json=as_json)
        printed = capsys.readouterr().out
        assert "bad" in printed
        assert "good" not in printed


class Growing(Connection):
    """A log group that has one more line whenever it is read."""

    def __init__(self) -> None:
        super().__init__(Settings())
        self.events: list[dict[str, Any]] = []

    def pages(self, operation: str, items: str, **parameters: Any) -> Iterator[Any]:
        number = len(self.events)
        self.events.insert(0, {"eventId": str(number), "timestamp": number, "message": f"line {number}"})
        yield from self.events


def test_a_log_is_followed_line_by_line() -> None:
    """Each line once, in the order of time; without follow the log ends."""
    pauses: list[int] = []
    followed = logs.lines(Growing(), ["group"], 0, follow=True, pause=lambda: pauses.append(1))
    assert [next(followed) for _ in range(3)] == ["line 0", "line 1", "line 2"]
    assert len(pauses) == 2
    assert [*logs.lines(Growing(), ["group"], 0, follow=False)] == ["line 0"]


def test_only_new_lines_are_asked_for() -> None:
    """However long a log is followed: late lines of five minutes are still found."""

    asked: list[int] = []

    class Old(Growing):
        def pages(self, operation: str, items: str, **parameters: Any) -> Iterator[Any]:
            asked.append(parameters["startTime"])
            yield {"eventId": "a", "timestamp": 1_000_000, "message": "line"}
            yield {"eventId": str(len(asked)), "timestamp": 1_000_000 + len(asked), "message": "new"}

    followed = logs.lines(Old(), ["group"], 0, follow=True, pause=lambda: None)
    assert [next(followed) for _ in range(4)] == ["line", "new", "new", "new"]
    assert asked == [0, 700_001, 700_002]


def test_what_a_terminal_would_obey_is_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """A target's answer is in the log, and may hold anything; so may the time."""
    line = json.dumps({"body": {"log": "\x1b[2J\x1b]0;gone", "isError": True}, "event_timestamp": 1e300})
    logs.print_line(line, errors=False, as_json=False)
    assert "\x1b" not in capsys.readouterr().out


def test_lines_of_one_millisecond_keep_their_order() -> None:
    """The ids of events do not say which came first."""

    class AtOnce(Growing):
        def pages(self, operation: str, items: str, **parameters: Any) -> Iterator[Any]:
            for event_id in ("9", "10", "11"):
                yield {"eventId": event_id, "timestamp": 1, "message": event_id}

    assert [*logs.lines(AtOnce(), ["group"], 0, follow=False)] == ["9", "10", "11"]

"""`--json`: JSON on stdout whatever is wrong, beside the line on stderr."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from agentcore_provider.cli.app import app
from agentcore_provider.cli.terminal import ErrorsAsLines, print_json

FAILURES = [
    (("validate", "gateway", "two.json"), 2, "is written twice"),
    (("validate", "gateway", "list.json"), 2, "is not an object"),
    (("validate", "gateway", "config.json"), 1, "is required"),
    (("validate", "target", "two.json", "--gateway", "nowhere.json"), 2, "no such file"),
    (("validate", "tools", "broken.yaml"), 2, "line 2, column 1"),
    (("validate", "tools", "broken.py"), 2, "cannot be imported"),
    (("validate", "tools", "-"), 2, "line 1, column 1"),
    (("validate", "openapi", "broken.yaml"), 1, "line 2, column 1"),
    (("validate", "openapi", "s3://bucket/key.yaml"), 2, "is in S3"),
    (("validate", "openapi", "api.json", "--fix", "--output", "nowhere/api.json"), 2, "cannot be written"),
    (("validate", "smithy", "nan.json"), 1, "is nan"),
    (("validate", "smithy", "."), 2, "is a folder"),
    (("validate", "smithy", "\udcff.json"), 2, "no such file"),
    (("validate", "smithy"), 2, "Missing argument"),
    (("validate", "nothing"), 2, "No such command"),
    (("nothing",), 2, "No such command"),
    (("builtins", "nothing"), 2, "there is none"),
    (("list", "--nothing"), 2, "No such option"),
    (("tools", "list", "--url", "gopher://x"), 2, "not a URL"),
    (("tools", "call", "x", "{"), 2, "is not JSON"),
    (("tools", "call", "x", "[" * 5000), 2, "nested too deeply"),
    (("tools", "call", "x", f'{{"a": {"1" * 5000}}}'), 2, "more than 308 digits"),
    (("tools", "call", "x", '{"a": "\\ud800"}'), 2, "half a surrogate pair"),
    (("doctor", "--call", "x", "NaN"), 2, "is nan"),
]


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in {
        "two.json": '{"name": "a", "name": "b"}',
        "list.json": "[]",
        "config.json": '{"config": "none"}',
        "broken.yaml": "a: [1",
        "broken.py": "1 / 0",
        "nan.json": '{"smithy": NaN}',
        "api.json": '{"openapi": "3.0.0"}',
    }.items():
        (tmp_path / name).write_text(text)


@pytest.mark.parametrize(("arguments", "code", "reported"), FAILURES)
def test_a_failure_is_json(arguments: tuple[str, ...], code: int, reported: str) -> None:
    """ok is false, each problem has its members, the exit code is that of the line on stderr."""
    answer = CliRunner().invoke(app, [*arguments, "--json"], input="}")
    verdict = json.loads(answer.stdout)
    assert answer.exit_code == code
    assert verdict["ok"] is False
    assert all(set(it) == {"severity", "path", "message", "cure", "source", "code"} for it in verdict["problems"])
    assert any(reported in it["message"] for it in verdict["problems"])
    assert code == 1 or len(answer.stderr.splitlines()) == 1


def test_without_json_stdout_stays_empty() -> None:
    """What is wrong stands on stderr alone."""
    answer = CliRunner().invoke(app, ["builtins", "nothing"])
    assert answer.stdout == ""
    assert "there is none" in answer.stderr


def _command(body: Any) -> typer.Typer:
    made = typer.Typer(cls=ErrorsAsLines)

    @made.command()
    def fail(as_json: bool = typer.Option(False, "--json")) -> None:
        body()

    made.command("other")(lambda: None)
    return made


def test_a_defect_is_json_as_well() -> None:
    """And its traceback is not swallowed."""

    def body() -> None:
        raise LookupError("a defect")

    answer = CliRunner().invoke(_command(body), ["fail", "--json"])
    assert isinstance(answer.exception, LookupError)
    assert json.loads(answer.stdout)["problems"][0]["message"] == "LookupError in agentcore"


def test_an_answer_is_json_whatever_it_holds() -> None:
    """Numbers that JSON does not have are text, half a surrogate pair is escaped."""
    answer = CliRunner().invoke(_command(lambda: print_json({"a": [float("nan")], "b": "\ud800"})), ["fail", "--json"])
    assert json.loads(answer.stdout) == {"a": ["nan"], "b": "\ud800"}

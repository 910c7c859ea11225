"""The public types hold for other owners: mypy and pyright read a consumer of the installed wheel, both strictly."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import agentcore_provider
from agentcore_provider import credentials, routes, targets

PROJECT = Path(__file__).parents[2]
CONSUMER = Path(__file__).with_name("consumer.py")
WRONG = [
    'EzAuth("shop", scopes=3)',
    'EzAuth("shop", scopes=["read"])  # right',
    'Gateway("shop")',
    'Gateway("shop", "arn", authorizer="NONE")',
    'Gateway("shop", role_arn="arn", authorizer="NONE")  # right',
    'Gateway("shop", role_arn="arn", authorizer="EVERYBODY")',
    'McpGateway("shop", targets={"orders": 3})',
    'targets.McpServer("https://example.com", listing_mode="ALWAYS")',
]
Checker = Callable[[Any, Path], list[str]]
PROGRAMS = Path(sys.executable).parent


def test_consumer_uses_every_public_class() -> None:
    text = CONSUMER.read_text()
    for name in agentcore_provider.__all__:
        assert re.search(rf"\b{name}\b", text), name
    for module, owner in (("routes", routes), ("targets", targets)):
        for name in owner.__all__:
            assert f"{module}.{name}" in text, name
    for name, value in vars(credentials).items():
        if isinstance(value, type) and value.__module__ == credentials.__name__:
            assert f"credentials.{name}" in text, name


def _mypy(installed: Any, program: Path) -> list[str]:
    answer = subprocess.run(
        [
            *(PROGRAMS / "mypy", "--strict", "--no-error-summary", "--config-file", "", "--hide-error-context"),
            # Most of the time goes into pulumi_aws, which seldom changes.
            *("--python-executable", installed.python, "--cache-dir", PROJECT / ".mypy_cache" / "consumer", program),
        ],
        cwd=program.parent,
        capture_output=True,
        text=True,
    )
    assert answer.returncode in (0, 1), answer.stdout + answer.stderr
    return [line for line in answer.stdout.splitlines() if ": error: " in line]


def _pyright(installed: Any, program: Path) -> list[str]:
    settings = {"include": [program.name], "typeCheckingMode": "strict"}
    (program.parent / "pyrightconfig.json").write_text(json.dumps(settings))
    answer = subprocess.run(
        [PROGRAMS / "basedpyright", "--pythonpath", installed.python, "--outputjson", "--level", "error"],
        cwd=program.parent,
        capture_output=True,
        text=True,
    )
    report = json.loads(answer.stdout)
    assert report["summary"]["filesAnalyzed"] == 1
    return [
        f"{it['range']['start']['line'] + 1}: {it['message']} ({it.get('rule')})"
        for it in report["generalDiagnostics"]
        if it["severity"] == "error"
    ]


@pytest.mark.parametrize("checker", [_mypy, _pyright])
def test_the_consumer_is_accepted(checker: Checker, installed: Any, tmp_path: Path) -> None:
    program = Path(shutil.copy(CONSUMER, tmp_path))
    assert checker(installed, program) == []


@pytest.mark.parametrize("checker", [_mypy, _pyright])
def test_every_wrong_line_is_reported_and_no_other(checker: Checker, installed: Any, tmp_path: Path) -> None:
    program = tmp_path / "wrong.py"
    program.write_text(
        "\n".join(["from agentcore_provider import EzAuth, Gateway, McpGateway, targets", "", *WRONG, ""])
    )
    report = {int(re.search(r"(?:^|:)(\d+): ", line)[1]) for line in checker(installed, program)}
    assert report == {number for number, line in enumerate(WRONG, 3) if not line.endswith("# right")}

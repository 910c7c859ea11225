"""The public types hold for strangers: mypy and pyright read a consumer of the installed wheel, both strictly."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import agentcore_provider
from agentcore_provider import credentials, targets

PROJECT = Path(__file__).parents[2]
CONSUMER = Path(__file__).with_name("consumer.py")
PROGRAMS = Path(sys.executable).parent


def test_consumer_uses_every_public_class() -> None:
    text = CONSUMER.read_text()
    for name in agentcore_provider.__all__:
        assert re.search(rf"\b{name}\b", text), name
    for name in targets.__all__:
        assert f"targets.{name}" in text, name
    for name, value in vars(credentials).items():
        if isinstance(value, type) and value.__module__ == credentials.__name__:
            assert f"credentials.{name}" in text, name


def test_mypy_accepts_the_consumer(installed: Any, tmp_path: Path) -> None:
    answer = subprocess.run(
        [
            *(PROGRAMS / "mypy", "--strict", "--no-error-summary", "--config-file", "/dev/null"),
            # Most of the time goes into pulumi_aws, which seldom changes.
            *("--python-executable", installed.python, "--cache-dir", PROJECT / ".mypy_cache" / "consumer", CONSUMER),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_pyright_accepts_the_consumer(installed: Any, tmp_path: Path) -> None:
    settings = {
        "include": [str(CONSUMER)],
        "typeCheckingMode": "strict",
        # basedpyright's own rules go beyond pyright's.
        "failOnWarnings": False,
    }
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings))
    answer = subprocess.run(
        [PROGRAMS / "basedpyright", "--pythonpath", installed.python, "--outputjson", "--level", "error"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    found = [
        f"{it['range']['start']['line'] + 1}: {it['message']} ({it.get('rule')})"
        for it in json.loads(answer.stdout)["generalDiagnostics"]
        if it["severity"] == "error"
    ]
    assert not found, "\n".join(found)
    assert json.loads(answer.stdout)["summary"]["filesAnalyzed"] == 1

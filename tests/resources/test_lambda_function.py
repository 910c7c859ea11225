"""LambdaFunction: what becomes code, and what the function may do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources.lambda_function import LambdaFunction
from agentcore_provider.schemas.lambda_code import code_files, tools_file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    code = tmp_path / "code"
    (code / "stock" / "__pycache__").mkdir(parents=True)
    for name in ("handler.py", "stock/__init__.py", "stock/shelf.py", "stock/data.json"):
        (code / name).write_text("TOOLS = []\n")
    (code / "stock" / "__pycache__" / "shelf.cpython-312.pyc").write_bytes(b"machine's own")
    (code / "stray.pyc").write_bytes(b"machine's own")
    return code


def test_caches_are_no_code_so_running_the_handler_changes_nothing(folder: Path) -> None:
    assert [path.relative_to(folder).as_posix() for path in code_files(folder)] == [
        "handler.py",
        "stock/__init__.py",
        "stock/data.json",
        "stock/shelf.py",
    ]


def test_a_relative_folder_begins_at_the_project(declare: Any, folder: Path) -> None:
    declared = declare(lambda: LambdaFunction("orders", folder="code", timeout=9).arn, folder=folder.parent)
    (function,) = declared.of(":Function").values()
    assert function["timeout"] == 9
    assert function["runtime"] == "python3.12"
    assert declared.result == "arn:aws:lambda:eu-central-1:123456789012:function:orders-1234567"


def test_the_function_may_write_its_own_log_and_nothing_else(declare: Any, folder: Path) -> None:
    declared = declare(lambda: LambdaFunction("orders", folder=folder).arn)
    (statement,) = declared.policy("orders-log")
    assert all(action.startswith("logs:") for action in statement["Action"])
    assert statement["Resource"][0] == "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/orders-*"
    (role,) = declared.of(":Role").values()
    assert json.loads(role["assumeRolePolicy"])["Statement"][0]["Principal"] == {"Service": "lambda.amazonaws.com"}


@pytest.mark.parametrize(
    ("arguments", "report"),
    [
        ({"folder": "nowhere"}, 'there is no folder "nowhere"'),
        ({"folder": "code", "handler": "main.run"}, 'needs the file "code/main.py"'),
        ({"folder": "code", "handler": "handler"}, "names no function"),
    ],
)
def test_code_that_cannot_run_is_reported_before_anything_is_made(
    declare: Any, folder: Path, arguments: dict[str, Any], report: str
) -> None:
    with pytest.raises(InvalidInput, match=report):
        declare(lambda: LambdaFunction("orders", **arguments), folder=folder.parent)


def test_a_handler_that_lists_tools_is_where_the_tools_are_reported(folder: Path) -> None:
    assert tools_file(folder, "handler.handler") == folder / "handler.py"
    (folder / "handler.py").write_text("tools = 'TOOLS'\n")
    assert tools_file(folder, "handler.handler") is None
    (folder / "handler.py").write_text("TOOLS: list = [\n")
    assert tools_file(folder, "handler.handler") is None
    assert tools_file(folder, "absent.handler") is None

"""What --target makes of what a user names."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from agentcore_provider.cli.deploy import default_target_name, target_flags
from agentcore_provider.cli.project import Project
from agentcore_provider.errors import InvalidInput

HANDLER = "def handler(event, context):\n    return event\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def described(source: str, **flags: Any) -> dict[str, Any]:
    return target_flags.described(source, None, tools=None, flag="--target", **flags)


@pytest.mark.parametrize(
    ("file", "code", "source", "function", "name"),
    [
        ("orders/handler.py", HANDLER, "orders", {"code": "orders"}, "orders"),
        ("orders/handler.py", HANDLER, "./orders/", {"code": "orders"}, "orders"),
        ("order_desk/handler.py", HANDLER, "order_desk/handler.py", {"code": "order_desk"}, "order-desk"),
        (
            "a/lambda_function.py",
            HANDLER.replace("handler", "lambda_handler"),
            "a",
            {"code": "a", "handler": "lambda_function.lambda_handler"},
            "a",
        ),
        ("a/stock.py", HANDLER, "a/stock.py", {"code": "a", "handler": "stock.handler"}, "stock"),
        ("stock.py", "from somewhere import handler", "stock.py", {"code": ".", "handler": "stock.handler"}, "stock"),
    ],
)
def test_a_folder_or_python_file_is_the_code_of_a_function(
    file: str, code: str, source: str, function: dict[str, str], name: str
) -> None:
    """The handler is found in it, and the target is named after the folder or, if it has its own name, the file."""
    Path(file).parent.mkdir(exist_ok=True)
    Path(file).write_text(code)
    target = described(source)
    assert target == {"lambda": function}
    assert default_target_name.name_of(target) == name


@pytest.mark.parametrize(
    ("files", "source", "report"),
    [
        ({}, "nowhere/", "there is no such file or folder"),
        ({}, "nowhere.py", "there is no such file or folder"),
        ({"a/main.py": HANDLER}, "a", "has no handler.py or lambda_function.py"),
        ({"a/handler.py": "x = 1"}, "a", "has no function handler or lambda_handler"),
        ({"a/handler.py": "def handler(:"}, "a", "line 1"),
        ({"my-code.py": HANDLER}, "my-code.py", "Rename it"),
    ],
)
def test_code_that_cannot_become_a_function_is_refused_with_its_cure(
    files: dict[str, str], source: str, report: str
) -> None:
    for name, text in files.items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text)
    with pytest.raises(InvalidInput, match=report):
        described(source)


def test_a_builtin_schema_goes_before_a_folder_of_its_name() -> None:
    Path("slack").mkdir()
    assert described("slack") == {"builtin": "slack"}


def test_paths_begin_at_the_project_and_are_normalised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the current folder is reached through a link."""
    (tmp_path / "shop" / "code").mkdir(parents=True)
    (tmp_path / "shop" / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "shop" / "sub")
    target = {"lambda": {"code": "../code", "tools": "./../code/tools.json"}}
    project = Project(tmp_path / "shop")
    assert target_flags.located(target, project) == {"lambda": {"code": "code", "tools": "code/tools.json"}}
    assert target_flags.located({"openapi": "../../api.json"}, project) == {"openapi": "../api.json"}
    assert target_flags.located({"lambda": {"code": ".."}}, project) == {"lambda": {"code": "."}}
    assert target_flags.located({"openapi": "s3://b/./k"}, project) == {"openapi": "s3://b/./k"}
    if sys.platform != "win32":
        (tmp_path / "link").symlink_to(tmp_path / "shop")
        linked = str(tmp_path / "link" / "api.json")
        assert target_flags.located({"openapi": linked}, project) == {"openapi": "api.json"}


def test_in_the_project_that_the_command_keeps_files_elsewhere_have_absolute_paths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    project = Project(tmp_path / "data" / "agentcore" / "project")
    assert project.is_kept
    assert target_flags.located({"smithy": "model.json"}, project) == {"smithy": str(tmp_path / "model.json")}


def test_operations_are_chosen_and_codes_accepted_by_flags(tmp_path: Path) -> None:
    """The short form of a target becomes the long one, whose file is located as well."""
    target = target_flags.with_rules({"openapi": "api.json"}, only=["GET"], without=["drop*"], accept=["links"])
    assert target == {"openapi": {"schema": "api.json", "only": ["GET"], "without": ["drop*"]}, "accept": ["links"]}
    located = target_flags.located(target, Project(tmp_path))
    assert located["openapi"]["schema"] != "api.json" or tmp_path == Path.cwd()
    assert target_flags.with_rules({"builtin": "slack"}, only=["GET"]) == {
        "builtin": {"name": "slack", "only": ["GET"]}
    }
    assert target_flags.with_rules({"lambda": {"arn": "x"}}, only=[]) == {"lambda": {"arn": "x"}}
    with pytest.raises(InvalidInput, match="--without: applies to OpenAPI documents"):
        target_flags.with_rules({"lambda": {"arn": "x"}}, without=["a"])

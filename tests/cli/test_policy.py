"""`agentcore policy`: tests of policies and the schema of tools, from files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from agentcore_provider.cli.policy.command import app
from agentcore_provider.errors import InvalidInput

TOOLS = [
    {
        "name": "get_order",
        "description": "Find an order",
        "inputSchema": {"type": "object", "properties": {"X-Id": {"type": "string"}}, "required": ["X-Id"]},
    }
]
OPENAPI = {
    "openapi": "3.0.0",
    "paths": {"/a": {"get": {"operationId": "listAll", "parameters": [{"name": "n", "schema": {"type": "integer"}}]}}},
}
PERMIT = """permit (principal, action == AgentCore::Action::"orders___get_order", resource == ?resource)
when { context.input["X-Id"] == "A" };"""
TEST = {"principal": {"sub": "ana"}, "tool": "orders___get_order", "arguments": {"X-Id": "A"}, "expect": "allow"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tools.json").write_text(json.dumps(TOOLS))
    (tmp_path / "api.json").write_text(json.dumps(OPENAPI))
    (tmp_path / "lookups.cedar").write_text(PERMIT)
    return tmp_path


def run(folder: Path, *tests: Any, flags: tuple[str, ...] = (), **more: Any) -> Any:
    document = {"tools": {"orders": "tools.json"}, "policies": ["*.cedar"], "tests": list(tests), **more}
    (folder / "tests.yaml").write_text(json.dumps(document))
    return CliRunner().invoke(app, ["test", str(folder / "tests.yaml"), *flags])


def test_each_test_gets_a_line_and_the_exit_code_says_whether_all_pass(folder: Path) -> None:
    """0, then 1 as soon as one fails."""
    good = run(folder, {**TEST, "name": "A is found", "by": "lookups"})
    assert (good.exit_code, good.stdout) == (0, "ok   A is found: allow by lookups\n1 test, 0 failed\n")
    bad = run(folder, TEST, {**TEST, "arguments": {"X-Id": "B"}})
    assert bad.exit_code == 1
    assert "FAIL orders___get_order 2: deny (no policy permits it); expected allow" in bad.stdout
    assert "2 tests, 1 failed" in bad.stdout


def test_the_answer_in_json_has_the_decisions(folder: Path) -> None:
    """For scripts."""
    answer = run(folder, TEST, flags=("--json",))
    (one,) = json.loads(answer.stdout)["tests"]
    assert (one["ok"], one["decision"], one["policies"]) == (True, "allow", ["lookups"])


@pytest.mark.parametrize(
    ("more", "report"),
    [
        ({"policies": ["none*.cedar"]}, "none*.cedar: matches no file"),
        ({"policies": []}, "policies: is something else"),
        ({"tools": {"orders": "gone.json"}}, "gone.json: there is no such file"),
        ({"tools": {"other": "tools.json"}}, "lookups: line 1: the gateway has no tool orders___get_order"),
        ({"tests": []}, "tests: is not a list of tests"),
        ({"gateways": {}}, "gateways: is not a known key. Known keys: tools, policies, tests"),
        ({"test": [], "polices": []}, "polices: is not a known key. Did you mean policies?"),
    ],
)
def test_what_cannot_be_run_is_an_error_with_its_place(folder: Path, more: dict[str, Any], report: str) -> None:
    """Not a failed test: nothing was tried."""
    with pytest.raises(InvalidInput) as error:
        raise run(folder, TEST, **more).exception
    assert report in str(error.value)


def test_policies_that_aws_would_refuse_are_reported_before(folder: Path) -> None:
    """All of them, by name."""
    (folder / "a.cedar").write_text(PERMIT.replace("== ?resource", ""))
    (folder / "b.cedar").write_text(PERMIT.replace("X-Id", "X-Ib"))
    with pytest.raises(InvalidInput) as error:
        raise run(folder, TEST).exception
    assert "a: line 1: applies to every resource" in str(error.value)
    assert "b: line 2: attribute" in str(error.value)


def test_the_schema_is_printed_for_other_tools_of_cedar(folder: Path) -> None:
    """Of lists of tools, OpenAPI documents and functions."""
    code = folder / "handler.py"
    code.write_text('def add(a: int) -> int:\n    """Add."""\n    return a\n\n\nTOOLS = [add]\n')
    flags = [f"--tools=orders={folder / 'tools.json'}", f"--tools=api={folder / 'api.json'}", f"--tools=code={code}"]
    printed = CliRunner().invoke(app, ["schema", *flags]).stdout
    assert 'action "orders___get_order" in ["orders", "CallTool"]' in printed
    assert 'input: {"X-Id": String}' in printed
    assert "input: {n?: Long}" in printed
    assert "input: {a: Long}" in printed

"""`agentcore config schema` prints what editors need, and reports how they get to know of it."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from agentcore_provider import stack_config
from agentcore_provider.cli.app import app


@pytest.mark.parametrize(
    ("flags", "partial", "name"),
    [([], False, "stack_file.schema.json"), (["--partial"], True, "partial_stack_file.schema.json")],
)
def test_stdout_is_the_schema_and_stderr_says_what_to_do_with_it(flags: list[str], partial: bool, name: str) -> None:
    done = CliRunner().invoke(app, ["config", "schema", *flags])
    assert done.exit_code == 0
    assert json.loads(done.stdout) == stack_config.stack_file_schema(partial=partial)
    assert f"Save this as {name}" in done.stderr
    assert f"# yaml-language-server: $schema={name}" in done.stderr

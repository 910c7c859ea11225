"""`agentcore config schema`: what editors need to complete and check stack files."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from agentcore_provider.cli.terminal import say


def add_commands(app: typer.Typer) -> None:
    """Add the command to its group."""
    app.command("schema", epilog="Example: agentcore config schema > stack_file.schema.json")(print_schema)


def print_schema(
    partial: Annotated[
        bool,
        typer.Option(
            "--partial", help="For stack files that share agentcore:defaults, and for the file of these defaults."
        ),
    ] = False,
) -> None:
    """Print the JSON Schema of stack files, for completion and mistakes in editors.

    Save it beside the stack files, and begin each of them with the line:

    # yaml-language-server: $schema=stack_file.schema.json
    """
    from agentcore_provider.stack_config import stack_file_schema

    name = "partial_stack_file.schema.json" if partial else "stack_file.schema.json"
    say(f"Save this as {name}, and begin the files beside it with the line\n# yaml-language-server: $schema={name}")
    typer.echo(json.dumps(stack_file_schema(partial=partial), indent=2, ensure_ascii=False))

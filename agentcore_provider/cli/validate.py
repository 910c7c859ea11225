"""`agentcore validate`: whether the service would accept a document, before it is sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from agentcore_provider.errors import InvalidInput

if TYPE_CHECKING:
    from agentcore_provider.rules.problem import Problem

app = typer.Typer(
    no_args_is_help=True,
    help="Judge a document by the service's rules. Exit code: 0 accepted, 1 refused, 2 not readable.",
)

_File = Annotated[Path, typer.Argument(help="JSON or YAML file.", show_default=False)]
_Json = Annotated[bool, typer.Option("--json", help="Print the verdict as JSON.")]

_Target = Annotated[
    str | None,
    typer.Option("--target", help="Name of the target: clients see it in front of each tool's name."),
]
_Inline = Annotated[
    bool | None,
    typer.Option(
        "--inline/--s3",
        help="How it travels: within the request (1 MB) or as an object in S3 (10 MB).",
        show_default=False,
    ),
]


@app.command()
def gateway(file: _File, as_json: _Json = False) -> None:
    """Judge CreateGateway's input, as AWS's documentation has it."""
    from agentcore_provider.rules import gateway as rules

    _judge(file, rules.validate, as_json)


@app.command()
def target(
    file: _File,
    as_json: _Json = False,
    on: Annotated[
        Path | None,
        typer.Option("--gateway", help="CreateGateway's input of its gateway: some rules need both."),
    ] = None,
) -> None:
    """Judge CreateGatewayTarget's input, as AWS's documentation has it."""
    from agentcore_provider.rules import gateway_target as rules

    owner = _object(on) if on else None
    _judge(file, lambda document: rules.validate(document, gateway=owner), as_json)


@app.command()
def tools(
    file: _File,
    as_json: _Json = False,
    name: _Target = None,
) -> None:
    """Judge the tool definitions of a Lambda target: a list, or an object with the list under "tools"."""
    from agentcore_provider.rules import tool_schema

    listed, path = _read(file), ""
    if isinstance(listed, dict) and "tools" in listed:
        listed, path = listed["tools"], "tools"
    _report(file, tool_schema.validate(listed, path=path, target=name), as_json)


@app.command()
def openapi(  # noqa: PLR0917 - options go by name on a command line
    file: _File,
    as_json: _Json = False,
    name: _Target = None,
    inline: _Inline = None,
    fix: Annotated[
        Path | None,
        typer.Option("--fix", help="Write the mended document here (JSON or YAML by its ending) and judge that."),
    ] = None,
    server: Annotated[
        str | None, typer.Option("--server", help="With --fix: the API's address, if the document lacks it.")
    ] = None,
) -> None:
    """Judge an OpenAPI document, and mend what can be mended."""
    from agentcore_provider.rules import openapi as rules

    text = _text(file)
    if fix is None:
        _report(file, rules.validate(text, target=name, inline=inline), as_json)
    try:
        mended = rules.mend(text, server=server)
    except ValueError:
        # What cannot be read cannot be mended; the verdict says where it breaks.
        _report(file, rules.validate(text), as_json)
    written = _dumped(mended.document, fix)
    _write(fix, written)
    for line in mended.done:
        typer.echo(f"mended {line}", err=True)
    _report(fix, rules.validate(written, target=name, inline=inline), as_json)


@app.command()
def smithy(file: _File, as_json: _Json = False, name: _Target = None, inline: _Inline = None) -> None:
    """Judge a Smithy model in JSON AST."""
    from agentcore_provider.rules import smithy as rules

    _report(file, rules.validate(_text(file), target=name, inline=inline), as_json)


def _judge(file: Path, rule: Callable[[Any], Sequence[Problem]], as_json: bool) -> None:
    _report(file, rule(_object(file)), as_json)


def _object(file: Path) -> dict[str, Any]:
    document = _read(file)
    if not isinstance(document, dict):
        _unreadable(f"{file}: is not an object. Give the operation's input as one")
    return dict(document)


def _read(file: Path) -> Any:
    from agentcore_provider.schemas import files

    try:
        return files.read(file)
    except InvalidInput as error:
        _unreadable(str(error))


def _text(file: Path) -> str:
    from agentcore_provider.schemas import files

    try:
        return files.text(file)
    except InvalidInput as error:
        _unreadable(str(error))


def _dumped(document: dict[str, Any], file: Path) -> str:
    if file.suffix.lower() == ".json":
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    import yaml

    return str(yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120))


def _write(file: Path, content: str) -> None:
    try:
        file.write_text(content, encoding="utf-8")
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        _unreadable(f"{file}: cannot be written ({reason}). Give the path of a file in a folder that exists")


def _unreadable(line: str) -> NoReturn:
    typer.echo(line, err=True)
    raise typer.Exit(2)


def _report(file: Path, problems: Sequence[Problem], as_json: bool) -> NoReturn:
    refused = any(problem.severity == "error" for problem in problems)
    if as_json:
        verdict = {"ok": not refused, "problems": [problem.document() for problem in problems]}
        typer.echo(json.dumps(verdict, indent=2, ensure_ascii=False))
    else:
        for problem in sorted(problems, key=lambda one: one.severity):
            typer.echo(f"{problem.severity} {problem.line()}")
        count = f"{len(problems)} problem{'' if len(problems) == 1 else 's'}" if problems else "no problem"
        typer.echo(f"{file}: {'refused' if refused else 'accepted'}, {count}")
    raise typer.Exit(1 if refused else 0)

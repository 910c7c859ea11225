"""`agentcore validate`: whether the service would accept a document, before it is sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from agentcore_provider.cli.schema_options import Accept, Fix, Only, Server, Without
from agentcore_provider.cli.terminal import print_json
from agentcore_provider.documents.json_types import JsonDict, JsonObject
from agentcore_provider.documents.limits import Unreadable
from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem, errors
from agentcore_provider.rules import codes
from agentcore_provider.schemas import tool_cost
from agentcore_provider.schemas.selection import Selection
from agentcore_provider.schemas.tool_cost import Cost

app = typer.Typer(
    no_args_is_help=True,
    help="Judge a document by the service's rules. Exit code: 0 accepted, 1 refused, 2 not readable.",
)

# The source of a problem that is none of the document.
_INPUT = "agentcore validate --help"

_File = Annotated[Path, typer.Argument(help="JSON or YAML file; - reads stdin.", show_default=False)]
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

    with _refusal(as_json):
        _judge(file, rules.validate, as_json)


@app.command()
def target(
    file: _File,
    as_json: _Json = False,
    on: Annotated[
        Path | None,
        typer.Option("--gateway", help="CreateGateway's input of its gateway: some rules need both."),
    ] = None,
    accept: Accept = None,
) -> None:
    """Judge CreateGatewayTarget's input, as AWS's documentation has it."""
    from agentcore_provider.rules import gateway_target as rules

    with _refusal(as_json):
        owner = _object(on) if on else None
        _judge(file, lambda document: rules.validate(document, gateway=owner), as_json, accept)


@app.command()
def tools(
    file: Annotated[
        Path,
        typer.Argument(
            help="JSON or YAML file, or - for stdin; or a Python file, which is imported: of the functions in its TOOLS or __all__, type "
            "hints and docstrings are read.",
            show_default=False,
        ),
    ],
    as_json: _Json = False,
    name: _Target = None,
    fold: Annotated[
        bool,
        typer.Option(
            "--fold",
            help="Move what the service's keywords cannot say into descriptions first, as `--tools` and stack files do.",
        ),
    ] = False,
    accept: Accept = None,
) -> None:
    """Judge the tools of a Lambda target: a list, an object with the list under "tools", one tool, or functions."""
    from agentcore_provider.rules import tool_schema
    from agentcore_provider.schemas import tools as schemas

    with _refusal(as_json):
        notes: list[Problem] = []
        listed, path = _tools(file, notes)
    folded: Any = None
    lost: list[Problem] = []
    if isinstance(listed, list) and all(isinstance(tool, dict) for tool in listed):
        try:
            folded = schemas.fold(listed, notes)
        except InvalidInput as error:
            lost = [_of_tools(it) for it in error.problems]
    left_out = [_of_tools(it) for it in notes]
    if fold:
        problems = lost or left_out + tool_schema.validate(listed if folded is None else folded, path=path, target=name)
    else:
        problems = tool_schema.validate(listed, path=path, target=name)
        if errors(problems) and folded is not None and not errors(tool_schema.validate(folded, target=name)):
            typer.echo("Accepted with --fold, which is how `--tools` and stack files take it.", err=True)
    _report(file, problems, as_json, accept, tool_cost.of_tools(listed if folded is None else folded, name or ""))


@app.command()
def openapi(  # noqa: PLR0917 - options go by name on a command line
    file: _File,
    as_json: _Json = False,
    name: _Target = None,
    inline: _Inline = None,
    fix: Fix = False,
    server: Server = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write the changed document here, JSON or YAML by its ending."),
    ] = None,
    accept: Accept = None,
    only: Only = None,
    without: Without = None,
) -> None:
    """Judge an OpenAPI document, as it is or with what can be fixed fixed."""
    from agentcore_provider.rules import openapi as rules
    from agentcore_provider.schemas import selected_openapi

    with _refusal(as_json):
        text = _selected(_text(file), file, Selection(only or None, without or None), selected_openapi.select)
        if output is not None and not fix and server is None:
            raise Unreadable("goes only with --fix or --server", "Add one of them", name="--output", source=_INPUT)
    fixed: rules.Fixed | None = None
    if fix or server is not None:
        # What cannot be read cannot be fixed; the verdict says where it breaks.
        with suppress(ValueError):
            fixed = rules.fix(text, server=server) if fix else rules.with_server(text, server or "")
    source: Any = text if fixed is None else fixed.document
    if fixed is not None and output is not None:
        source = _dumped(fixed.document, output)
        with _refusal(as_json):
            _write(output, source)
    for change in fixed.changes if fixed is not None else ():
        typer.echo(f"changed {change}", err=True)
    judged = output if fixed is not None and output is not None else file
    cost = tool_cost.of_openapi(source, name or "")
    _report(judged, rules.validate(source, target=name, inline=inline), as_json, accept, cost)


@app.command()
def smithy(  # noqa: PLR0917 - options go by name on a command line
    file: _File,
    as_json: _Json = False,
    name: _Target = None,
    inline: _Inline = None,
    accept: Accept = None,
    only: Only = None,
    without: Without = None,
) -> None:
    """Judge a Smithy model in JSON AST."""
    from agentcore_provider.rules import smithy as rules
    from agentcore_provider.schemas import selected_smithy

    with _refusal(as_json):
        text = _selected(_text(file), file, Selection(only or None, without or None), selected_smithy.select)
    cost = tool_cost.of_smithy(text, name or "")
    _report(file, rules.validate(text, target=name, inline=inline), as_json, accept, cost)


def _selected(text: str, file: Path, selection: Selection, select: Callable[[JsonObject, Selection], JsonDict]) -> str:
    """The text of the document with the chosen operations. Raises InvalidInput."""
    from agentcore_provider.documents import files

    document = files.parse(text, name=str(file)) if selection else None
    return json.dumps(select(document, selection), ensure_ascii=False) if isinstance(document, dict) else text


def _judge(
    file: Path, rule: Callable[[JsonDict], Sequence[Problem]], as_json: bool, accept: Sequence[str] | None = None
) -> None:
    _report(file, rule(_object(file)), as_json, accept)


def _object(file: Path) -> JsonDict:
    document = _read(file)
    if not isinstance(document, dict):
        raise Unreadable("is not an object", "Give the operation's input as one", name=str(file), source=_INPUT)
    config = document.get("config")
    if isinstance(config, dict) and "agentcore:gateways" in config:
        why = "is a stack's file, which `pulumi preview` judges"
        raise Unreadable(why, "Give the operation's input as AWS has it", name=str(file), source=_INPUT)
    return dict(document)


def _read(file: Path) -> object:
    from agentcore_provider.documents import files

    return files.parse(_text(file), name=str(file), yaml=file.suffix.lower() != ".json")


def _tools(file: Path, notes: list[Problem]) -> tuple[Any, str]:
    """The tools of a file as they are written, and where in it the list is."""
    from agentcore_provider.schemas import tools as schemas

    if file.suffix.lower() == ".py":
        return schemas.load(file, folder=Path.cwd(), notes=notes), ""
    document = _read(file)
    if not isinstance(document, dict):
        return document, ""
    for key in ("tools", "inlinePayload"):
        if key in document:
            return document[key], key
    return ([document], "") if "name" in document else (document, "")


def _of_tools(problem: Problem) -> Problem:
    """A problem of schemas that cannot be folded, with the page that says what the service takes."""
    from agentcore_provider.rules.tool_schema import LAMBDA

    return replace(problem, source=LAMBDA)


def _text(file: Path) -> str:
    from agentcore_provider.documents import files

    # A Path has one slash where the address had two.
    if file.parts[:1] == ("s3:",):
        address = f"s3://{'/'.join(file.parts[1:])}"
        raise Unreadable("is in S3", "Download it and give the path of the file", name=address, source=_INPUT)
    return files.text_of_stdin() if str(file) == "-" else files.text(file)


def _dumped(document: JsonDict, file: Path) -> str:
    if file.suffix.lower() == ".json":
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    import yaml

    return str(yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120))


def _write(file: Path, content: str) -> None:
    try:
        file.write_text(content, encoding="utf-8")
    except OSError as error:
        why = f"cannot be written ({(error.strerror or type(error).__name__).lower()})"
        cure = "Give the path of a file in a folder that exists"
        raise Unreadable(why, cure, name=str(file), source=_INPUT) from None


@contextmanager
def _refusal(as_json: bool) -> Iterator[None]:
    """A document that cannot be judged at all: one line and exit code 2, with --json a verdict of that one problem."""
    try:
        yield
    except InvalidInput as error:
        typer.echo(str(error), err=True)
        if as_json:
            problems = [error.problem] if isinstance(error, Unreadable) else error.problems
            print_json(
                {"ok": False, "problems": [replace(it, source=it.source or _INPUT).document() for it in problems]}
            )
        raise typer.Exit(2) from None


def _report(
    file: Path,
    found: Sequence[Problem],
    as_json: bool,
    accept: Sequence[str] | None = None,
    cost: Cost | None = None,
) -> NoReturn:
    """Print the verdict and end. cost: of the tools, where the document has some."""
    wrong = list(codes.unknown(accept, "--accept"))
    for problem in wrong:
        typer.echo(str(problem), err=True)
    if wrong:
        raise typer.Exit(2)
    problems = codes.accepted(found, accept or ())
    refused = errors(problems)
    if as_json:
        verdict: JsonDict = {"ok": not refused, "problems": [problem.document() for problem in problems]}
        print_json(verdict | ({"tools": cost.tools, "tokens": cost.tokens} if cost else {}))
    else:
        for problem in sorted(problems, key=lambda one: one.severity):
            typer.echo(f"{problem.severity} {problem}")
        count = f"{len(problems)} problem{'' if len(problems) == 1 else 's'}" if problems else "no problem"
        typer.echo(f"{file}: {'refused' if refused else 'accepted'}, {count}{f'; {cost}' if cost else ''}")
        if refused and all(problem.code for problem in refused):
            again = " ".join(f"--accept {code}" for code in dict.fromkeys(problem.code for problem in refused))
            typer.echo(f"To take the risk: {again}, and accept= or accept: of the target.", err=True)
    raise typer.Exit(1 if refused else 0)

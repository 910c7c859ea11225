"""`agentcore validate`: whether the service would accept a document, before it is sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from agentcore_provider.cli.options import Accept, Fix, Json, Only, Server, Without
from agentcore_provider.cli.terminal import print_json
from agentcore_provider.documents.json_types import JsonDict, JsonObject
from agentcore_provider.documents.limits import Unreadable
from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem, errors

if TYPE_CHECKING:
    from agentcore_provider.documents.source_text import SourceText
    from agentcore_provider.schemas.selection import Selection
    from agentcore_provider.schemas.tool_cost import Cost

app = typer.Typer(
    no_args_is_help=True,
    help="Validate a document against the service's rules. Exit code: 0 accepted, 1 rejected, 2 not readable.",
)

# The source of a problem with the command line.
_INPUT = "agentcore validate --help"

_File = Annotated[Path, typer.Argument(help="JSON or YAML file; - reads stdin.", show_default=False)]

_Target = Annotated[
    str | None,
    typer.Option("--target", help="Name of the target; it precedes each tool's name."),
]
_Inline = Annotated[
    bool | None,
    typer.Option(
        "--inline/--s3",
        help="How the document is sent: within the request (1 MB) or as an object in S3 (10 MB).",
        show_default=False,
    ),
]


@app.command()
def gateway(file: _File, as_json: Json = False) -> None:
    """Validate the input of CreateGateway."""
    from agentcore_provider.rules import gateway as rules

    with _input_errors(as_json):
        _validate(file, rules.validate, as_json)


@app.command()
def target(
    file: _File,
    as_json: Json = False,
    on: Annotated[
        Path | None,
        typer.Option("--gateway", help="Input of CreateGateway for its gateway: some rules need both."),
    ] = None,
    accept: Accept = None,
) -> None:
    """Validate the input of CreateGatewayTarget."""
    from agentcore_provider.rules import gateway_target as rules

    with _input_errors(as_json):
        owner = _object(on) if on else None
        _validate(file, lambda document: rules.validate(document, gateway=owner), as_json, accept)


@app.command()
def tools(
    file: Annotated[
        Path,
        typer.Argument(
            help="JSON or YAML file, or - for stdin; or a Python file, which is imported for the type hints and docstrings of "
            "the functions in its TOOLS or __all__.",
            show_default=False,
        ),
    ],
    as_json: Json = False,
    name: _Target = None,
    fold: Annotated[
        bool,
        typer.Option(
            "--fold",
            help="First move what the service's keywords cannot express into descriptions, as `--tools` and stack files do.",
        ),
    ] = False,
    accept: Accept = None,
) -> None:
    """Validate the tools of a Lambda target: a list, an object with the list under "tools", one tool, or functions."""
    from agentcore_provider.rules import tool_schema
    from agentcore_provider.schemas import tool_cost
    from agentcore_provider.schemas import tools as schemas

    with _input_errors(as_json):
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
            typer.echo("Accepted with --fold, which `--tools` and stack files apply.", err=True)
    _report(file, problems, as_json, accept, tool_cost.of_tools(listed if folded is None else folded, name or ""))


@app.command()
def openapi(  # noqa: PLR0917 - options go by name on a command line
    file: _File,
    as_json: Json = False,
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
    """Validate an OpenAPI document, as it is or after fixing what can be fixed."""
    from agentcore_provider.documents import openapi_fixing
    from agentcore_provider.rules import openapi as rules
    from agentcore_provider.schemas import selected_openapi, tool_cost
    from agentcore_provider.schemas.selection import Selection

    with _input_errors(as_json):
        text = _selected(_text(file), file, Selection(only or None, without or None), selected_openapi.select)
        if output is not None and not fix and server is None:
            raise Unreadable("requires --fix or --server", "Add one of them", name="--output", source=_INPUT)
    fixed: openapi_fixing.Fixed | None = None
    if fix or server is not None:
        # What cannot be read cannot be fixed; the validation reports where it breaks.
        with suppress(ValueError):
            fixed = openapi_fixing.fix(text, server=server) if fix else openapi_fixing.with_server(text, server or "")
    source: Any = text if fixed is None else fixed.document
    if fixed is not None and output is not None:
        source = _dumped(fixed.document, output)
        with _input_errors(as_json):
            _write(output, source)
    for change in fixed.changes if fixed is not None else ():
        typer.echo(f"changed {change}", err=True)
    validated = output if fixed is not None and output is not None else file
    source, content = _read_once(source, rules.read)
    cost = tool_cost.of_openapi(content, name or "")
    _report(validated, rules.validate(source, target=name, inline=inline), as_json, accept, cost)


@app.command()
def smithy(  # noqa: PLR0917 - options go by name on a command line
    file: _File,
    as_json: Json = False,
    name: _Target = None,
    inline: _Inline = None,
    accept: Accept = None,
    only: Only = None,
    without: Without = None,
) -> None:
    """Validate a Smithy model in JSON AST."""
    from agentcore_provider.rules import smithy as rules
    from agentcore_provider.schemas import selected_smithy, tool_cost
    from agentcore_provider.schemas.selection import Selection

    with _input_errors(as_json):
        text = _selected(_text(file), file, Selection(only or None, without or None), selected_smithy.select)
    source, content = _read_once(text, rules.read)
    cost = tool_cost.of_smithy(content, name or "")
    _report(file, rules.validate(source, target=name, inline=inline), as_json, accept, cost)


def _selected(text: str, file: Path, selection: Selection, select: Callable[[JsonObject, Selection], JsonDict]) -> str:
    """The text of the document with the chosen operations. Raises InvalidInput."""
    from agentcore_provider.documents import files

    document = files.parse(text, name=str(file)) if selection else None
    return json.dumps(select(document, selection), ensure_ascii=False) if isinstance(document, dict) else text


def _validate(
    file: Path, rule: Callable[[JsonDict], Sequence[Problem]], as_json: bool, accept: Sequence[str] | None = None
) -> None:
    _report(file, rule(_object(file)), as_json, accept)


def _object(file: Path) -> JsonDict:
    document = _read(file)
    if not isinstance(document, dict):
        raise Unreadable("is not an object", "Give the operation's input as one", name=str(file), source=_INPUT)
    config = document.get("config")
    if isinstance(config, dict) and "agentcore:gateways" in config:
        why = "is a stack's file, which `pulumi preview` validates"
        raise Unreadable(why, "Give the operation's input as AWS has it", name=str(file), source=_INPUT)
    return dict(document)


def _read(file: Path) -> object:
    from agentcore_provider.documents import files

    return files.parse(_text(file), name=str(file), yaml=file.suffix.lower() != ".json")


def _tools(file: Path, notes: list[Problem]) -> tuple[Any, str]:
    """The tools of a file as they are written, and the path of the list in it."""
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
    """A problem of schemas that cannot be folded, with the page that documents what the service supports."""
    from agentcore_provider.rules.tool_schema import LAMBDA

    return replace(problem, source=LAMBDA)


def _text(file: Path) -> str:
    from agentcore_provider.documents import files

    # A Path has one slash where the address had two.
    if file.parts[:1] == ("s3:",):
        address = f"s3://{'/'.join(file.parts[1:])}"
        raise Unreadable("is in S3", "Download it and pass the path of the file", name=address, source=_INPUT)
    return files.text_of_stdin() if str(file) == "-" else files.text(file)


def _read_once(source: Any, read: Callable[[Any], SourceText]) -> tuple[Any, Any]:
    """What the rules validate, and its content. What cannot be read stays a text, for the rules to report."""
    with suppress(Unreadable):
        text = read(source)
        return text, text.document
    return source, source


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
        cure = "Pass the path of a file in an existing folder"
        raise Unreadable(why, cure, name=str(file), source=_INPUT) from None


@contextmanager
def _input_errors(as_json: bool) -> Iterator[None]:
    """Ends the command for a document that cannot be read: one line and exit code 2, with --json that one problem."""
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
    """Print the result and exit. cost: of the tools, where the document has some."""
    from agentcore_provider.rules import codes

    unknown = list(codes.unknown(accept, "--accept"))
    for problem in unknown:
        typer.echo(str(problem), err=True)
    if unknown:
        raise typer.Exit(2)
    problems = codes.accepted(found, accept or ())
    rejected = errors(problems)
    if as_json:
        result: JsonDict = {"ok": not rejected, "problems": [problem.document() for problem in problems]}
        print_json(result | ({"tools": cost.tools, "tokens": cost.tokens} if cost else {}))
    else:
        for problem in sorted(problems, key=lambda one: one.severity):
            typer.echo(f"{problem.severity} {problem}")
        count = f"{len(problems)} problem{'' if len(problems) == 1 else 's'}" if problems else "no problem"
        typer.echo(f"{file}: {'rejected' if rejected else 'accepted'}, {count}{f'; {cost}' if cost else ''}")
        if rejected and all(problem.code for problem in rejected):
            again = " ".join(f"--accept {code}" for code in dict.fromkeys(problem.code for problem in rejected))
            typer.echo(f"To deploy it anyway: {again}, and accept= or accept: of the target.", err=True)
    raise typer.Exit(1 if rejected else 0)

"""What the command prints: lines, tables, progress, and errors as one line with an exit code."""

from __future__ import annotations

import contextlib
import json
import logging
import math
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperGroup

from agentcore_provider.cli import files
from agentcore_provider.cli.local_aws import LocalAwsStopped
from agentcore_provider.errors import (
    AgentCoreError,
    AwsUnreachable,
    GatewayUnreachable,
    InvalidInput,
    NotSignedIn,
    TokenRefused,
)
from agentcore_provider.problem import Problem

if TYPE_CHECKING:
    from rich.console import Console
    from rich.status import Status
    from rich.table import Table

REFUSED = 1
"""The tool, the gateway, AWS or local AWS answered an error."""
WRONG_USAGE = 2
"""Wrong flags or invalid input; nothing was changed."""
NOT_REACHED = 3
"""Not signed in, unreachable, or not running."""

# Typer exports only one of its usage errors; the module that defines the others is private.
_UsageError: Any = typer.BadParameter.__mro__[1]
_ClickError: Any = typer.BadParameter.__mro__[2]

# Tables that go into a file or pipe are never folded at the 80 columns of a terminal that is not there.
_PIPE_WIDTH = 240
# What the table of the longest flags needs.
_TABLE_WIDTH = 130


class ErrorsAsLines(TyperGroup):
    """The root of the command: every AgentCoreError ends as one red line and an exit code."""

    def invoke(self, ctx: Any) -> object:
        # Libraries below report through exceptions as well; their log lines would double every error.
        for library in ("mcp", "asyncio", "httpx", "httpx2"):
            logging.getLogger(library).setLevel(logging.CRITICAL)
        with _wrong_usage_as_line():
            try:
                return super().invoke(ctx)
            except AgentCoreError as error:
                print_error(error)
                raise typer.Exit(exit_code(error)) from None
            except OSError as error:
                # Without a file name it is not about one of the user's folders.
                if error.filename is None and not files.is_full(error):
                    _print_defect(error)
                    raise
                print_error(_unusable(error))
                raise typer.Exit(REFUSED) from None
            except Exception as error:
                if not isinstance(error, (_ClickError, typer.Exit, typer.Abort)):
                    _print_defect(error)
                raise

    def make_context(self, info_name: str | None, args: list[str], *rest: Any, **kwargs: Any) -> Any:
        # Known before anything is parsed: wrong flags are answered in JSON as well.
        _answer.in_json = "--json" in (args[: args.index("--")] if "--" in args else args)
        _answer.printed = False
        with _wrong_usage_as_line():
            return super().make_context(info_name, args, *rest, **kwargs)


def _unusable(error: OSError) -> AgentCoreError:
    if files.is_full(error):
        return files.not_written(error.filename or "A file", error)
    why = (error.strerror or type(error).__name__).lower()
    return AgentCoreError(f"{error.filename} cannot be used ({why})", "Make it writable, or work in another folder")


@dataclass
class _Answer:
    """The answer of this run of the command on stdout."""

    in_json: bool = False
    printed: bool = False


_answer = _Answer()


class WholeFlags(TyperCommand):
    """A command with long flags: a narrow terminal gets them as plain lines, since rich's table would cut them off."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        if shutil.get_terminal_size().columns < _TABLE_WIDTH:
            self.rich_markup_mode = None
        super().format_help(ctx, formatter)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        # On one line, whatever its length: folded at a hyphen of an ARN it could not be copied.
        formatter.write(f"\n  {self.epilog}\n")


@contextmanager
def _wrong_usage_as_line() -> Iterator[None]:
    """Wrong flags end as one line as well, in place of typer's usage and box."""
    try:
        yield
    except _UsageError as error:
        why = error.format_message().replace("Value error, ", "").rstrip(".")
        if not why or why.startswith("Usage: "):
            # A group without a command: its help is displayed, on a terminal by rich, else as the message.
            raise
        command = error.ctx.command_path if error.ctx is not None else "agentcore"
        if "unexpected extra argument" in why:
            why += ', quote JSON and whatever has spaces: \'{"name": "value"}\''
        print_error(InvalidInput(why, f"see `{command} --help`"))
        raise typer.Exit(WRONG_USAGE) from None


def exit_code(error: AgentCoreError) -> int:
    """The exit code for an error."""
    if isinstance(error, InvalidInput):
        return WRONG_USAGE
    if isinstance(error, (NotSignedIn, AwsUnreachable, LocalAwsStopped, GatewayUnreachable, TokenRefused)):
        return NOT_REACHED
    return REFUSED


def _print_defect(error: Exception) -> None:
    """With --json: that there is a defect; Python's traceback follows on stderr."""
    if not isinstance(error, BrokenPipeError):
        problem = Problem("", f"{type(error).__name__} in agentcore", "Report it with the traceback on stderr")
        _print_refusal([problem.document()])


def _print_refusal(problems: Sequence[Mapping[str, str]]) -> None:
    """With --json: the problems in place of an answer."""
    if _answer.in_json and not _answer.printed:
        print_json({"ok": False, "problems": list(problems)})


def print_error(error: AgentCoreError) -> None:
    """One red line on stderr; the problems of InvalidInput follow, a line each. With --json, JSON on stdout as well."""
    from rich.text import Text

    _print_refusal([problem.document() for problem in error.problems])
    stderr().print(Text(f"Error: {error}", style="red"), soft_wrap=True)


# The consoles that display progress: lines have to go through them, else they would be drawn behind it.
_showing: list[Console] = []


def stdout() -> Console:
    """Where answers go."""
    from rich.console import Console

    # While progress is displayed, rich puts a proxy in the place of stdout.
    is_terminal = getattr(sys.stdout, "rich_proxied_file", sys.stdout).isatty()
    if _showing and is_terminal:
        return _showing[-1]
    return Console(highlight=False, width=None if is_terminal else _PIPE_WIDTH)


def stderr() -> Console:
    """Where progress and errors go."""
    from rich.console import Console

    if _showing:
        return _showing[-1]
    return Console(stderr=True, highlight=False)


def say(text: str) -> None:
    """A line for people, on stderr, so that stdout holds answers only."""
    from rich.text import Text

    stderr().print(Text(text), soft_wrap=True)


def say_if_open(text: str) -> None:
    """The same where the terminal may be closed already, and something remains to be done in any case."""
    # Rich ends the program where nobody reads a pipe.
    with contextlib.suppress(OSError, SystemExit):
        say(text)


def print_json(document: object) -> None:
    """A document for scripts, on stdout."""
    _answer.printed = True
    text = json.dumps(_finite(document), indent=2, ensure_ascii=False)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        # Half a surrogate pair, as in names of files and answers of tools, or a terminal with a small character set.
        text = json.dumps(_finite(document), indent=2)
    typer.echo(text)


def _finite(value: object) -> object:
    """The document with NaN and the infinities as text: JSON has no such numbers, and tools answer them all the same."""
    if isinstance(value, Mapping):
        return {name: _finite(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def new_table(*columns: str) -> Table:
    """An empty table in this command's style."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def new_row(table: Table, *cells: str) -> None:
    """A row of plain text, in which markup has no effect."""
    from rich.text import Text

    table.add_row(*(Text(cell) for cell in cells))


@contextmanager
def progress(text: str) -> Iterator[Status | None]:
    """Displays progress on a terminal; elsewhere, and within another progress, nothing."""
    if _showing or not sys.stderr.isatty():
        yield None
        return
    console = stderr()
    with console.status(text) as status:
        _showing.append(console)
        try:
            yield status
        finally:
            _showing.pop()

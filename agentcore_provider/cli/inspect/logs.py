"""`agentcore logs`: what a gateway wrote about its requests, and what handlers printed."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from agentcore_provider.cli.inspect import log_pause
from agentcore_provider.cli.options import GatewayName, Stack
from agentcore_provider.cli.terminal import progress, say, stdout
from agentcore_provider.errors import InvalidInput

if TYPE_CHECKING:
    from agentcore_provider.aws.documents import Document
    from agentcore_provider.cli.inspect.log_line import LogLine

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_LATE_MILLISECONDS = 300_000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

Since = Annotated[
    str, typer.Option("--since", metavar="TIME", help="How far back: a number and s, m, h or d, such as 30m.")
]


Target = Annotated[str | None, typer.Option("--target", "-t", help="Only calls of this target's tools, by its name.")]


def logs(
    *,
    stack: Stack = None,
    gateway: GatewayName = None,
    target: Target = None,
    since: Since = "15m",
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with new lines until Ctrl-C.")] = False,
    errors: Annotated[bool, typer.Option("--errors", help="Only lines about errors.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Each line as the service wrote it: one JSON document.")
    ] = False,
) -> None:
    """Show what a gateway wrote about its requests, and what the handlers of its Lambda targets printed.

    The gateway's lines state why a tool failed, also where agents do not learn it. They have to be delivered to CloudWatch:
    `observe=True` of an McpGateway, `observe: true` in a stack file. What handlers print is there without it.
    """
    begin = begin_of(since)
    from agentcore_provider.cli.gateway_choice import connect
    from agentcore_provider.cli.inspect.log_reader import LogReader
    from agentcore_provider.cli.sign_in import deployed_gateway

    chosen = deployed_gateway(stack, gateway)
    connection = connect(chosen)
    with progress("Looking for the logs"):
        reader = LogReader(connection, chosen, target, say)
    pause = log_pause.of(connection, lambda: len(reader.groups))
    with stopped_by_ctrl_c():
        for events in batches(reader.read, begin, follow=follow, pause=pause):
            for event in events:
                if (line := reader.line(event)) is not None:
                    print_line(line, errors=errors, as_json=as_json)


@contextlib.contextmanager
def stopped_by_ctrl_c() -> Iterator[None]:
    """Ctrl-C is how a log that is followed ends: no error."""
    try:
        yield
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


def batches(
    read: Callable[[int], Sequence[Document]], begin: int, *, follow: bool, pause: Callable[[bool], object]
) -> Iterator[list[Document]]:
    """The events of each read that no read before it had; with follow without an end.

    read: the events since a time. begin: milliseconds since the epoch. pause: waits before the next read; it gets whether
    this one had anything new.
    """
    printed: dict[tuple[str, str], int] = {}
    while True:
        new = [event for event in read(begin) if _key(event) not in printed]
        printed |= {_key(event): event.get("timestamp", begin) for event in new}
        yield new
        if not follow:
            return
        # Lines may arrive late; older ones are not asked for again.
        begin = max([begin, *(it - _LATE_MILLISECONDS for it in printed.values())])
        printed = {key: at for key, at in printed.items() if at >= begin}
        pause(bool(new))


def _key(event: Document) -> tuple[str, str]:
    return str(event.get("logGroupName", "")), str(event.get("eventId", ""))


def print_line(line: LogLine, *, errors: bool, as_json: bool) -> None:
    """Print a line; with errors only one about an error."""
    from rich.text import Text

    if errors and not line.is_error:
        return
    if as_json:
        typer.echo(line.document())
        return
    clock = ""
    with contextlib.suppress(ValueError, OverflowError, OSError):
        clock = time.strftime("%H:%M:%S", time.localtime(line.at / 1000)) if line.at else ""
    beside = "  ".join(printable(it) for it in (clock, line.request_id[:8], line.source) if it)
    text = Text(f"{beside}  " if beside else "", style="dim")
    style = "not dim red" if line.is_error else "dim" if line.is_quiet else "not dim"
    stdout().print(text.append(printable(line.text), style=style), soft_wrap=True)


def begin_of(since: str) -> int:
    """The time that is so long ago, in milliseconds since the epoch. Raises InvalidInput."""
    return max(0, int((time.time() - _seconds(since)) * 1000))


def _seconds(text: str) -> int:
    found = re.fullmatch(r"([0-9]{1,6})([smhd])", text.strip())
    if found is None:
        raise InvalidInput("is not a duration", "Give a number and s, m, h or d, such as 30m", path=f"--since {text}")
    return int(found[1]) * _SECONDS[found[2]]


def printable(text: str) -> str:
    """The text without what a terminal would obey, which a target's answer may hold."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)

"""`agentcore logs`: what a gateway wrote about its requests."""

from __future__ import annotations

import contextlib
import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from agentcore_provider.cli.options import GatewayName, Stack
from agentcore_provider.cli.terminal import progress, stdout
from agentcore_provider.errors import AgentCoreError, InvalidInput

if TYPE_CHECKING:
    from agentcore_provider.aws.connection import Connection
    from agentcore_provider.aws.documents import Document

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_LATE_MILLISECONDS = 300_000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_FOLLOW_SECONDS = 2.0  # FilterLogEvents: 25 requests a second in an account and Region (CloudWatch Logs, quotas)

Since = Annotated[
    str, typer.Option("--since", metavar="TIME", help="How far back: a number and s, m, h or d, such as 30m.")
]


def logs(
    *,
    stack: Stack = None,
    gateway: GatewayName = None,
    since: Since = "15m",
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with new lines until Ctrl-C.")] = False,
    errors: Annotated[bool, typer.Option("--errors", help="Only lines about errors.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Each line as the service wrote it: one JSON document.")
    ] = False,
) -> None:
    """Show what a gateway wrote about its requests: also why a tool failed where agents are not shown it.

    The log has to be delivered to CloudWatch: `observe=True` of an McpGateway, `observe: true` in a stack file.
    """
    begin = begin_of(since)
    from agentcore_provider.aws import observability
    from agentcore_provider.cli.gateway_choice import connect
    from agentcore_provider.cli.sign_in import deployed_gateway

    chosen = deployed_gateway(stack, gateway)
    connection = connect(chosen)
    with progress("Looking for the gateway's log"):
        groups = observability.log_groups(connection, chosen.gateway_id)
    if not groups:
        raise AgentCoreError(
            f"The log of gateway {chosen.name} is not delivered to CloudWatch",
            "Set observe=True on its McpGateway (in a stack file `observe: true`), and deploy",
        )
    for line in lines(connection, groups, begin, follow=follow):
        print_line(line, errors=errors, as_json=as_json)


def _pause() -> None:
    threading.Event().wait(_FOLLOW_SECONDS)


def lines(
    connection: Connection, groups: list[str], begin: int, *, follow: bool, pause: Callable[[], object] = _pause
) -> Iterator[str]:
    """The lines of log groups, each once; with follow without an end.

    begin: milliseconds since the epoch. pause: waits before the groups are read again.
    """
    from agentcore_provider.aws import observability

    def read(since: int) -> list[Document]:
        return [event for group in groups for event in observability.events(connection, group, since=since)]

    for messages in batches(read, begin, follow=follow, pause=pause):
        yield from messages


def batches(
    read: Callable[[int], Sequence[Document]], begin: int, *, follow: bool, pause: Callable[[], object] = _pause
) -> Iterator[list[str]]:
    """The messages of each read that no read before it had; with follow without an end.

    read: the events since a time. begin: milliseconds since the epoch. pause: waits before the next read.
    """
    printed: dict[str, int] = {}
    while True:
        new = [event for event in read(begin) if event.get("eventId", "") not in printed]
        printed |= {event.get("eventId", ""): event.get("timestamp", begin) for event in new}
        yield [event.get("message", "") for event in new]
        if not follow:
            return
        # Lines may arrive late; older ones are not asked for again.
        begin = max([begin, *(it - _LATE_MILLISECONDS for it in printed.values())])
        printed = {event_id: at for event_id, at in printed.items() if at >= begin}
        pause()


def print_line(message: str, *, errors: bool, as_json: bool) -> None:
    """Print a line of the log; with errors only one about an error. What is not in the service's form is printed as it is."""
    from rich.text import Text

    try:
        line = json.loads(message)
        log, failed = str(line["body"]["log"]), line["body"].get("isError") is True
    except (ValueError, TypeError, KeyError, AttributeError):
        line, log, failed = {}, message, False
    if errors and not failed:
        return
    if as_json:
        typer.echo(message)
        return
    clock = ""
    with contextlib.suppress(KeyError, TypeError, ValueError, OverflowError, OSError):
        clock = time.strftime("%H:%M:%S", time.localtime(line["event_timestamp"] / 1000))
    log = printable(log)
    beside = "  ".join(it for it in (clock, str(line.get("request_id", ""))[:8]) if it)
    text = Text(f"{beside}  " if beside else "", style="dim")
    stdout().print(text.append(log, style="not dim red" if failed else "not dim"), soft_wrap=True)


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

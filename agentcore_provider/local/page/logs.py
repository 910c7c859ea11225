"""What the page of logs displays: the lines of each call, of everything or of one gateway or target."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from agentcore_provider.local.log_lines import LINES, LinesOfCall
from agentcore_provider.local.mcp_endpoint import gateway_log
from agentcore_provider.local.page import templates
from agentcore_provider.local.page.gateways import GatewayView
from agentcore_provider.local.page.templates import ROOT

_MOST = 100


@dataclass(frozen=True)
class LogsView:
    """The latest lines, newest call first. silent: names of the chosen gateways whose own log is not delivered.

    choices: what the page can be limited to, each as the value of `of` and its text.
    """

    found: Sequence[LinesOfCall]
    choices: Sequence[tuple[str, str]]
    silent: Sequence[str]
    events: str


def view(arguments: Mapping[str, str], gateways: Sequence[GatewayView]) -> LogsView:
    """The page for these arguments of its address: of, which is GATEWAY_ID or GATEWAY_ID/TARGET, and only."""
    is_chosen, of = chosen(arguments), arguments.get("of", "")
    choices = [("", "everything")]
    for it in gateways:
        gateway_id, name = it.gateway.gateway_id, it.gateway.name
        choices.append((gateway_id, name))
        choices += ((f"{gateway_id}/{target.name}", f"{name}: {target.name}") for target in it.targets)
    meant = [it.gateway for it in gateways if of.partition("/")[0] in ("", it.gateway.gateway_id)]
    kept = {name: arguments[name] for name in ("of", "only") if arguments.get(name)}
    return LogsView(
        found=[it for it in LINES.latest() if is_chosen(it)][-_MOST:][::-1],
        choices=choices,
        silent=[it.name for it in meant if it.protocol_type and not gateway_log.is_delivered(it)],
        events=f"{ROOT}logs/events?{urlencode(kept)}",
    )


def chosen(arguments: Mapping[str, str]) -> Callable[[LinesOfCall], bool]:
    """Whether the lines of a call are on the page for these arguments."""
    gateway_id, _, target = arguments.get("of", "").partition("/")
    only_errors = arguments.get("only") == "errors"

    def is_chosen(call: LinesOfCall) -> bool:
        if only_errors and not call.has_error:
            return False
        return (not gateway_id or call.gateway_id == gateway_id) and (not target or call.target == target)

    return is_chosen


def row(call: LinesOfCall) -> str:
    """The lines of a call as a row of the table."""
    return templates.render_text("log_row.html", it=call)

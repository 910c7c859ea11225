"""A lock for the tools of an MCP server: the gateway serves those that were accepted, whatever the server lists later.

A locked target has the accepted list as its fixed one. AWS never reads the list of such a target from its server, nor
synchronizes it (the documentation of SynchronizeGatewayTargets), so
no text that nobody accepted reaches an agent. The list is among the inputs in state; the server is asked

- when the target gets its lock: what it lists then is locked;
- when the program wants the list to be read again (`synchronize_on`), when the server's address changes and when another
  fingerprint is accepted: other tools are an error, unless they have the fingerprint that is accepted;
- by a refresh, which reports other tools and changes nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from agentcore_provider import target_kinds
from agentcore_provider.aws.documents import Document, Properties
from agentcore_provider.documents.json_types import JsonDict
from agentcore_provider.errors import AgentCoreError
from agentcore_provider.problem import Problem
from agentcore_provider.providers import context
from agentcore_provider.providers.naming import logical_name
from agentcore_provider.providers.unknowns import contains_unknown
from agentcore_provider.schemas import locked_tools

SERVER_LISTS = "__server_lists"
"""In state: fingerprint of the tools that the server listed at the last refresh, if they are not those locked."""

LOCKED = "tools_locked"
"""In the context: fingerprint of the tools that are locked."""

_SOURCE = "docs/targets/tools-lock.md"
_MOST_LINES = 10
_DOCUMENT = "target_configuration"

_mutex = threading.Lock()
# By URN, what a target had locked: of a replacement the engine passes no state.
_locked: dict[str, str] = {}

Read = Callable[[], list[JsonDict]]
"""Reads what the server lists now. Raises AgentCoreError."""


@dataclass
class Locked:
    """The inputs of a target with the tools that are locked."""

    inputs: Properties
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    note: str = ""


def fill_in(olds: Properties, news: Properties, read: Read) -> Locked:
    """The inputs with the list that the gateway is to serve. olds: inputs in state; {} for a new target."""
    wanted = context.of(news).get("tools_lock")
    server = _server(news)
    fixed = target_kinds.schema_source(news.get(_DOCUMENT))
    if not wanted or fixed or server is None or contains_unknown(wanted):
        return Locked(news)
    # Where AWS has no list any more, as somebody removed it there, state still has the fingerprint of what was accepted.
    accepted = wanted if isinstance(wanted, str) else context.of(olds).get(LOCKED)
    before = _before(olds, str(context.of(news).get("urn", "")))
    pinned = locked_tools.tools_of(before)
    if pinned is not None and not isinstance(wanted, str):
        accepted = None
    kept = news if pinned is None else _with(news, before or "")
    if pinned is not None and not _is_read_again(olds, news, accepted, pinned):
        return Locked(kept)
    if contains_unknown([news.get(it) for it in (_DOCUMENT, "credential_provider_configurations")]):
        return Locked(kept)
    try:
        found = read()
        payload = locked_tools.payload(found)
    except AgentCoreError as error:
        if pinned is not None and accepted in (None, locked_tools.fingerprint(pinned)):
            message = f"the gateway keeps the locked tools, as those of the server cannot be read: {error.message}"
            return Locked(kept, warnings=[_line(message, error.cure)])
        return Locked(kept, problems=[_line(f"the tools cannot be locked: {error.message}", error.cure)])
    return _settled(kept, payload, pinned, found, accepted)


def _settled(
    kept: Properties, payload: str, pinned: list[JsonDict] | None, found: list[JsonDict], accepted: str | None
) -> Locked:
    """The inputs with what the server lists now, if that is accepted. kept: those with what is locked so far."""
    now = locked_tools.fingerprint(found)
    if pinned is not None and now not in (accepted, locked_tools.fingerprint(pinned)):
        return Locked(kept, problems=_differing(pinned, found, logical_name(str(context.of(kept).get("urn", "")))))
    if accepted not in (None, now):
        message = f"the server lists other tools than those accepted: their fingerprint is {now}, not {accepted}"
        return Locked(kept, problems=[_line(message, "Review what it lists, and set tools_lock to its fingerprint")])
    if pinned is not None and now == locked_tools.fingerprint(pinned):
        return Locked(kept)
    warnings = [
        _line(f"texts of {it} have characters that no reader notices", "Ask the server's owner why")
        for it in locked_tools.with_hidden_text(found)
    ]
    note = f"tools_lock: locks the {len(found)} tools that the server lists, fingerprint {now}"
    return Locked(_with(kept, payload), warnings=warnings[:_MOST_LINES], note=note)


def fingerprint(properties: Document) -> str | None:
    """The fingerprint of the tools that a target has locked; None if it has none."""
    tools = tools_of(properties) if context.of(properties).get("tools_lock") else None
    return locked_tools.fingerprint(tools) if tools is not None else None


def tools_of(properties: Document) -> list[JsonDict] | None:
    """The tools in the document of a target; None if there are none."""
    return locked_tools.tools_of(_payload(properties))


def still_listed(olds: Document, outputs: Document) -> Properties:
    """After an update, what state keeps of a server that listed other tools at the last refresh."""
    listed = olds.get(SERVER_LISTS)
    return {SERVER_LISTS: listed} if listed and listed != fingerprint(outputs) and fingerprint(outputs) else {}


def observe(properties: Document, read: Read) -> tuple[str | None, list[str]]:
    """Of a target in AWS: fingerprint of what its server lists, if that is not what is locked, and warnings."""
    locked = tools_of(properties) if context.of(properties).get("tools_lock") else None
    if locked is None:
        return None, []
    try:
        found = read()
        locked_tools.payload(found)
    except AgentCoreError as error:
        return None, [_line(f"whether the server lists other tools is not known: {error.message}", error.cure)]
    now = locked_tools.fingerprint(found)
    if now == locked_tools.fingerprint(locked):
        return None, []
    return now, _differing(locked, found, logical_name(str(context.of(properties).get("urn", ""))))


def drift(olds: Document, news: Document) -> str:
    """What a preview reports of a server that listed other tools at the last refresh; empty if it did not."""
    listed = olds.get(SERVER_LISTS)
    if not listed or not context.of(news).get("tools_lock") or listed == fingerprint(news):
        return ""
    name = logical_name(str(context.of(news).get("urn", "")))
    return _line(
        f"the server listed other tools at the last refresh (fingerprint {listed}); the gateway serves those locked",
        f"`agentcore tools diff {name}` shows what differs",
    )


def _is_read_again(olds: Document, news: Document, accepted: str | None, pinned: list[JsonDict]) -> bool:
    before, now = _server(olds) or {}, _server(news) or {}
    return (
        (accepted is not None and accepted != locked_tools.fingerprint(pinned))
        or (bool(olds) and before.get("endpoint") != now.get("endpoint"))
        or (bool(olds) and olds.get("synchronize_on") != news.get("synchronize_on"))
    )


def _differing(locked: list[JsonDict], found: list[JsonDict], name: str) -> list[str]:
    lines = [str(it) for it in locked_tools.differences(locked, found)]
    if len(lines) > _MOST_LINES:
        lines[_MOST_LINES:] = [f"{len(lines) - _MOST_LINES} more tools differ"]
    fingerprint = locked_tools.fingerprint(found)
    cure = f'Accept them with `agentcore tools accept {name}`, or tools_lock="{fingerprint}"; until then the locked ones stay'
    return [_line(f"the server lists other tools than those locked: {line}", cure) for line in lines]


def _line(message: str, cure: str) -> str:
    return str(Problem("tools_lock", message, cure, _SOURCE))


def _server(properties: Document) -> Mapping[str, object] | None:
    server = target_kinds.MCP_SERVER.content(properties.get(_DOCUMENT))
    return server if isinstance(server, Mapping) else None


def _payload(properties: Document) -> str | None:
    text = target_kinds.schema_source(properties.get(_DOCUMENT)).get("inlinePayload")
    return text if isinstance(text, str) else None


def _before(olds: Document, urn: str) -> str | None:
    """What was locked so far. A list that the program fixed itself was not."""
    payload = _payload(olds) if context.of(olds).get("tools_lock") else None
    with _mutex:
        if olds and urn:
            if payload is None:
                _locked.pop(urn, None)
            else:
                _locked[urn] = payload
        return payload if olds else _locked.get(urn)


def _with(news: Properties, payload: str) -> Properties:
    """The inputs with this list as the target's fixed one."""
    document = target_kinds.MCP_SERVER.with_tools(news.get(_DOCUMENT), payload)
    beside = {**context.of(news), LOCKED: locked_tools.fingerprint(locked_tools.tools_of(payload) or ())}
    return {**news, _DOCUMENT: document, context.KEY: beside}

"""What a change of a target means for those who call its tools, at preview."""

from __future__ import annotations

from collections.abc import Iterator

from agentcore_provider import target_kinds
from agentcore_provider.aws.documents import Document
from agentcore_provider.documents.json_types import JsonDict
from agentcore_provider.problem import Problem
from agentcore_provider.providers import context
from agentcore_provider.providers.unknowns import contains_unknown
from agentcore_provider.schemas import listed_tools
from agentcore_provider.schemas.tool_changes import ToolChange, compare

_SOURCE = "docs/targets/changes.md"
_MOST_LINES = 20
_MOST_NAMES = 5
_DOCUMENT = "target_configuration"


def problems(olds: Document, news: Document) -> Iterator[Problem]:
    """Each tool whose callers no longer fit: a warning, or an error where the program protects its tools."""
    protected = context.of(news).get("protect_tools") is True
    fix = "Keep what callers use, or " + (
        "remove protect_tools for this update." if protected else "set protect_tools to refuse such changes."
    )
    lines = [*_breaking(olds, news)]
    if len(lines) > _MOST_LINES:
        lines[_MOST_LINES:] = [f"{len(lines) - _MOST_LINES} more tools"]
    for line in lines:
        yield Problem("tools", f"callers break: {line}", fix, _SOURCE, severity="error" if protected else "warning")
    if protected and _is_hidden(olds, news):
        message = "the tools before and after are not known here, so whether callers still fit is not either"
        yield Problem("tools", message, "Compare the tools before you deploy.", _SOURCE, severity="warning")


def fitting(olds: Document, news: Document) -> str:
    """Which tools change so that their callers still fit; empty if none does."""
    changes = _changes(olds, news) or []
    names = {kind: [it.name for it in changes if it.kind == kind and not it.breaking] for kind in ("changed", "added")}
    parts = [f"{_list(found)} {kind}" for kind, found in names.items() if found]
    return f"tools: {', '.join(parts)}; callers still fit" if parts else ""


def _breaking(olds: Document, news: Document) -> Iterator[str]:
    changes = _changes(olds, news)
    before, now = olds.get("name"), news.get("name")
    if changes is not None and isinstance(now, str) and before != now:
        yield f"the target is renamed, so all its tools are: {before}___* to {now}___*"
    for change in changes or ():
        if change.breaking:
            yield f"{before}___{change}"


def _changes(olds: Document, news: Document) -> list[ToolChange] | None:
    """What changes of the tools; None for a new target, and where the tools are not known before and after."""
    if olds.get("name") == news.get("name") and olds.get(_DOCUMENT) == news.get(_DOCUMENT):
        return None
    before, now = _tools(olds), _tools(news)
    return None if before is None or now is None else compare(before, now)


def _tools(target: Document) -> list[JsonDict] | None:
    schema_format, payload = target_kinds.inline_schema(target.get(_DOCUMENT))
    if payload is None or contains_unknown(payload) or not isinstance(target.get("name"), str):
        return None
    return listed_tools.of_schema(schema_format, payload)


def _is_hidden(olds: Document, news: Document) -> bool:
    """Whether the tools may change, and cannot be compared: only a server lists them, a schema is in S3 or not known yet."""
    if not olds.get(_DOCUMENT) or _changes(olds, news) is not None:
        return False
    if olds.get("name") != news.get("name"):
        return True
    before, now = (target_kinds.schema_source(it.get(_DOCUMENT)) for it in (olds, news))
    return bool(olds.get(_DOCUMENT) != news.get(_DOCUMENT) and (not before or contains_unknown(now) or before != now))


def _list(names: list[str]) -> str:
    return ", ".join(names[:_MOST_NAMES]) + (
        f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    )

"""What callers of a tool notice of a change: whether a call that was right before still is.

Agents and scripts keep what they read of a tool: a renamed tool, an argument that becomes required or accepts less breaks
them while the deployment succeeds. Compared are the tools as tools/list shows them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from agentcore_provider.documents.json_types import JsonDict, JsonObject
from agentcore_provider.schemas.schema_changes import lost, narrowed


@dataclass(frozen=True)
class ToolChange:
    """What became of one tool."""

    name: str
    """Its name before; of a new tool its name now."""
    kind: Literal["added", "removed", "renamed", "changed"]
    breaking: tuple[str, ...] = ()
    """Why callers of the tool as it was no longer fit, each in words; empty where they do."""
    now: str = ""
    """The new name of a renamed tool."""

    def __str__(self) -> str:
        return f"{self.name}: {'; '.join(self.breaking) or self.kind}"


def compare(before: Iterable[JsonDict], now: Iterable[JsonDict]) -> list[ToolChange]:
    """What changed of tools as tools/list shows them: tools before in their order, then those that are new."""
    old, new = _by_name(before), _by_name(now)
    added = [name for name in new if name not in old]
    changes: list[ToolChange] = []
    for name, tool in old.items():
        if name in new:
            if tool != new[name]:
                changes.append(ToolChange(name, "changed", tuple(_reasons(tool, new[name]))))
        elif successor := _renamed(tool, [new[it] for it in added]):
            added.remove(successor)
            changes.append(ToolChange(name, "renamed", (f"is renamed to {successor}",), successor))
        else:
            changes.append(ToolChange(name, "removed", ("is removed",)))
    return [*changes, *(ToolChange(name, "added") for name in added)]


def _by_name(tools: Iterable[JsonDict]) -> dict[str, JsonDict]:
    return {tool["name"]: tool for tool in tools if isinstance(tool.get("name"), str)}


def _renamed(tool: JsonObject, added: Sequence[JsonDict]) -> str | None:
    """The name of the new tool that is the same but for its name, if there is exactly one."""
    content = {key: value for key, value in tool.items() if key not in ("name", "title")}
    same = [it for it in added if {key: value for key, value in it.items() if key not in ("name", "title")} == content]
    return str(same[0]["name"]) if len(same) == 1 else None


def _reasons(before: JsonObject, now: JsonObject) -> list[str]:
    """Why callers of the tool as it was no longer fit."""
    reasons = [*narrowed(before.get("inputSchema", {}), now.get("inputSchema", {}))]
    answer, answer_now = before.get("outputSchema"), now.get("outputSchema")
    if isinstance(answer, Mapping):
        # Without a schema nothing is promised any more.
        reasons += (
            lost(answer, answer_now) if isinstance(answer_now, Mapping) else ["its answer has no schema any more"]
        )
    return reasons

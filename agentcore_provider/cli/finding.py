"""What `agentcore doctor` finds when it looks at one layer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from agentcore_provider.errors import AgentCoreError


@dataclass(frozen=True)
class Finding:
    """What a look at one layer found."""

    layer: str
    state: Literal["ok", "skipped", "failed"]
    said: str
    """What is there, or what failed, why, and the cure."""


def look(layer: str, see: Callable[[], str]) -> Finding:
    """Look at a layer: what `see` says is fine, what it raises is what fails."""
    try:
        return Finding(layer, "ok", see())
    except AgentCoreError as error:
        return Finding(layer, "failed", str(error))

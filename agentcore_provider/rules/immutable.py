"""Members that an update cannot change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from agentcore_provider.rules.unknown import UNKNOWN


def changed(immutable: Iterable[str], old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    """Those of the members that change. A value not known yet counts as changed, one that is not set does not."""
    return [it for it in immutable if it in old and it in new and (new[it] is UNKNOWN or old[it] != new[it])]

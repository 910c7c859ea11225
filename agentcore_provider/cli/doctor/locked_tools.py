"""Whether the MCP servers behind targets still list the tools that are locked."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from agentcore_provider.cli.doctor.findings import Findings
from agentcore_provider.cli.doctor.layer import Failure, Layer, NotChecked, run_check
from agentcore_provider.cli.locked_target import LockedTarget, locked_targets
from agentcore_provider.errors import AgentCoreError

_MOST_NAMES = 5


def check(findings: Findings) -> Iterator[Layer]:
    """Each server lists the tools that are locked."""
    targets = locked_targets([findings.chosen])
    return (run_check(f"locked tools of {it.name}", partial(_check, it, findings.timeout)) for it in targets)


def _check(target: LockedTarget, timeout: float) -> str:
    try:
        found = target.listed(timeout)
    except AgentCoreError as error:
        raise NotChecked(f"{error.message.rstrip('.')}. {error.cure}") from None
    differences = target.differences(found)
    if not differences:
        return f"the server lists the {len(found)} tools that are locked"
    names = [f"{it.name} is {it.kind}" for it in differences[:_MOST_NAMES]]
    more = f" and {len(differences) - len(names)} more" if len(differences) > len(names) else ""
    raise Failure(
        f"the server lists other tools than those locked: {', '.join(names)}{more}",
        f"see them with `agentcore tools diff {target.name}`, and accept them, or have the server changed back",
    )

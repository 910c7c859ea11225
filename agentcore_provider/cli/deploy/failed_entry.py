"""What a failed command wrote: the next command starts from the entry of before.

So a flag that is left out the next time has its documented default, not the value that failed.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from agentcore_provider.cli import files
from agentcore_provider.cli.project.stack_file import StackFile
from agentcore_provider.cli.stack import ChosenStack
from agentcore_provider.documents.json_types import JsonDict


def remember(stack: ChosenStack, gateway: str, before: object, target: str | None = None) -> None:
    """Keep the entry of the stack's file from before a failed command changed it.

    gateway: its key. before: its entry then, None for none. target: the one that the command was about.
    """
    written = StackFile(stack.file).entry(gateway)
    kept = _kept(stack) | {gateway: {"before": before, "written": written, "target": target}}
    _keep(stack, kept)


def forget(stack: ChosenStack, gateway: str) -> None:
    """Note that what was written is deployed, or removed."""
    kept = _kept(stack)
    if kept.pop(gateway, None) is not None:
        _keep(stack, kept)


def undo(stack: ChosenStack, file: StackFile, gateway: str, target: str | None = None) -> None:
    """Restore the entry from before a failed command, unless it was edited since.

    target: what the current command is about; None for the gateway itself. The file is changed in memory.
    """
    failed = _kept(stack).get(gateway)
    if failed is None or failed["target"] != target or not _same(file.entry(gateway), failed["written"]):
        return
    if target is None:
        file.replace(gateway, failed["before"])
        return
    before = ((failed["before"] or {}).get("targets") or {}).get(target)
    entry = file.entry(gateway)
    if before is None:
        file.remove(gateway, target)
    else:
        entry["targets"][target] = before


def _same(one: object, other: object) -> bool:
    return json.dumps(one, sort_keys=True, default=str) == json.dumps(other, sort_keys=True, default=str)


def _kept(stack: ChosenStack) -> JsonDict:
    with contextlib.suppress(OSError, ValueError):
        kept = json.loads(_path(stack).read_text(encoding="utf-8"))
        if isinstance(kept, dict):
            return kept
    return {}


def _keep(stack: ChosenStack, kept: JsonDict) -> None:
    file = _path(stack)
    if kept:
        files.write_private(file, json.dumps(kept, indent=2, default=str))
    else:
        file.unlink(missing_ok=True)


def _path(stack: ChosenStack) -> Path:
    return stack.project.state_folder / f"stack-{stack.name}.failed.json"

"""The engine's events: its progress as lines, its errors as one error."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from agentcore_provider.cli.pulumi_command import error_line
from agentcore_provider.cli.stack import ChosenStack
from agentcore_provider.cli.stack_lock import when_free
from agentcore_provider.cli.stack_state import to_access_error
from agentcore_provider.cli.terminal import progress, say
from agentcore_provider.errors import AgentCoreError

if TYPE_CHECKING:
    from pulumi import automation as auto

_T = TypeVar("_T")
_DONE = {"create": "created", "update": "updated", "delete": "deleted", "create-replacement": "replaced"}
_DOING = {"create": "creating", "update": "updating", "delete": "deleting", "replace": "replacing"}
_CLASS = re.compile(r"\bagentcore_provider\.errors\.\w+: ")
_MARKUP = re.compile(r"<\{%[^%]*%\}>")


class Failed(AgentCoreError):
    """Parts of a stack could not be deployed."""

    def __init__(self, text: str, parts: frozenset[str]) -> None:
        super().__init__(text)
        self.parts = parts
        """Logical names of the resources that failed."""


def watched(
    stack: ChosenStack,
    operation: Callable[..., _T],
    adopted: str | None = None,
    also: Callable[[auto.events.EngineEvent], None] | None = None,
    **options: object,
) -> _T:
    """Run an operation of a stack and print its progress. also: gets every event too. Raises Failed with all errors."""
    from pulumi import automation as auto

    errors: list[str] = []
    failed: set[str] = set()

    def watch(event: auto.events.EngineEvent) -> None:
        before, after, diagnostic = event.resource_pre_event, event.res_outputs_event, event.diagnostic_event
        if diagnostic is not None and diagnostic.severity == "error":
            message = reason(diagnostic.message)
            if message:
                # A stack has several gateways, and the one that failed need not be the one that the command is about.
                whose = called(diagnostic.urn)
                errors.append(": ".join(filter(None, (whose, message))))
                failed.update(whose.split()[1:])
        if diagnostic is not None and diagnostic.ephemeral and status is not None:
            status.update(_MARKUP.sub("", diagnostic.message).strip())
        if also is not None:
            also(event)
            return
        if before is not None and status is not None and str(before.metadata.op.value) in _DOING:
            status.update(f"{_DOING[str(before.metadata.op.value)]} {_name(before.metadata)}")
        if after is not None and str(after.metadata.op.value) in _DONE and _is_shown(after.metadata):
            say(f"  {_done(after.metadata, adopted)} {_name(after.metadata)}")

    with progress("Reading the stack") as status:
        try:
            return when_free(stack, lambda: operation(on_event=watch, color="never", suppress_outputs=True, **options))
        except auto.CommandError as error:
            if isinstance(error, auto.ConcurrentUpdateError):
                raise
            if not errors:
                raise to_access_error(stack.project, str(error)) or Failed(
                    error_line(str(error)), frozenset()
                ) from None
            raise Failed("; ".join(dict.fromkeys(errors)), frozenset(failed)) from None


def reason(message: str) -> str:
    """An error that the engine reports, in one line; empty for one that only states that there were others."""
    line = _CLASS.sub("", " ".join(_MARKUP.sub("", message).split()))
    return "" if line.startswith(("update failed", "preview failed", "resource plan")) else line


def _is_shown(metadata: auto.events.StepEventMetadata) -> bool:
    return not str(metadata.type).startswith(("pulumi:pulumi:", "pulumi:providers:"))


def _done(metadata: auto.events.StepEventMetadata, adopted: str | None) -> str:
    name = str(metadata.urn).rpartition("::")[2]
    if adopted is not None and (name == adopted or name.startswith(f"{adopted}-")):
        return "adopted"
    return _DONE[str(metadata.op.value)]


def _name(metadata: auto.events.StepEventMetadata) -> str:
    kind = re.split(r"[:/]", str(metadata.type))[-1]
    return f"{kind} {str(metadata.urn).rsplit('::', 1)[-1]}"


def called(urn: str | None) -> str:
    """The resource of a URN by type and name; empty for the stack itself."""
    parts = (urn or "").split("::")
    if len(parts) < 4 or "pulumi:pulumi:" in parts[2]:
        return ""
    return f"{re.split('[$:/]', parts[2])[-1]} {parts[-1]}"

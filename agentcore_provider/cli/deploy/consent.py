"""Nothing is removed or replaced that the command was not asked to remove, unless the user agrees."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from agentcore_provider.cli import engine
from agentcore_provider.cli.engine.events import Failed, called
from agentcore_provider.cli.project.stack_file import StackFile
from agentcore_provider.cli.stack import ChosenStack
from agentcore_provider.cli.terminal import say
from agentcore_provider.errors import InvalidInput

# What follows from the other resources and holds nothing: a role's permissions come and go with its targets.
_DERIVED = ("aws:iam/rolePolicy:", "aws:lambda/permission:", "pulumi-python:dynamic/agentcore:TokenEndpoint")
_GATEWAY = "agentcore:index:McpGateway"
_TARGET = "pulumi-python:dynamic/agentcore:GatewayTarget"
_CREDENTIALS = ("agentcore:ApiKeyCredentialProvider", "agentcore:OAuth2CredentialProvider")
_MOST_LINES = 20


def require(
    stack: ChosenStack, config: Path, *, yes: bool, gateway: str | None = None, target: str | None = None
) -> None:
    """Ask before anything is deployed that would remove or replace more than it should.

    config: the stack file that is to be deployed. gateway, target: what the command was asked to remove. Raises
    InvalidInput where nobody can be asked, or who is asked says no; Failed with what a preview finds wrong.
    """
    if yes:
        return
    standing = {str(it["urn"]): it for it in engine.resources(stack) if not it.get("delete")}
    if not standing:
        return
    try:
        steps = engine.steps(stack, config)
    except Failed:
        if gateway is None:
            raise
        # Something else in the stack is wrong. What the file no longer describes goes all the same.
        steps = [engine.Step("delete", urn) for urn in _undescribed(standing, StackFile(config).gateways())]
    lines = [
        f"{'replaces' if step.kind == 'replace' else 'removes'} {called(step.urn)}"
        for step in steps
        if step.kind in ("delete", "replace")
        and _counts(standing.get(step.urn))
        and not (gateway and _belongs(step.urn, standing, gateway, target))
    ]
    if lines:
        _ask(stack, lines)


def _ask(stack: ChosenStack, lines: Sequence[str]) -> None:
    shown = tuple(lines[:_MOST_LINES])
    if len(lines) > len(shown):
        shown += (f"and {len(lines) - len(shown)} more",)
    cause = f"what the program or {stack.file} no longer describes, or describes otherwise"
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        why = f"The deployment would also remove or replace {cause}, so nothing was changed: {'; '.join(shown)}"
        raise InvalidInput(why, "put it back into the file, or add --yes to agree")
    say(f"The deployment also removes or replaces {cause}:")
    for line in shown:
        say(f"  - {line}")
    if not typer.confirm("Do you agree?", err=True):
        raise InvalidInput(f"Nothing was changed: put what shall stay back into {stack.file}, then run this again")


def _counts(resource: Mapping[str, Any] | None) -> bool:
    """Whether a resource is something of its own in AWS."""
    return (
        resource is not None
        and bool(resource.get("custom"))
        and not resource.get("external")
        and not str(resource.get("type")).startswith(("pulumi:", *_DERIVED))
    )


def _belongs(urn: str, standing: Mapping[str, Mapping[str, Any]], gateway: str, target: str | None) -> bool:
    """Whether a resource is part of a gateway, or of one target of it."""
    part = f"{gateway}-{target}"
    if urn.split("::")[2].endswith(_CREDENTIALS):
        # They stand beside the gateway, and are called after the target that signs in with them.
        own = {_name(it) for it in standing if any(_is(up, _GATEWAY, gateway) for up in _above(it, standing))}
        return _name(urn) == part if target is not None else _name(urn) in own
    above = [urn, *_above(urn, standing)]
    if not any(_is(it, _GATEWAY, gateway) for it in above):
        return False
    return target is None or any(_name(it) == part or _name(it).startswith(f"{part}-") for it in above)


def _undescribed(standing: Mapping[str, Mapping[str, Any]], gateways: Mapping[str, Any]) -> list[str]:
    """Resources of gateways and targets that are deployed, but that a stack's file does not have."""
    gone = []
    for urn in standing:
        above = [urn, *_above(urn, standing)]
        gateway = next((_name(it) for it in above if f"::{_GATEWAY}::" in it), None)
        if gateway is None:
            continue
        described = gateways.get(gateway)
        targets = (described.get("targets") if isinstance(described, Mapping) else None) or {}
        target = next((_name(it) for it in above if it.split("::")[2].endswith(_TARGET)), None)
        if gateway not in gateways or (target is not None and target not in {f"{gateway}-{it}" for it in targets}):
            gone.append(urn)
    return gone


def _above(urn: str, standing: Mapping[str, Mapping[str, Any]]) -> list[str]:
    found: list[str] = []
    while urn := str((standing.get(urn) or {}).get("parent") or ""):
        found.append(urn)
    return found


def _is(urn: str, kind: str, name: str) -> bool:
    return urn.split("::")[2].endswith(kind) and _name(urn) == name


def _name(urn: str) -> str:
    return urn.rpartition("::")[2]

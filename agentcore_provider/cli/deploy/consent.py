"""Asks before a deployment removes or replaces more than the command was asked to."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import typer

from agentcore_provider.cli import engine
from agentcore_provider.cli.engine.events import Failed, called
from agentcore_provider.cli.project.stack_file import StackFile
from agentcore_provider.cli.stack import ChosenStack
from agentcore_provider.cli.terminal import say
from agentcore_provider.documents.json_types import JsonObject
from agentcore_provider.errors import InvalidInput

# Derived from other resources, without content of their own: a role's permissions change with its targets.
_DERIVED = ("aws:iam/rolePolicy:", "aws:lambda/permission:", "pulumi-python:dynamic/agentcore:TokenEndpoint")
_GATEWAY = "agentcore:index:McpGateway"
_TARGET = "pulumi-python:dynamic/agentcore:GatewayTarget"
_CREDENTIALS = ("agentcore:ApiKeyCredentialProvider", "agentcore:OAuth2CredentialProvider")
_MOST_LINES = 20


def require(
    stack: ChosenStack, config: Path, *, yes: bool, gateway: str | None = None, target: str | None = None
) -> None:
    """Ask before deploying what would remove or replace more than the command is about.

    config: the stack file to deploy. gateway, target: what the command was asked to remove. Raises InvalidInput
    without a terminal to ask on, or if the user declines; Failed with the problems of a preview.
    """
    if yes:
        return
    deployed = {str(it["urn"]): it for it in engine.resources(stack) if not it.get("delete")}
    if not deployed:
        return
    try:
        steps = engine.steps(stack, config)
    except Failed:
        if gateway is None:
            raise
        # Something else in the stack is invalid. What the file no longer describes is removed all the same.
        steps = [engine.Step("delete", urn) for urn in _undescribed(deployed, StackFile(config).gateways())]
    lines = [
        f"{'replaces' if step.kind == 'replace' else 'removes'} {called(step.urn)}"
        for step in steps
        if step.kind in ("delete", "replace")
        and _is_own(deployed.get(step.urn))
        and not (gateway and _is_part_of(step.urn, deployed, gateway, target))
    ]
    if lines:
        _ask(stack, lines)


def _ask(stack: ChosenStack, lines: Sequence[str]) -> None:
    listed = tuple(lines[:_MOST_LINES])
    if len(lines) > len(listed):
        listed += (f"and {len(lines) - len(listed)} more",)
    cause = f"what the program or {stack.file} no longer describes, or describes differently"
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        why = f"The deployment would also remove or replace {cause}, so nothing was changed: {'; '.join(listed)}"
        raise InvalidInput(why, "restore it in the file, or add --yes to agree")
    say(f"The deployment also removes or replaces {cause}:")
    for line in listed:
        say(f"  - {line}")
    if not typer.confirm("Do you agree?", err=True):
        raise InvalidInput("Nothing was changed", f"Restore what should stay in {stack.file}, then run this again")


def _is_own(resource: JsonObject | None) -> bool:
    """Whether a resource is something of its own in AWS."""
    return (
        resource is not None
        and bool(resource.get("custom"))
        and not resource.get("external")
        and not str(resource.get("type")).startswith(("pulumi:", *_DERIVED))
    )


def _is_part_of(urn: str, deployed: Mapping[str, JsonObject], gateway: str, target: str | None) -> bool:
    """Whether a resource is part of a gateway, or of one target of it."""
    part = f"{gateway}-{target}"
    if urn.split("::")[2].endswith(_CREDENTIALS):
        # They are siblings of the gateway, named after the target that they sign in to.
        own = {_name(it) for it in deployed if any(_is(up, _GATEWAY, gateway) for up in _above(it, deployed))}
        return _name(urn) == part if target is not None else _name(urn) in own
    above = [urn, *_above(urn, deployed)]
    if not any(_is(it, _GATEWAY, gateway) for it in above):
        return False
    return target is None or any(_name(it) == part or _name(it).startswith(f"{part}-") for it in above)


def _undescribed(deployed: Mapping[str, JsonObject], gateways: JsonObject) -> list[str]:
    """Resources of gateways and targets that are deployed, but that a stack's file does not have."""
    gone = []
    for urn in deployed:
        above = [urn, *_above(urn, deployed)]
        gateway = next((_name(it) for it in above if f"::{_GATEWAY}::" in it), None)
        if gateway is None:
            continue
        described = gateways.get(gateway)
        targets = (described.get("targets") if isinstance(described, Mapping) else None) or {}
        target = next((_name(it) for it in above if it.split("::")[2].endswith(_TARGET)), None)
        if gateway not in gateways or (target is not None and target not in {f"{gateway}-{it}" for it in targets}):
            gone.append(urn)
    return gone


def _above(urn: str, deployed: Mapping[str, JsonObject]) -> list[str]:
    found: list[str] = []
    while urn := str((deployed.get(urn) or {}).get("parent") or ""):
        found.append(urn)
    return found


def _is(urn: str, kind: str, name: str) -> bool:
    return urn.split("::")[2].endswith(kind) and _name(urn) == name


def _name(urn: str) -> str:
    return urn.rpartition("::")[2]

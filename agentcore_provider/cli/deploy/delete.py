"""`agentcore delete`: remove a gateway, or one of its targets, from the stack."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Annotated

import typer

from agentcore_provider.cli import completion
from agentcore_provider.cli.options import Json, ProjectFolder, Region, StackName, Yes
from agentcore_provider.cli.terminal import print_json, say
from agentcore_provider.errors import AgentCoreError, InvalidInput

if TYPE_CHECKING:
    from agentcore_provider.cli.project.stack_file import StackFile
    from agentcore_provider.cli.stack import ChosenStack


def delete(
    name: Annotated[
        str, typer.Argument(autocompletion=completion.gateways, help="Gateway, as `agentcore list` shows it.")
    ],
    *,
    target: Annotated[str | None, typer.Option("--target", "-t", help="Only this target of the gateway.")] = None,
    region: Region = None,
    stack: StackName = None,
    project: ProjectFolder = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Remove a gateway with everything created for it, or one of its targets.

    A gateway that this stack does not manage only loses the targets that this stack created.
    """
    from agentcore_provider.cli import engine
    from agentcore_provider.cli.deploy import consent, failed_entry, gateway_entry
    from agentcore_provider.cli.project.stack_file import StackFile, draft_of, in_its_form, settle
    from agentcore_provider.cli.stack_lock import changed_stack

    with changed_stack(project, stack, region, is_there=True) as chosen:
        file = StackFile(chosen.file)
        described = _described(chosen, file, name, target)
        part = name if target is None else f"{name}-{target}"
        say(f"Removing {name if target is None else f'target {target} of {name}'} from {chosen}")
        chosen.configure(file)
        file.write()
        with in_its_form(chosen.file):
            engine.refresh_forgotten(chosen)
        # What is not removed stays described, so that the same command can resume.
        with draft_of(chosen.file) as draft:
            if described:
                file.remove(name, target)
            file.write(draft)
            consent.require(chosen, draft, yes=yes, gateway=name, target=target)
            try:
                done = engine.up(chosen, config=draft)
            except AgentCoreError as error:
                again = f"run this again: the entry was kept in {chosen.file}"
                raise error.because(cure=f"{error.cure}, then {again}" if error.cure else again) from None
            if engine.has(chosen, part):
                raise AgentCoreError(
                    f"{done.failure or f'{part} is still there'} (the entry was kept in {chosen.file})",
                    "fix that, then run this again to resume",
                )
            settle(draft, chosen.file)
        failed_entry.forget(chosen, name)
        if done.failure is not None:
            raise AgentCoreError(
                f"It was removed, but the rest of the stack failed: {done.failure}",
                gateway_entry.cure(chosen, done.failure),
            )
        if target is None and not (file.gateways() or file.beside()) and chosen.project.is_kept:
            engine.forget(chosen)
    if as_json:
        print_json({"gateway": name, "target": target, "stack": chosen.name, "changes": done.changes})
    else:
        say(done.summary)


def _described(chosen: ChosenStack, file: StackFile, name: str, target: str | None) -> bool:
    """Whether the stack's file describes what to remove; False if it is only deployed. Raises InvalidInput."""
    from agentcore_provider.cli import engine
    from agentcore_provider.cli.deploy import existing_gateway

    gateways = file.gateways()
    if name not in gateways:
        # A killed command, or an edit by hand, removed the entry and left the gateway.
        if engine.has(chosen, name if target is None else f"{name}-{target}") or _is_listed(chosen, name):
            return False
        raise InvalidInput(f"{chosen.file} has no gateway {name!r}", existing_gateway.elsewhere(chosen, name))
    described = gateways[name] if isinstance(gateways[name], dict) else {}
    targets = described.get("targets") or {}
    if target is not None and target not in targets:
        if engine.has(chosen, f"{name}-{target}"):
            return False
        raise InvalidInput(f"Gateway {name} has no target {target!r}, only {', '.join(targets) or 'others'}")
    return True


def _is_listed(chosen: ChosenStack, name: str) -> bool:
    """Whether `agentcore list` shows a gateway: the stack's outputs keep it until an update has ended."""
    from agentcore_provider.cli.stack_state import read_gateways

    with contextlib.suppress(AgentCoreError):
        return name in read_gateways(chosen.project, chosen.name)
    return False

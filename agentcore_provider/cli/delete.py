"""`agentcore delete`: take a gateway, or one of its targets, out of the stack."""

from __future__ import annotations

from typing import Annotated

import typer

from agentcore_provider.cli import completion, engine, gateway_entry
from agentcore_provider.cli.chosen_stack import ProjectFolder, Region, StackName, choose_stack
from agentcore_provider.cli.sign_in import Json
from agentcore_provider.cli.stack_file import StackFile, in_its_form
from agentcore_provider.cli.terminal import print_json, say
from agentcore_provider.errors import AgentCoreError, InvalidInput


def add_commands(app: typer.Typer) -> None:
    """Put the command into the root."""
    app.command("delete", epilog="Example: agentcore delete my-gateway --target orders")(delete)


def delete(
    name: Annotated[
        str, typer.Argument(autocompletion=completion.gateways, help="Gateway, as `agentcore list` shows it.")
    ],
    *,
    target: Annotated[str | None, typer.Option("--target", "-t", help="Only this target of the gateway.")] = None,
    region: Region = None,
    stack: StackName = None,
    project: ProjectFolder = None,
    as_json: Json = False,
) -> None:
    """Remove a gateway with everything that was made for it, or one target of it.

    A gateway that was made elsewhere only loses the targets that this stack made.
    """
    chosen = choose_stack(project, stack, region, is_there=True)
    file = StackFile(chosen.file)
    gateways = file.gateways()
    if name not in gateways:
        others = chosen.project.stacks(name)
        cure = f"give --stack {others[0]}, which has it" if others else f"it has {', '.join(gateways) or 'none'}"
        raise InvalidInput(f"{chosen.file} has no gateway {name!r}: {cure}")
    described = gateways[name] if isinstance(gateways[name], dict) else {}
    targets = described.get("targets") or {}
    if target is not None and target not in targets:
        raise InvalidInput(f"Gateway {name} has no target {target!r}: it has {', '.join(targets) or 'none'}")
    say(f"Removing {name if target is None else f'target {target} of {name}'} from {chosen}")
    chosen.configure(file)
    file.write()
    with in_its_form(chosen.file):
        engine.look_again(chosen)
    before = chosen.file.read_bytes()
    file.remove(name, target)
    file.write()
    try:
        done = engine.up(chosen, go_on=True)
    except BaseException as error:
        if isinstance(error, engine.Failed) and not engine.has(chosen, name if target is None else f"{name}-{target}"):
            commands = gateway_entry.removals(chosen, error.parts)
            cure = f"mend that, or take it away with {commands}" if commands else "mend that"
            raise AgentCoreError(f"It is removed, but the rest of the stack fails: {error}: {cure}") from None
        # What was not removed has to stay described: only so can the same command carry on.
        chosen.file.write_bytes(before)
        if isinstance(error, AgentCoreError):
            raise AgentCoreError(f"{error} (the entry stays in {chosen.file}: run this again to carry on)") from None
        raise
    if target is None and len(gateways) == 1 and chosen.project.is_kept:
        engine.forget(chosen)
    if as_json:
        print_json({"gateway": name, "target": target, "stack": chosen.name, "changes": done.changes})
    else:
        say(f"Changes: {', '.join(f'{count} {kind}' for kind, count in done.changes.items()) or 'none'}")

"""Completion of stacks and gateways in the shell, read from files alone for speed."""

from __future__ import annotations

import typer


def stacks(incomplete: str) -> list[str]:
    """Stacks that have a file in the project."""
    from agentcore_provider.cli.project import find_project

    files = find_project().folder.glob("Pulumi.*.yaml")
    names = {file.name.removeprefix("Pulumi.").removesuffix(".yaml") for file in files}
    return sorted(name for name in names if name.startswith(incomplete))


def gateways(ctx: typer.Context, incomplete: str) -> list[str]:
    """Gateways that the stack's file describes; of all stacks without --stack."""
    from agentcore_provider.cli.project import find_project
    from agentcore_provider.cli.project.stack_file import StackFile
    from agentcore_provider.errors import AgentCoreError

    chosen = ctx.params.get("stack")
    names: set[str] = set()
    for stack in [chosen] if chosen else stacks(""):
        try:
            names |= StackFile(find_project().folder / f"Pulumi.{stack}.yaml").gateways().keys()
        except AgentCoreError:
            # An unreadable file completes nothing, and a command line has no place for a message.
            continue
    return sorted(name for name in names if name.startswith(incomplete))

"""`agentcore dev`: changed handlers run at once on local AWS."""

from __future__ import annotations

from typing import Annotated

import typer

from agentcore_provider.cli.options import ProjectFolder, StackName
from agentcore_provider.cli.terminal import say_if_open
from agentcore_provider.errors import InvalidInput


def dev(
    *,
    stack: StackName = None,
    project: ProjectFolder = None,
    up: Annotated[
        bool, typer.Option("--up", help="Deploy each change of program and tools with `pulumi up`, without asking.")
    ] = False,
) -> None:
    """Run changed handlers at once on local AWS, and report what callers of their tools would notice, until Ctrl-C."""
    from agentcore_provider.cli.dev.loop import Loop
    from agentcore_provider.cli.dev.watching import Watcher
    from agentcore_provider.cli.signals import ending_in_order
    from agentcore_provider.cli.stack import ChosenStack, choose_stack

    def choose() -> ChosenStack:
        chosen = choose_stack(project, stack, None, any_program=True)
        if chosen.local_aws is None:
            raise InvalidInput(
                f"Stack {chosen.name} is on AWS, and `agentcore dev` changes functions of local AWS only",
                "Start local AWS with `agentcore local start` and choose its stack, or deploy to AWS with `pulumi up`",
            )
        return chosen

    watcher = Watcher()
    loop = Loop(choose, deploys=up, folders_changed=watcher.restart)
    try:
        with ending_in_order():
            for changed in watcher.changes(loop.folders):
                loop.take(changed)
    except KeyboardInterrupt:
        pass
    finally:
        loop.stop()
        if loop.is_ahead:
            say_if_open(
                f"Functions run newer code than stack {loop.stack.name} has deployed: run `pulumi up` to deploy it too"
            )

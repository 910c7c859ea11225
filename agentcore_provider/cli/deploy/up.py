"""`agentcore up`: deploy a stack as its file describes it."""

from __future__ import annotations

from agentcore_provider.cli.options import Json, ProjectFolder, Region, StackName, Yes
from agentcore_provider.cli.terminal import print_json, say
from agentcore_provider.errors import AgentCoreError, InvalidInput


def up(
    *,
    region: Region = None,
    stack: StackName = None,
    project: ProjectFolder = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Deploy the stack's file, as `pulumi up` does; a failing part does not stop the rest."""
    from agentcore_provider.cli import engine
    from agentcore_provider.cli.deploy import consent, gateway_entry
    from agentcore_provider.cli.project.stack_file import StackFile, draft_of, in_its_form
    from agentcore_provider.cli.stack_lock import changed_stack

    with changed_stack(project, stack, region, is_there=True) as chosen:
        if not chosen.file.is_file():
            raise InvalidInput(
                f"There is no {chosen.file}",
                "Create a gateway with `agentcore create_mcp_gateway`, or choose another --stack",
            )
        with in_its_form(chosen.file):
            engine.create(chosen)
        file = StackFile(chosen.file)
        chosen.configure(file)
        file.write()
        with draft_of(chosen.file) as draft:
            file.write(draft)
            consent.require(chosen, draft, yes=yes)
        say(f"Deploying {chosen}")
        done = engine.up(chosen)
    if as_json:
        print_json({"stack": chosen.name, "changes": done.changes})
    else:
        say(done.summary)
    if done.failure is not None:
        raise AgentCoreError(str(done.failure), gateway_entry.cure(chosen, done.failure))

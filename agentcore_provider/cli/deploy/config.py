"""`agentcore config`: edit the gateways of a stack's file without deploying them."""

from __future__ import annotations

import json
import shlex
from typing import Annotated

import typer

from agentcore_provider.cli import completion
from agentcore_provider.cli.options import (
    SOURCE,
    Description,
    Json,
    ProjectFolder,
    Region,
    StackName,
    TargetType,
    Tools,
)
from agentcore_provider.cli.terminal import print_json, say

app = typer.Typer(
    no_args_is_help=True,
    help="Edit the gateways of the stack's file. Its comments stay.",
    epilog="Example: agentcore config add-target shop orders arn:aws:lambda:us-west-2:123456789012:function:orders",
)


@app.command("add-target", epilog="Example: agentcore config add-target shop crm openapi/crm.yaml --stack dev")
def add_target(
    gateway: Annotated[
        str,
        typer.Argument(
            autocompletion=completion.gateways,
            help="Gateway; a new one gets an entry with its own sign-in and role.",
        ),
    ],
    name: Annotated[str, typer.Argument(help="Name of the target; it precedes each tool's name.")],
    source: Annotated[str, typer.Argument(help=SOURCE)],
    *,
    target_type: Annotated[
        TargetType | None, typer.Option("--target-type", help="Kind of target. Default: detected from the source.")
    ] = None,
    tools: Tools = None,
    credentials: Annotated[
        str | None,
        typer.Option("--credentials", help="Outbound credentials for the target, as JSON; stored encrypted."),
    ] = None,
    description: Description = None,
    region: Region = None,
    stack: StackName = None,
    project: ProjectFolder = None,
    as_json: Json = False,
) -> None:
    """Add a target to a gateway of the stack's file; `agentcore up` deploys it."""
    from agentcore_provider import target_kinds
    from agentcore_provider.cli.deploy import credentials_flag, gateway_entry, target_flags
    from agentcore_provider.cli.project.stack_file import draft_of, settle
    from agentcore_provider.cli.stack_lock import changed_stack

    kind = target_kinds.SOURCED[target_type.value] if target_type else None
    target = target_flags.described(source, kind, tools=tools, flag="SOURCE")
    target |= {"description": description} if description is not None else {}
    parsed = {name: credentials_flag.parse(credentials)} if credentials is not None else {}
    with changed_stack(project, stack, region) as chosen, draft_of(chosen.file) as draft:
        changes = {"targets": {name: target_flags.located(target, chosen.project)}}
        entry = gateway_entry.GatewayEntry(gateway, changes, parsed)
        gateway_entry.validate(chosen, entry)
        gateway_entry.write(chosen, entry, draft)
        changed = settle(draft, chosen.file)
    if as_json:
        print_json({"file": str(chosen.file), "changed": changed, "gateway": gateway, "target": name})
    else:
        there = f" --project {shlex.quote(str(project))}" if project is not None else ""
        deploy = f"`agentcore up{gateway_entry.flags_for(chosen)}{there}`"
        say(f"{'Wrote' if changed else 'Unchanged:'} {chosen.file}: {deploy} deploys it")


@app.command("schema", epilog="Example: agentcore config schema > stack_file.schema.json")
def print_schema(
    partial: Annotated[
        bool,
        typer.Option(
            "--partial", help="For stack files that share agentcore:defaults, and for the file with these defaults."
        ),
    ] = False,
) -> None:
    """Print the JSON Schema of stack files, for completion and validation in editors.

    Save it beside the stack files, and begin each of them with the line:

    # yaml-language-server: $schema=stack_file.schema.json
    """
    from agentcore_provider.stack_config import stack_file_schema

    name = "partial_stack_file.schema.json" if partial else "stack_file.schema.json"
    say(f"Save this as {name}, and begin the files beside it with the line\n# yaml-language-server: $schema={name}")
    typer.echo(json.dumps(stack_file_schema(partial=partial), indent=2, ensure_ascii=False))

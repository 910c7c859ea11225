"""`agentcore list`: what a stack has deployed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from agentcore_provider.cli import completion
from agentcore_provider.cli.options import Json
from agentcore_provider.cli.terminal import new_row, new_table, print_json, progress, say, stdout
from agentcore_provider.documents.json_types import JsonDict
from agentcore_provider.errors import AgentCoreError, InvalidInput

if TYPE_CHECKING:
    from agentcore_provider.cli.gateway import Gateway
    from agentcore_provider.cli.project import Project

_PUBLIC = (
    "name",
    "mcp_url",
    "gateway_id",
    "gateway_arn",
    "token_endpoint",
    "client_id",
    "scope",
    "people_client_id",
    "authorizer_type",
    "authorizer",
)


def list_gateways(
    stack: Annotated[
        str | None,
        typer.Option(
            "--stack", "-s", autocompletion=completion.stacks, help="Only this stack. Default: all of the project."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """List the gateways of a stack; without --stack, those of all stacks of the project."""
    from agentcore_provider.cli.project import find_project

    project = find_project()
    stacks = [stack] if stack is not None else _stacks(project)
    with progress("Reading the stack"):
        found, silent = _read(project, stacks)
    rows = [(name, gateway) for name, gateways in found.items() for gateway in gateways]
    if as_json:
        print_json([_public(gateway) | ({"stack": name} if name else {}) for name, gateway in rows])
    elif rows:
        several = len(stacks) > 1
        table = new_table("Gateway", *(["Stack"] if several else []), "Id", "Sign-in", "MCP URL")
        for name, gateway in rows:
            place = [str(name)] if several else []
            new_row(table, gateway.name, *place, gateway.gateway_id, _sign_in_of(gateway), gateway.mcp_url)
        stdout().print(table)
    else:
        say("The stack has no gateways: describe one under agentcore:gateways and run `agentcore up`")
    for line in silent:
        say(line)


def _stacks(project: Project) -> list[str | None]:
    """The stacks to ask for; None is the selected one, where there is no choice."""
    known = sorted({*project.stacks(), *project.local_stacks()}) if project.is_pulumi else []
    return [*known] if len(known) > 1 else [None]


def _read(project: Project, stacks: Sequence[str | None]) -> tuple[dict[str | None, list[Gateway]], list[str]]:
    """The gateways of each stack, and what to say of stacks that cannot be read. Raises if none can."""
    from concurrent.futures import ThreadPoolExecutor

    from agentcore_provider.cli.stack_state import read_gateways

    found: dict[str | None, list[Gateway]] = {}
    errors: dict[str | None, AgentCoreError] = {}
    with ThreadPoolExecutor(4) as asking:
        asked = {stack: asking.submit(read_gateways, project, stack, secrets=False) for stack in stacks}
        # While Pulumi reads them: what displays the answer.
        import rich.table  # noqa: F401
    for stack, answer in asked.items():
        try:
            found[stack] = list(answer.result().values())
        except AgentCoreError as error:
            errors[stack] = error
    if errors and not found:
        raise _all_of(errors)
    # A stack that has a file, but is not deployed, has nothing to show.
    unread = {stack: error for stack, error in errors.items() if not isinstance(error, InvalidInput)}
    return found, [f"Note: stack {stack} is not shown: {error}" for stack, error in unread.items()]


def _all_of(errors: Mapping[str | None, AgentCoreError]) -> AgentCoreError:
    """What to say where no stack has a gateway to show."""
    unread = [error for error in errors.values() if not isinstance(error, InvalidInput)]
    if unread or len(errors) == 1:
        return next(iter(unread or errors.values()))
    problems = [replace(it, path=f"stack {stack}") for stack, error in errors.items() for it in error.problems]
    return InvalidInput.of_problems(problems, "No stack of the project has a gateway")


def _sign_in_of(gateway: Gateway) -> str:
    from agentcore_provider.cli.gateway import describe_sign_in

    return describe_sign_in(gateway.authorizer_type, gateway.authorizer, gateway.client_id if gateway.signs_in else "")


def _public(gateway: Gateway) -> JsonDict:
    """Everything but the secret."""
    return {key: getattr(gateway, key) for key in _PUBLIC}

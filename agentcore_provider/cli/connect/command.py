"""`agentcore connect`: the settings with which an MCP client of people reaches a gateway of a stack."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from agentcore_provider.cli.options import GatewayName, Stack
from agentcore_provider.cli.terminal import say
from agentcore_provider.errors import InvalidInput

_PEOPLE = "people=True (in a stack file `people: {}`)"


class Client(str, Enum):
    """Clients whose settings are known."""

    claude = "claude"
    cursor = "cursor"
    vscode = "vscode"
    inspector = "inspector"


def connect(
    client: Annotated[Client, typer.Argument(help="The client.", show_default=False)],
    stack: Stack = None,
    gateway: GatewayName = None,
    *,
    only_print: Annotated[bool, typer.Option("--print", help="Print the settings, and write nothing.")] = False,
    of_user: Annotated[
        bool, typer.Option("--user", help="Write the user's own settings. Default: those of the current folder.")
    ] = False,
    file: Annotated[
        Path | None, typer.Option("--file", dir_okay=False, help="The file to write. Default: the client's own.")
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", help="Name of the server there. Default: the gateway's name.")
    ] = None,
    client_id: Annotated[
        str | None,
        typer.Option(
            "--client-id",
            help="Public client with which people sign in at an identity provider of your own. Default: that of the "
            "stack's EzAuth.",
        ),
    ] = None,
) -> None:
    """Write the settings with which Claude Code, Cursor, VS Code or MCP Inspector reaches a gateway. No secret is written."""
    from agentcore_provider.cli.connect import settings_file
    from agentcore_provider.cli.connect.mcp_client import CLIENTS, TOKEN_VARIABLE, Connection
    from agentcore_provider.cli.sign_in import deployed_gateway

    if of_user and file is not None:
        raise InvalidInput("--user and --file both name a file", "Leave out one of them")
    deployed = deployed_gateway(stack, gateway, secrets=False)
    if deployed.authorizer_type == "AWS_IAM":
        raise InvalidInput(
            f"Gateway {deployed.name!r} has the authorizer AWS_IAM, and these clients cannot sign requests",
            f"Use an EzAuth with {_PEOPLE}, or call it with `agentcore tools`",
        )
    known = CLIENTS[client.value]
    takes_token = deployed.authorizer_type not in ("NONE", "")
    connection = Connection(
        deployed.mcp_url,
        client_id=(client_id or deployed.people_client_id) if takes_token else "",
        scopes=tuple(deployed.scope.split()) if not client_id else (),
        takes_token=takes_token,
    )
    name = name or deployed.name
    by_token = takes_token and not connection.client_id
    if by_token and client is Client.inspector:
        raise InvalidInput(
            f"People cannot sign in to gateway {deployed.name!r}, and a token of MCP Inspector would be in its file",
            f"Set {_PEOPLE} on its EzAuth, pass --client-id, or start MCP Inspector with --header",
        )
    if only_print:
        typer.echo(settings_file.text_of(known, name, connection), nl=False)
        return
    path = file or known.path(of_user=of_user)
    changed = settings_file.write(known, name, connection, path)
    say(f"{known.title}: {name} {'is in' if changed else 'was already in'} {path}")
    if connection.client_id:
        say(known.sign_in.format(name=name, file=path))
    elif by_token:
        source = "asks for" if client is Client.vscode else f"reads {TOKEN_VARIABLE}, set it to"
        say(
            f"People cannot sign in: {known.title} {source} a token of `agentcore token`. Or set {_PEOPLE} on the EzAuth"
        )

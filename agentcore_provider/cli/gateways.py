"""`agentcore list`: what a stack has deployed."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import typer

from agentcore_provider.cli import show
from agentcore_provider.cli.project import find_project
from agentcore_provider.cli.sign_in import Json, Stack
from agentcore_provider.cli.stack_outputs import DeployedGateway, not_exported, read_gateways
from agentcore_provider.cli.terminal import new_row, new_table, print_json, progress, say, stdout


def add_commands(app: typer.Typer) -> None:
    """Put the commands that show gateways into the root."""
    app.command("list", epilog="Example: agentcore list --stack prod")(list_gateways)
    show.add_commands(app)


def list_gateways(stack: Stack = None, as_json: Json = False) -> None:
    """List the gateways of a stack."""
    with progress("Reading the stack"):
        gateways = read_gateways(find_project(), stack)
    if as_json:
        print_json([_public(gateway) for gateway in gateways.values()])
        return
    if not gateways:
        say("The stack has no gateways: describe one under agentcore:gateways and run `pulumi up`")
        return
    table = new_table("Gateway", "Id", "Sign-in", "MCP URL")
    for gateway in gateways.values():
        new_row(table, gateway.name, gateway.gateway_id, _sign_in_of(gateway), gateway.mcp_url)
    stdout().print(table)
    unfinished = [gateway.name for gateway in gateways.values() if not gateway.exported]
    if unfinished:
        say(not_exported(unfinished))


def _sign_in_of(gateway: DeployedGateway) -> str:
    if not gateway.exported:
        return "not in the outputs"
    return f"EzAuth, client {gateway.client_id}" if gateway.signs_in else "not by this stack"


def _public(gateway: DeployedGateway) -> dict[str, Any]:
    """Everything but the secret."""
    return {key: value for key, value in asdict(gateway).items() if key != "client_secret"}

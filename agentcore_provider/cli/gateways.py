"""`agentcore list` and `agentcore show`: what a stack has deployed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agentcore_provider.cli.project import find_project
from agentcore_provider.cli.sign_in import Json, Stack, Timeout, deployed_gateway, sign_in
from agentcore_provider.cli.stack_outputs import DeployedGateway, read_gateways
from agentcore_provider.cli.terminal import new_row, new_table, print_json, progress, say, stdout
from agentcore_provider.cli.tools import first_sentence

if TYPE_CHECKING:
    from agentcore_provider.mcp.tool import Tool


def add_commands(app: typer.Typer) -> None:
    """Put the commands into the root."""
    app.command("list", epilog="Example: agentcore list --stack prod")(list_gateways)
    app.command("show", epilog="Example: agentcore show shop")(show_gateway)


def list_gateways(stack: Stack = None, as_json: Json = False) -> None:
    """List the gateways of a stack."""
    with progress("Reading the stack's outputs"):
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


def show_gateway(
    name: Annotated[str | None, typer.Argument(help="Gateway; may be left out if the stack has one.")] = None,
    stack: Stack = None,
    timeout: Timeout = 60.0,
    as_json: Json = False,
) -> None:
    """Show a gateway: where it is, how to sign in, and its tools by target."""
    gateway = deployed_gateway(stack, name)
    token = sign_in(gateway).access_token if gateway.signs_in else ""
    with progress("Asking the gateway for its tools"):
        from agentcore_provider.mcp import session

        tools = session.list_tools(gateway.mcp_url, token, timeout=timeout)
    if as_json:
        print_json(_public(gateway) | {"tools": [dict(tool.document) for tool in tools]})
    else:
        _print_tree(gateway, tools)


def _print_tree(gateway: DeployedGateway, tools: Sequence[Tool]) -> None:
    from rich.text import Text
    from rich.tree import Tree

    tree = Tree(Text(gateway.name, style="bold"))
    tree.add(Text(f"MCP URL  {gateway.mcp_url}"))
    if gateway.gateway_id:
        tree.add(Text(f"id       {gateway.gateway_id}"))
    tree.add(Text(f"sign-in  {_sign_in_of(gateway)}"))
    branches: dict[str, Tree] = {}
    for tool in tools:
        if tool.target not in branches:
            branches[tool.target] = tree.add(Text(f"target {tool.target}" if tool.target else "of the gateway itself"))
        branches[tool.target].add(Text(f"{tool.short_name}  {first_sentence(tool.description)}".rstrip()))
    if not tools:
        tree.add(Text("no tools: add a target"))
    stdout().print(tree)


def _sign_in_of(gateway: DeployedGateway) -> str:
    return f"EzAuth, client {gateway.client_id}" if gateway.signs_in else "not by this stack"


def _public(gateway: DeployedGateway) -> dict[str, Any]:
    """Everything but the secret."""
    return {key: value for key, value in asdict(gateway).items() if key != "client_secret"}

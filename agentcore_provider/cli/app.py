"""The `agentcore` command: its groups and what they have in common."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

import typer

from agentcore_provider.cli import doctor, local, validate
from agentcore_provider.cli.deploy import config, create_mcp_gateway, delete, import_gateway, up
from agentcore_provider.cli.inspect import builtins, token, tools
from agentcore_provider.cli.inspect import list_gateways as gateways
from agentcore_provider.cli.terminal import ErrorsAsLines

app = typer.Typer(
    name="agentcore",
    cls=ErrorsAsLines,
    no_args_is_help=True,
    help="AWS Bedrock AgentCore Gateways: make them, run them on this machine, call their tools, see what is wrong.",
    epilog="Example: agentcore local start && agentcore tools list",
    # A defect ends as Python's own traceback: it shows no variables (tokens!), and its last line is whole in a log.
    pretty_exceptions_enable=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"agentcore {version('agentcore-provider')}")
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    pass


create_mcp_gateway.add_commands(app)
app.add_typer(config.app, name="config")
delete.add_commands(app)
up.add_commands(app)
import_gateway.add_commands(app)
app.add_typer(local.app, name="local")
app.add_typer(tools.app, name="tools")
gateways.add_commands(app)
builtins.add_commands(app)
token.add_commands(app)
doctor.add_commands(app)

app.add_typer(
    validate.app, name="validate", epilog="Example: agentcore validate tools tools.json --target orders --json"
)

"""The `agentcore` command: its commands and groups."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Annotated

import typer
from typer.core import TyperCommand

from agentcore_provider.cli import local, validate
from agentcore_provider.cli.connect.command import connect
from agentcore_provider.cli.deploy import config
from agentcore_provider.cli.deploy.create_mcp_gateway import create_mcp_gateway, create_mcp_gateway_target
from agentcore_provider.cli.deploy.delete import delete
from agentcore_provider.cli.deploy.import_gateway import import_gateway
from agentcore_provider.cli.deploy.up import up
from agentcore_provider.cli.dev.command import dev
from agentcore_provider.cli.doctor.command import doctor
from agentcore_provider.cli.inspect import tools
from agentcore_provider.cli.inspect.builtins import show_builtins
from agentcore_provider.cli.inspect.list_gateways import list_gateways
from agentcore_provider.cli.inspect.logs import logs
from agentcore_provider.cli.inspect.show import show
from agentcore_provider.cli.inspect.token import print_token
from agentcore_provider.cli.inspect.traces import traces
from agentcore_provider.cli.policy import command as policy
from agentcore_provider.cli.terminal import ErrorsAsLines, WholeFlags

app = typer.Typer(
    name="agentcore",
    cls=ErrorsAsLines,
    no_args_is_help=True,
    help="AWS Bedrock AgentCore Gateways: create them, run them on this machine, call their tools, diagnose them.",
    epilog="Example: agentcore local start && agentcore tools list",
    # A defect ends as Python's own traceback: it shows no variables (tokens!), and its last line is whole in a log.
    pretty_exceptions_enable=False,
    # Into a pipe goes plain text: rich takes as long to import as all else, and its boxes are for people.
    rich_markup_mode="rich" if sys.stdout.isatty() else None,
    # Wide enough for the first sentence of each command.
    context_settings={} if sys.stdout.isatty() else {"terminal_width": 150},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

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


def _add(function: Callable[..., None], name: str, example: str, cls: type[TyperCommand] | None = None) -> None:
    app.command(name, cls=cls, epilog=f"Example: {example}")(function)


_add(
    create_mcp_gateway,
    "create_mcp_gateway",
    "agentcore create_mcp_gateway -n my-gateway -t ./order_desk",
    WholeFlags,
)
_add(
    create_mcp_gateway_target,
    "create_mcp_gateway_target",
    "agentcore create_mcp_gateway_target --gateway-arn "
    "arn:aws:bedrock-agentcore:us-west-2:123456789012:gateway/my-gateway-0a1b2c3d4e --target-type openApiSchema "
    """--target-payload '{"s3": "s3://bucket/api.json"}'""",
    WholeFlags,
)
_add(delete, "delete", "agentcore delete my-gateway --target orders")
_add(up, "up", "agentcore up --stack dev")
_add(dev, "dev", "agentcore dev --stack local")
_add(
    import_gateway,
    "import",
    "agentcore import arn:aws:bedrock-agentcore:us-west-2:123456789012:gateway/shop-0a1b2c3d4e",
)
_add(list_gateways, "list", "agentcore list --stack prod")
_add(show, "show", "agentcore show shop --diagram svg > shop.svg")
_add(logs, "logs", "agentcore logs --follow --target orders")
_add(traces, "traces", "agentcore traces --since 1h --follow")
_add(show_builtins, "builtins", "agentcore builtins slack")
_add(print_token, "token", 'curl -H "Authorization: Bearer $(agentcore token)" ...')
_add(connect, "connect", "agentcore connect claude --gateway shop")
_add(doctor, "doctor", """agentcore doctor --gateway shop --call get_order '{"order_id": "A-1002"}'""")
app.add_typer(config.app, name="config")
app.add_typer(local.app, name="local")
app.add_typer(tools.app, name="tools")
app.add_typer(policy.app, name="policy")
app.add_typer(
    validate.app, name="validate", epilog="Example: agentcore validate tools tools.json --target orders --json"
)

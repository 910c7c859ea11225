"""`agentcore tools`: list, call and search the tools of a gateway, and accept those of its MCP servers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from agentcore_provider.cli.inspect import accepted_tools
from agentcore_provider.cli.options import GatewayName, Json, Sigv4, Stack, Timeout, TokenText, Url
from agentcore_provider.cli.terminal import REFUSED, new_row, new_table, print_json, progress, say, stdout
from agentcore_provider.documents.json_types import JsonObject
from agentcore_provider.errors import InvalidInput, McpError

if TYPE_CHECKING:
    from agentcore_provider.cli.sign_in import GatewayAccess
    from agentcore_provider.mcp.tool import Tool, ToolAnswer

app = typer.Typer(
    no_args_is_help=True,
    help="The tools of a gateway, as an agent sees them.",
    epilog="Exit codes: 0 done; 1 the tool or the gateway answered an error; 2 invalid input; 3 not signed in, "
    "or unreachable. Example: agentcore tools list",
)

app.command("diff", epilog="Example: agentcore tools diff crm --stack prod")(accepted_tools.diff)
app.command("accept", epilog="Example: agentcore tools accept crm --stack prod")(accepted_tools.accept)


@app.command("list", epilog="Example: agentcore tools list --stack dev")
def list_tools(
    *,
    stack: Stack = None,
    gateway: GatewayName = None,
    url: Url = None,
    token: TokenText = None,
    sigv4: Sigv4 = False,
    timeout: Timeout = 60.0,
    as_json: Json = False,
) -> None:
    """List every tool of a gateway."""
    from agentcore_provider.cli.sign_in import sign_in_to

    access = sign_in_to(stack, gateway, url, token, sigv4)
    with progress("Asking the gateway for its tools"):
        from agentcore_provider.mcp import session

        tools = session.list_tools(access.url, access.token, sign=access.sign, timeout=timeout)
    _show(tools, as_json, "The gateway has no tools: add a target")


@app.command("search", epilog='Example: agentcore tools search "where is my order"')
def search_tools(
    text: Annotated[str, typer.Argument(help="What the tool should do, in natural language.")],
    *,
    stack: Stack = None,
    gateway: GatewayName = None,
    url: Url = None,
    token: TokenText = None,
    sigv4: Sigv4 = False,
    timeout: Timeout = 60.0,
    as_json: Json = False,
) -> None:
    """Find tools by what they do, with the gateway's semantic search; best first."""
    if not text.strip():
        raise InvalidInput("The search text is empty", "Describe what the tool should do")
    from agentcore_provider.cli.sign_in import sign_in_to

    access = sign_in_to(stack, gateway, url, token, sigv4)
    with progress("Searching"):
        from agentcore_provider.mcp import session

        tools = session.search_tools(access.url, access.token, text, sign=access.sign, timeout=timeout)
    _show(tools, as_json, "No tool fits")


@app.command("call", epilog="""Example: agentcore tools call get_order '{"order_id": "A-1001"}'""")
def call_tool(
    name: Annotated[str, typer.Argument(help="Tool, with its target's prefix, or without if the name is unique.")],
    arguments: Annotated[str, typer.Argument(metavar="JSON", help="Arguments as a JSON object; - reads stdin.")] = "{}",
    *,
    stack: Stack = None,
    gateway: GatewayName = None,
    url: Url = None,
    token: TokenText = None,
    sigv4: Sigv4 = False,
    timeout: Timeout = 60.0,
    as_json: Json = False,
) -> None:
    """Call one tool and print its answer; --json prints the whole MCP result."""
    import asyncio

    from agentcore_provider.cli.json_argument import read_object
    from agentcore_provider.cli.sign_in import sign_in_to
    from agentcore_provider.documents.files import text_of_stdin

    text = text_of_stdin() if arguments == "-" else arguments
    document = read_object(f"Arguments of {name}{' on stdin' if arguments == '-' else ''}", text)
    access = sign_in_to(stack, gateway, url, token, sigv4)
    with progress(f"Calling {name}"):
        tool, answer = asyncio.run(_call(access, name, document, timeout))
    if as_json:
        print_json(dict(answer.document))
    elif answer.is_error:
        message, cure = _describe_failure(answer.text)
        raise McpError(f"Tool {tool.name} answered an error: {message}", cure)
    elif isinstance(answer.value, str):
        typer.echo(answer.value)
        if others := [part.get("type") for part in answer.document.get("content", []) if part.get("type") != "text"]:
            say(f"Also answered: {', '.join(map(str, others))} (see --json)")
    else:
        print_json(answer.value)
    if answer.is_error:
        raise typer.Exit(REFUSED)


async def _call(
    access: GatewayAccess,
    name: str,
    arguments: JsonObject,
    timeout: float,
) -> tuple[Tool, ToolAnswer]:
    from agentcore_provider.mcp.session import connect
    from agentcore_provider.mcp.tool import find_tool

    async with connect(access.url, access.token, sign=access.sign, timeout=timeout) as session:
        tool = find_tool(name, await session.list_tools())
        return tool, await session.call_tool(tool.name, arguments)


def _show(tools: Sequence[Tool], as_json: bool, none: str) -> None:
    if as_json:
        print_json([dict(tool.document) for tool in tools])
        return
    if not tools:
        say(none)
        return
    table = new_table("Tool", "What it does", "Arguments (* required)")
    for tool in tools:
        new_row(table, tool.name, first_sentence(tool.description), signature(tool.input_schema))
    stdout().print(table)


def first_sentence(text: str) -> str:
    """The first sentence of a description, on one line."""
    line = " ".join(text.split())
    sentence, stop, _ = line.partition(". ")
    return sentence + stop.strip()


def signature(schema: JsonObject) -> str:
    """The arguments of a tool on one line: those required, in the order of the schema, then the others by name."""
    # The engine keeps the order of lists, but not of properties.
    required = list(schema.get("required") or [])
    properties = schema.get("properties") or {}
    parts = []
    for name in [it for it in required if it in properties] + sorted(properties.keys() - required):
        member = properties[name]
        kind = member.get("type") if isinstance(member, Mapping) else None
        parts.append(f"{name}{'*' if name in required else ''}" + (f": {kind}" if isinstance(kind, str) else ""))
    return ", ".join(parts)


def _describe_failure(text: str) -> tuple[str, str]:
    """The answer of a failed tool on one line, and where to find the reason if the gateway hides it."""
    answer = " ".join(text.split()) or "without a reason"
    if "An internal error occurred" not in answer:
        return answer, ""
    cure = 'check its log (`agentcore logs`; on local AWS `agentcore local open` shows it), or set exception_level to "DEBUG" on it'
    return f"{answer.rstrip('.')}: the gateway hides the reason", cure

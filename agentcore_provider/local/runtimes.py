"""AgentCore runtimes: the program on this machine that replaces each.

Local AWS runs no runtimes. Developers of an agent or an MCP server run it as the AgentCore SDK does: agents
at port 8080, MCP servers at port 8000. Other addresses are named, by the runtime's ARN or id, in an environment variable
of local AWS or while it runs at `/_local/runtimes`.

Sources of ports and paths: AgentCore developer guide, runtime-http-protocol-contract and runtime-mcp-protocol-contract.
"""

from __future__ import annotations

import json
import os
import re
from urllib.parse import unquote, urlsplit

from agentcore_provider.local.kept import keep

VARIABLE = "AGENTCORE_LOCAL_RUNTIMES"
"""Environment variable of local AWS: a JSON object, runtime ARN or id -> address."""
AGENT_PORT = 8080
MCP_SERVER_PORT = 8000

_REGION = r"[a-z]{2}(?:-[a-z]+)+-\d"
_AWS = r"amazonaws\.com(?:\.cn)?"
_URLS = (
    re.compile(rf"https://bedrock-agentcore\.{_REGION}\.{_AWS}/runtimes/(?P<name>[^/]+)/invocations(?:\?.*)?"),
    re.compile(rf"https://(?P<name>[^./]+)\.runtime\.bedrock-agentcore\.{_REGION}\.{_AWS}(?:/.*)?"),
)

_named: dict[str, str] = keep(__name__, "named", {})


class RuntimesUnreadableError(Exception):
    """The document of runtimes' addresses is invalid; the text states its form."""


def name_addresses(document: object) -> None:
    """Name the addresses of runtimes, beside those that are named already. Raises RuntimesUnreadableError."""
    _named.update(_read(document, "The body"))


def forget_addresses() -> None:
    """Forget what `name_addresses` added."""
    _named.clear()


def addresses() -> dict[str, str]:
    """Every address that is named, by ARN or id. Raises RuntimesUnreadableError."""
    text = os.environ.get(VARIABLE) or "{}"
    try:
        document = json.loads(text)
    except ValueError:
        document = None
    return {**_read(document, VARIABLE), **_named}


def of_url(url: str) -> str | None:
    """ARN or id of the runtime that is invoked at an address of AWS; None for any other address."""
    found = next((match for pattern in _URLS if (match := pattern.fullmatch(url))), None)
    return unquote(found["name"]) if found else None


def agent(arn: str) -> str:
    """The address of the agent for a runtime, without a slash at the end. Raises RuntimesUnreadableError."""
    return _address(arn) or f"http://127.0.0.1:{AGENT_PORT}"


def mcp_server(arn: str) -> str:
    """The URL of the MCP server for a runtime, at /mcp unless it is named with a path.

    Raises RuntimesUnreadableError.
    """
    address = _address(arn) or f"http://127.0.0.1:{MCP_SERVER_PORT}"
    return address if urlsplit(address).path else f"{address}/mcp"


def cure(arn: str) -> str:
    """What to do if nothing answers for a runtime."""
    name = _id(arn)
    return f"Run what {name} runs there, or name its address: {VARIABLE} or /_local/runtimes of local AWS."


def _address(arn: str) -> str | None:
    known = addresses()
    found = known.get(arn) or known.get(_id(arn))
    return found.rstrip("/") if found else None


def _id(arn: str) -> str:
    # An endpoint's ARN goes on with /runtime-endpoint/NAME.
    _, found, rest = arn.partition(":runtime/")
    return rest.partition("/")[0] if found else arn


def _read(document: object, where: str) -> dict[str, str]:
    if not isinstance(document, dict) or not all(_is_address(value) for value in document.values()):
        raise RuntimesUnreadableError(
            f'{where} must be a JSON object of addresses such as {{"RUNTIME_ARN_OR_ID": "http://127.0.0.1:8765"}}.'
        )
    return document


def _is_address(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://"))

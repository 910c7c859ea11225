"""Settings and small programs of MCP clients for a gateway, ready to copy. They name the token's variable, not a token."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass

from agentcore_provider.local.page import tool_call
from agentcore_provider.local.store import Gateway

_PYTHON = """\
import asyncio
{imports}
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client


async def main() -> None:
    async with (
        # httpx with generation 1.x of the MCP client
        httpx2.AsyncClient({headers}) as http,
        streamable_http_client({url}, http_client=http) as streams,
        ClientSession(streams[0], streams[1]) as session,
    ):
        await session.initialize()
        print([tool.name for tool in (await session.list_tools()).tools])


asyncio.run(main())
"""
_TYPESCRIPT = """\
import {{ Client }} from "@modelcontextprotocol/sdk/client/index.js";
import {{ StreamableHTTPClientTransport }} from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const client = new Client({{ name: "agent", version: "1.0.0" }});
await client.connect(
  new StreamableHTTPClientTransport(new URL({url}){options}),
);
console.log((await client.listTools()).tools.map((tool) => tool.name));
await client.close();
"""
_PYTHON_HEADERS = """headers={"Authorization": f"Bearer {os.environ['GATEWAY_TOKEN']}"}"""
_TYPESCRIPT_OPTIONS = """, {
    requestInit: { headers: { Authorization: `Bearer ${process.env.GATEWAY_TOKEN}` } },
  }"""
_LIST = '{"jsonrpc": "2.0", "id": 1, "method": "tools/list"}'


@dataclass(frozen=True)
class Snippet:
    """A text to copy. title: the program it is for. where: the file or place that it belongs in."""

    title: str
    where: str
    text: str


def snippets(gateway: Gateway, base_url: str) -> list[Snippet]:
    """For each client that can sign in to this gateway."""
    url, name = f"{base_url}/gateways/{gateway.gateway_id}/mcp", gateway.name
    if gateway.authorizer_type == "AWS_IAM":
        return [Snippet("curl", "a shell", _curl(url, _sigv4_flags(gateway)))]
    has_token = gateway.authorizer_type != "NONE"
    headers = {"Authorization": "Bearer ${GATEWAY_TOKEN}"} if has_token else {}
    cursor = {"Authorization": "Bearer ${env:GATEWAY_TOKEN}"} if has_token else {}
    code = {"Authorization": "Bearer ${input:gateway-token}"} if has_token else {}
    flags = ["--header", "Authorization: Bearer $GATEWAY_TOKEN"] if has_token else []
    imports = "import os\n\nimport httpx2" if has_token else "\nimport httpx2"
    python_headers = _PYTHON_HEADERS if has_token else ""
    options = _TYPESCRIPT_OPTIONS if has_token else ""
    asked = [{"type": "promptString", "id": "gateway-token", "description": "Token of the gateway", "password": True}]
    return [
        Snippet("Claude Code", ".mcp.json", _document("mcpServers", name, {"type": "http", "url": url}, headers)),
        Snippet("Cursor", ".cursor/mcp.json", _document("mcpServers", name, {"url": url}, cursor)),
        Snippet(
            "VS Code",
            ".vscode/mcp.json",
            _document("servers", name, {"type": "http", "url": url}, code, {"inputs": asked} if has_token else {}),
        ),
        Snippet("curl", "a shell", _curl(url, flags)),
        Snippet("Python", "mcp", _PYTHON.format(imports=imports, headers=python_headers, url=json.dumps(url))),
        Snippet(
            "TypeScript",
            "@modelcontextprotocol/sdk",
            _TYPESCRIPT.format(url=json.dumps(url), options=options),
        ),
    ]


def token_commands(gateway: Gateway, base_url: str) -> str:
    """The lines of a shell that set GATEWAY_TOKEN; empty if local AWS cannot issue one."""
    client, domain = tool_call.machine_client(gateway), tool_call.domain_of(gateway)
    if client is None or domain is None:
        return ""
    read = "python3 -c 'import json, sys; print(json.load(sys.stdin)[\"access_token\"])'"
    return (
        f'export GATEWAY_TOKEN="$(curl --silent --user "{client.client_id}:$CLIENT_SECRET" \\\n'
        f'  --data grant_type=client_credentials {base_url}/cognito/{domain}/oauth2/token |\n  {read})"'
    )


def _document(
    member: str, name: str, server: dict[str, object], headers: dict[str, str], more: dict[str, object] | None = None
) -> str:
    entry = server | ({"headers": headers} if headers else {})
    return json.dumps({**(more or {}), member: {name: entry}}, indent=2)


def _curl(url: str, flags: list[str]) -> str:
    # In double quotes, so that the shell puts the token in.
    quoted = " ".join(it if it.startswith("--") else f'"{it}"' for it in flags)
    return (
        f"curl --silent {url} {quoted}".rstrip()
        + f" \\\n  --header 'Content-Type: application/json' --data {shlex.quote(_LIST)}"
    )


def _sigv4_flags(gateway: Gateway) -> list[str]:
    return ["--aws-sigv4", f"aws:amz:{gateway.region}:bedrock-agentcore", "--user", "local:local"]

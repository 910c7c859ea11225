"""Records what published MCP servers list as tools, without their prose: names, types, limits and structure alone.

Run by hand: `make generators`. It installs the pinned packages of servers.json in a folder of its own.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

HERE = Path(__file__).parent
TARGET = HERE.parent.parent / "schemas" / "mcp_servers"
_PROSE = frozenset({"description", "title", "default", "example", "examples", "$comment", "annotations", "execution"})
_NAMED = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")


def without_prose(schema: Any) -> Any:
    """A schema without what somebody wrote for readers."""
    if isinstance(schema, list):
        return [without_prose(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    kept: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword in _NAMED and isinstance(value, dict):
            kept[keyword] = {name: without_prose(one) for name, one in value.items()}
        elif keyword not in _PROSE and not keyword.startswith("x-"):
            kept[keyword] = value if keyword in ("enum", "const", "required") else without_prose(value)
    return kept


async def tools(command: list[str], environment: dict[str, str]) -> list[Any]:
    server = StdioServerParameters(command="node", args=command, env=environment)
    async with stdio_client(server) as streams, ClientSession(*streams) as session:
        await session.initialize()
        return list((await session.list_tools()).tools)


def main() -> None:
    servers = json.loads((HERE / "servers.json").read_text())
    with tempfile.TemporaryDirectory() as folder:
        packages = [f"{server['package']}@{server['version']}" for server in servers]
        subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", *packages], cwd=folder, check=True)
        for server in servers:
            start = str(Path(folder, "node_modules", server["package"], server["start"]))
            listed = asyncio.run(tools([start, *server["arguments"]], server["environment"]))
            document = {
                "package": server["package"],
                "version": server["version"],
                "tools": [
                    {
                        "name": tool.name,
                        "inputSchema": without_prose(tool.model_dump(by_alias=True)["inputSchema"]),
                        **(
                            {"outputSchema": without_prose(output)}
                            if (output := tool.model_dump(by_alias=True).get("outputSchema"))
                            else {}
                        ),
                    }
                    for tool in listed
                ],
            }
            name = server["package"].strip("@").replace("/", "-")
            (TARGET / f"{name}.json").write_text(json.dumps(document, indent=1) + "\n")
            sys.stdout.write(f"{server['package']} {server['version']}: {len(listed)} tools\n")


if __name__ == "__main__":
    main()

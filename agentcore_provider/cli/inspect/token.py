"""`agentcore token`: an access token for a gateway of a stack."""

from __future__ import annotations

from datetime import datetime, timezone

import typer

from agentcore_provider.cli.options import GatewayName, Json, Stack
from agentcore_provider.cli.terminal import print_json


def print_token(stack: Stack = None, gateway: GatewayName = None, as_json: Json = False) -> None:
    """Print an access token for a gateway, and nothing else, for scripts and other MCP clients."""
    from agentcore_provider.cli.sign_in import deployed_gateway, fetch_token_for

    token = fetch_token_for(deployed_gateway(stack, gateway))
    if as_json:
        expires = datetime.fromtimestamp(token.expires_at, timezone.utc).isoformat(timespec="seconds")
        print_json({"access_token": token.access_token, "expires_at": expires, "scope": token.scope})
    else:
        typer.echo(token.access_token)

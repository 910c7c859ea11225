"""A gateway's MCP endpoint: Model Context Protocol over stateless JSON answers.

    serve(request, gateway_id, base_url) -> Response

answers `<base_url>/gateways/<gateway_id>/mcp` and the same gateway's protected-resource metadata.

One file for each kind of target (see target_kinds.py); sign-in, protocol versions, the tool list and calls
have a file each.
"""

from __future__ import annotations

from agentcore_provider.local.mcp_endpoint.endpoint import serve

__all__ = ["serve"]

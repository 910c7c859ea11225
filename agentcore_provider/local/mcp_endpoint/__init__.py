"""A gateway's MCP endpoint: Model Context Protocol over HTTP, in answers of JSON or of events.

    serve(request, gateway_id, base_url) -> Response

answers `<base_url>/gateways/<gateway_id>/mcp` and the same gateway's protected-resource metadata.

One file for each kind of target (see target_kinds.py). A request's way is endpoint.py, sign_in.py, messages.py, then
methods.py or calls.py. Revisions of MCP, clients' sessions, and conversations with MCP servers have files of their own.
"""

from __future__ import annotations

from agentcore_provider.local.mcp_endpoint.endpoint import serve

__all__ = ["serve"]

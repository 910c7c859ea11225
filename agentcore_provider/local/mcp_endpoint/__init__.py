"""A gateway's MCP endpoint: Model Context Protocol over HTTP, in answers of JSON or of events.

    serve(request, gateway_id, base_url) -> Response

answers `<base_url>/gateways/<gateway_id>/mcp` and the same gateway's protected-resource metadata.

endpoint.py has the steps of a request as a list, messages.py what one message gets for an answer, methods.py the
methods. A RequestContext (request_context.py) goes along. Each kind of target has a file (see target_kinds.py).
Revisions of MCP, clients' sessions, and conversations with MCP servers have files of their own.
"""

from __future__ import annotations

from agentcore_provider.local.mcp_endpoint.endpoint import serve

__all__ = ["serve"]

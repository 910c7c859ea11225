"""A gateway's targets that are plain HTTP: requests go on to them as they are, with the target's credential.

serve(request, gateway_id, target_name, path, base_url) -> Response

<base>/gateways/<gatewayId>/<target>/<path>      http.passthrough and http.agentcoreRuntime
<base>/gateways/<gatewayId>/inference/<path>     inference.provider, chosen by the body's `model`
"""

from __future__ import annotations

from agentcore_provider.local.http_endpoint.endpoint import serve

__all__ = ["serve"]

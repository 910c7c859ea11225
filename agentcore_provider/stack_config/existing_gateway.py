"""A gateway that something else made, as `gateway_id` tells it: its id, its ARN or its MCP address."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from agentcore_provider.errors import InvalidInput

_ARN = re.compile(r"arn:[^:]+:bedrock-agentcore:[^:]+:\d{12}:gateway/(?P<id>[^/:]+)")
_HOST = re.compile(r"(?P<id>[^.]+)\.gateway\.bedrock-agentcore\.[^.]+\.")
_PATH = re.compile(r"/gateways/(?P<id>[^/]+)(/mcp)?/?")


def gateway_id(given: str) -> str:
    """Id of the gateway that is meant. Raises InvalidInput for an address that is of no gateway."""
    if "://" not in given:
        found = _ARN.fullmatch(given)
        return found["id"] if found else given
    address = urlsplit(given)
    found = _HOST.match(address.hostname or "") or _PATH.fullmatch(address.path)
    if found is None:
        raise InvalidInput(
            f"{given} is not the MCP address of a gateway; write one such as "
            "https://GATEWAY-ID.gateway.bedrock-agentcore.REGION.amazonaws.com/mcp, or the gateway's id."
        )
    return found["id"]

"""How an existing gateway is named: by its id, its ARN, its MCP URL or as a gateway object."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from agentcore_provider.errors import InvalidInput

_ID = re.compile(r"([0-9a-zA-Z]-?){1,48}-[0-9a-z]{10}")
_ARN = re.compile(r"arn:[^:]+:bedrock-agentcore:(?P<region>[^:]+):(?P<account>[^:]*):gateway/(?P<id>[^/:]+)")
_HOST = re.compile(r"(?P<id>[^.]+)\.gateway\.bedrock-agentcore\.(?P<region>[^.]+)\.")
_PATH = re.compile(r"/gateways/(?P<id>[^/]+)(/mcp)?/?")


@dataclass(frozen=True)
class GatewayAddress:
    """A gateway's id, and its Region and account if its address has them."""

    gateway_id: str
    region: str | None = None
    account: str | None = None


def parse(given: str | Mapping[str, object]) -> GatewayAddress:
    """The gateway that is meant. Raises InvalidInput."""
    if isinstance(given, Mapping):
        return GatewayAddress(str(given["gatewayId"]))
    if given.startswith("arn:"):
        return parse_arn(given)
    if "://" in given:
        return parse_url(given)
    if not is_id(given):
        raise InvalidInput(
            f"{given!r} is not a gateway", "Give its id (its name, a hyphen and ten characters), its ARN or its MCP URL"
        )
    return GatewayAddress(given)


def is_id(text: str) -> bool:
    """Whether the text can be the id of a gateway."""
    return _ID.fullmatch(text) is not None


def parse_arn(arn: str) -> GatewayAddress:
    """The gateway of an ARN. Raises InvalidInput."""
    found = _ARN.fullmatch(arn)
    if found is None:
        raise InvalidInput(
            f"{arn!r} is not the ARN of a gateway",
            "Use the form arn:aws:bedrock-agentcore:REGION:ACCOUNT:gateway/GATEWAY-ID",
        )
    return GatewayAddress(found["id"], found["region"], found["account"])


def parse_url(url: str) -> GatewayAddress:
    """The gateway of an MCP URL, of AWS or of local AWS. Raises InvalidInput."""
    try:
        address = urlsplit(url)
    except ValueError:
        address = urlsplit("")
    found = _HOST.match(address.hostname or "")
    if found:
        return GatewayAddress(found["id"], found["region"])
    local = _PATH.fullmatch(address.path)
    if local:
        return GatewayAddress(local["id"])
    raise InvalidInput(
        f"{url!r} is not the MCP URL of a gateway",
        "Use the form https://GATEWAY-ID.gateway.bedrock-agentcore.REGION.amazonaws.com/mcp",
    )

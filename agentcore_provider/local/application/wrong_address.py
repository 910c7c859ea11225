"""Addresses that resemble one of local AWS: 404 that names the right one."""

from __future__ import annotations

import re

from werkzeug.wrappers import Request, Response

from agentcore_provider.local.service_error import answer

_CURES = (
    (re.compile(r"/+gateways/+(?P<id>[^/]{1,100})/*"), "MCP clients call {base_url}/gateways/{id}/mcp."),
    (re.compile(r"/+(?:mcp|gateways)(?:/.*)?", re.DOTALL), "MCP clients call {base_url}/gateways/GATEWAY_ID/mcp."),
    (
        re.compile(r"/+(?:cognito|oauth2)(?:/.*)?", re.DOTALL),
        "The token endpoint is {base_url}/cognito/DOMAIN/oauth2/token.",
    ),
    (re.compile(r"/+_local/*"), "The state of local AWS is at {base_url}/_local/status."),
)
# Parts of moto alone would not fit the gateways. POST /moto-api/reset is served: it resets everything.
_MOTO_API = re.compile(r"/+(?:moto-api(?:/.*)?|favicon\.ico)", re.DOTALL)


def find(request: Request, base_url: str, *, signed: bool) -> Response | None:
    """The answer to an address that only resembles one of local AWS; None for any other.

    signed: whether the request is signed for a service. The control plane has similar addresses, and a bucket may
    have any name.
    """
    if _MOTO_API.fullmatch(request.path):
        return _not_there(request, f"To begin with nothing: POST {base_url}/_local/reset, or `agentcore local reset`.")
    for address, cure in () if signed else _CURES:
        if found := address.fullmatch(request.path):
            return _not_there(request, cure.format(base_url=base_url, **found.groupdict()))
    return None


def _not_there(request: Request, cure: str) -> Response:
    return answer(404, "ResourceNotFoundException", f"Local AWS does not serve {request.path[:200]}. {cure}")

"""The tools that the MCP server behind a target lists, read by this machine.

GetGatewayTarget does not return them. This machine signs in to the server as the gateway would, where it can: without
credentials, or with a signature of its own. Otherwise it needs a token, which the user passes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import Document
from agentcore_provider.credential_kinds import API_KEY, CALLER_IAM, GATEWAY_ROLE, auth_method, of
from agentcore_provider.documents.json_types import JsonDict
from agentcore_provider.errors import AgentCoreError, InvalidInput
from agentcore_provider.loopback import is_loopback
from agentcore_provider.target_kinds import MCP_SERVER
from agentcore_provider.target_kinds.target_kind import at

if TYPE_CHECKING:
    from agentcore_provider.mcp.session import Sign

# AWS gives a server 40 seconds to answer `initialize`.
_SECONDS = 40.0
# For all pages of a list.
_MOST_SECONDS = 120.0
TOKENS = "agentcore:serverTokens"
"""Key of the stack's configuration: tokens for reading what servers list, by the name of the target's resource."""


def read(
    target: Document, name: str, *, connect: Callable[[], Connection], token: str | None, timeout: float = _SECONDS
) -> list[JsonDict]:
    """The tools as the server lists them, all pages.

    target: properties of a target of the kind MCP server. name: of its resource. connect: the connection to sign with,
    if the server accepts signatures. token: access token or API key for the server. timeout: seconds for each answer.
    Raises AgentCoreError.
    """
    import asyncio

    from agentcore_provider.errors import McpError, TokenRefused
    from agentcore_provider.mcp import session

    endpoint = str(at(MCP_SERVER.content(target.get("target_configuration")), "endpoint"))
    # A server on this machine, of local AWS: few have a certificate, and local AWS calls them without one too.
    url = endpoint.replace("https://", "http://", 1) if is_loopback(endpoint) else endpoint
    credential: Mapping[str, Any] = next(iter(target.get("credential_provider_configurations") or ()), {})
    sign = _sign(credential, connect, token)

    async def ask() -> list[JsonDict]:
        async with session.connect(url, sign=sign, timeout=timeout) as opened:
            return [dict(tool.document) for tool in await opened.list_tools()]

    try:
        return session.run(lambda: asyncio.wait_for(ask(), _MOST_SECONDS))
    except asyncio.TimeoutError:
        raise AgentCoreError(
            f"the MCP server {endpoint} did not list all its tools in {_MOST_SECONDS:g} s", "Check the server"
        ) from None
    except TokenRefused as error:
        method = auth_method(credential) if credential else "none"
        key = f"pulumi config set --secret --path '{TOKENS}[\"{name}\"]' TOKEN"
        raise AgentCoreError(
            f"the MCP server {endpoint} rejects this machine: HTTP {error.status}"
            + (f"; the gateway signs in with: {method}" if method != "none" else ""),
            f"Let this machine read the list with a token of yours: `{key}`",
        ) from None
    except McpError as error:
        raise AgentCoreError(error.message.replace("The gateway at", "The MCP server at"), "Check the server") from None


def _sign(credential: Mapping[str, Any], connect: Callable[[], Connection], token: str | None) -> Sign | None:
    """What puts a sign-in into each request; None if there is none to put."""
    if token:
        return _with_token(credential, token)
    kind = of(credential)
    if kind not in (GATEWAY_ROLE, CALLER_IAM):
        return None
    from agentcore_provider.aws.request_signature import RequestSignature

    signing = kind.members(credential)
    service = signing.get("service")
    if not isinstance(service, str):
        raise InvalidInput("the gateway's role signs for a service that is not known yet", "Set service=")
    region = signing.get("region")
    return RequestSignature(connect(), service=service, region=region if isinstance(region, str) else None)


def _with_token(credential: Mapping[str, Any], token: str) -> Sign:
    """Sends a token where the gateway would send it."""
    usage = API_KEY.members(credential)
    name = str(usage.get("credentialParameterName") or "Authorization")
    prefix = str(usage.get("credentialPrefix") or ("Bearer" if name == "Authorization" else ""))
    value = f"{prefix} {token}".strip()

    def sign(request: Any) -> Any:
        if usage.get("credentialLocation") == "QUERY_PARAMETER":
            request.url = request.url.copy_merge_params({name: token})
        else:
            request.headers[name] = value
        return request

    return sign

"""The layers that a client meets: token endpoint, token, MCP endpoint, inbound check, tools, a tool's answer."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from typing import Any

from agentcore_provider.cli.doctor import refused_token
from agentcore_provider.cli.doctor.layer import NotChecked, Unwell, parted
from agentcore_provider.cli.doctor.service_texts import explain
from agentcore_provider.cli.doctor.visit import See, Visit
from agentcore_provider.cli.gateway import describe_accepted_tokens
from agentcore_provider.cli.sign_in import signature
from agentcore_provider.errors import AgentCoreError, McpError, NotSignedIn, TokenEndpointUnreachable
from agentcore_provider.mcp.claims import read_claims
from agentcore_provider.mcp.token import fetch_token

_TOKENS = ("CUSTOM_JWT", "AUTHENTICATE_ONLY")


class ClientSide:
    """What one client asks, from layer to layer."""

    def __init__(self) -> None:
        self._not_signed_in: NotSignedIn | None = None
        self._refused: McpError | None = None
        self._let_in = False

    def layers(self, *, with_call: bool) -> list[tuple[str, See]]:
        """The layers, bottom up."""
        found: list[tuple[str, See]] = [
            ("token endpoint", self.see_token_endpoint),
            ("token", self.see_token),
            ("MCP endpoint", self.see_mcp_endpoint),
            ("inbound check", self.see_inbound_check),
            ("tools", self.see_tools),
        ]
        return [*found, ("tool call", see_call)] if with_call else found

    def see_token_endpoint(self, visit: Visit) -> str:
        """Something answers where tokens are issued: name look-up, connection, TLS."""
        if visit.token is not None:
            raise NotChecked("a token was given")
        _require_tokens(visit)
        gateway = visit.chosen
        if not gateway.signs_in:
            raise NotChecked(f"the gateway {describe_accepted_tokens(_authorizer(visit))}")
        try:
            visit.token = fetch_token(
                gateway.token_endpoint,
                gateway.client_id,
                gateway.client_secret,
                gateway.scope,
                timeout=visit.timeout,
            ).access_token
            visit.issued = True
        except TokenEndpointUnreachable:
            raise
        except NotSignedIn as error:
            self._not_signed_in = error
        return f"{gateway.token_endpoint} answers"

    def see_token(self, visit: Visit) -> str:
        """There is a token."""
        if self._not_signed_in is not None:
            message, cure = parted(self._not_signed_in)
            if "invalid_client" in message:
                cure += f"; if they do, the client was deleted: {visit.chosen.refresh} creates it again"
            raise Unwell(message, cure) from None
        if visit.token is None:
            _require_tokens(visit)
            raise NotChecked("there is none")
        claims = read_claims(visit.token)
        whose = claims.get("client_id") or claims.get("azp") or claims.get("sub") or "unknown client"
        return f"{'issued to' if visit.issued else 'given, of'} {whose}, scope {claims.get('scope') or '(none)'}"

    def see_mcp_endpoint(self, visit: Visit) -> str:
        """A gateway answers at the MCP URL: name look-up, connection, TLS, path, and neither busy nor broken."""
        from agentcore_provider.errors import GatewayUnreachable, NoMcpEndpoint

        kind = visit.gateway.get("authorizer_type")
        if visit.sigv4 or kind == "AWS_IAM":
            visit.sign = signature(visit.chosen)
        elif kind in _TOKENS and visit.token is None:
            raise NotChecked("there is no token: give one as --token, or AGENTCORE_TOKEN")
        if not visit.mcp_url:
            raise NotChecked("the URL is not known")
        try:
            asyncio.run(self._list_tools(visit))
        except (GatewayUnreachable, NoMcpEndpoint):
            raise
        except McpError as error:
            if not self._let_in and (error.status == 429 or error.status >= 500):
                raise _of_gateway(error) from None
            self._refused = error
        visit.asked = True
        return f"{visit.mcp_url} answers"

    async def _list_tools(self, visit: Visit) -> None:
        from agentcore_provider.mcp.session import connect

        async with connect(visit.mcp_url, visit.token or "", sign=visit.sign, timeout=visit.timeout) as session:
            self._let_in = True
            visit.tools = await session.list_tools()

    def see_inbound_check(self, visit: Visit) -> str:
        """The gateway lets the caller in."""
        from agentcore_provider.errors import TokenRefused

        _require_asked(visit)
        if not isinstance(self._refused, TokenRefused):
            if visit.sign is not None:
                return f"lets the signature of {visit.sign.access_key_id} in"
            return "lets the token in" if visit.token else "lets everybody in"
        if visit.sign is not None or not self._refused.takes_tokens:
            raise self._refused
        # Only a CUSTOM_JWT authorizer has rules of its own for a token.
        authorizer = _authorizer(visit) if visit.gateway else {}
        raise refused_token.explain(visit.token or "", authorizer or None, visit.timeout)

    def see_tools(self, visit: Visit) -> str:
        """tools/list answers with tools."""
        _require_asked(visit)
        if self._refused is not None:
            raise _of_gateway(self._refused)
        served = {tool.target: 0 for tool in visit.tools if tool.target}
        for tool in visit.tools:
            if tool.target:
                served[tool.target] += 1
        if not served:
            raise Unwell(
                f"The gateway at {visit.mcp_url} lets the caller in but has no tools",
                "add a target: `agentcore create_mcp_gateway_target`, or agentcore:gateways and `pulumi up`",
            )
        counted = ", ".join(f"{count} of {target}" for target, count in served.items())
        return f"{sum(served.values())} ({counted})"


def _authorizer(visit: Visit) -> Mapping[str, Any]:
    """The gateway's customJWTAuthorizer, as AWS has it, else as the stack has it; empty if it has none."""
    if visit.gateway:
        return (visit.gateway.get("authorizer_configuration") or {}).get("customJWTAuthorizer") or {}
    return visit.chosen.authorizer


def _of_gateway(error: McpError) -> AgentCoreError:
    """What fails inside the gateway, with a cure for somebody who has asked the doctor already."""
    message = parted(error)[0]
    known = explain(str(error))
    if known is not None:
        return Unwell(f"{message}: {known.cause}", known.cure)
    if error.status < 500:
        return error
    return Unwell(parted(error)[0], "try again in a minute; if it stays, ask AWS Support: what is below it is well")


def see_call(visit: Visit) -> str:
    """A tool answers."""
    from agentcore_provider.mcp import session
    from agentcore_provider.mcp.tool import find_tool

    _require_asked(visit)
    if visit.call is None:
        raise NotChecked("no tool was named")
    named, arguments = visit.call
    tool = find_tool(named, visit.tools)
    answer = session.call_tool(
        visit.mcp_url, visit.token or "", tool.name, json.loads(arguments), sign=visit.sign, timeout=visit.timeout
    )
    if answer.is_error:
        said = " ".join(answer.text.split())
        known = explain(said)
        why = f": {known.cause}" if known is not None else ""
        cure = cure_of(said, tool.target, _log_of(visit, tool.target))
        raise Unwell(f"{tool.name} answered an error ({said}){why}", cure)
    return f"{tool.name} answers {json.dumps(answer.value, ensure_ascii=False)[:200]}"


def cure_of(said: str, target: str, log: str) -> str:
    """What to do about the error that a tool answered. log: where what it calls says more."""
    known = explain(said)
    if known is not None:
        return f"{known.cure}; see also {log}"
    if re.search(r"\b(401|403)\b", said):
        return f"see the credentials of target {target}, which what it calls refuses, and {log}"
    if "did not answer" in said:
        return f"see that the address answers, and {log}"
    return f"see the arguments it takes (`agentcore tools list`) and {log}"


def _log_of(visit: Visit, target_name: str) -> str:
    target: dict[str, Any] = next((it for it in visit.targets if it["name"] == target_name), {})
    function = ((target.get("target_configuration") or {}).get("mcp") or {}).get("lambda") or {}
    name = str(function.get("lambdaArn", "")).partition(":function:")[2].partition(":")[0]
    return f"the function's log (CloudWatch /aws/lambda/{name})" if name else f"the log of what {target_name} calls"


def _require_tokens(visit: Visit) -> None:
    kind = visit.gateway.get("authorizer_type")
    if kind == "NONE":
        raise NotChecked("the gateway lets everybody in: no token is needed")
    if kind == "AWS_IAM" or visit.sigv4:
        raise NotChecked("callers sign with AWS credentials: no token is needed")


def _require_asked(visit: Visit) -> None:
    if not visit.asked:
        raise NotChecked("the gateway was not asked")

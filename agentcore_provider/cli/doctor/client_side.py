"""The layers of a client: token endpoint, token, MCP endpoint, inbound authorizer, tools, a tool's answer."""

from __future__ import annotations

import asyncio
import json
import re

from agentcore_provider.cli.doctor import refused_token
from agentcore_provider.cli.doctor.findings import Check, Findings
from agentcore_provider.cli.doctor.layer import Failure, NotChecked
from agentcore_provider.cli.doctor.service_texts import explain
from agentcore_provider.cli.gateway import describe_accepted_tokens
from agentcore_provider.cli.sign_in import signature
from agentcore_provider.documents.json_types import JsonDict, JsonObject
from agentcore_provider.errors import AgentCoreError, McpError, NotSignedIn, TokenEndpointUnreachable
from agentcore_provider.mcp.claims import read_claims
from agentcore_provider.mcp.token import fetch_token

_TOKENS = ("CUSTOM_JWT", "AUTHENTICATE_ONLY")


class ClientSide:
    """One client, from layer to layer."""

    def __init__(self) -> None:
        self._not_signed_in: NotSignedIn | None = None
        self._refused: McpError | None = None
        self._accepted = False

    def layers(self, *, with_call: bool) -> list[tuple[str, Check]]:
        """The layers, bottom up."""
        found: list[tuple[str, Check]] = [
            ("token endpoint", self.check_token_endpoint),
            ("token", self.check_token),
            ("MCP endpoint", self.check_mcp_endpoint),
            ("inbound check", self.check_inbound_check),
            ("tools", self.check_tools),
        ]
        return [*found, ("tool call", check_call)] if with_call else found

    def check_token_endpoint(self, findings: Findings) -> str:
        """The token endpoint answers: name look-up, connection, TLS."""
        if findings.token is not None:
            raise NotChecked("--token was passed")
        _require_tokens(findings)
        gateway = findings.chosen
        if not gateway.signs_in:
            raise NotChecked(f"the gateway {describe_accepted_tokens(_authorizer(findings))}")
        try:
            findings.token = fetch_token(
                gateway.token_endpoint,
                gateway.client_id,
                gateway.client_secret,
                gateway.scope,
                timeout=findings.timeout,
            ).access_token
            findings.issued = True
        except TokenEndpointUnreachable:
            raise
        except NotSignedIn as error:
            self._not_signed_in = error
        return f"{gateway.token_endpoint} answers"

    def check_token(self, findings: Findings) -> str:
        """There is a token."""
        if self._not_signed_in is not None:
            message, cure = self._not_signed_in.message, self._not_signed_in.cure
            if self._not_signed_in.code == "invalid_client":
                cure += f"; if they do, the client was deleted: {findings.chosen.refresh} creates it again"
            raise Failure(message, cure) from None
        if findings.token is None:
            _require_tokens(findings)
            raise NotChecked("there is none")
        claims = read_claims(findings.token)
        whose = claims.get("client_id") or claims.get("azp") or claims.get("sub") or "unknown client"
        return f"{'issued to' if findings.issued else 'passed, of'} {whose}, scope {claims.get('scope') or '(none)'}"

    def check_mcp_endpoint(self, findings: Findings) -> str:
        """A gateway answers at the MCP URL: name look-up, connection, TLS, path, neither throttled nor failing."""
        from agentcore_provider.errors import GatewayUnreachable, NoMcpEndpoint

        kind = findings.gateway.get("authorizer_type")
        if findings.sigv4 or kind == "AWS_IAM":
            findings.sign = signature(findings.chosen)
        elif kind in _TOKENS and findings.token is None:
            raise NotChecked("there is no token: pass --token, or set AGENTCORE_TOKEN")
        if not findings.mcp_url:
            raise NotChecked("the URL is not known")
        try:
            asyncio.run(self._list_tools(findings))
        except (GatewayUnreachable, NoMcpEndpoint):
            raise
        except McpError as error:
            if not self._accepted and (error.status == 429 or error.status >= 500):
                raise _of_gateway(error) from None
            self._refused = error
        findings.asked = True
        return f"{findings.mcp_url} answers"

    async def _list_tools(self, findings: Findings) -> None:
        from agentcore_provider.mcp.session import connect

        async with connect(
            findings.mcp_url, findings.token or "", sign=findings.sign, timeout=findings.timeout
        ) as session:
            self._accepted = True
            findings.tools = await session.list_tools()

    def check_inbound_check(self, findings: Findings) -> str:
        """The gateway's authorizer accepts the caller."""
        from agentcore_provider.errors import TokenRefused

        _require_asked(findings)
        if not isinstance(self._refused, TokenRefused):
            if findings.sign is not None:
                return f"accepts the signature of {findings.sign.access_key_id}"
            return "accepts the token" if findings.token else "accepts anyone"
        if findings.sign is not None or not self._refused.takes_tokens:
            raise self._refused
        # Only a CUSTOM_JWT authorizer has rules of its own for a token.
        authorizer = _authorizer(findings) if findings.gateway else {}
        raise refused_token.explain(findings.token or "", authorizer or None, findings.timeout)

    def check_tools(self, findings: Findings) -> str:
        """tools/list answers with tools."""
        _require_asked(findings)
        if self._refused is not None:
            raise _of_gateway(self._refused)
        served = {tool.target: 0 for tool in findings.tools if tool.target}
        for tool in findings.tools:
            if tool.target:
                served[tool.target] += 1
        if not served:
            raise Failure(
                f"The gateway at {findings.mcp_url} accepts the caller but has no tools",
                "add a target: `agentcore create_mcp_gateway_target`, or agentcore:gateways and `pulumi up`",
            )
        counted = ", ".join(f"{count} of {target}" for target, count in served.items())
        return f"{sum(served.values())} ({counted})"


def _authorizer(findings: Findings) -> JsonObject:
    """The gateway's customJWTAuthorizer, as AWS has it, else as the stack has it; empty if it has none."""
    if findings.gateway:
        return (findings.gateway.get("authorizer_configuration") or {}).get("customJWTAuthorizer") or {}
    return findings.chosen.authorizer


def _of_gateway(error: McpError) -> AgentCoreError:
    """A failure inside the gateway, with a cure that does not name the doctor."""
    known = explain(str(error))
    if known is not None:
        return Failure(f"{error.message}: {known.cause}", known.cure)
    if error.status < 500:
        return error
    return Failure(
        error.message, "try again in a minute; if it keeps failing, ask AWS Support: the layers below are fine"
    )


def check_call(findings: Findings) -> str:
    """A tool answers."""
    from agentcore_provider.mcp import session
    from agentcore_provider.mcp.tool import find_tool

    _require_asked(findings)
    if findings.call is None:
        raise NotChecked("no tool was named")
    named, arguments = findings.call
    tool = find_tool(named, findings.tools)
    answer = session.call_tool(
        findings.mcp_url,
        findings.token or "",
        tool.name,
        json.loads(arguments),
        sign=findings.sign,
        timeout=findings.timeout,
    )
    if answer.is_error:
        message = " ".join(answer.text.split())
        known = explain(message)
        why = f": {known.cause}" if known is not None else ""
        cure = cure_of(message, tool.target, _log_of(findings, tool.target))
        raise Failure(f"{tool.name} answered an error ({message}){why}", cure)
    return f"{tool.name} answers {json.dumps(answer.value, ensure_ascii=False)[:200]}"


def cure_of(message: str, target: str, log: str) -> str:
    """What to do about the error that a tool answered. log: where its cause is logged."""
    known = explain(message)
    if known is not None:
        return f"{known.cure}; see also {log}"
    if re.search(r"\b(401|403)\b", message):
        return f"check the credentials of target {target}, which its endpoint rejects, and {log}"
    if "did not answer" in message:
        return f"check that the address answers, and {log}"
    return f"check the tool's arguments (`agentcore tools list`) and {log}"


def _log_of(findings: Findings, target_name: str) -> str:
    target: JsonDict = next((it for it in findings.targets if it["name"] == target_name), {})
    function = ((target.get("target_configuration") or {}).get("mcp") or {}).get("lambda") or {}
    name = str(function.get("lambdaArn", "")).partition(":function:")[2].partition(":")[0]
    return f"the function's log (CloudWatch /aws/lambda/{name})" if name else f"the log of what {target_name} calls"


def _require_tokens(findings: Findings) -> None:
    kind = findings.gateway.get("authorizer_type")
    if kind == "NONE":
        raise NotChecked("the gateway accepts anyone: no token is needed")
    if kind == "AWS_IAM" or findings.sigv4:
        raise NotChecked("callers sign with AWS credentials: no token is needed")


def _require_asked(findings: Findings) -> None:
    if not findings.asked:
        raise NotChecked("the gateway was not asked")

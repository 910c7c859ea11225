"""A gateway as `agentcore show` displays it: sign-in, targets, credentials, tools, status, read from AWS and the gateway."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from agentcore_provider import credential_kinds, target_kinds
from agentcore_provider.cli.gateway import (
    Gateway,
    describe_sign_in,
    read_consent_portal,
    read_policies,
    read_rate_limits,
    read_resource_policy,
    read_rules,
    read_targets,
)
from agentcore_provider.cli.gateway_choice import connect
from agentcore_provider.cli.inspect.shown_policy_engine import ShownPolicyEngine, described_policy
from agentcore_provider.cli.inspect.shown_rate_limit import ShownRateLimit, described_rate_limit
from agentcore_provider.cli.inspect.shown_rule import ShownRule, described_rule
from agentcore_provider.cli.sign_in import fetch_token_for
from agentcore_provider.documents.json_types import JsonDict, JsonObject
from agentcore_provider.errors import AgentCoreError, AwsUnreachable, InvalidInput
from agentcore_provider.schemas import tool_cost

if TYPE_CHECKING:
    from agentcore_provider.aws.connection import Connection
    from agentcore_provider.aws.request_signature import RequestSignature
    from agentcore_provider.mcp.tool import Tool

NO_CREDENTIALS = "no credentials"


@dataclass(frozen=True)
class ShownTool:
    """A tool, by the name it has in its target."""

    name: str
    description: str = ""


@dataclass(frozen=True)
class ShownTarget:
    """A target of a gateway."""

    name: str
    kind: str = ""
    """In words; empty when AWS could not be asked."""
    place: str = ""
    """Function, address or schema that it calls."""
    status: str = ""
    status_reasons: Sequence[str] = ()
    credentials: Sequence[str] = ()
    """How the gateway signs in to it, in words."""
    tools: Sequence[ShownTool] = ()
    locked: bool = False
    """Whether its stack locks its tools."""
    tokens: int = 0
    """About how many tokens of tools/list they are; 0 when that is not known."""


@dataclass(frozen=True)
class ShownConsentPortal:
    """Where people allow agents to use the gateway's targets on their behalf."""

    name: str
    portal_url: str = ""
    """Empty until the portal is ACTIVE."""
    status: str = ""
    status_reasons: Sequence[str] = ()
    description: str = ""


@dataclass(frozen=True)
class ShownGateway:
    """A gateway with its sign-in, targets and tools."""

    name: str
    mcp_url: str = ""
    gateway_id: str = ""
    gateway_arn: str = ""
    status: str = ""
    """Empty when AWS could not be asked."""
    status_reasons: Sequence[str] = ()
    sign_in: str = ""
    """How callers sign in, in words."""
    role_arn: str = ""
    web_acl_arn: str = ""
    """The web firewall in front of it."""
    domains: Sequence[str] = ()
    """Those that it names to its clients, the default first."""
    searches: bool = False
    """Agents can search the tools by meaning."""
    targets: Sequence[ShownTarget] = ()
    rules: Sequence[ShownRule] = ()
    """In the order in which they are evaluated."""
    rate_limits: Sequence[ShownRateLimit] = ()
    resource_policy: JsonObject | None = None
    """Who may call it besides roles of its account, as IAM's document; None without one."""
    consent_portal: ShownConsentPortal | None = None
    policy_engine: ShownPolicyEngine | None = None
    """Without one, every caller that is signed in may call every tool."""
    tokens: int = 0
    """About how many tokens tools/list has; 0 when that is not known."""
    remarks: Sequence[str] = ()
    """What could not be asked, and why."""
    documents: Sequence[JsonObject] = field(default=(), repr=False)
    """The tools as MCP lists them."""


def gather(chosen: Gateway, token: str | None, timeout: float) -> ShownGateway:
    """Ask AWS and the gateway for all of it; what cannot be asked becomes a remark.

    token: access token; None signs in by the stack. timeout: seconds for each answer of the gateway.
    Raises the first error if nothing answered.
    """
    failures: list[AgentCoreError] = []
    gateway: JsonDict = {}
    targets: list[JsonDict] = []
    rules: list[JsonDict] = []
    limits: list[JsonDict] = []
    resource_policy: JsonDict | None = None
    policies: list[JsonDict] = []
    engine: JsonDict = {}
    portal: JsonDict | None = None
    tools: list[Tool] = []
    connection: Connection | None = None
    try:
        if chosen.aws_id or not (chosen.is_deployed or chosen.by_url):
            connection = connect(chosen)
            gateway, targets = _ask_aws(chosen, connection)
            gateway_id = str(gateway["gateway_id"])
            rules = read_rules(connection, gateway_id)
            limits = read_rate_limits(connection, gateway_id)
            resource_policy = read_resource_policy(connection, str(gateway["gateway_arn"]))
            if engine := dict(gateway.get("policy_engine_configuration") or {}):
                policies = read_policies(connection, str(engine.get("arn")))
            portal = read_consent_portal(connection, gateway)
    except AgentCoreError as error:
        failures.append(error)
    try:
        tools = _ask_gateway(chosen, connection, gateway, token, timeout)
    except AgentCoreError as error:
        failures.append(error)
    if not gateway and not tools and failures:
        raise failures[0]
    locked = {it.get("target_id") for it in chosen.locked_targets.values()}
    named = [_target(target, tools, locked=target["target_id"] in locked) for target in targets]
    known = {target.name for target in named}
    served = dict.fromkeys(tool.target for tool in tools if tool.target and tool.target not in known)
    mcp = (gateway.get("protocol_configuration") or {}).get("mcp") or {}
    return ShownGateway(
        name=chosen.name if chosen.is_deployed else str(gateway.get("name") or chosen.name),
        mcp_url=_mcp_url(chosen, gateway),
        gateway_id=str(gateway.get("gateway_id") or chosen.gateway_id),
        gateway_arn=str(gateway.get("gateway_arn") or chosen.gateway_arn),
        status=str(gateway.get("status", "")),
        status_reasons=gateway.get("status_reasons") or [],
        sign_in=_sign_in(chosen, gateway),
        role_arn=str(gateway.get("role_arn", "")),
        web_acl_arn=str(gateway.get("web_acl_arn") or ""),
        domains=_domains(gateway.get("domain_override")),
        searches=mcp.get("searchType") == "SEMANTIC" or any(not tool.target for tool in tools),
        targets=[*named, *(_served(name, tools) for name in served)],
        rules=[described_rule(it) for it in rules],
        resource_policy=resource_policy,
        rate_limits=[described_rate_limit(it) for it in limits],
        consent_portal=_consent_portal(portal),
        policy_engine=_policy_engine(engine, policies),
        tokens=tool_cost.of_tools([tool.document for tool in tools]).tokens,
        remarks=[str(failure) for failure in failures],
        documents=[dict(tool.document) for tool in tools],
    )


def _policy_engine(engine: JsonObject, policies: Sequence[JsonObject]) -> ShownPolicyEngine | None:
    if not engine:
        return None
    shown = [described_policy(it) for it in policies]
    return ShownPolicyEngine(str(engine.get("arn")), str(engine.get("mode", "")), shown)


def _consent_portal(portal: JsonObject | None) -> ShownConsentPortal | None:
    if portal is None:
        return None
    return ShownConsentPortal(
        name=str(portal["name"]),
        portal_url=str(portal.get("portal_url") or ""),
        status=str(portal.get("status", "")),
        status_reasons=[str(portal["status_reason"])] if portal.get("status_reason") else [],
        description=str(portal.get("description") or ""),
    )


def _domains(override: object) -> list[str]:
    if not isinstance(override, Mapping):
        return []
    return [str(it) for it in (override.get("defaultDomain"), *(override.get("alternateDomains") or ())) if it]


def _ask_aws(chosen: Gateway, connection: Connection) -> tuple[JsonDict, list[JsonDict]]:
    from botocore.exceptions import BotoCoreError

    try:
        gateway = chosen.find(connection)
        if gateway is None:
            raise InvalidInput(
                f"There is no gateway {chosen.gateway_id or chosen.name} in Region {connection.region}",
                "Check its name, AWS_REGION and AWS_PROFILE; `agentcore list` shows the stack's",
            )
        return gateway, read_targets(connection, str(gateway["gateway_id"]))
    except BotoCoreError as error:
        message = " ".join(str(error).split()).rstrip(".")
        raise AwsUnreachable(
            f"AWS cannot be asked: {message}", "Set AWS_REGION and AWS_PROFILE", operation="sign-in", code=""
        ) from None


def _mcp_url(chosen: Gateway, gateway: JsonObject) -> str:
    return str(chosen.mcp_url or gateway.get("gateway_url") or "")


def _ask_gateway(
    chosen: Gateway, connection: Connection | None, gateway: JsonObject, token: str | None, timeout: float
) -> list[Tool]:
    url, authorizer_type = _mcp_url(chosen, gateway), gateway.get("authorizer_type", "")
    if not url:
        return []
    sign: RequestSignature | None = None
    if connection is not None and authorizer_type == "AWS_IAM":
        from agentcore_provider.aws.request_signature import RequestSignature

        sign = RequestSignature(connection)
    elif token is None and chosen.signs_in:
        token = fetch_token_for(chosen).access_token
    elif token is None and authorizer_type not in ("", "NONE"):
        return []
    from agentcore_provider.mcp import session

    return session.list_tools(url, token or "", sign=sign, timeout=timeout)


def _target(target: JsonObject, tools: Sequence[Tool], *, locked: bool) -> ShownTarget:
    configuration = target["target_configuration"]
    member, content = next(iter(next(iter(configuration.values())).items()), ("", {}))
    kind = target_kinds.of(configuration)
    name = str(target.get("name") or target["target_id"])
    given = target.get("credential_provider_configurations") or []
    # Without a sign-in, an inline schema is what is known of the tools.
    inline = ((content.get("toolSchema") or {}).get("inlinePayload") or []) if isinstance(content, Mapping) else []
    return ShownTarget(
        name=name,
        kind=kind.label if kind else member,
        place=kind.destination(content) if kind and isinstance(content, Mapping) else "",
        status=str(target["status"]),
        status_reasons=target.get("status_reasons") or [],
        credentials=[_credential(one) for one in given] or [NO_CREDENTIALS],
        tools=_tools_of(name, tools)
        or [ShownTool(str(tool["name"]), str(tool.get("description", ""))) for tool in inline],
        locked=locked,
        tokens=_tokens_of(name, tools) or tool_cost.of_tools(inline, name).tokens,
    )


def _served(name: str, tools: Sequence[Tool]) -> ShownTarget:
    return ShownTarget(name, tools=_tools_of(name, tools), tokens=_tokens_of(name, tools))


def _tokens_of(name: str, tools: Sequence[Tool]) -> int:
    return tool_cost.of_tools([tool.document for tool in tools if tool.target == name]).tokens


def _tools_of(name: str, tools: Sequence[Tool]) -> list[ShownTool]:
    return [ShownTool(tool.short_name, tool.description) for tool in tools if tool.target == name]


def _credential(configuration: JsonObject) -> str:
    kind = credential_kinds.of(configuration)
    if kind is None:
        return str(configuration.get("credentialProviderType", ""))
    name = str(kind.members(configuration).get("providerArn", "")).rpartition("/")[2]
    return f"{kind.label} {name}".rstrip()


def _sign_in(chosen: Gateway, gateway: JsonObject) -> str:
    return describe_sign_in(
        str(gateway.get("authorizer_type", "")),
        (gateway.get("authorizer_configuration") or {}).get("customJWTAuthorizer") or {},
        chosen.client_id if chosen.signs_in else "",
    )

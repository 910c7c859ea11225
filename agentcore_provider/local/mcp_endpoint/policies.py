"""The decisions of a gateway's policy engine: whether a tool may be called, and which tools a caller may know of.

Documented (devguide use-gateway-with-policy): without a permit nothing is allowed, a tool is listed if a call could be allowed
under any circumstances, and each call is decided again. Texts and statuses as public transcripts of 2026 have them. The
schema of a decision has the one tool that is called, and policies are parsed when they change: what a call costs does not
grow with other targets and gateways.
"""

from __future__ import annotations

import json
import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import jwt

from agentcore_provider.local import iam_role, store
from agentcore_provider.local.cedar.decisions import Decision, PolicyStatements, Principal, decide, decide_listing
from agentcore_provider.local.cedar.schema import ToolSchema
from agentcore_provider.local.mcp_endpoint.gateway_trace import DECISION, MODE
from agentcore_provider.local.mcp_endpoint.json_rpc import INTERNAL_ERROR, POLICY_DENIED, JsonRpcError

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agentcore_control.type_defs import GatewayPolicyEngineConfigurationTypeDef

    from agentcore_provider.local.json_document import JsonObject
    from agentcore_provider.local.mcp_endpoint.request_context import RequestContext
    from agentcore_provider.local.mcp_endpoint.tools import TargetTool
    from agentcore_provider.local.outbound import Caller
    from agentcore_provider.local.store import Gateway, Policies, Target
    from agentcore_provider.local.tool_schemas.tool_schema import Tool

_ATTRIBUTE = "aws.agentcore.policy."
"""What the names of attributes of spans begin with."""
_ANONYMOUS = Principal("OAuthUser", "anonymous")

_statements: WeakKeyDictionary[Policies, tuple[PolicyStatements, PolicyStatements]] = WeakKeyDictionary()
"""The policies that decide, and those together with the ones that are only logged: for as long as none changes."""
_schemas: WeakKeyDictionary[Target, dict[str, tuple[Tool, ToolSchema]]] = WeakKeyDictionary()
"""The schemas of tools by their names, for as long as their target stays as it is."""


def principal_of(gateway: Gateway, caller: Caller) -> Principal:
    """A caller who has been authorized, as policies see them.

    A claim that is not text is its JSON: the service's form is only known to be text, which `like` finds a value in.
    Assumed: whoever calls a gateway without an authorizer is a user without claims.
    """
    if signer := caller.principal(gateway):
        return Principal("IamEntity", signer)
    if gateway.authorizer_type == "NONE" or caller.bearer_token is None:
        return _ANONYMOUS
    claims: dict[str, Any] = jwt.decode(caller.bearer_token, options={"verify_signature": False})
    tags = tuple((name, it if isinstance(it, str) else _json(it)) for name, it in claims.items() if it is not None)
    return Principal("OAuthUser", str(claims.get("sub") or claims.get("client_id") or ""), tags)


def check(context: RequestContext, found: TargetTool, arguments: JsonObject | None) -> None:
    """Raises JsonRpcError for a call that the policies do not allow.

    arguments: None if they are invalid; then only callers who may know of the tool pass.
    """
    if context.gateway.policy_engine is None:
        return
    began = time.time_ns()
    engine = _Engine(context, context.gateway.policy_engine)
    engine.require_permission("AuthorizeAction", "tool call")
    decision = engine.decide(found.document["name"], _schema(found), arguments)
    verdict: dict[str, object] = {DECISION: "ALLOW" if decision.allowed else "DENY"}
    if not decision.allowed:
        verdict[f"{_ATTRIBUTE}authorization_reason"] = decision.reason
    engine.trace("AuthorizeAction", began, verdict | {f"{_ATTRIBUTE}determining_policies": [*decision.policy_ids]})
    if not decision.allowed and engine.enforces:
        raise _denied(decision)


def check_http(context: RequestContext, target: str, method: str, path: str) -> None:
    """Raises JsonRpcError for a request to an HTTP or inference target that the policies do not allow.

    Documented (devguide policy-scope): the action is `<target>___<METHOD>:<path>`. What it takes is not known here: a
    condition on context.input cannot be evaluated, and the request is denied. How AWS words the denial is not known.
    """
    if context.gateway.policy_engine is None:
        return
    action = f"{target}___{method}:{path}"
    engine = _Engine(context, context.gateway.policy_engine)
    engine.require_permission("AuthorizeAction", "request")
    decision = engine.decide(action, ToolSchema([{"name": action, "inputSchema": {"type": "object"}}]), {})
    if not decision.allowed and engine.enforces:
        raise _denied(decision)


def _denied(decision: Decision) -> JsonRpcError:
    return JsonRpcError(
        POLICY_DENIED,
        f"Tool Execution Denied: Tool call not allowed due to policy enforcement [{decision.reason}]",
        # The service keeps it to itself; on one's own machine it is what one needs to know.
        data={"reason": "; ".join(decision.errors)} if decision.errors else None,
        http_status=403,
    )


def filter_tools(context: RequestContext, found: list[TargetTool]) -> list[TargetTool]:
    """The tools that the caller may know of. Raises JsonRpcError if the gateway's role may not ask."""
    if context.gateway.policy_engine is None:
        return found
    began = time.time_ns()
    engine = _Engine(context, context.gateway.policy_engine)
    engine.require_permission("PartiallyAuthorizeActions", "list tools")
    if not engine.enforces:
        return found
    listed = [it for it in found if engine.decide(it.document["name"], _schema(it), None).allowed]
    known = [it.document["name"] for it in listed]
    denied = [name for it in found if (name := it.document["name"]) not in known]
    lists: dict[str, object] = {f"{_ATTRIBUTE}allowed_tools": known, f"{_ATTRIBUTE}denied_tools": denied}
    engine.trace("PartiallyAuthorizeActions", began, lists)
    return listed


class _Engine:
    """The policy engine of a gateway, as it is for one message."""

    def __init__(self, context: RequestContext, configuration: GatewayPolicyEngineConfigurationTypeDef) -> None:
        self._context = context
        self._arn = configuration["arn"]
        self.enforces = configuration["mode"] == "ENFORCE"
        self._policies = store.policies_of(self._arn)

    def require_permission(self, action: str, what: str) -> None:
        """Raises JsonRpcError where the gateway's role may not ask the engine."""
        gateway = self._context.gateway
        if iam_role.role_allows(gateway.role_arn, f"bedrock-agentcore:{action}", self._arn, gateway.gateway_arn):
            return
        reason = f"The role {gateway.role_arn} lacks bedrock-agentcore:{action} on {self._arn} or {gateway.gateway_arn}"
        self._log(reason, is_error=True)
        if self.enforces:
            text = f"InternalServerException - Policy evaluation failed for {what}"
            raise JsonRpcError(INTERNAL_ERROR, text, data={"reason": reason})

    def decide(self, name: str, schema: ToolSchema, arguments: JsonObject | None) -> Decision:
        """Whether a call is allowed. arguments: None to decide whether it could be, whatever they are."""
        if self._policies is None:
            return self._logged(name, Decision(False, errors=(f"Policy engine {self._arn} does not exist",)))
        active, evaluated = _parsed(self._policies)
        if arguments is None:
            decision = self._by(active, name, schema, None)
            return self._logged(name, decision) if decision.errors else decision
        decision = self._logged(name, self._by(active, name, schema, arguments))
        if self._policies.log_only:
            with_logged = self._by(evaluated, name, schema, arguments)
            if with_logged.allowed != decision.allowed:
                self._logged(name, with_logged, "With the policies in LOG_ONLY mode, tool call")
        return decision

    def _by(self, policies: PolicyStatements, name: str, schema: ToolSchema, arguments: JsonObject | None) -> Decision:
        principal, gateway_arn = self._context.principal or _ANONYMOUS, self._context.gateway.gateway_arn
        if arguments is None:
            return decide_listing(policies, schema, principal, gateway_arn, name)
        return decide(policies, schema, principal, (gateway_arn, name, arguments), datetime.now(timezone.utc))

    def _logged(self, tool: str, decision: Decision, subject: str = "Tool call") -> Decision:
        verdict = "allowed" if decision.allowed else f"denied: {decision.reason}"
        self._log(f"{subject} {tool} {verdict}{'' if self.enforces else ' (policy engine in LOG_ONLY mode)'}")
        for error in decision.errors:
            self._log(f"Policy evaluation failed for {tool}: {error}", is_error=True)
        return decision

    def trace(self, operation: str, began: int, attributes: dict[str, object]) -> None:
        """Note an answer of the engine for the gateway's traces. began: nanoseconds since the epoch."""
        if self._context.log is not None:
            beside = {
                "aws.agentcore.gateway.policy.arn": self._arn,
                MODE: "ENFORCE" if self.enforces else "LOG_ONLY",
                f"{_ATTRIBUTE}target_resource.id": self._context.gateway.gateway_id,
            }
            self._context.log.decide(operation, began, {**beside, **attributes})

    def _log(self, text: str, *, is_error: bool = False) -> None:
        if self._context.log is not None:
            self._context.log.policy(text, is_error=is_error)


def _parsed(policies: Policies) -> tuple[PolicyStatements, PolicyStatements]:
    known = _statements.get(policies)
    if known is None:
        known = PolicyStatements(policies.active), PolicyStatements({**policies.active, **policies.log_only})
        _statements[policies] = known
    return known


def _schema(found: TargetTool) -> ToolSchema:
    schemas = _schemas.setdefault(found.target, {})
    document, schema = schemas.get(found.document["name"], (None, None))
    # Of a target that lists its tools when it is asked, a tool may change without its target.
    if schema is None or document != found.tool:
        schema = ToolSchema([found.document])
        schemas[found.document["name"]] = found.tool, schema
    return schema


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

"""What the pages of gateways show, read from the store at the moment of the request."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agentcore_provider.local import iam_role, search
from agentcore_provider.local.json_document import JsonObject
from agentcore_provider.local.mcp_endpoint import tools
from agentcore_provider.local.mcp_endpoint.request_context import RequestContext
from agentcore_provider.local.page import other_resources
from agentcore_provider.local.page.other_resources import Kind
from agentcore_provider.local.store import Gateway, gateway_of, kind_of
from agentcore_provider.local.store.records import LOCK, GatewayRecord, TargetRecord, all_stores

_GOOD = ("READY", "ACTIVE")
_SIGN_IN = {
    "NONE": "everybody may call it",
    "AWS_IAM": "requests signed with AWS credentials",
    "CUSTOM_JWT": "bearer tokens",
    "AUTHENTICATE_ONLY": "any valid token or signature",
}


@dataclass(frozen=True)
class TargetView:
    """A target. address: what it calls, from its configuration."""

    name: str
    target_id: str
    kind: str
    status: str
    reasons: list[str]
    address: str
    credentials: str
    updated_at: datetime
    details: str
    tools: list[JsonObject]


@dataclass(frozen=True)
class GatewayView:
    """A gateway. more: kinds of records that belong to it besides targets, and what policies decide about it."""

    gateway: Gateway
    status: str
    reasons: list[str]
    url: str
    sign_in: str
    description: str
    created_at: datetime
    updated_at: datetime
    details: str
    targets: list[TargetView]
    more: list[Kind]

    @property
    def broken(self) -> list[TargetView]:
        """The targets that are not ready."""
        return [target for target in self.targets if target.status not in _GOOD]

    @property
    def tools(self) -> list[JsonObject]:
        """The tools of every target, as clients see them."""
        return [tool for target in self.targets for tool in target.tools]


def all_gateways() -> list[GatewayView]:
    """Every gateway, newest first, without its tools."""
    with LOCK:
        records = [record for store in all_stores() for record in store.gateways.values()]
        views = [_view(record, {}) for record in records]
    return sorted(views, key=lambda it: it.created_at, reverse=True)


def find(gateway_id: str, base_url: str) -> GatewayView | None:
    """One gateway with its tools. MCP servers that are asked each time are asked now."""
    with LOCK:
        record = _find(gateway_id)
        gateway = gateway_of(record) if record else None
    if record is None or gateway is None:
        return None
    found: dict[str, list[JsonObject]] = {}
    for tool in tools.of_targets(RequestContext(gateway, base_url)):
        found.setdefault(tool.target.target_id, []).append(tool.document)
    with LOCK:
        return _view(record, found)


def ranked(view: GatewayView, query: str) -> list[tuple[JsonObject, float]]:
    """What the search tool of a gateway finds, with scores."""
    return search.scored(query, view.tools)


def role_policies(gateway: Gateway) -> list[tuple[str, str]]:
    """Trust and other policies of the gateway's role, each with a title; empty if the role does not exist."""
    found = iam_role.role_policies(gateway.role_arn)
    if found is None:
        return []
    policies = [(f"Policy {number}", it) for number, it in enumerate(found.policies, 1)]
    return [(title, _policy(it)) for title, it in [("Who may assume it", found.trust), *policies]]


def _find(gateway_id: str) -> GatewayRecord | None:
    return next((it for store in all_stores() if (it := store.gateway(gateway_id)) is not None), None)


def _view(record: GatewayRecord, found: dict[str, list[JsonObject]]) -> GatewayView:
    document = record.document
    targets = [_target_view(it, found.get(it.target_id, [])) for it in record.targets.values()]
    is_mcp = "protocolType" in document
    return GatewayView(
        gateway=gateway_of(record),
        status=record.lifecycle.status,
        reasons=record.lifecycle.reasons,
        url=f"{record.url}/mcp" if is_mcp else record.url,
        sign_in=_SIGN_IN.get(document["authorizerType"], ""),
        description=document.get("description", ""),
        created_at=record.created_at,
        updated_at=record.updated_at,
        details=other_resources.document(document),
        targets=targets,
        more=[*other_resources.kinds(record, ("targets",)), *_policies(record)],
    )


def _policies(record: GatewayRecord) -> list[Kind]:
    used = record.document.get("policyEngineConfiguration")
    found = []
    for store in all_stores():
        engines = [it for it in store.policy_engines.values() if used is not None and it.arn == used["arn"]]
        if used is not None and engines:
            resources = [other_resources.resource(it.engine_id, it) for it in engines]
            found.append(Kind(f"Policy engine, {used['mode']}", resources))
        if text := store.resource_policies.get(record.arn):
            found.append(Kind("Resource policy", [other_resources.resource(record.arn, text)]))
    return found


def _target_view(record: TargetRecord, found: list[JsonObject]) -> TargetView:
    document = record.document
    configuration = document["targetConfiguration"]
    credentials = [it["credentialProviderType"] for it in document.get("credentialProviderConfigurations", [])]
    return TargetView(
        name=record.name,
        target_id=record.target_id,
        kind=kind_of(configuration),
        status=record.lifecycle.status,
        reasons=record.lifecycle.reasons,
        address=_address(configuration),
        credentials=", ".join(credentials) or "none",
        updated_at=record.updated_at,
        details=other_resources.document(document),
        tools=found,
    )


def _address(configuration: Any) -> str:
    """The first text in a target's configuration that names what is called."""
    if isinstance(configuration, dict):
        for name, value in configuration.items():
            if isinstance(value, str) and name.lower().endswith(("arn", "endpoint", "url", "uri", "restapiid")):
                return value
            if isinstance(value, dict) and (found := _address(value)):
                return found
    return ""


def _policy(document: object) -> str:
    try:
        parsed = json.loads(document) if isinstance(document, str) else document
    except ValueError:
        return str(document)
    return json.dumps(parsed, indent=2, ensure_ascii=False)

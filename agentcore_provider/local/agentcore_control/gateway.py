"""CreateGateway, GetGateway, ListGateways, UpdateGateway, DeleteGateway."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, cast

from agentcore_provider.local import service_error
from agentcore_provider.local.agentcore_control import (
    client_token,
    execution_role,
    gateway_document,
    lambda_function,
    policy_engine,
    settled,
    tags,
    workload_identity,
)
from agentcore_provider.local.agentcore_control.call import Answer, Call
from agentcore_provider.local.agentcore_control.page import age_key, page
from agentcore_provider.local.store import GatewayRecord, new_id, now
from agentcore_provider.local.store.lifecycle import Lifecycle

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agentcore_control import type_defs

    from agentcore_provider.local.store.documents import CreateGateway, GatewayDocument, UpdateGateway

_MOST_GATEWAYS = 1000
_NOT_DOCUMENT = ("clientToken", "tags", "gatewayIdentifier")


def create(call: Call, request: CreateGateway) -> Answer:
    """Starts a gateway; READY after a while."""
    store = call.store
    if before := client_token.created_before(call, request, store.gateways.get):
        return _describe(before)
    name = request["name"]
    if any(other.document["name"] == name for other in store.gateways.values()):
        raise service_error.conflict(f"A gateway with name {name} already exists in account {store.account_id}")
    if len(store.gateways) >= _MOST_GATEWAYS:
        raise service_error.over_quota(f"The account has {_MOST_GATEWAYS} gateways, as many as it may have")
    gateway_id = f"{name.lower()}-{new_id()}"
    arn = store.arn(f"gateway/{gateway_id}")
    document = _document(request)
    _require_valid(call, document, arn)
    created_at = now()
    gateway = GatewayRecord(
        gateway_id=gateway_id,
        arn=arn,
        account_id=store.account_id,
        region=store.region,
        url=f"{call.settings.base_url}/gateways/{gateway_id}",
        workload_identity_arn=workload_identity.arn_of(store, gateway_id),
        document=document,
        lifecycle=Lifecycle(call.settings.monotonic),
        created_at=created_at,
        updated_at=created_at,
    )
    _begin(call, gateway, "CREATING", "READY", "FAILED")
    tags.start(store, arn, request.get("tags", {}))
    workload_identity.start(store, gateway_id)
    store.gateways[gateway_id] = gateway
    client_token.remember(call, request, gateway_id)
    return _describe_begun(gateway)


def get(call: Call, request: type_defs.GetGatewayRequestTypeDef) -> Answer:
    """One gateway."""
    return _describe(require(call, request["gatewayIdentifier"]))


def list_(call: Call, request: type_defs.ListGatewaysRequestTypeDef) -> Answer:
    """Summaries of all gateways."""
    items, following = page(
        [(age_key(gateway.created_at, key), gateway) for key, gateway in call.store.gateways.items()],
        request.get("maxResults"),
        request.get("nextToken"),
    )
    return {"items": [_describe(gateway) for gateway in items], "nextToken": following}


def update(call: Call, request: UpdateGateway) -> Answer:
    """Replaces the whole document; what is left out is reset."""
    gateway = require(call, request["gatewayIdentifier"])
    require_settled(gateway)
    document = _document(request)
    _require_unchanged(gateway.document, document)
    _require_valid(call, document, gateway.arn)
    gateway.document = document
    gateway.updated_at = now()
    _begin(call, gateway, "UPDATING", "READY", "UPDATE_UNSUCCESSFUL")
    return _describe_begun(gateway)


def delete(call: Call, request: type_defs.GetGatewayRequestTypeDef) -> Answer:
    """Starts a deletion; the gateway is gone after a while."""
    gateway = require(call, request["gatewayIdentifier"])
    if gateway.targets:
        raise service_error.validation(
            f"Gateway {gateway.gateway_id} has targets associated with it. Delete all targets before deleting the "
            "gateway."
        )
    require_settled(gateway)
    _begin(call, gateway, "DELETING", None, "FAILED")
    return _describe_begun(gateway)


def require(call: Call, gateway_id: str) -> GatewayRecord:
    """The gateway of this id. Raises ResourceNotFoundException."""
    gateway = call.store.gateways.get(gateway_id)
    if gateway is None:
        raise service_error.not_found("Failed to retrieve gateway because it doesn't exist.")
    return gateway


def _document(request: CreateGateway | UpdateGateway) -> GatewayDocument:
    members = {key: copy.deepcopy(value) for key, value in request.items() if key not in _NOT_DOCUMENT}
    return cast("GatewayDocument", members)


def require_settled(gateway: GatewayRecord) -> None:
    """Raises ConflictException while an operation on the gateway goes on."""
    settled.require_settled(f"Gateway {gateway.gateway_id}", gateway.lifecycle)


def searches_semantically(document: GatewayDocument) -> bool:
    """Whether the gateway has the search tool."""
    search_type = document.get("protocolConfiguration", {}).get("mcp", {}).get("searchType")
    return bool(search_type == "SEMANTIC")


def _require_valid(call: Call, document: GatewayDocument, arn: str) -> None:
    if found := list(gateway_document.problems(document)):
        raise service_error.validation("; ".join(found))
    execution_role.require_trust(document["roleArn"], arn, call.store.account_id, call.settings)
    if engine := document.get("policyEngineConfiguration"):
        policy_engine.require_usable(call, engine["arn"])
        execution_role.require_may_ask(document["roleArn"], engine["arn"], arn, call.settings)
    for configuration in document.get("interceptorConfigurations", []):
        function_arn = configuration["interceptor"]["lambda"]["arn"]
        lambda_function.require_exists(function_arn)
        execution_role.require_may_invoke(document["roleArn"], function_arn, call.settings)


def _require_unchanged(before: GatewayDocument, after: GatewayDocument) -> None:
    if after["name"] != before["name"]:
        raise service_error.validation(f"Gateway name cannot be updated: it is {before['name']}")
    if after["authorizerType"] != before["authorizerType"]:
        raise service_error.validation("Authorizer type cannot be updated for an existing gateway")
    if searches_semantically(after) != searches_semantically(before):
        raise service_error.validation(
            "searchType cannot be updated for an existing gateway: semantic search is chosen when a gateway is created"
        )
    had = before.get("protocolConfiguration", {}).get("mcp", {}).get("supportedVersions")
    wanted = after.get("protocolConfiguration", {}).get("mcp", {}).get("supportedVersions")
    if had and wanted and (added := sorted(set(wanted) - set(had))):
        raise service_error.validation(f"supportedVersions can be removed but not added: {', '.join(added)}")


def _begin(call: Call, gateway: GatewayRecord, status: str, end: str | None, failed: str) -> None:
    gateway.lifecycle.begin(
        status,
        seconds=call.settings.seconds_until_ready("gateway"),
        ends_as=failed if call.fail_with else end,
        reasons=[call.fail_with] if call.fail_with else [],
    )


def _describe(gateway: GatewayRecord) -> Answer:
    shown = {key: value for key, value in gateway.document.items() if key != "customTransformConfiguration"}
    reasons = gateway.lifecycle.reasons
    return {
        **shown,
        "gatewayArn": gateway.arn,
        "gatewayId": gateway.gateway_id,
        "gatewayUrl": f"{gateway.url}/mcp" if "protocolType" in gateway.document else gateway.url,
        "createdAt": gateway.created_at,
        "updatedAt": gateway.updated_at,
        "status": gateway.lifecycle.status,
        "statusReasons": reasons or None,
        "workloadIdentityDetails": {"workloadIdentityArn": gateway.workload_identity_arn},
        "webAclArn": _web_acl_arn(gateway),
    }


def _web_acl_arn(gateway: GatewayRecord) -> str | None:
    """The web ACL that AWS WAF has associated with the gateway."""
    from moto.wafv2.models import wafv2_backends

    found = wafv2_backends[gateway.account_id][gateway.region].get_web_acl_for_resource(gateway.arn)
    return str(found.arn) if found else None


def _describe_begun(gateway: GatewayRecord) -> Answer:
    return {**_describe(gateway), "status": gateway.lifecycle.began_as, "statusReasons": None}

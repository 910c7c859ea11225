"""CreateGatewayTarget, GetGatewayTarget, ListGatewayTargets, UpdateGatewayTarget, DeleteGatewayTarget,
SynchronizeGatewayTargets."""

from __future__ import annotations

import copy
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

from agentcore_provider.local import service_error
from agentcore_provider.local.agentcore_control import (
    client_token,
    credential_provider,
    execution_role,
    gateway,
    header_propagation,
    lambda_function,
    outbound_authorization,
    target_schema,
    target_sign_in,
)
from agentcore_provider.local.agentcore_control.call import Answer, Call
from agentcore_provider.local.agentcore_control.page import age_key, page
from agentcore_provider.local.agentcore_control.settled import require_settled
from agentcore_provider.local.agentcore_control.synchronization import Synchronization, TurnedAway
from agentcore_provider.local.agentcore_control.target_schema import ToolSource
from agentcore_provider.local.store import LOCK, GatewayRecord, TargetRecord, kind_of, new_id, now
from agentcore_provider.local.store.lifecycle import TRANSITIONAL, Expiry, Lifecycle

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agentcore_control import type_defs

    from agentcore_provider.local.store.documents import CreateTarget, TargetDocument, UpdateTarget

_MOST_TARGETS = 100
_NOT_DOCUMENT = ("clientToken", "gatewayIdentifier", "targetId", "name")
_SIGN_IN_SECONDS = 600.0
_NOBODY_SIGNED_IN = (
    "OAuth User_Federation authorization timed out. The gateway owner did not complete authorization within the allowed "
    "time."
)
_TYPE_OF_KIND = {
    "mcp.openApiSchema": "OPEN_API_SCHEMA",
    "mcp.smithyModel": "SMITHY_MODEL",
    "mcp.mcpServer": "MCP_SERVER",
    "mcp.lambda": "LAMBDA",
    "mcp.apiGateway": "API_GATEWAY",
    "mcp.connector": "CONNECTOR",
    "http.agentcoreRuntime": "AGENTCORE_RUNTIME",
    "http.passthrough": "PASSTHROUGH",
    "http.connector": "HTTP_CONNECTOR",
    "inference.provider": "PROVIDER",
    "inference.connector": "CONNECTOR",
}


def create(call: Call, request: CreateTarget) -> Answer:
    """Starts a target; READY after a while."""
    record = gateway.require(call, request["gatewayIdentifier"])
    if before := client_token.created_before(call, request, record.targets.get):
        return _describe(record, before)
    if record.lifecycle.status != "READY":
        raise service_error.validation(
            f"Gateway {record.gateway_id} is in {record.lifecycle.status} state; targets can be created once it is "
            "READY"
        )
    target_id = new_id().upper()
    kind = kind_of(request["targetConfiguration"])
    name = request.get("name") or f"{kind.split('.')[1]}-{target_id}"
    _require_free_name(record, name, target_id)
    if len(record.targets) >= _MOST_TARGETS:
        raise service_error.over_quota(f"Gateway {record.gateway_id} has {_MOST_TARGETS} targets, as many as it may")
    document = _document(request)
    source = _require_valid(call, record, document, name)
    created_at = now()
    target = TargetRecord(
        target_id=target_id,
        name=name,
        document=document,
        tool_schema=source.content,
        lifecycle=Lifecycle(call.settings.monotonic),
        created_at=created_at,
        updated_at=created_at,
    )
    _begin(call, target, "CREATING", _arrival(target, "CREATE"), "FAILED", failing=source.failing)
    _begin_reading(call, record, target, "FAILED")
    record.targets[target_id] = target
    client_token.remember(call, request, target_id)
    return _describe_begun(record, target)


def get(call: Call, request: type_defs.GetGatewayTargetRequestTypeDef) -> Answer:
    """One target."""
    record = gateway.require(call, request["gatewayIdentifier"])
    return _describe(record, _require(record, request["targetId"]))


def list_(call: Call, request: type_defs.ListGatewayTargetsRequestTypeDef) -> Answer:
    """Summaries of a gateway's targets."""
    record = gateway.require(call, request["gatewayIdentifier"])
    items, following = page(
        [(age_key(target.created_at, key), target) for key, target in record.targets.items()],
        request.get("maxResults"),
        request.get("nextToken"),
    )
    return {"items": [_describe(record, target) for target in items], "nextToken": following}


def update(call: Call, request: UpdateTarget) -> Answer:
    """Replaces the whole document; what is left out is reset, except for the name."""
    record = gateway.require(call, request["gatewayIdentifier"])
    target = _require(record, request["targetId"])
    _require_settled(target, "UpdateGatewayTarget")
    kind = kind_of(request["targetConfiguration"])
    before = kind_of(target.document["targetConfiguration"])
    if kind != before:
        was, wanted = before.split(".")[1], kind.split(".")[1]
        raise service_error.validation(f"Target configuration cannot be updated from {was} to {wanted}")
    name = request.get("name") or target.name
    _require_free_name(record, name, target.target_id)
    document = _document(request)
    source = _require_valid(call, record, document, name)
    # The former tools stay where the new ones cannot be used, and those of a server until they are read again.
    if source.content is not None and not source.failing:
        target.tool_schema = source.content
    target.document, target.name, target.updated_at = document, name, now()
    _begin(call, target, "UPDATING", _arrival(target, "UPDATE"), "UPDATE_UNSUCCESSFUL", failing=source.failing)
    _begin_reading(call, record, target, "UPDATE_UNSUCCESSFUL")
    return _describe_begun(record, target)


def delete(call: Call, request: type_defs.GetGatewayTargetRequestTypeDef) -> Answer:
    """Starts a deletion; the target is gone after a while."""
    record = gateway.require(call, request["gatewayIdentifier"])
    target = _require(record, request["targetId"])
    _require_settled(target, "DeleteGatewayTarget")
    _begin(call, target, "DELETING", None, "FAILED")
    return _describe_begun(record, target)


def synchronize(call: Call, request: type_defs.SynchronizeGatewayTargetsRequestTypeDef) -> Answer:
    """Has the tools of an MCP server read again."""
    record = gateway.require(call, request["gatewayIdentifier"])
    target = _require(record, request["targetIdList"][0])
    server = target.document["targetConfiguration"].get("mcp", {}).get("mcpServer")
    if server is None:
        kind = _TYPE_OF_KIND[kind_of(target.document["targetConfiguration"])]
        raise service_error.validation(f"Target type {kind} is not supported for synchronization")
    if "mcpToolSchema" in server:
        raise service_error.validation(f"Target {target.target_id} has a static mcpToolSchema: nothing to synchronize")
    _require_settled(target, "SynchronizeGatewayTargets")
    target.updated_at = now()
    _begin(call, target, "SYNCHRONIZING", _arrival(target, "SYNCHRONIZE"), "SYNCHRONIZE_UNSUCCESSFUL")
    _begin_reading(call, record, target, "SYNCHRONIZE_UNSUCCESSFUL")
    return {"targets": [_describe_begun(record, target)]}


def _document(request: CreateTarget | UpdateTarget) -> TargetDocument:
    members = {key: copy.deepcopy(value) for key, value in request.items() if key not in _NOT_DOCUMENT}
    return cast("TargetDocument", members)


def _require(record: GatewayRecord, target_id: str) -> TargetRecord:
    target = record.targets.get(target_id)
    if target is None:
        raise service_error.not_found(f"Target with ID {target_id} not found in gateway {record.gateway_id}")
    return target


def _require_settled(target: TargetRecord, operation: str) -> None:
    require_settled(f"Target {target.target_id}", target.lifecycle)
    status = target.lifecycle.status
    # An update starts the sign-in again.
    if _is_pending(status) and operation != "UpdateGatewayTarget":
        state = "_".join(it.capitalize() for it in status.split("_"))
        raise service_error.conflict(f"{operation} can't be performed on target when it is in {state} state")


def _require_free_name(record: GatewayRecord, name: str, target_id: str) -> None:
    if any(target.name == name and target.target_id != target_id for target in record.targets.values()):
        raise service_error.conflict(f"A target with name {name} already exists in gateway {record.gateway_id}")


def _require_valid(call: Call, record: GatewayRecord, document: TargetDocument, name: str) -> ToolSource:
    configuration = document["targetConfiguration"]
    kind = kind_of(configuration)
    found = list(outbound_authorization.problems(kind, document, record))
    if kind.startswith("http.") and record.document.get("protocolType"):
        found.append(f"{kind} targets need a gateway without protocolType, this one has MCP")
    found += _session_problems(record, document)
    found += header_propagation.problems(kind, document)
    configured = configuration["mcp"]["connector"].get("configurations") if kind == "mcp.connector" else None
    if configured and not any("parameterValues" in it for it in configured):
        # Those without are dropped before the rest is validated (bedrock-agentcore 1.25.0, its gateway client).
        found.append("Connector configurations must not be empty")
    if found:
        raise service_error.validation("; ".join(found))
    credential_provider.require_exists(call.store, document.get("credentialProviderConfigurations", []))
    source = target_schema.read(call.store, configuration, name)
    if kind == "mcp.lambda":
        function_arn = configuration["mcp"]["lambda"]["lambdaArn"]
        lambda_function.require_exists(function_arn)
        execution_role.require_may_invoke(record.document["roleArn"], function_arn, call.settings)
    return source


def _session_problems(record: GatewayRecord, document: TargetDocument) -> list[str]:
    """The gateway keeps the ids of sessions itself (devguide gateway-sessions)."""
    metadata = document.get("metadataConfiguration", {})
    passed = [*metadata.get("allowedRequestHeaders", []), *metadata.get("allowedResponseHeaders", [])]
    has_sessions = "sessionConfiguration" in record.document.get("protocolConfiguration", {}).get("mcp", {})
    if not has_sessions or not any(name.lower() == "mcp-session-id" for name in passed):
        return []
    return ["metadataConfiguration must not have Mcp-Session-Id on a gateway with sessionConfiguration"]


def _arrival(target: TargetRecord, operation: str) -> str:
    # Somebody has to sign in before the tools of such a server can be read.
    if not _waits_for_sign_in(target):
        return "READY"
    return f"{operation}_PENDING_AUTH"


def _waits_for_sign_in(target: TargetRecord) -> bool:
    method = outbound_authorization.auth_method(target.document.get("credentialProviderConfigurations", []))
    server = target.document["targetConfiguration"].get("mcp", {}).get("mcpServer")
    return method == outbound_authorization.AUTHORIZATION_CODE and server is not None and "mcpToolSchema" not in server


def _begin(
    call: Call, target: TargetRecord, status: str, end: str | None, failed: str, *, failing: Sequence[str] = ()
) -> None:
    reasons = [call.fail_with] if call.fail_with else list(failing)
    waits = end is not None and end.endswith("PENDING_AUTH")
    target.sign_in = secrets.token_hex(8) if waits else ""
    target.lifecycle.begin(
        status,
        seconds=call.settings.seconds_until_ready("target"),
        ends_as=failed if reasons else end,
        reasons=reasons,
        expiry=Expiry(_SIGN_IN_SECONDS, failed, _NOBODY_SIGNED_IN) if waits and not reasons else None,
    )


def _begin_reading(call: Call, record: GatewayRecord, target: TargetRecord, failed: str) -> None:
    server = target.document["targetConfiguration"].get("mcp", {}).get("mcpServer")
    if server is None or "mcpToolSchema" in server or server.get("listingMode") == "DYNAMIC":
        return
    if call.fail_with:
        return
    if _waits_for_sign_in(target):
        _await_sign_in(call, record, target, failed)
        return
    method = outbound_authorization.auth_method(target.document.get("credentialProviderConfigurations", []))
    if method == outbound_authorization.ROLE and not execution_role.is_propagated(
        record.document["roleArn"], call.settings
    ):
        target.lifecycle.await_work(TurnedAway(), failed)
        return
    target.lifecycle.await_work(Synchronization(call, record, target), failed)


def _await_sign_in(call: Call, record: GatewayRecord, target: TargetRecord, failed: str) -> None:
    name, user = target.sign_in, target_sign_in.user_id(record, target)

    def read() -> None:
        with LOCK:
            if record.lifecycle.gone or target.sign_in != name or not _is_pending(target.lifecycle.status):
                return
            target.sign_in, target.settled_at = "", None
            target.lifecycle.begin(target.lifecycle.began_as, seconds=0, ends_as="READY", reasons=[])
            target.lifecycle.await_work(Synchronization(call, record, target, user=user), failed)

    target_sign_in.begin(record, target, read)


def _describe(record: GatewayRecord, target: TargetRecord) -> Answer:
    configuration = target.document["targetConfiguration"]
    kind = kind_of(configuration)
    server = configuration.get("mcp", {}).get("mcpServer", {})
    status = target.lifecycle.status
    return {
        "credentialProviderConfigurations": [],
        **target.document,
        "metadataConfiguration": _metadata(record, target),
        "gatewayArn": record.arn,
        "targetId": target.target_id,
        "name": target.name,
        "createdAt": target.created_at,
        "updatedAt": _updated_at(target),
        "lastSynchronizedAt": target.last_synchronized_at,
        "status": status,
        "statusReasons": target.lifecycle.reasons or None,
        "targetType": _TYPE_OF_KIND.get(kind),
        "protocolType": "HTTP" if kind.startswith("http.") else "MCP",
        "listingMode": server.get("listingMode"),
        "resourcePriority": server.get("resourcePriority"),
        "authorizationData": target_sign_in.authorization_data(record, target) if _is_pending(status) else None,
    }


def _updated_at(target: TargetRecord) -> datetime:
    """On the service it moves once more when the target settles."""
    if target.lifecycle.status in TRANSITIONAL:
        return target.updated_at
    if target.settled_at is None or target.settled_at <= target.updated_at:
        target.settled_at = max(now(), target.updated_at + timedelta(microseconds=1))
    return target.settled_at


def _metadata(record: GatewayRecord, target: TargetRecord) -> type_defs.MetadataConfigurationOutputTypeDef | None:
    metadata = target.document.get("metadataConfiguration")
    if "policyEngineConfiguration" not in record.document:
        return metadata
    metadata = metadata or {}
    headers = [*metadata.get("allowedRequestHeaders", []), header_propagation.POLICY_HEADER]
    return {**metadata, "allowedRequestHeaders": headers}


def _describe_begun(record: GatewayRecord, target: TargetRecord) -> Answer:
    return {
        **_describe(record, target),
        "status": target.lifecycle.began_as,
        "statusReasons": None,
        # The answer to the request names at once where somebody has to sign in.
        "authorizationData": target_sign_in.authorization_data(record, target) if target.sign_in else None,
    }


def _is_pending(status: str) -> bool:
    return status.endswith("PENDING_AUTH")

"""CreateWorkloadIdentity, GetWorkloadIdentity, ListWorkloadIdentities, UpdateWorkloadIdentity, DeleteWorkloadIdentity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from agentcore_provider.local import service_error
from agentcore_provider.local.agentcore_control import tags
from agentcore_provider.local.agentcore_control.call import Answer, Call
from agentcore_provider.local.agentcore_control.page import page
from agentcore_provider.local.store import AccountRegionStore, WorkloadIdentityRecord, now

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agentcore_control import type_defs

_DEFAULT_SIZE = 20


def create(call: Call, request: type_defs.CreateWorkloadIdentityRequestTypeDef) -> Answer:
    """Makes a workload identity."""
    name = request["name"]
    if name in _all(call):
        raise service_error.validation(f"WorkloadIdentity with name {name} already exists")
    identity = start(
        call.store, name, return_urls=request.get("allowedResourceOauth2ReturnUrls"), with_tags=request.get("tags")
    )
    return _describe(identity)


def get(call: Call, request: type_defs.GetWorkloadIdentityRequestTypeDef) -> Answer:
    """One workload identity."""
    return _describe(_require(call, request["name"]))


def list_(call: Call, request: type_defs.ListWorkloadIdentitiesRequestTypeDef) -> Answer:
    """Names and ARNs of all workload identities."""
    items, following = page(_all(call).items(), request.get("maxResults", _DEFAULT_SIZE), request.get("nextToken"))
    return {"workloadIdentities": [_describe(identity) for identity in items], "nextToken": following}


def update(call: Call, request: type_defs.UpdateWorkloadIdentityRequestTypeDef) -> Answer:
    """Replaces the return URLs."""
    identity = _require(call, request["name"])
    identity.return_urls = list(request.get("allowedResourceOauth2ReturnUrls", []))
    identity.updated_at = now()
    return _describe(identity)


def delete(call: Call, request: type_defs.GetWorkloadIdentityRequestTypeDef) -> Answer:
    """Deletes at once."""
    identity = _require(call, request["name"])
    if identity.name in call.store.gateways:
        raise service_error.validation(f"WorkloadIdentity {identity.name} belongs to a gateway")
    del call.store.workload_identities[identity.name]
    call.store.tags.pop(identity.arn, None)
    return {}


def start(
    store: AccountRegionStore,
    name: str,
    *,
    return_urls: Sequence[str] | None = None,
    with_tags: Mapping[str, str] | None = None,
) -> WorkloadIdentityRecord:
    """Makes an identity; gateways have one of their own, named like their id."""
    arn, created_at = arn_of(store, name), now()
    tags.start(store, arn, with_tags or {})
    identity = WorkloadIdentityRecord(name, arn, list(return_urls or []), created_at, created_at)
    store.workload_identities[name] = identity
    return identity


def arn_of(store: AccountRegionStore, name: str) -> str:
    """ARN of the identity with this name."""
    return store.arn(f"workload-identity-directory/default/workload-identity/{name}")


def _all(call: Call) -> dict[str, WorkloadIdentityRecord]:
    # Reading the gateways drops the identities of those that are deleted.
    _ = call.store.gateways
    return call.store.workload_identities


def _require(call: Call, name: str) -> WorkloadIdentityRecord:
    identity = _all(call).get(name)
    if identity is None:
        raise service_error.not_found(f"WorkloadIdentity with name {name} not found")
    return identity


def _describe(identity: WorkloadIdentityRecord) -> Answer:
    return {
        "name": identity.name,
        "workloadIdentityArn": identity.arn,
        "allowedResourceOauth2ReturnUrls": identity.return_urls,
        "createdTime": identity.created_at,
        "lastUpdatedTime": identity.updated_at,
    }

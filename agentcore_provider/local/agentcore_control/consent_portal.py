"""CreateConsentPortal, GetConsentPortal, ListConsentPortals, UpdateConsentPortal, DeleteConsentPortal.

Documented (API reference, devguide identity-consent-portal): names are unique in the account; the gateway authorizes by JWT;
the credential provider exists before; the address is there once the portal is ACTIVE; scopes of an update have openid.
Assumed: those of a create do too, as no update could keep others; an update keeps what it leaves out. The page at the
address is not here.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from agentcore_provider.local import service_error
from agentcore_provider.local.agentcore_control import execution_role, gateway, tags
from agentcore_provider.local.agentcore_control.call import Answer, Call
from agentcore_provider.local.agentcore_control.page import age_key, page
from agentcore_provider.local.agentcore_control.settled import require_settled
from agentcore_provider.local.store import PortalRecord, new_id, now
from agentcore_provider.local.store.lifecycle import Lifecycle

_PAGE_SIZE = 100
_UPDATED = ("executionRoleArn", "idpConfig", "description")
_ENDS = {"CREATING": ("ACTIVE", "FAILED"), "UPDATING": ("ACTIVE", "UPDATE_FAILED"), "DELETING": (None, "FAILED")}
_SUMMARY = ("sources", "name", "description", "consentPortalArn", "consentPortalId", "portalUrl", "status")


def create(call: Call, request: Mapping[str, Any]) -> Answer:
    """Starts a portal; ACTIVE after a while."""
    portals, name = call.store.consent_portals, request["name"]
    if any(it.document["name"] == name for it in portals.values()):
        raise service_error.conflict(f"A consent portal with name {name} already exists")
    portal_id, created_at = f"{name}-{new_id()}", now()
    document = {member: copy.deepcopy(it) for member, it in request.items() if member != "tags"}
    portal = PortalRecord(
        portal_id=portal_id,
        arn=call.store.arn(f"consent-portal/{portal_id}"),
        url=f"{call.settings.base_url}/consent-portals/{portal_id}",
        document=document,
        lifecycle=Lifecycle(call.settings.monotonic),
        created_at=created_at,
        updated_at=created_at,
    )
    _require_valid(call, portal.arn, document)
    tags.start(call.store, portal.arn, request.get("tags") or {})
    _begin(call, portal, "CREATING")
    portals[portal_id] = portal
    return _describe_begun(portal)


def get(call: Call, request: Mapping[str, str]) -> Answer:
    """One portal."""
    return _describe(_require(call, request))


def list_(call: Call, request: Mapping[str, Any]) -> Answer:
    """All portals."""
    keyed = [(age_key(it.created_at, key), it) for key, it in call.store.consent_portals.items()]
    items, following = page(keyed, request.get("maxResults", _PAGE_SIZE), request.get("nextToken"))
    return {"consentPortals": [_summarize(it) for it in items], "nextToken": following}


def update(call: Call, request: Mapping[str, Any]) -> Answer:
    """Changes role, identity provider and description; what the request leaves out stays."""
    portal = _require(call, request)
    _require_settled(portal)
    changes = {member: copy.deepcopy(request[member]) for member in _UPDATED if member in request}
    document = {**portal.document, **changes}
    _require_valid(call, portal.arn, document)
    portal.document, portal.updated_at = document, now()
    _begin(call, portal, "UPDATING")
    return _describe_begun(portal)


def delete(call: Call, request: Mapping[str, str]) -> Answer:
    """Starts a deletion; the portal is gone after a while."""
    portal = _require(call, request)
    _require_settled(portal)
    _begin(call, portal, "DELETING")
    return {}


def _require(call: Call, request: Mapping[str, str]) -> PortalRecord:
    portal_id = request["consentPortalIdentifier"]
    portal = call.store.consent_portals.get(portal_id)
    if portal is None:
        raise service_error.not_found(f"Consent portal {portal_id} not found")
    return portal


def _require_settled(portal: PortalRecord) -> None:
    require_settled(f"Consent portal {portal.portal_id}", portal.lifecycle)


def _require_valid(call: Call, arn: str, document: Mapping[str, Any]) -> None:
    if "openid" not in document["idpConfig"]["scopes"]:
        raise service_error.validation("idpConfig.scopes must include openid")
    source = gateway.require(call, document["sources"][0]["identifier"].rpartition("/")[2])
    if source.document["authorizerType"] != "CUSTOM_JWT":
        raise service_error.validation(f"Gateway {source.gateway_id} must authorize callers with CUSTOM_JWT")
    provider = document["idpConfig"]["credentialProviderArn"]
    if all(it.arn != provider for it in call.store.oauth2_credential_providers.values()):
        raise service_error.not_found(f"Credential provider {provider} not found")
    role = document["executionRoleArn"]
    execution_role.require_trust(role, arn, call.store.account_id, call.settings, of="Consent portal")


def _begin(call: Call, portal: PortalRecord, status: str) -> None:
    succeeded, failed = _ENDS[status]
    portal.lifecycle.begin(
        status,
        seconds=call.settings.seconds_until_ready("portal"),
        ends_as=failed if call.fail_with else succeeded,
        reasons=[call.fail_with] if call.fail_with else [],
    )


def _describe(portal: PortalRecord) -> dict[str, object]:
    status = portal.lifecycle.status
    return {
        **portal.document,
        "consentPortalArn": portal.arn,
        "consentPortalId": portal.portal_id,
        "portalUrl": None if status in ("CREATING", "FAILED") else portal.url,
        "status": status,
        "statusReason": "; ".join(portal.lifecycle.reasons) or None,
        "createdAt": portal.created_at,
        "updatedAt": portal.updated_at,
    }


def _describe_begun(portal: PortalRecord) -> Answer:
    status = portal.lifecycle.began_as
    address = {"portalUrl": None} if status == "CREATING" else {}
    return {**_describe(portal), **address, "status": status, "statusReason": None}


def _summarize(portal: PortalRecord) -> Answer:
    return {name: it for name, it in _describe(portal).items() if name in (*_SUMMARY, "createdAt", "updatedAt")}

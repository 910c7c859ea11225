"""Consent portals: find, create, update, delete, wait.

Properties have AWS's documents of the source and of the identity provider in parts: gateway_identifier,
credential_provider_arn, scopes, audience.
https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreateConsentPortal.html
"""

from __future__ import annotations

from collections.abc import Callable

from agentcore_provider.aws import execution_role, lifecycle
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import Document, Properties, carry_over, same, to_wire
from agentcore_provider.aws.lifecycle import Lifecycle
from agentcore_provider.aws.operation import Operation
from agentcore_provider.aws.resource_kind import CONSENT_PORTAL

_GATEWAY = "agentcore-gateway"
_OF_IDP = {"credential_provider_arn": "credentialProviderArn", "scopes": "scopes", "audience": "audience"}
_ROLE_CURE = "pass a role that AgentCore may assume for consent portals: execution_role_arn="


def find(connection: Connection, portal_id: str) -> Properties | None:
    """The consent portal, or None when it does not exist."""
    found = lifecycle.find(connection, CONSENT_PORTAL, consentPortalIdentifier=portal_id)
    return None if found is None else _properties(found)


def find_of_gateway(connection: Connection, gateway_id: str) -> Properties | None:
    """The consent portal of a gateway, or None when it has none."""
    for item in connection.pages("ListConsentPortals", "consentPortals", maxResults=100):
        # The source is an id or an ARN.
        if any(it["identifier"].rpartition("/")[2] == gateway_id for it in item["sources"]):
            return find(connection, item["consentPortalId"])
    return None


def create(operation: Operation, properties: Document) -> Properties:
    """Create the portal, or resume what an interrupted create left, and wait until it is ACTIVE.

    Raises NameTaken, ResourceFailed, WaitTimeout, CreateLeftBehind and what a call raises.
    """
    tags = operation.with_owner(properties.get("tags"))
    return _ConsentPortal(operation).create({**_document(properties), "tags": tags})


def update(operation: Operation, portal_id: str, old: Document, new: Document) -> Properties:
    """Make the portal what the program declares. Raises ResourceFailed, WaitTimeout and what a call raises."""
    return _ConsentPortal(operation).update(portal_id, old, new)


def delete(operation: Operation, portal_id: str) -> None:
    """Delete the portal and wait until it is gone; gone already is fine. Raises ResourceFailed and WaitTimeout."""
    _ConsentPortal(operation).delete(portal_id)


class _ConsentPortal(Lifecycle):
    """What is done to one consent portal."""

    def __init__(self, operation: Operation) -> None:
        super().__init__(operation, CONSENT_PORTAL)

    def key(self, identifier: str) -> Properties:
        return {"consentPortalIdentifier": identifier}

    def find(self, identifier: str) -> Properties | None:
        return find(self.connection, identifier)

    def find_by_name(self, name: str) -> Properties | None:
        for item in self.connection.pages("ListConsentPortals", "consentPortals", maxResults=100):
            if item["name"] == name:
                return self.find(item["consentPortalId"])
        return None

    def persist(self, attempt: Callable[[], Properties], request: Document) -> Properties:
        return execution_role.retry_until_role_propagates(
            self.operation, attempt, role_arn=lambda: request.get("executionRoleArn"), cure=_ROLE_CURE
        )

    def lacks_permission(self, found: Document, request: Document) -> bool:
        return execution_role.lacks_permission({"status_reasons": [found.get("status_reason") or ""]}, by_role=False)

    def obstacle(self, found: Properties, wanted: Document, *, own: bool) -> str:
        if found["sources"] != wanted["sources"]:
            return "is for another gateway, which AWS cannot change"
        return super().obstacle(found, wanted, own=own)

    def resume(self, found: Properties, wanted: Document) -> Properties:
        return self.update(found["consent_portal_id"], {}, wanted)

    def update(self, portal_id: str, old: Document, new: Document) -> Properties:
        current = self.wait(portal_id)
        model = self.connection.operation_model("UpdateConsentPortal")
        wire_now, wire_old, wire_new = (to_wire(_document(it), model) for it in (current, old, new))
        document = carry_over(wire_old, wire_new, wire_now, model.input_shape)
        if not same(document, wire_now) or current["status"] in CONSENT_PORTAL.failed:
            self.operation.report("updating the consent portal")
            # What an update leaves out stays: an empty description removes it.
            request = {"description": "", **document} if wire_now.get("description") else document
            current = self.change(portal_id, {**request, **self.key(portal_id)}, current["status"])
        self.set_tags(current, old, new)
        return self.arrived(current)


def _document(properties: Document) -> Properties:
    """The properties with AWS's documents in place of their parts."""
    rest = {name: it for name, it in properties.items() if name not in (*_OF_IDP, "gateway_identifier")}
    idp = {member: properties[name] for name, member in _OF_IDP.items() if properties.get(name) is not None}
    gateway = properties.get("gateway_identifier")
    return {
        **rest,
        **({"idp_config": idp} if idp else {}),
        **({"sources": [{"type": _GATEWAY, "identifier": gateway}]} if gateway else {}),
    }


def _properties(found: Document) -> Properties:
    """What AWS returned with the parts of its documents beside them; a gateway by its id."""
    rest = {name: it for name, it in found.items() if name not in ("idp_config", "description")}
    idp = found["idp_config"]
    (source,) = found["sources"]
    gateway = source["identifier"].rpartition("/")[2]
    return {
        **rest,
        **{name: idp[member] for name, member in _OF_IDP.items() if member in idp},
        **({"description": found["description"]} if found.get("description") else {}),
        "gateway_identifier": gateway,
        "sources": [{**source, "identifier": gateway}],
    }

"""Records of a registry: find, create, update, submit, approve, delete, wait.

https://docs.aws.amazon.com/agent-registry-control/latest/APIReference/API_CreateRegistryRecord.html
"""

from __future__ import annotations

from collections.abc import Callable

from agentcore_provider.aws import lifecycle
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import Document, Properties
from agentcore_provider.aws.operation import Operation
from agentcore_provider.aws.patched_lifecycle import PatchedLifecycle
from agentcore_provider.aws.resource_kind import REGISTRY_RECORD
from agentcore_provider.errors import AgentCoreError

_REASON = "Approved by the deployment"
_FINAL = "DEPRECATED"


def find(connection: Connection, registry_id: str, record_id: str) -> Properties | None:
    """The record in its latest revision, or None when it does not exist."""
    found = lifecycle.find(connection, REGISTRY_RECORD, registryId=registry_id, recordId=record_id)
    return None if found is None else {**found, "registry_id": registry_id}


def list_all(connection: Connection, registry_id: str) -> list[Properties]:
    """The records of a registry in their latest revisions; none when the registry is gone."""
    pages = connection.pages(
        "ListRegistryRecords", "registryRecords", service=REGISTRY_RECORD.service, registryId=registry_id
    )
    found = (find(connection, registry_id, it["recordId"]) for it in pages)
    return [it for it in found if it is not None]


def create(operation: Operation, properties: Document) -> Properties:
    """Create the record, or resume what an interrupted create left, wait, and submit or approve it.

    Raises NameTaken, ResourceFailed, WaitTimeout, CreateLeftBehind and what a call raises.
    """
    tags = operation.with_owner(properties.get("tags"))
    return _Record(operation, properties["registry_id"]).create({**properties, "tags": tags})


def update(operation: Operation, registry_id: str, record_id: str, old: Document, new: Document) -> Properties:
    """Make the record what the program declares, and submit or approve the new revision.

    Raises ResourceFailed, WaitTimeout and what a call raises.
    """
    return _Record(operation, registry_id).update(record_id, old, new)


def delete(operation: Operation, registry_id: str, record_id: str) -> None:
    """Delete the record and wait until it is gone; gone already is fine. Raises WaitTimeout."""
    _Record(operation, registry_id).delete(record_id)


class _Record(PatchedLifecycle):
    """What is done to one record."""

    def __init__(self, operation: Operation, registry_id: str) -> None:
        super().__init__(operation, REGISTRY_RECORD)
        self.registry_id = registry_id

    def key(self, identifier: str) -> Properties:
        return {"registryId": self.registry_id, "recordId": identifier}

    def find(self, identifier: str) -> Properties | None:
        return find(self.connection, self.registry_id, identifier)

    def find_by_name(self, name: str) -> Properties | None:
        pages = self.connection.pages(
            "ListRegistryRecords",
            "registryRecords",
            service=self.kind.service,
            registryId=self.registry_id,
            filters=[{"name": "name", "values": [name]}],
        )
        for item in pages:
            if item["name"] == name:
                return self.find(item["recordId"])
        return None

    def obstacle(self, found: Properties, wanted: Document, *, own: bool) -> str:
        if found["status"] == _FINAL:
            return f"is {_FINAL}, which is final"
        return super().obstacle(found, wanted, own=own)

    def change(
        self, identifier: str, request: Document, before: str | None, send: Callable[[], object] | None = None
    ) -> Properties:
        if before == _FINAL:
            what = f"{self.operation.label}: registry record {identifier} is {_FINAL}, which is final"
            raise AgentCoreError(what, "replace it with `pulumi up --replace URN`, or remove it from the program")
        return super().change(identifier, request, before, send)

    def finish(self, created: Properties, wanted: Document) -> Properties:
        """Submit a draft for approval, and approve it, as far as the program declares."""
        approval, status = wanted.get("approval"), created["status"]
        identifier = created["record_id"]
        if approval in ("SUBMIT", "APPROVE") and status == "DRAFT":
            self.operation.report("submitting the registry record for approval")
            status = self.send("SubmitRegistryRecordForApproval", self.key(identifier))["status"]
        if approval == "APPROVE" and status in ("PENDING_APPROVAL", "REJECTED"):
            self.operation.report("approving the registry record")
            decision = {"status": "APPROVED", "statusReason": _REASON}
            status = self.send("UpdateRegistryRecordStatus", {**self.key(identifier), **decision})["status"]
        if status == created["status"]:
            return created
        # AWS may still show the status before.
        return {**created, **(self.find(identifier) or {}), "status": status}

"""Registries of AWS Agent Registry: find, create, update, delete, wait.

https://docs.aws.amazon.com/agent-registry-control/latest/APIReference/API_CreateRegistry.html
"""

from __future__ import annotations

from agentcore_provider.aws import lifecycle
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import Document, Properties
from agentcore_provider.aws.operation import Operation
from agentcore_provider.aws.patched_lifecycle import PatchedLifecycle
from agentcore_provider.aws.resource_kind import REGISTRY


def find(connection: Connection, registry_id: str) -> Properties | None:
    """The registry, or None when it does not exist."""
    found = lifecycle.find(connection, REGISTRY, registryId=registry_id)
    if found is None:
        return None
    detection = found.get("auto_detection")
    return {**found, **({"auto_detection_configuration": detection["configuration"]} if detection else {})}


def create(operation: Operation, properties: Document) -> Properties:
    """Create the registry, or resume what an interrupted create left, and wait until it is READY.

    Raises NameTaken, ResourceFailed, WaitTimeout, CreateLeftBehind and what a call raises.
    """
    tags = operation.with_owner(properties.get("tags"))
    return _Registry(operation, REGISTRY).create({**properties, "tags": tags})


def update(operation: Operation, registry_id: str, old: Document, new: Document) -> Properties:
    """Make the registry what the program declares. Raises ResourceFailed, WaitTimeout and what a call raises."""
    return _Registry(operation, REGISTRY).update(registry_id, old, new)


def delete(operation: Operation, registry_id: str) -> None:
    """Delete the registry with its records and wait until it is gone; gone already is fine.

    Raises ResourceFailed and WaitTimeout.
    """
    _Registry(operation, REGISTRY).delete(registry_id)


class _Registry(PatchedLifecycle):
    """What is done to one registry."""

    def key(self, identifier: str) -> Properties:
        return {"registryId": identifier}

    def find(self, identifier: str) -> Properties | None:
        return find(self.connection, identifier)

    def find_by_name(self, name: str) -> Properties | None:
        pages = self.connection.pages("ListRegistries", "registries", service=self.kind.service, maxResults=100)
        for item in pages:
            if item["name"] == name:
                return self.find(item["registryId"])
        return None

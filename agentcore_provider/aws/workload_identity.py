"""Workload identities: find, create, update, delete.

They have no status: an identity is there once the answer is. A gateway's own, named like its id, is deleted with it.
https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreateWorkloadIdentity.html
"""

from __future__ import annotations

from agentcore_provider.aws import lifecycle
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import Document, Properties, same
from agentcore_provider.aws.lifecycle import Lifecycle
from agentcore_provider.aws.operation import Operation
from agentcore_provider.aws.resource_kind import WORKLOAD_IDENTITY
from agentcore_provider.aws.service_errors import code_of
from agentcore_provider.errors import AgentCoreError

URLS = "allowed_resource_oauth2_return_urls"


def find(connection: Connection, name: str) -> Properties | None:
    """The identity of this name, or None when there is none."""
    return lifecycle.find(connection, WORKLOAD_IDENTITY, name=name)


def create(operation: Operation, properties: Document) -> Properties:
    """Create the identity, or resume what an interrupted create left. Raises NameTaken and what a call raises."""
    return _WorkloadIdentity(operation).create({**properties, "tags": operation.with_owner(properties.get("tags"))})


def update(operation: Operation, name: str, old: Document, new: Document) -> Properties:
    """Make the identity what the program declares. Raises ResourceFailed when it is gone, and what a call raises."""
    return _WorkloadIdentity(operation).update(name, old, new)


def delete(operation: Operation, name: str) -> None:
    """Delete the identity; gone already is fine. Raises what a call raises."""
    _WorkloadIdentity(operation).delete(name)


class _WorkloadIdentity(Lifecycle):
    """What is done to one workload identity."""

    def __init__(self, operation: Operation) -> None:
        super().__init__(operation, WORKLOAD_IDENTITY)

    def key(self, identifier: str) -> Properties:
        return {"name": identifier}

    def find_by_name(self, name: str) -> Properties | None:
        return self.find(name)

    def name_in_use(self, error: AgentCoreError) -> bool:
        # The service answers ValidationException where others answer ConflictException.
        by_message = code_of(error) == "ValidationException" and "already exists" in error.message.lower()
        return by_message or super().name_in_use(error)

    def resume(self, found: Properties, wanted: Document) -> Properties:
        return self.update(found["name"], {}, wanted)

    def update(self, name: str, old: Document, new: Document) -> Properties:
        current, urls = self.wait(name), list(new.get(URLS) or ())
        if not same(current.get(URLS) or [], urls):
            self.operation.report("updating the workload identity")
            # The list replaces the whole list that AWS has.
            current = self.change(name, {**self.key(name), "allowedResourceOauth2ReturnUrls": urls}, None)
        self.set_tags(current, old, new)
        return self.arrived(current)

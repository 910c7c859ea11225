"""Policy engines: find, create, update, delete, wait.

https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreatePolicyEngine.html
"""

from __future__ import annotations

from agentcore_provider.aws import lifecycle
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import Document, Properties
from agentcore_provider.aws.lifecycle import Lifecycle
from agentcore_provider.aws.operation import Operation
from agentcore_provider.aws.resource_kind import POLICY_ENGINE


def find(connection: Connection, policy_engine_id: str) -> Properties | None:
    """The policy engine, or None when it does not exist."""
    return lifecycle.find(connection, POLICY_ENGINE, policyEngineId=policy_engine_id)


def find_by_name(connection: Connection, name: str) -> Properties | None:
    """The policy engine of this account and Region that has the name, or None."""
    for item in connection.pages("ListPolicyEngineSummaries", "policyEngines", maxResults=100):
        if item["name"] == name:
            return find(connection, item["policyEngineId"])
    return None


def create(operation: Operation, properties: Document) -> Properties:
    """Create the engine, or resume what an interrupted create left, and wait until it is ACTIVE.

    Raises NameTaken, ResourceFailed, WaitTimeout, CreateLeftBehind and what a call raises.
    """
    return _PolicyEngine(operation).create({**properties, "tags": operation.with_owner(properties.get("tags"))})


def update(operation: Operation, policy_engine_id: str, old: Document, new: Document) -> Properties:
    """Make the engine what the program declares. Raises ResourceFailed, WaitTimeout and what a call raises."""
    return _PolicyEngine(operation).update(policy_engine_id, old, new)


def delete(operation: Operation, policy_engine_id: str) -> None:
    """Delete the engine and wait until it is gone; gone already is fine.

    Raises AwsRefused when it still has policies, ResourceFailed, and WaitTimeout.
    """
    _PolicyEngine(operation).delete(policy_engine_id)


class _PolicyEngine(Lifecycle):
    """What is done to one policy engine."""

    # Policies and gateways that are being deleted leave it soon; others never do.
    delete_seconds = 60.0

    def __init__(self, operation: Operation) -> None:
        super().__init__(operation, POLICY_ENGINE)

    def key(self, identifier: str) -> Properties:
        return {"policyEngineId": identifier}

    def find_by_name(self, name: str) -> Properties | None:
        return find_by_name(self.connection, name)

    def resume(self, found: Properties, wanted: Document) -> Properties:
        return self.update(found["policy_engine_id"], {}, wanted)

    def update(self, policy_engine_id: str, old: Document, new: Document) -> Properties:
        current = self.wait(policy_engine_id)
        if current.get("description") != new.get("description") or current["status"] in POLICY_ENGINE.failed:
            self.operation.report("updating the policy engine")
            request = {**self.key(policy_engine_id), "description": optional_value(new.get("description"))}
            current = self.change(policy_engine_id, request, current["status"])
        self.set_tags(current, old, new)
        return self.arrived(current)


def optional_value(value: object) -> Properties:
    """What an update has to be sent to set a description, or to remove it."""
    return {} if value is None else {"optionalValue": value}

"""Policies of policy engines: find, create, update, delete, wait.

https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreatePolicy.html
"""

from __future__ import annotations

from agentcore_provider.aws import lifecycle, tags
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import Document, Properties, from_wire, same, to_wire
from agentcore_provider.aws.lifecycle import Lifecycle
from agentcore_provider.aws.operation import OWNER_TAG, Operation
from agentcore_provider.aws.policy_engine import optional_value
from agentcore_provider.aws.resource_kind import POLICY
from agentcore_provider.errors import NameTaken

DEFAULT_ENFORCEMENT = "ACTIVE"


def find(connection: Connection, policy_engine_id: str, policy_id: str) -> Properties | None:
    """The policy, or None when it or its engine does not exist."""
    return lifecycle.find(connection, POLICY, policyEngineId=policy_engine_id, policyId=policy_id)


def list_all(connection: Connection, policy_engine_id: str) -> list[Properties]:
    """The engine's policies, by name; none when the engine is gone."""
    pages = connection.pages("ListPolicies", "policies", policyEngineId=policy_engine_id, maxResults=100)
    return sorted((from_wire(it) for it in pages), key=lambda it: str(it["name"]))


def create(operation: Operation, properties: Document) -> Properties:
    """Create the policy, or resume what an interrupted create left, and wait until it is ACTIVE.

    Raises NameTaken, ResourceFailed, WaitTimeout, CreateLeftBehind and what a call raises.
    """
    return _Policy(operation, properties["policy_engine_id"]).create(properties)


def update(operation: Operation, policy_engine_id: str, policy_id: str, new: Document) -> Properties:
    """Make the policy what the program declares. Raises ResourceFailed, WaitTimeout and what a call raises."""
    return _Policy(operation, policy_engine_id).update(policy_id, new)


def delete(operation: Operation, policy_engine_id: str, policy_id: str) -> None:
    """Delete the policy and wait until it is gone; gone already is fine.

    Raises ResourceFailed, WaitTimeout and what a call raises.
    """
    _Policy(operation, policy_engine_id).delete(policy_id)


class _Policy(Lifecycle):
    """What is done to one policy."""

    def __init__(self, operation: Operation, policy_engine_id: str) -> None:
        super().__init__(operation, POLICY)
        self.policy_engine_id = policy_engine_id

    def key(self, identifier: str) -> Properties:
        return {"policyEngineId": self.policy_engine_id, "policyId": identifier}

    def describe(self, identifier: str) -> str:
        return f"policy {identifier} of policy engine {self.policy_engine_id}"

    def find_by_name(self, name: str) -> Properties | None:
        """Raises NameTaken when a policy of another engine has the name: no two of an account share one."""
        for item in self._summaries(self.policy_engine_id):
            if item["name"] == name:
                return self.find(item["policyId"])
        for engine in self.connection.pages("ListPolicyEngineSummaries", "policyEngines", maxResults=100):
            for item in self._summaries(engine["policyEngineId"]):
                if item["name"] == name:
                    taken = f"policy {name} exists in policy engine {engine['policyEngineId']}, and no two of an account share a name"
                    raise NameTaken(f"{self.operation.label}: {taken}", "Choose another name")
        return None

    def is_own(self, found: Properties, wanted: Document) -> bool:
        # A policy has no tags: it is the program's if its engine is, and if it is what the program declares.
        owner = self.operation.engine_owner
        if owner is None or not self._alike(found, wanted):
            return False
        engine_arn = str(found["policy_arn"]).partition("/policy/")[0]
        return owner == tags.read(self.connection, engine_arn).get(OWNER_TAG)

    def name_taken(self, found: Properties, wanted: Document) -> NameTaken:
        alike = "" if self._alike(found, wanted) else ", or not as it is now"
        return NameTaken(
            f"{self.operation.label}: the policy engine has a policy {found['name']} ({found['policy_id']}) that was not made by this resource{alike}",
            f"Choose another name, or {self.connection.cures.adopt}",
        )

    def resume(self, found: Properties, wanted: Document) -> Properties:
        if found["status"] not in POLICY.failed and self._alike(found, wanted):
            return self.arrived(found)
        return self.update(found["policy_id"], wanted)

    def update(self, policy_id: str, new: Document) -> Properties:
        current = self.wait(policy_id)
        self.operation.report("updating the policy")
        return self.arrived(self.change(policy_id, self._document(policy_id, new), current["status"]))

    def _document(self, policy_id: str, properties: Document) -> Properties:
        # What a PATCH leaves out stays as it is: what the program does not set has to be sent as such.
        members = {name: value for name, value in properties.items() if name != "description"}
        wire = to_wire(members, self.connection.operation_model("UpdatePolicy"))
        description = optional_value(properties.get("description"))
        return {"enforcementMode": DEFAULT_ENFORCEMENT, **wire, "description": description, **self.key(policy_id)}

    def _alike(self, found: Document, wanted: Document) -> bool:
        each = (
            {
                "definition": it.get("definition"),
                "description": it.get("description"),
                "mode": it.get("enforcement_mode") or DEFAULT_ENFORCEMENT,
            }
            for it in (found, wanted)
        )
        return same(*each)

    def _summaries(self, policy_engine_id: str) -> list[Properties]:
        return list(
            self.connection.pages("ListPolicySummaries", "policies", policyEngineId=policy_engine_id, maxResults=100)
        )

"""Rules of gateways: find, create, update, delete, wait.

https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreateGatewayRule.html
"""

from __future__ import annotations

from collections.abc import Mapping

from agentcore_provider.aws import lifecycle, renaming
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import Document, Properties, from_wire, managed, same, to_wire
from agentcore_provider.aws.gateway_part import GatewayPart
from agentcore_provider.aws.operation import Operation
from agentcore_provider.aws.resource_kind import GATEWAY_RULE
from agentcore_provider.aws.service_errors import code_of
from agentcore_provider.aws.waiting import retry
from agentcore_provider.errors import AwsRefused, NameTaken

LAST_PRIORITY = 1_000_000


def find(connection: Connection, gateway_id: str, rule_id: str) -> Properties | None:
    """The rule, or None when it or its gateway does not exist."""
    return lifecycle.find(connection, GATEWAY_RULE, gatewayIdentifier=gateway_id, ruleId=rule_id)


def list_all(connection: Connection, gateway_id: str) -> list[Properties]:
    """The gateway's rules in the order in which they are evaluated; none when the gateway is gone."""
    pages = connection.pages("ListGatewayRules", "gatewayRules", gatewayIdentifier=gateway_id, maxResults=100)
    return sorted((from_wire(it) for it in pages), key=lambda it: int(it["priority"]))


def create(operation: Operation, properties: Document) -> Properties:
    """Create the rule, or resume what an interrupted create left, and wait until it is ACTIVE.

    Raises NameTaken, WaitTimeout and what a call raises.
    """
    return _Rule(operation, properties["gateway_identifier"]).create(properties)


def update(operation: Operation, gateway_id: str, rule_id: str, new: Document) -> Properties:
    """Make the rule what the program declares. Raises NameTaken, WaitTimeout and what a call raises."""
    renames = operation.connection.renames
    renames.begin(gateway_id, rule_id)
    try:
        return _Rule(operation, gateway_id).update(rule_id, new)
    finally:
        renames.end(gateway_id, rule_id)


def delete(operation: Operation, gateway_id: str, rule_id: str) -> None:
    """Delete the rule and wait until it is gone; gone already is fine. Raises WaitTimeout and what a call raises."""
    _Rule(operation, gateway_id).delete(rule_id)


class _Rule(GatewayPart):
    """What is done to one rule; for `renaming`, the gateway whose rules exchange priorities."""

    id_member = "ruleId"
    noun = "rule"

    def __init__(self, operation: Operation, gateway_id: str) -> None:
        super().__init__(operation, GATEWAY_RULE, gateway_id)

    def find_by_name(self, name: str) -> Properties | None:
        """By the priority."""
        rule_id = self.holders().get(int(name))
        return None if rule_id is None else self.find(rule_id)

    def is_own(self, found: Properties, wanted: Document) -> bool:
        # A rule has no tags: it is the program's if its gateway is, and if it is what the program declares.
        return self._alike(found, wanted) and self.gateway_is_own(found["gateway_arn"])

    def name_taken(self, found: Properties, wanted: Document) -> NameTaken:
        alike = "" if self._alike(found, wanted) else ", or not as it is now"
        renamed = self.renamed() if self.gateway_is_own(found["gateway_arn"]) else ""
        return NameTaken(
            f"{self.operation.label}: the gateway has a rule with priority {found['priority']} ({found['rule_id']}) that "
            f"was not made by this resource{alike}",
            f"Choose another priority, or {self.connection.cures.adopt}{renamed}",
        )

    def resume(self, found: Properties, wanted: Document) -> Properties:
        return found if self._alike(found, wanted) else self.update(found["rule_id"], wanted)

    def update(self, rule_id: str, new: Document) -> Properties:
        current = self.wait(rule_id)
        now, document = self.unchanged(current), self._document(rule_id, new)
        self.operation.report("updating the rule")
        try:
            return self.change(rule_id, document, current["status"])
        except AwsRefused as error:
            if error.code != "ConflictException" or document["priority"] == now["priority"]:
                raise
        # Its own priority is free from now on.
        self.move_aside({**now, "priority": document["priority"]})
        arrived: Properties = renaming.in_turn(self.operation, self, self.connection.renames, document, now)
        return arrived

    # For `renaming`

    def holders(self) -> Mapping[int, str]:
        return {int(it["priority"]): it["rule_id"] for it in list_all(self.connection, self.gateway_id)}

    def as_it_is(self, identifier: str) -> Properties:
        return self.unchanged(self.wait(identifier))

    def move_aside(self, document: Properties) -> Properties:
        """With the next free priority: until it gets its own, the rule is evaluated about where it belongs."""

        def put() -> Properties:
            taken, wanted = self.holders(), int(document["priority"])
            after, before = range(wanted + 1, LAST_PRIORITY + 1), range(wanted - 1, 0, -1)
            free = next(it for it in (*_first_free(after, taken), *_first_free(before, taken)))
            return self.put({**document, "priority": free})

        # Another rule that steps aside may have taken it meanwhile.
        return retry(
            put,
            lambda error, _: code_of(error) == "ConflictException",
            clock=self.connection.clock,
            timeout=self.operation.timeout,
        )

    def put(self, document: Properties) -> Properties:
        self.persist(lambda: self.send("UpdateGatewayRule", document), document)
        arrived = self.wait(document["ruleId"])
        self.connection.renames.progressed(self.gateway_id)
        return arrived

    def unchanged(self, current: Document) -> Properties:
        """What UpdateGatewayRule has to be sent to change nothing."""
        return self._document(current["rule_id"], current)

    def _document(self, rule_id: str, properties: Document) -> Properties:
        # What a PATCH leaves out stays as it is: no conditions have to be sent as such.
        model = self.connection.operation_model("UpdateGatewayRule")
        return {"conditions": [], **to_wire(properties, model), **self.key(rule_id)}

    def _alike(self, found: Document, wanted: Document) -> bool:
        rule_id = found["rule_id"]
        ours, theirs = self._document(rule_id, wanted), self._document(rule_id, found)
        return same(managed(theirs, ours), ours)


def _first_free(priorities: range, taken: Mapping[int, str]) -> list[int]:
    return [next(it for it in priorities if it not in taken)] if len(priorities) > len(taken) else []

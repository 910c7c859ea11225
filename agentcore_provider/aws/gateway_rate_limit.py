"""Rate limits of gateways: find, create, update, delete, wait.

https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreateGatewayRateLimit.html
"""

from __future__ import annotations

from collections.abc import Iterable

from agentcore_provider.aws import lifecycle
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import Document, Properties, from_wire, managed, same, to_wire
from agentcore_provider.aws.gateway_part import GatewayPart
from agentcore_provider.aws.operation import Operation
from agentcore_provider.aws.resource_kind import GATEWAY_RATE_LIMIT
from agentcore_provider.errors import NameTaken


def find(connection: Connection, gateway_id: str, rate_limit_id: str) -> Properties | None:
    """The rate limit, or None when it or its gateway does not exist."""
    return lifecycle.find(connection, GATEWAY_RATE_LIMIT, gatewayIdentifier=gateway_id, rateLimitId=rate_limit_id)


def list_all(connection: Connection, gateway_id: str) -> list[Properties]:
    """The gateway's rate limits; none when the gateway is gone."""
    pages = connection.pages("ListGatewayRateLimits", "rateLimits", gatewayIdentifier=gateway_id, maxResults=100)
    return [from_wire(it) for it in pages]


def create(operation: Operation, properties: Document) -> Properties:
    """Create the rate limit, or resume what an interrupted create left, and wait until it is ACTIVE.

    Raises NameTaken, WaitTimeout and what a call raises.
    """
    return _RateLimit(operation, properties["gateway_identifier"], properties["dimension_keys"]).create(properties)


def update(operation: Operation, gateway_id: str, rate_limit_id: str, new: Document) -> Properties:
    """Make the rate limit what the program declares. Raises WaitTimeout and what a call raises."""
    return _RateLimit(operation, gateway_id).update(rate_limit_id, new)


def delete(operation: Operation, gateway_id: str, rate_limit_id: str) -> None:
    """Delete the rate limit and wait until it is gone; gone already is fine. Raises WaitTimeout and what a call raises."""
    _RateLimit(operation, gateway_id).delete(rate_limit_id)


class _RateLimit(GatewayPart):
    """What is done to one rate limit. scope: its dimension keys, which no other of the gateway has in whatever order."""

    id_member = "rateLimitId"
    noun = "rate limit"

    def __init__(self, operation: Operation, gateway_id: str, scope: Iterable[str] = ()) -> None:
        super().__init__(operation, GATEWAY_RATE_LIMIT, gateway_id)
        self.scope = frozenset(scope)

    def find_by_name(self, name: str) -> Properties | None:
        """By the dimension keys, else by the id that the program sets: a create fails for either."""
        listed = list_all(self.connection, self.gateway_id)
        alike = next((it for it in listed if frozenset(it["dimension_keys"]) == self.scope), None)
        return alike or next((it for it in listed if it["rate_limit_id"] == name), None)

    def is_own(self, found: Properties, wanted: Document) -> bool:
        # A rate limit has no tags: it is the program's if its gateway is, and if it is what the program declares.
        return not self.obstacle(found, wanted, own=True) and self._alike(found, wanted) and self.gateway_is_own()

    def obstacle(self, found: Properties, wanted: Document, *, own: bool) -> str:
        identifier = wanted.get("rate_limit_id")
        if list(found["dimension_keys"]) != list(wanted["dimension_keys"]):
            return f"has the dimension keys {', '.join(found['dimension_keys'])}, which AWS cannot change"
        if identifier not in (None, found["rate_limit_id"]):
            return f"has the id {found['rate_limit_id']}, which AWS cannot change"
        return ""

    def name_taken(self, found: Properties, wanted: Document) -> NameTaken:
        alike = "" if self._alike(found, wanted) else ", or not as it is now"
        return NameTaken(
            f"{self.operation.label}: the gateway has a rate limit by {', '.join(found['dimension_keys'])} "
            f"({found['rate_limit_id']}) that was not made by this resource{alike}",
            f"Choose other dimension keys, or {self.connection.cures.adopt}{self.renamed() if self.gateway_is_own() else ''}",
        )

    def resume(self, found: Properties, wanted: Document) -> Properties:
        return found if self._alike(found, wanted) else self.update(found["rate_limit_id"], wanted)

    def update(self, rate_limit_id: str, new: Document) -> Properties:
        """Make the rate limit what the program declares."""
        current = self.wait(rate_limit_id)
        self.operation.report("updating the rate limit")
        return self.change(rate_limit_id, self._document(rate_limit_id, new), current["status"])

    def _document(self, rate_limit_id: str, properties: Document) -> Properties:
        # What a PATCH leaves out stays as it is: no description has to be sent as such.
        model = self.connection.operation_model("UpdateGatewayRateLimit")
        return {"description": "", **to_wire(properties, model), **self.key(rate_limit_id)}

    def _alike(self, found: Document, wanted: Document) -> bool:
        rate_limit_id = found["rate_limit_id"]
        ours, theirs = self._document(rate_limit_id, wanted), self._document(rate_limit_id, found)
        return same(managed(theirs, ours), ours)

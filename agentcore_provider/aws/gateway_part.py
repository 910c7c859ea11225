"""What belongs to a gateway and has no tags of its own: rules, rate limits."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from agentcore_provider.aws import gateway as gateways
from agentcore_provider.aws import tags
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import Document, Properties
from agentcore_provider.aws.lifecycle import Lifecycle
from agentcore_provider.aws.operation import OWNER_TAG, Operation
from agentcore_provider.aws.resource_kind import GATEWAY, ResourceKind
from agentcore_provider.aws.service_errors import code_of
from agentcore_provider.aws.waiting import retry
from agentcore_provider.errors import AgentCoreError


def arn_of(connection: Connection, gateway_id: str) -> str | None:
    """The ARN of the gateway, by which its parts have an account and a Region; None when it is gone."""
    gateway = gateways.find(connection, gateway_id)
    return None if gateway is None else str(gateway["gateway_arn"])


class GatewayPart(Lifecycle):
    """What is done to one part of a gateway."""

    id_member: ClassVar[str]
    """The member of requests with its id."""
    noun: ClassVar[str]
    """What messages about the gateway call it."""

    def __init__(self, operation: Operation, kind: ResourceKind, gateway_id: str) -> None:
        super().__init__(operation, kind)
        self.gateway_id = gateway_id

    def key(self, identifier: str) -> Properties:
        return {"gatewayIdentifier": self.gateway_id, self.id_member: identifier}

    def describe(self, identifier: str) -> str:
        return f"{self.noun} {identifier} of gateway {self.gateway_id}"

    def persist(self, attempt: Callable[[], Properties], request: Document) -> Properties:
        """Attempt again while the gateway is being changed."""

        def gateway_is_ready(error: AgentCoreError, _: float) -> bool:
            if code_of(error) not in ("ValidationException", "ConflictException"):
                return False
            gateway = gateways.find(self.connection, self.gateway_id)
            if gateway is None or gateway["status"] not in GATEWAY.on_the_way:
                return False
            gateways.wait(self.operation, self.gateway_id)
            return True

        return retry(attempt, gateway_is_ready, clock=self.connection.clock, timeout=self.operation.timeout)

    def gateway_is_own(self, arn: str | None = None) -> bool:
        """Whether the same program made the gateway. arn: its ARN; AWS is asked for it otherwise."""
        owner = self.operation.gateway_owner
        arn = arn or (None if owner is None else arn_of(self.connection, self.gateway_id))
        return owner is not None and arn is not None and owner == tags.read(self.connection, arn).get(OWNER_TAG)

    def renamed(self) -> str:
        """The rest of a cure: what to do where the resource that is found is that of another name in Pulumi."""
        return (
            "; if this resource has got another name in Pulumi, first change the name alone, then the rest in another "
            "deployment"
        )

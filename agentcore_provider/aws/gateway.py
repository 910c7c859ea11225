"""Gateways: find, create, update, delete, wait.

https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreateGateway.html
"""

from __future__ import annotations

from collections.abc import Callable

from agentcore_provider.aws import execution_role, lifecycle
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import Document, Properties, carry_over, same, to_wire
from agentcore_provider.aws.lifecycle import Lifecycle
from agentcore_provider.aws.operation import Operation
from agentcore_provider.aws.resource_kind import GATEWAY
from agentcore_provider.aws.service_errors import code_of
from agentcore_provider.errors import AgentCoreError, AwsRefused


def find(connection: Connection, gateway_id: str) -> Properties | None:
    """The gateway with this id, or None when there is none."""
    return lifecycle.find(connection, GATEWAY, gatewayIdentifier=gateway_id)


def find_by_name(connection: Connection, name: str) -> Properties | None:
    """The gateway of this account and Region that has the name, or None."""
    for item in connection.pages("ListGateways", "items", maxResults=1000):
        if item["name"] == name:
            return find(connection, item["gatewayId"])
    return None


def create(operation: Operation, properties: Document) -> Properties:
    """Create the gateway, or resume what an interrupted create left, and wait until it is READY.

    Raises NameTaken, ResourceFailed, WaitTimeout, CreateLeftBehind and what a call raises.
    """
    return _Gateway(operation).create({**properties, "tags": operation.with_owner(properties.get("tags"))})


def update(operation: Operation, gateway_id: str, old: Document, new: Document) -> Properties:
    """Make the gateway what the program declares; what the program never managed stays as it is.

    Raises ResourceFailed, WaitTimeout and what a call raises.
    """
    return _Gateway(operation).update(gateway_id, old, new)


def delete(operation: Operation, gateway_id: str) -> None:
    """Delete the gateway and wait until it is gone; gone already is fine.

    Raises AwsRefused when it still has targets, ResourceFailed, and WaitTimeout.
    """
    _Gateway(operation).delete(gateway_id)


def wait(operation: Operation, gateway_id: str) -> Properties:
    """Wait until the gateway has arrived in READY or a failed state, and return it."""
    return _Gateway(operation).wait(gateway_id)


class _Gateway(Lifecycle):
    """What is done to one gateway."""

    def __init__(self, operation: Operation) -> None:
        super().__init__(operation, GATEWAY)

    def key(self, identifier: str) -> Properties:
        return {"gatewayIdentifier": identifier}

    def find_by_name(self, name: str) -> Properties | None:
        return find_by_name(self.connection, name)

    def persist(self, attempt: Callable[[], Properties], request: Document) -> Properties:
        policy_engine = bool(request.get("policyEngineConfiguration"))
        return execution_role.retry_until_role_propagates(
            self.operation,
            attempt,
            role_arn=lambda: request["roleArn"],
            # AWS answers so while the role may not use the policy engine: devguide policy-permissions.
            also=lambda error: policy_engine and error.code == "InternalServerException",
            functions=_interceptors(request),
        )

    def lacks_permission(self, found: Document, request: Document) -> bool:
        return execution_role.lacks_permission(found, by_role=False)

    def finish(self, created: Properties, wanted: Document) -> Properties:
        # Some members exist on the update alone.
        on_create, on_update = (
            to_wire(wanted, self.connection.operation_model(it)) for it in ("CreateGateway", "UpdateGateway")
        )
        return self.resume(created, wanted) if on_update.keys() - on_create.keys() else created

    def resume(self, found: Properties, wanted: Document) -> Properties:
        return self.update(found["gateway_id"], {}, wanted)

    def update(self, gateway_id: str, old: Document, new: Document) -> Properties:
        current = self.wait(gateway_id)
        model = self.connection.operation_model("UpdateGateway")
        wire_now, wire_old, wire_new = (to_wire(it, model) for it in (current, old, new))
        document = carry_over(wire_old, wire_new, wire_now, model.input_shape)
        if not same(document, wire_now) or current["status"] in GATEWAY.failed:
            self.operation.report("updating the gateway")
            current = self.change(gateway_id, {**document, **self.key(gateway_id)}, current["status"])
        self.set_tags(current, old, new)
        return self.arrived(current)

    def delete_passes(self, identifier: str, error: AgentCoreError, spent: float) -> bool:
        """Whether a last target is on its way out, or the gateway has yet to leave a state."""
        if code_of(error) != "ValidationException":
            return super().delete_passes(identifier, error, spent)
        if "target" not in error.message.lower():
            found = self.find(identifier)
            return found is not None and found["status"] not in GATEWAY.settled
        left = self.connection.pages("ListGatewayTargets", "items", gatewayIdentifier=identifier, maxResults=100)
        stay = [f"{item.get('name')} ({item['targetId']})" for item in left if item["status"] != "DELETING"]
        if stay:
            cure = self.connection.cures.left_targets.format(gateway_id=identifier)
            raise AwsRefused(
                f"gateway {identifier} still has targets: {', '.join(stay)}",
                cure,
                operation="DeleteGateway",
                code="ValidationException",
                request_id=getattr(error, "request_id", ""),
            )
        return True


def _interceptors(document: Document) -> list[str]:
    """ARNs of the functions that the gateway passes requests and answers through."""
    each = [it.get("interceptor", {}).get("lambda", {}) for it in document.get("interceptorConfigurations") or ()]
    return [it["arn"] for it in each if "arn" in it]

"""Targets of gateways: find, create, update, delete, wait, synchronize.

https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreateGatewayTarget.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from agentcore_provider.aws import execution_role, lifecycle, renaming, tags
from agentcore_provider.aws import gateway as gateways
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import Document, Properties, carry_over, from_wire, managed, same, to_wire
from agentcore_provider.aws.lifecycle import Lifecycle
from agentcore_provider.aws.operation import OWNER_TAG, Operation
from agentcore_provider.aws.resource_kind import GATEWAY, GATEWAY_TARGET, PENDING_AUTH
from agentcore_provider.aws.role import DENIED
from agentcore_provider.aws.service_errors import code_of
from agentcore_provider.aws.waiting import retry
from agentcore_provider.errors import AgentCoreError, AwsRefused, NameTaken

# How long a conflict may keep a target at rest from being removed: something else goes on in its gateway.
SETTLING_SECONDS = 30.0

# How old a list may be for those who look for a name.
SHARED_SECONDS = 0.5

# AWS moves updatedAt with every change, and once more when the target has settled.
_SHOWN_BY_LIST = ("updated_at", "status", "name", "description", "last_synchronized_at")


def find(connection: Connection, gateway_id: str, target_id: str) -> Properties | None:
    """The target, or None when it or its gateway does not exist."""
    return lifecycle.find(connection, GATEWAY_TARGET, gatewayIdentifier=gateway_id, targetId=target_id)


def find_by_name(connection: Connection, gateway_id: str, name: str) -> Properties | None:
    """The gateway's target that has the name, or None."""
    for target_id, item in statuses(connection, gateway_id).items():
        if item.get("name") == name:
            return find(connection, gateway_id, target_id)
    return None


def statuses(connection: Connection, gateway_id: str) -> dict[str, Properties]:
    """The gateway's targets as ListGatewayTargets returns them, by target id; none when the gateway is gone."""
    pages = connection.pages("ListGatewayTargets", "items", gatewayIdentifier=gateway_id, maxResults=100)
    return {item["targetId"]: item for item in pages}


def listed(connection: Connection, gateway_id: str, *, since: float) -> Mapping[str, Properties]:
    """`statuses` of a moment on the connection's clock at the earliest: one list serves all who ask for it."""
    return connection.target_statuses.read(gateway_id, lambda: statuses(connection, gateway_id), since=since)


def is_unchanged(connection: Connection, gateway_id: str, target_id: str, known: Document) -> bool:
    """Whether the target is as it was when its properties were read: one list shows it of all targets of the gateway.

    known: the properties. False too where the list cannot show it: then the target itself has to be read.
    """
    if not known.get("updated_at") or known.get("status") not in GATEWAY_TARGET.arrived - PENDING_AUTH:
        return False
    try:
        item = listed(connection, gateway_id, since=connection.clock.now()).get(target_id)
    except AwsRefused as error:
        if error.code not in DENIED:
            raise
        # Whoever refreshes need not be allowed to list.
        return False
    found = from_wire(item or {})
    return all(found.get(name) == known.get(name) for name in _SHOWN_BY_LIST)


def create(operation: Operation, properties: Document) -> Properties:
    """Create the target, or resume what an interrupted create left, and wait until it has arrived.

    Raises NameTaken, ResourceFailed, WaitTimeout, CreateLeftBehind and what a call raises.
    """
    target = _Target(operation, properties["gateway_identifier"])
    with target.slot:
        return target.create(properties)


def update(
    operation: Operation, gateway_id: str, target_id: str, old: Document, new: Document, *, synchronize: bool
) -> Properties:
    """Make the target what the program declares; what the program never managed stays as it is.

    synchronize: read the tools of an MCP server again. Raises ResourceFailed, WaitTimeout and what a call raises.
    """
    renames = operation.connection.renames
    renames.begin(gateway_id, target_id)
    target = _Target(operation, gateway_id)
    try:
        with target.slot:
            return target.update(target_id, old, new, synchronize=synchronize)
    finally:
        renames.end(gateway_id, target_id)


def delete(operation: Operation, gateway_id: str, target_id: str) -> None:
    """Delete the target and wait until it is gone; gone already is fine.

    Raises WaitTimeout and what a call raises.
    """
    target = _Target(operation, gateway_id)
    with target.slot:
        target.delete(target_id)


class _Target(Lifecycle):
    """What is done to one target; for `renaming`, the gateway whose targets exchange names."""

    def __init__(self, operation: Operation, gateway_id: str) -> None:
        super().__init__(operation, GATEWAY_TARGET)
        self.gateway_id = gateway_id
        self.slot = operation.connection.limits.target_operation(gateway_id, operation.report)
        self._began = 0.0
        # What is observed has to be as new as this, and what the last look found of the target, if it found all.
        self._since = 0.0
        self._whole: Properties | None = None

    def key(self, identifier: str) -> Properties:
        return {"gatewayIdentifier": self.gateway_id, "targetId": identifier}

    def describe(self, identifier: str) -> str:
        return f"target {identifier} of gateway {self.gateway_id}"

    def find_by_name(self, name: str) -> Properties | None:
        return find_by_name(self.connection, self.gateway_id, name)

    def send(self, operation: str, request: Document) -> Properties:
        """Within a slot of the gateway, which is held until what was asked for is at rest."""
        self.slot.take()
        try:
            return super().send(operation, request)
        except BaseException:
            self.slot.release()
            raise

    def at_rest(self) -> None:
        super().at_rest()
        self.slot.release()

    def sleep(self, seconds: float) -> None:
        self._since = self.connection.target_statuses.sleep(self.gateway_id, seconds, since=self._began)

    def observe(self, identifier: str) -> Document | None:
        """From a list that serves all who wait in the gateway; who waits alone, or for nothing of its own, reads the target."""
        self._whole = None
        if self._accepted and self.connection.target_statuses.is_shared(self.gateway_id):
            found = self._listed(since=self._since).get(identifier)
            if found is not None:
                return found
        # A list may lag behind a create: only the target's own answer counts as gone.
        self._whole = self.find(identifier)
        return self._whole

    def wait(self, identifier: str, change: lifecycle.Change | None = None) -> Properties:
        with self._waiting():
            return super().wait(identifier, change)

    def wait_gone(self, identifier: str) -> None:
        with self._waiting():
            super().wait_gone(identifier)

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        self._began = self._since = self.connection.clock.now()
        with self.connection.target_statuses.waiting(self.gateway_id):
            yield

    def whole(self, identifier: str, observed: Document) -> Properties | None:
        return self._whole or self.find(identifier)

    def persist(self, attempt: Callable[[], Properties], request: Document) -> Properties:
        """Attempt again while the target's gateway is being changed, or its role and permissions have not propagated."""

        def role_arn() -> str | None:
            return (gateways.find(self.connection, self.gateway_id) or {}).get("role_arn")

        def gateway_is_ready(error: AgentCoreError, _: float) -> bool:
            if self._gateway_busy(error):
                gateways.wait(self.operation, self.gateway_id)
                return True
            return False

        function = (request.get("targetConfiguration", {}).get("mcp", {}).get("lambda") or {}).get("lambdaArn")
        return retry(
            lambda: execution_role.retry_until_role_propagates(
                self.operation, attempt, role_arn=role_arn, functions=[function] if function else []
            ),
            gateway_is_ready,
            clock=self.connection.clock,
            timeout=self.operation.timeout,
        )

    def lacks_permission(self, found: Document, request: Document) -> bool:
        used = request.get("credentialProviderConfigurations") or ()
        by_role = any(it.get("credentialProviderType") == "GATEWAY_IAM_ROLE" for it in used)
        return execution_role.lacks_permission(found, by_role=by_role)

    def is_own(self, found: Properties, wanted: Document) -> bool:
        # A target has no tags: it is the program's if its gateway is, and if it is what the program declares.
        owner = self.operation.gateway_owner
        if owner is None or not self._alike(found, wanted):
            return False
        return owner == tags.read(self.connection, found["gateway_arn"]).get(OWNER_TAG)

    def name_taken(self, found: Properties, wanted: Document) -> NameTaken:
        alike = "" if self._alike(found, wanted) else ", or not as it is now"
        return NameTaken(
            f"{self.operation.label}: the gateway has a target {found['name']} ({found['target_id']}) that was not made by this resource{alike}",
            f"Choose another name, or {self.connection.cures.adopt}",
        )

    def obstacle(self, found: Properties, wanted: Document, *, own: bool) -> str:
        # Another owner's may be updated out of its failure.
        return super().obstacle(found, wanted, own=own) if own else ""

    def resume(self, found: Properties, wanted: Document) -> Properties:
        if found["status"] not in GATEWAY_TARGET.failed and self._alike(found, wanted):
            return self.arrived(found)
        document = self._document(found["target_id"], {}, wanted, found)
        return self.arrived(self.change(found["target_id"], document, found["status"]))

    def update(self, target_id: str, old: Document, new: Document, *, synchronize: bool) -> Properties:
        with self.connection.limits.target_update(self.gateway_id, self.operation.report):
            current = self.wait(target_id)
            failed = GATEWAY_TARGET.failed & {current["status"]}
            now, document = self.unchanged(current), self._document(target_id, old, new, current)
            if same(document, now) and synchronize and not failed - {"SYNCHRONIZE_UNSUCCESSFUL"}:
                self.operation.report("synchronizing the target's tools")
                return self.arrived(
                    self.change(target_id, now, current["status"], lambda: self._synchronize(target_id))
                )
            self.operation.report("updating the target")
            try:
                return self.arrived(self.change(target_id, document, current["status"]))
            except AwsRefused as error:
                if error.code != "ConflictException" or document.get("name") == now.get("name"):
                    raise
            # Its own name is free from now on, while it waits for the new one.
            self.move_aside({**now, "name": document["name"]})
        return self.arrived(renaming.in_turn(self.operation, self, self.connection.renames, document, now))

    def delete_passes(self, identifier: str, error: AgentCoreError, spent: float) -> bool:
        found = self.find(identifier)
        if found is None:
            raise AwsRefused(error.message, operation="DeleteGatewayTarget", code="ResourceNotFoundException")
        status, settles = found["status"], code_of(error) == "ConflictException" and spent < SETTLING_SECONDS
        at_rest = status in PENDING_AUTH or (status in GATEWAY_TARGET.settled and not settles)
        if not at_rest or self._gateway_busy(error):
            return True
        if status in PENDING_AUTH and isinstance(error, AwsRefused):
            raise error.because(
                f"target {identifier} waits for a person to sign in at its authorization URL",
                cure="sign in, or try again when the URL has expired (10 minutes)",
            )
        return False

    # For `renaming`

    def holders(self) -> Mapping[str, str]:
        found = self._listed(since=self.connection.clock.now() - SHARED_SECONDS)
        return {str(item.get("name")): target_id for target_id, item in found.items()}

    def as_it_is(self, target_id: str) -> Properties:
        return self.unchanged(self.wait(target_id))

    def move_aside(self, document: Properties) -> Properties:
        return self.put(_aside(document))

    def put(self, document: Properties) -> Properties:
        self.persist(lambda: self.send("UpdateGatewayTarget", document), document)
        arrived = self.wait(document["targetId"])
        self.connection.renames.progressed(self.gateway_id)
        return arrived

    def unchanged(self, current: Document) -> Properties:
        """What UpdateGatewayTarget has to be sent to change nothing."""
        return self._document(current["target_id"], {}, {}, current)

    def _document(self, target_id: str, old: Document, new: Document, current: Document) -> Properties:
        """What to send to make of a target that AWS has what the program declares."""
        model = self.connection.operation_model("UpdateGatewayTarget")
        wire_old, wire_new, wire_now = (to_wire(it, model) for it in (old, new, current))
        document: Properties = carry_over(wire_old, {**wire_new, **self.key(target_id)}, wire_now, model.input_shape)
        return document

    def _alike(self, found: Document, wanted: Document) -> bool:
        model = self.connection.operation_model("UpdateGatewayTarget")
        document = {**to_wire(wanted, model), **self.key(found["target_id"])}
        return same(managed({**to_wire(found, model), **self.key(found["target_id"])}, document), document)

    def _synchronize(self, target_id: str) -> None:
        self.send("SynchronizeGatewayTargets", {"gatewayIdentifier": self.gateway_id, "targetIdList": [target_id]})

    def _gateway_busy(self, error: AgentCoreError) -> bool:
        if code_of(error) not in ("ValidationException", "ConflictException"):
            return False
        gateway = gateways.find(self.connection, self.gateway_id)
        return gateway is not None and gateway["status"] in GATEWAY.on_the_way

    def _listed(self, *, since: float) -> Mapping[str, Properties]:
        return listed(self.connection, self.gateway_id, since=since)


def _aside(document: Properties) -> Properties:
    """The document with a name that nobody else wants."""
    name = f"{document['name']}"[:89].rstrip("-")
    return {**document, "name": f"{name}-{document['targetId'].lower()}"}

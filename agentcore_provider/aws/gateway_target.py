"""Targets of gateways: find, create, update, delete, wait, synchronize.

https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreateGatewayTarget.html
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from agentcore_provider.aws import gateway as gateways
from agentcore_provider.aws import renaming, tags
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import carry_over, managed, same, to_wire
from agentcore_provider.aws.execution_role import NotSeenYet, once_seen, require_seen
from agentcore_provider.aws.job import OWNER_TAG, Job
from agentcore_provider.aws.status import GATEWAY_TARGET, PENDING_AUTH, Change
from agentcore_provider.aws.target_status import (
    SHARED_SECONDS,
    board_of,
    find,
    find_by_name,
    reasons,
    statuses,
    wait,
    wait_gone,
)
from agentcore_provider.aws.waiting import gave_up, steps
from agentcore_provider.errors import AgentCoreError, AwsRefused, CreateLeftBehind, NameTaken, ResourceFailed

__all__ = ["create", "delete", "find", "find_by_name", "statuses", "update"]

# How long a target at rest may be said to be in the way of its own removal: by something else in the gateway.
SETTLING_SECONDS = 30.0

Properties = dict[str, Any]


def create(job: Job, properties: Mapping[str, Any]) -> Properties:
    """Create the target, or carry on with the one that an interrupted create left, and wait until it has arrived.

    Raises NameTaken, ResourceFailed, WaitTimeout, CreateLeftBehind and what a call raises.
    """
    connection = job.connection
    wire = to_wire(properties, connection.operation("CreateGatewayTarget")) | {"clientToken": str(uuid.uuid4())}
    gateway_id = wire["gatewayIdentifier"]
    with connection.pacing.target_operation(gateway_id, job.tell):
        job.tell("creating the target")
        for _ in steps(connection.clock, job.timeout):
            try:
                return _finish(job, gateway_id, _call(job, "CreateGatewayTarget", wire, partial(_made, job, wire)))
            except AwsRefused as refusal:
                if refusal.code != "ConflictException":
                    raise
                conflict = refusal
            taken = find_by_name(connection, gateway_id, wire["name"])
            if taken is None:
                continue
            if taken["status"] == "DELETING":
                wait_gone(job, gateway_id, taken["target_id"])
                continue
            carried_on = _carry_on(job, gateway_id, taken, wire)
            if carried_on is not None:
                return carried_on
            wire["clientToken"] = str(uuid.uuid4())
        raise conflict


def update(
    job: Job,
    gateway_id: str,
    target_id: str,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    *,
    synchronize: bool,
) -> Properties:
    """Make the target what the program says now; what the program never managed stays as it is.

    synchronize: read the tools of an MCP server again. Raises ResourceFailed, WaitTimeout and what a call raises.
    """
    renames = job.connection.renames
    renames.begin(gateway_id, target_id)
    try:
        return _update(job, _Gateway(job, gateway_id), target_id, old, new, synchronize=synchronize)
    finally:
        renames.end(gateway_id, target_id)


def _update(
    job: Job,
    gateway: _Gateway,
    target_id: str,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    *,
    synchronize: bool,
) -> Properties:
    connection, gateway_id = job.connection, gateway.gateway_id
    with connection.pacing.target_operation(gateway_id, job.tell):
        current = wait(job, gateway_id, target_id)
        failed = GATEWAY_TARGET.failed & {current["status"]}
        operation = connection.operation("UpdateGatewayTarget")
        wire_now, wire_old, wire_new = (to_wire(it, operation) for it in (current, old, new))
        place = {"gatewayIdentifier": gateway_id, "targetId": target_id}
        now, document = (
            it | place for it in (wire_now, carry_over(wire_old, wire_new, wire_now, operation.input_shape))
        )
        if same(document, now) and synchronize and not failed - {"SYNCHRONIZE_UNSUCCESSFUL"}:
            job.tell("synchronizing the target's tools")
            asked = {"gatewayIdentifier": gateway_id, "targetIdList": [target_id]}
            return _arrived(job, _call(job, "SynchronizeGatewayTargets", asked, _changed(job, now, failed)))
        job.tell("updating the target")
        try:
            return _arrived(job, _call(job, "UpdateGatewayTarget", document, _changed(job, document, failed)))
        except AwsRefused as refusal:
            if refusal.code != "ConflictException" or document.get("name") == now.get("name"):
                raise
        before = carry_over({}, place, now, operation.input_shape)
        # Its own name is free from now on; the place is as well, while it waits for the new one.
        gateway.put_here(renaming.aside({**before, "name": document["name"]}))
    return _arrived(job, renaming.in_turn(job, gateway, connection.renames, document, before))


@dataclass(frozen=True)
class _Gateway:
    """A gateway whose targets change names among each other."""

    job: Job
    gateway_id: str

    def holders(self) -> dict[str, str]:
        seen = board_of(self.job.connection).read(
            self.gateway_id, since=self.job.connection.clock.now() - SHARED_SECONDS
        )
        return {str(item.get("name")): target_id for target_id, item in seen.items()}

    def as_it_is(self, target_id: str) -> Properties:
        operation = self.job.connection.operation("UpdateGatewayTarget")
        place = {"gatewayIdentifier": self.gateway_id, "targetId": target_id}
        current = to_wire(wait(self.job, self.gateway_id, target_id), operation)
        document: Properties = carry_over({}, place, current, operation.input_shape)
        return document

    def put(self, document: Properties) -> Properties:
        with self.job.connection.pacing.target_operation(self.gateway_id, self.job.tell):
            return self.put_here(document)

    def put_here(self, document: Properties) -> Properties:
        _call(self.job, "UpdateGatewayTarget", document)
        arrived = wait(self.job, self.gateway_id, document["targetId"])
        self.job.connection.renames.progressed(self.gateway_id)
        return arrived


def delete(job: Job, gateway_id: str, target_id: str) -> None:
    """Delete the target and wait until it is gone; gone already is fine.

    Raises WaitTimeout and what a call raises.
    """
    with job.connection.pacing.target_operation(gateway_id, job.tell):
        _delete(job, gateway_id, target_id)


def _delete(job: Job, gateway_id: str, target_id: str) -> None:
    connection = job.connection
    job.tell("deleting the target")
    for spent in steps(connection.clock, job.timeout):
        try:
            connection.call("DeleteGatewayTarget", gatewayIdentifier=gateway_id, targetId=target_id)
            break
        except AwsRefused as refusal:
            if refusal.code == "ResourceNotFoundException":
                return
            seen = find(connection, gateway_id, target_id)
            if seen is None:
                return
            settles = refusal.code == "ConflictException" and spent < SETTLING_SECONDS
            at_rest = seen["status"] in PENDING_AUTH or (seen["status"] in GATEWAY_TARGET.settled and not settles)
            if at_rest and not _gateway_busy(connection, gateway_id, refusal):
                raise _explained(refusal, seen) from None
            last = refusal
    else:
        raise gave_up(f"AWS to delete target {target_id}", job.timeout, cure=connection.cures.carry_on, last=last)
    wait_gone(job, gateway_id, target_id)


def _call(
    job: Job,
    operation: str,
    document: Mapping[str, Any],
    settled: Callable[[Properties], Properties] = lambda answer: answer,
) -> Properties:
    """Call, again while the target's gateway is being changed, or its role and permissions are not seen yet.

    settled: waits for what the answer began, and gives what it came to. Raises what it raises.
    """
    connection, gateway_id = job.connection, document["gatewayIdentifier"]

    def role_arn() -> str | None:
        return (gateways.find(connection, gateway_id) or {}).get("role_arn")

    function = (document.get("targetConfiguration", {}).get("mcp", {}).get("lambda") or {}).get("lambdaArn")
    functions = [function] if function else []
    for _ in steps(connection.clock, job.timeout):
        try:
            return once_seen(
                job,
                lambda: settled(connection.call(operation, **document)),
                role_arn=role_arn,
                functions=functions,
            )
        except AwsRefused as refusal:
            if not _gateway_busy(connection, gateway_id, refusal):
                raise
            last = refusal
        gateways.wait(job, gateway_id)
    raise last


def _made(job: Job, wire: dict[str, Any], answer: Properties) -> Properties:
    """The target that a create made, once it has arrived or failed. Raises NotSeenYet, and then has removed it."""
    gateway_id, target_id = wire["gatewayIdentifier"], answer["targetId"]
    seen = wait(job, gateway_id, target_id)
    if seen["status"] not in GATEWAY_TARGET.arrived:
        try:
            require_seen(job, seen, by_role=_by_role(wire), what="the target failed and was removed again")
        except NotSeenYet:
            _remove_failed(job, gateway_id, seen)
            # The old token would be answered with the target that is gone.
            wire["clientToken"] = str(uuid.uuid4())
            raise
    return seen


def _changed(job: Job, document: Mapping[str, Any], failed: frozenset[str]) -> Callable[[Properties], Properties]:
    """Waits for a change that was accepted until the target has arrived or failed. What it gives raises NotSeenYet.

    failed: the status of failure that the target had before.
    """
    gateway_id, target_id = document["gatewayIdentifier"], document["targetId"]
    before = failed

    def settled(_: Properties) -> Properties:
        nonlocal before
        seen = wait(job, gateway_id, target_id, Change(job.connection.clock, before))
        before = GATEWAY_TARGET.failed & {seen["status"]}
        if before:
            require_seen(job, seen, by_role=_by_role(document), what=f"target {target_id} is {seen['status']}")
        return seen

    return settled


def _by_role(document: Mapping[str, Any]) -> bool:
    used = document.get("credentialProviderConfigurations") or ()
    return any(it.get("credentialProviderType") == "GATEWAY_IAM_ROLE" for it in used)


def _finish(job: Job, gateway_id: str, seen: Properties) -> Properties:
    if seen["status"] in GATEWAY_TARGET.arrived:
        return seen
    _remove_failed(job, gateway_id, seen)
    raise ResourceFailed(f"{job.label}: the target failed and was removed again: {reasons(seen)}")


def _remove_failed(job: Job, gateway_id: str, seen: Properties) -> None:
    target_id = seen["target_id"]
    try:
        _delete(job, gateway_id, target_id)
    except AgentCoreError as error:
        raise CreateLeftBehind(
            f"{job.label}: target {target_id} failed ({reasons(seen)}) and could not be removed ({error}); remove it with: "
            f"aws bedrock-agentcore-control delete-gateway-target --gateway-identifier {gateway_id} --target-id {target_id}"
        ) from None


def _carry_on(job: Job, gateway_id: str, taken: Properties, wire: Mapping[str, Any]) -> Properties | None:
    """The target that bears the name made into what is wanted; None when it was removed to be made anew."""
    connection = job.connection
    target_id = taken["target_id"]
    operation = connection.operation("UpdateGatewayTarget")
    wanted = {name: value for name, value in wire.items() if name in operation.input_shape.members}
    wanted["targetId"] = target_id
    now = to_wire(taken, operation) | {"gatewayIdentifier": gateway_id}
    alike = same(managed(now, wanted), wanted)
    ours = alike and job.gateway_owner is not None and job.gateway_owner == _owner_of(connection, taken)
    if not ours and not job.adopt:
        what = "was not made by this resource" if alike else "was not made by this resource, or not as it is now"
        raise NameTaken(
            f"{job.label}: the gateway has a target {taken['name']} ({target_id}) that {what}; choose another name, or "
            f"{job.connection.cures.adopt}"
        )
    seen = wait(job, gateway_id, target_id)
    if seen["status"] == "FAILED" and ours:
        _delete(job, gateway_id, target_id)
        return None
    job.tell(f"carrying on with target {target_id}")
    failed = GATEWAY_TARGET.failed & {seen["status"]}
    if failed or not alike:
        document = carry_over({}, wanted, now, operation.input_shape)
        seen = _call(job, "UpdateGatewayTarget", document, _changed(job, document, failed))
    return _arrived(job, seen)


def _gateway_busy(connection: Connection, gateway_id: str, refusal: AwsRefused) -> bool:
    if refusal.code not in ("ValidationException", "ConflictException"):
        return False
    gateway = gateways.find(connection, gateway_id)
    return gateway is not None and gateway["status"] in ("CREATING", "UPDATING")


def _owner_of(connection: Connection, target: Properties) -> str | None:
    return tags.read(connection, target["gateway_arn"]).get(OWNER_TAG)


def _arrived(job: Job, seen: Properties) -> Properties:
    if seen["status"] not in GATEWAY_TARGET.arrived:
        raise ResourceFailed(
            f"{job.label}: target {seen['target_id']} is {seen['status']}: {reasons(seen)}; remove the cause "
            "and run the command again: it sends the update again"
        )
    return seen


def _explained(refusal: AwsRefused, seen: Properties) -> AwsRefused:
    if seen["status"] not in PENDING_AUTH:
        return refusal
    return AwsRefused(
        f"{refusal} - target {seen['target_id']} waits for a person to sign in at its authorization URL; sign in, or "
        "try again when the URL has expired (10 minutes)",
        operation=refusal.operation,
        code=refusal.code,
        request_id=refusal.request_id,
    )

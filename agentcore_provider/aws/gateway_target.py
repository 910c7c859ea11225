"""Targets of gateways: find, create, update, delete, wait, synchronize.

https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreateGatewayTarget.html
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from agentcore_provider.aws import gateway as gateways
from agentcore_provider.aws import tags
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import carry_over, from_wire, managed, same, to_wire
from agentcore_provider.aws.execution_role import once_seen
from agentcore_provider.aws.job import OWNER_TAG, Job
from agentcore_provider.aws.status import GATEWAY_TARGET, PENDING_AUTH, Change
from agentcore_provider.aws.status_board import StatusBoard
from agentcore_provider.aws.waiting import gave_up, steps, wait_until
from agentcore_provider.errors import AgentCoreError, AwsRefused, CreateLeftBehind, NameTaken, ResourceFailed

GONE = "GONE"

# How old a list of statuses may be that one thread reads and another shares.
SHARED_SECONDS = 0.5

# How long a target at rest may be said to be in the way of its own removal: by something else in the gateway.
SETTLING_SECONDS = 30.0

# How long a target waits for its new name: others of the same deployment are renamed at the same time.
RENAMING_SECONDS = 20.0

Properties = dict[str, Any]


def find(connection: Connection, gateway_id: str, target_id: str) -> Properties | None:
    """The target, or None when it or its gateway does not exist."""
    try:
        return from_wire(connection.call("GetGatewayTarget", gatewayIdentifier=gateway_id, targetId=target_id))
    except AwsRefused as refusal:
        if refusal.code == "ResourceNotFoundException":
            return None
        raise


def find_by_name(connection: Connection, gateway_id: str, name: str) -> Properties | None:
    """The gateway's target that bears the name, or None."""
    for target_id, item in statuses(connection, gateway_id).items():
        if item.get("name") == name:
            return find(connection, gateway_id, target_id)
    return None


def statuses(connection: Connection, gateway_id: str) -> dict[str, Any]:
    """The gateway's targets as ListGatewayTargets tells them, by target id; none when the gateway is gone."""
    items: dict[str, Any] = {}
    page: dict[str, Any] = {}
    while True:
        try:
            answer = connection.call("ListGatewayTargets", gatewayIdentifier=gateway_id, maxResults=100, **page)
        except AwsRefused as refusal:
            if refusal.code == "ResourceNotFoundException":
                return {}
            raise
        items |= {item["targetId"]: item for item in answer["items"]}
        if not answer.get("nextToken"):
            return items
        page = {"nextToken": answer["nextToken"]}


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
                return _finish(job, gateway_id, from_wire(_call(job, "CreateGatewayTarget", wire)))
            except AwsRefused as refusal:
                if refusal.code != "ConflictException":
                    raise
                conflict = refusal
            taken = find_by_name(connection, gateway_id, wire["name"])
            if taken is None:
                continue
            if taken["status"] == "DELETING":
                _wait_gone(job, gateway_id, taken["target_id"])
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
    connection = job.connection
    with connection.pacing.target_operation(gateway_id, job.tell):
        current = _wait(job, gateway_id, target_id)
        failed = GATEWAY_TARGET.failed & {current["status"]}
        operation = connection.operation("UpdateGatewayTarget")
        wire_now, wire_old, wire_new = (to_wire(it, operation) for it in (current, old, new))
        place = {"gatewayIdentifier": gateway_id, "targetId": target_id}
        now, document = (
            it | place for it in (wire_now, carry_over(wire_old, wire_new, wire_now, operation.input_shape))
        )
        if not same(document, now) or not synchronize or failed - {"SYNCHRONIZE_UNSUCCESSFUL"}:
            job.tell("updating the target")
            try:
                _call(job, "UpdateGatewayTarget", document)
            except AwsRefused as refusal:
                if refusal.code != "ConflictException" or document.get("name") == now.get("name"):
                    raise
                _rename_in_turn(job, document, now)
        else:
            job.tell("synchronizing the target's tools")
            _call(job, "SynchronizeGatewayTargets", {"gatewayIdentifier": gateway_id, "targetIdList": [target_id]})
        return _arrived(job, _wait(job, gateway_id, target_id, Change(connection.clock, failed)))


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
    _wait_gone(job, gateway_id, target_id)


def _call(job: Job, operation: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """Call, again while the target's gateway is being changed, or its role and permissions are not seen yet."""
    connection, gateway_id = job.connection, document["gatewayIdentifier"]

    def role_arn() -> str | None:
        return (gateways.find(connection, gateway_id) or {}).get("role_arn")

    for _ in steps(connection.clock, job.timeout):
        try:
            return once_seen(job, lambda: connection.call(operation, **document), role_arn=role_arn)
        except AwsRefused as refusal:
            if not _gateway_busy(connection, gateway_id, refusal):
                raise
            last = refusal
        gateways.wait(job, gateway_id)
    raise last


def _rename_in_turn(job: Job, document: Properties, now: Properties) -> None:
    """Update a target whose new name another one still bears, which may be about to get this one's: step aside for it.

    document: the update. now: the same of the target as it stands.
    """
    connection, aside = job.connection, f"{document['name']}-{document['targetId'].lower()}"[:100]
    place = {it: document[it] for it in ("gatewayIdentifier", "targetId")}

    def put(it: Properties) -> None:
        _call(job, "UpdateGatewayTarget", it)
        _wait(job, place["gatewayIdentifier"], place["targetId"])

    job.tell(f"waiting until the name {document['name']} is free")
    put({**now, "name": aside})
    for _ in steps(connection.clock, min(job.timeout, RENAMING_SECONDS)):
        try:
            return put(document)
        except AwsRefused as refusal:
            if refusal.code != "ConflictException":
                raise
    put(now)
    raise NameTaken(
        f"{job.label}: the gateway has another target named {document['name']}; give another name=, or remove that target "
        "first and then rename this one"
    )


def _finish(job: Job, gateway_id: str, made: Properties) -> Properties:
    target_id = made["target_id"]
    seen = _wait(job, gateway_id, target_id)
    if seen["status"] in GATEWAY_TARGET.arrived:
        return seen
    try:
        _delete(job, gateway_id, target_id)
    except AgentCoreError as error:
        raise CreateLeftBehind(
            f"{job.label}: target {target_id} failed ({_reasons(seen)}) and could not be removed ({error}); remove it with: "
            f"aws bedrock-agentcore-control delete-gateway-target --gateway-identifier {gateway_id} --target-id {target_id}"
        ) from None
    raise ResourceFailed(f"{job.label}: the target failed and was removed again: {_reasons(seen)}")


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
            f"{job.label}: the gateway has a target {taken['name']} ({target_id}) that {what}; give another name=, or "
            f"{job.connection.cures.adopt}"
        )
    seen = _wait(job, gateway_id, target_id)
    if seen["status"] == "FAILED" and ours:
        _delete(job, gateway_id, target_id)
        return None
    job.tell(f"carrying on with target {target_id}")
    if not alike:
        document = carry_over({}, wanted, now, operation.input_shape)
        _call(job, "UpdateGatewayTarget", document)
        seen = _wait(job, gateway_id, target_id)
    return _arrived(job, seen)


def _wait(job: Job, gateway_id: str, target_id: str, change: Change | None = None) -> Properties:
    """Wait until the target has arrived or failed, and return it.

    change: what was asked for just now, where the target had failed before.
    """

    def ended(status: str) -> bool:
        return status in GATEWAY_TARGET.settled | {GONE} and (change is None or change.shows(status))

    _wait_for_status(job, gateway_id, target_id, ended, "to be READY")
    seen = find(job.connection, gateway_id, target_id)
    if seen is None:
        raise ResourceFailed(
            f"{job.label}: target {target_id} of gateway {gateway_id} is gone; {job.connection.cures.make_again}"
        )
    return seen


def _wait_gone(job: Job, gateway_id: str, target_id: str) -> None:
    change = Change(job.connection.clock, GATEWAY_TARGET.delete_failed)

    def ended(status: str) -> bool:
        return change.shows(status) and status in GATEWAY_TARGET.delete_failed | {GONE}

    status = _wait_for_status(job, gateway_id, target_id, ended, "to be gone")
    left = None if status == GONE else find(job.connection, gateway_id, target_id)
    if left is not None:
        raise ResourceFailed(
            f"{job.label}: AWS could not delete target {target_id}, it is {left['status']}: {_reasons(left)}; remove the "
            "cause and run the command again"
        )


def _wait_for_status(job: Job, gateway_id: str, target_id: str, ended: Callable[[str], bool], what: str) -> str:
    connection = job.connection
    board = connection.boards.setdefault(
        "targets", StatusBoard(lambda gateway: statuses(connection, gateway), connection.clock)
    )
    began = connection.clock.now()

    def look() -> str:
        seen = board.read(gateway_id, since=max(began, connection.clock.now() - SHARED_SECONDS))
        if target_id in seen:
            return str(seen[target_id]["status"])
        # A list may lag behind a create: only the target's own answer counts as gone.
        target = find(connection, gateway_id, target_id)
        return GONE if target is None else str(target["status"])

    return wait_until(
        look,
        ended,
        clock=connection.clock,
        timeout=job.timeout,
        tell=job.tell,
        cure=job.connection.cures.carry_on,
        waiting_for=f"target {target_id} {what}",
    )


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
            f"{job.label}: target {seen['target_id']} is {seen['status']}: {_reasons(seen)}; remove the cause "
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


def _reasons(seen: Mapping[str, Any]) -> str:
    return "; ".join(seen.get("status_reasons") or []) or "the service gave no reason"

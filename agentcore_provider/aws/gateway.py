"""Gateways: find, create, update, delete, wait.

https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreateGateway.html
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from agentcore_provider.aws import tags
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import carry_over, from_wire, same, to_wire
from agentcore_provider.aws.execution_role import NotSeenYet, once_seen, require_seen
from agentcore_provider.aws.job import OWNER_TAG, Job
from agentcore_provider.aws.status import GATEWAY, Change
from agentcore_provider.aws.waiting import gave_up, steps, wait_until
from agentcore_provider.errors import AgentCoreError, AwsRefused, CreateLeftBehind, NameTaken, ResourceFailed

Properties = dict[str, Any]


def find(connection: Connection, gateway_id: str) -> Properties | None:
    """The gateway with this id, or None when there is none."""
    try:
        return from_wire(connection.call("GetGateway", gatewayIdentifier=gateway_id))
    except AwsRefused as refusal:
        if refusal.code == "ResourceNotFoundException":
            return None
        raise


def find_by_name(connection: Connection, name: str) -> Properties | None:
    """The gateway of this account and Region that bears the name, or None."""
    page: dict[str, Any] = {}
    while True:
        answer = connection.call("ListGateways", maxResults=1000, **page)
        for item in answer["items"]:
            if item["name"] == name:
                return find(connection, item["gatewayId"])
        if not answer.get("nextToken"):
            return None
        page = {"nextToken": answer["nextToken"]}


def create(job: Job, properties: Mapping[str, Any]) -> Properties:
    """Create the gateway, or carry on with the one that an interrupted create left, and wait until it is READY.

    Raises NameTaken, ResourceFailed, WaitTimeout, CreateLeftBehind and what a call raises.
    """
    connection = job.connection
    wanted = dict(properties) | {"tags": {**(properties.get("tags") or {}), OWNER_TAG: job.owner}}
    # One token for all tries of this call: a lost answer is asked for again and makes no second gateway. It is a
    # new one in every call, since the service may still know the token of a gateway that was deleted since.
    wire = to_wire(wanted, connection.operation("CreateGateway")) | {"clientToken": str(uuid.uuid4())}
    job.tell("creating the gateway")
    for _ in steps(connection.clock, job.timeout):
        try:
            made = _finish(
                job,
                once_seen(
                    job,
                    lambda: _made(job, wire),
                    role_arn=lambda: wire["roleArn"],
                    also=lambda refusal: _engine_not_seen(refusal, wire),
                    functions=_interceptors(wire),
                ),
            )
            # Some members exist on the update alone.
            later = to_wire(wanted, connection.operation("UpdateGateway")).keys() - wire.keys()
            return update(job, made["gateway_id"], {}, wanted) if later else made
        except AwsRefused as refusal:
            if refusal.code != "ConflictException":
                raise
            conflict = refusal
        taken = find_by_name(connection, wire["name"])
        if taken is None:
            continue
        if taken["status"] == "DELETING":
            wait_gone(job, taken["gateway_id"])
            continue
        carried_on = _carry_on(job, taken, wanted)
        if carried_on is not None:
            return carried_on
        wire["clientToken"] = str(uuid.uuid4())
    raise conflict


def update(job: Job, gateway_id: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Properties:
    """Make the gateway what the program says now; what the program never managed stays as it is.

    Raises ResourceFailed, WaitTimeout and what a call raises.
    """
    connection = job.connection
    current = wait(job, gateway_id)
    operation = connection.operation("UpdateGateway")
    wire_now, wire_old, wire_new = (to_wire(it, operation) for it in (current, old, new))
    document = carry_over(wire_old, wire_new, wire_now, operation.input_shape)
    if not same(document, wire_now) or current["status"] in GATEWAY.failed:
        job.tell("updating the gateway")
        send = _changed(job, {**document, "gatewayIdentifier": gateway_id}, GATEWAY.failed & {current["status"]})
        current = once_seen(
            job,
            send,
            role_arn=lambda: document["roleArn"],
            also=lambda refusal: _engine_not_seen(refusal, document),
            functions=_interceptors(document),
        )
    tags.update(
        connection,
        current["gateway_arn"],
        old=old.get("tags") or {},
        new={**(new.get("tags") or {}), OWNER_TAG: job.owner},
    )
    return _arrived(job, current)


def delete(job: Job, gateway_id: str) -> None:
    """Delete the gateway and wait until it is gone; gone already is fine.

    Raises AwsRefused when targets still hang on it, ResourceFailed, and WaitTimeout.
    """
    connection = job.connection
    job.tell("deleting the gateway")
    for _ in steps(connection.clock, job.timeout):
        try:
            connection.call("DeleteGateway", gatewayIdentifier=gateway_id)
            break
        except AwsRefused as refusal:
            if refusal.code == "ResourceNotFoundException":
                return
            if not _settling(connection, gateway_id, refusal):
                raise
            last = refusal
    else:
        raise gave_up(f"AWS to delete gateway {gateway_id}", job.timeout, cure=connection.cures.carry_on, last=last)
    wait_gone(job, gateway_id)


def wait(job: Job, gateway_id: str, change: Change | None = None) -> Properties:
    """Wait until the gateway has arrived in READY or a failed state, and return it.

    change: what was asked for just now, where the gateway had failed before.
    """
    connection = job.connection

    def look() -> Properties:
        seen = find(connection, gateway_id)
        if seen is None:
            raise ResourceFailed(f"{job.label}: gateway {gateway_id} is gone; {job.connection.cures.make_again}")
        return seen

    return wait_until(
        look,
        lambda seen: seen["status"] in GATEWAY.settled and (change is None or change.shows(seen["status"])),
        clock=connection.clock,
        timeout=job.timeout,
        tell=job.tell,
        cure=job.connection.cures.carry_on,
        waiting_for=f"gateway {gateway_id} to be READY",
    )


def wait_gone(job: Job, gateway_id: str) -> None:
    """Wait until the gateway is gone. Raises ResourceFailed when AWS gives up deleting it, and WaitTimeout."""
    change = Change(job.connection.clock, GATEWAY.delete_failed)
    left = wait_until(
        lambda: find(job.connection, gateway_id),
        lambda seen: (
            change.shows(seen["status"] if seen else None) and (seen is None or seen["status"] in GATEWAY.delete_failed)
        ),
        clock=job.connection.clock,
        timeout=job.timeout,
        tell=job.tell,
        cure=job.connection.cures.carry_on,
        waiting_for=f"gateway {gateway_id} to be gone",
    )
    if left is not None:
        raise ResourceFailed(
            f"{job.label}: AWS could not delete gateway {gateway_id}, it is {left['status']}: {_reasons(left)}; "
            "remove the cause and run the command again"
        )


def _made(job: Job, wire: dict[str, Any]) -> Properties:
    """The gateway of a create, once it has arrived or failed. Raises NotSeenYet, and then has removed it."""
    seen = wait(job, job.connection.call("CreateGateway", **wire)["gatewayId"])
    if seen["status"] not in GATEWAY.arrived:
        try:
            require_seen(job, seen, by_role=False, what="the gateway failed and was removed again")
        except NotSeenYet:
            _remove_failed(job, seen)
            # The old token would be answered with the gateway that is gone.
            wire["clientToken"] = str(uuid.uuid4())
            raise
    return seen


def _changed(job: Job, document: Mapping[str, Any], failed: frozenset[str]) -> Callable[[], Properties]:
    """Sends an update and waits until the gateway has arrived or failed. What it gives raises NotSeenYet.

    failed: the status of failure that the gateway had before.
    """
    gateway_id, before = document["gatewayIdentifier"], failed

    def send() -> Properties:
        nonlocal before
        job.connection.call("UpdateGateway", **document)
        seen = wait(job, gateway_id, Change(job.connection.clock, before))
        before = GATEWAY.failed & {seen["status"]}
        if before:
            require_seen(job, seen, by_role=False, what=f"gateway {gateway_id} is {seen['status']}")
        return seen

    return send


def _engine_not_seen(refusal: AwsRefused, document: Mapping[str, Any]) -> bool:
    # So AWS answers while the role may not use the policy engine: devguide policy-permissions.
    return refusal.code == "InternalServerException" and bool(document.get("policyEngineConfiguration"))


def _finish(job: Job, seen: Properties) -> Properties:
    if seen["status"] in GATEWAY.arrived:
        return seen
    _remove_failed(job, seen)
    raise ResourceFailed(f"{job.label}: the gateway failed and was removed again: {_reasons(seen)}")


def _remove_failed(job: Job, seen: Properties) -> None:
    gateway_id = seen["gateway_id"]
    try:
        delete(job, gateway_id)
    except AgentCoreError as error:
        raise CreateLeftBehind(
            f"{job.label}: gateway {gateway_id} failed ({_reasons(seen)}) and could not be removed ({error}); remove it "
            f"with: aws bedrock-agentcore-control delete-gateway --gateway-identifier {gateway_id}"
        ) from None


def _carry_on(job: Job, taken: Properties, wanted: Properties) -> Properties | None:
    """The gateway that bears the name made into what is wanted; None when it was removed to be made anew."""
    connection = job.connection
    gateway_id = taken["gateway_id"]
    ours = tags.read(connection, taken["gateway_arn"]).get(OWNER_TAG) == job.owner
    if not ours and not job.adopt:
        raise job.name_taken(f"gateway {taken['name']} ({gateway_id})")
    seen = wait(job, gateway_id)
    fixed = _cannot_become(seen, wanted)
    if seen["status"] == "FAILED" or fixed:
        if not ours:
            why = f"is {seen['status']}" if not fixed else f"has another {' and '.join(fixed)}, which AWS cannot change"
            raise NameTaken(
                f"{job.label}: gateway {gateway_id} cannot be taken over: it {why}; delete it or choose another name"
            )
        delete(job, gateway_id)
        return None
    job.tell(f"carrying on with gateway {gateway_id}")
    return update(job, gateway_id, {}, wanted)


def _cannot_become(seen: Properties, wanted: Properties) -> list[str]:
    search = [((it.get("protocol_configuration") or {}).get("mcp") or {}).get("searchType") for it in (seen, wanted)]
    return [
        what
        for what, differs in (
            ("authorizer_type", seen.get("authorizer_type") != wanted.get("authorizer_type")),
            ("searchType", search[0] != search[1]),
        )
        if differs
    ]


def _arrived(job: Job, seen: Properties) -> Properties:
    if seen["status"] not in GATEWAY.arrived:
        raise ResourceFailed(
            f"{job.label}: gateway {seen['gateway_id']} is {seen['status']}: {_reasons(seen)}; "
            "remove the cause and run the command again: it sends the update again"
        )
    return seen


def _settling(connection: Connection, gateway_id: str, refusal: AwsRefused) -> bool:
    """Whether the refusal to delete will pass by itself: a last target on its way out, or a state to leave."""
    if refusal.code == "ConflictException":
        return True
    if refusal.code != "ValidationException":
        return False
    if "target" not in str(refusal).lower():
        seen = find(connection, gateway_id)
        return seen is not None and seen["status"] not in GATEWAY.settled
    left = connection.call("ListGatewayTargets", gatewayIdentifier=gateway_id)["items"]
    stay = [f"{item.get('name')} ({item['targetId']})" for item in left if item["status"] != "DELETING"]
    if stay:
        raise AwsRefused(
            f"gateway {gateway_id} still has targets: {', '.join(stay)}; "
            + connection.cures.left_targets.format(gateway_id=gateway_id),
            operation=refusal.operation,
            code=refusal.code,
            request_id=refusal.request_id,
        ) from None
    return True


def _interceptors(document: Mapping[str, Any]) -> list[str]:
    """ARNs of the functions that the gateway passes requests and answers through."""
    each = [it.get("interceptor", {}).get("lambda", {}) for it in document.get("interceptorConfigurations") or ()]
    return [it["arn"] for it in each if "arn" in it]


def _reasons(seen: Mapping[str, Any]) -> str:
    return "; ".join(seen.get("status_reasons") or []) or "the service gave no reason"

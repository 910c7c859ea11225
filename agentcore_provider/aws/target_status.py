"""How targets of gateways are looked at, and waited for: one list serves all that wait in a gateway."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import from_wire
from agentcore_provider.aws.job import Job
from agentcore_provider.aws.status import GATEWAY_TARGET, Change
from agentcore_provider.aws.status_board import StatusBoard
from agentcore_provider.aws.waiting import wait_until
from agentcore_provider.errors import AwsRefused, ResourceFailed

GONE = "GONE"

# How old a list of statuses may be that one thread reads and another shares.
SHARED_SECONDS = 0.5

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


def board_of(connection: Connection) -> StatusBoard:
    return connection.boards.setdefault(
        "targets", StatusBoard(lambda gateway: statuses(connection, gateway), connection.clock)
    )


def wait(job: Job, gateway_id: str, target_id: str, change: Change | None = None) -> Properties:
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


def wait_gone(job: Job, gateway_id: str, target_id: str) -> None:
    change = Change(job.connection.clock, GATEWAY_TARGET.delete_failed)

    def ended(status: str) -> bool:
        return change.shows(status) and status in GATEWAY_TARGET.delete_failed | {GONE}

    status = _wait_for_status(job, gateway_id, target_id, ended, "to be gone")
    left = None if status == GONE else find(job.connection, gateway_id, target_id)
    if left is not None:
        raise ResourceFailed(
            f"{job.label}: AWS could not delete target {target_id}, it is {left['status']}: {reasons(left)}; remove the "
            "cause and run the command again"
        )


def _wait_for_status(job: Job, gateway_id: str, target_id: str, ended: Callable[[str], bool], what: str) -> str:
    connection = job.connection
    board = board_of(connection)
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


def reasons(seen: Mapping[str, Any]) -> str:
    return "; ".join(seen.get("status_reasons") or []) or "the service gave no reason"

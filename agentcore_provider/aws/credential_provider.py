"""What API-key and OAuth2 credential providers have in common: find, create, update, delete, wait.

Their operations differ in name only, and take no clientToken: a name is unique in an account and Region, so after a
lost answer the second try finds what the first one made.
https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/identity-outbound-credential-provider.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from agentcore_provider.aws import tags
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import from_wire, same, to_wire
from agentcore_provider.aws.job import OWNER_TAG, Job
from agentcore_provider.aws.status import CREDENTIAL_PROVIDER, Change
from agentcore_provider.aws.waiting import gave_up, steps, wait_until
from agentcore_provider.errors import AgentCoreError, AwsRefused, CreateLeftBehind, NameTaken, ResourceFailed

SETTLING_SECONDS = 30.0

Properties = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """One of the two kinds.

    operation: what its operations are called after Create, Get, Update and Delete. secret: property that tells where
    AWS keeps the secret. wire: makes the request complete. as_said: of what `find` returned, what AWS shows in other
    words than those of the inputs, in theirs. fixed: properties that AWS cannot change.
    """

    operation: str
    secret: str
    wire: Callable[[Properties], Properties]
    as_said: Callable[[Properties, Mapping[str, Any]], Properties]
    fixed: tuple[str, ...] = ()


def name_of(arn: str) -> str:
    """The name in the provider's ARN."""
    return arn.rpartition("/")[2]


def find(connection: Connection, kind: Kind, name: str) -> Properties | None:
    """The provider of this name, or None when there is none."""
    try:
        found = from_wire(connection.call(f"Get{kind.operation}", name=name))
    except AwsRefused as refusal:
        if refusal.code == "ResourceNotFoundException":
            return None
        raise
    return {**found, kind.secret: (found.get(kind.secret) or {}).get("secretArn")}


def has_lost_secret(connection: Connection, kind: Kind, found: Properties) -> bool:
    """Whether the secret that AWS keeps for the provider was removed, as far as whoever deploys may look."""
    arn, source = found.get(kind.secret), found.get(f"{kind.secret.removesuffix('_arn')}_source")
    if not arn or source == "EXTERNAL":
        return False
    try:
        return "DeletedDate" in connection.call("DescribeSecret", service="secretsmanager", SecretId=arn)
    except AwsRefused as refusal:
        return refusal.code == "ResourceNotFoundException"


def _restore_secret(connection: Connection, arn: str) -> None:
    """Call off a deletion that is scheduled, which would keep the secret's name; where it is done there is none."""
    try:
        connection.call("RestoreSecret", service="secretsmanager", SecretId=arn)
    except AwsRefused as refusal:
        if refusal.code != "ResourceNotFoundException":
            raise


def create(job: Job, kind: Kind, properties: Mapping[str, Any]) -> Properties:
    """Create the provider, or carry on with the one that an interrupted create left, and wait until it is ready.

    Raises NameTaken, ResourceFailed, WaitTimeout, CreateLeftBehind and what a call raises.
    """
    connection = job.connection
    wanted = dict(properties) | {"tags": {**(properties.get("tags") or {}), OWNER_TAG: job.owner}}
    wire = kind.wire(to_wire(wanted, connection.operation(f"Create{kind.operation}")))
    name = wire["name"]
    job.tell("creating the credential provider")
    for _ in steps(connection.clock, job.timeout):
        try:
            _send(connection, f"Create{kind.operation}", wire)
            return _finish(job, kind, name)
        except AwsRefused as refusal:
            if not _name_exists(refusal):
                raise
            conflict = refusal
        taken = find(connection, kind, name)
        if taken is None:
            continue
        if taken.get("status") == "DELETING":
            _wait_gone(job, kind, name)
            continue
        carried_on = _carry_on(job, kind, taken, wanted)
        if carried_on is not None:
            return carried_on
    raise conflict


def update(job: Job, kind: Kind, name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Properties:
    """Make the provider what the program says now, its secret included: AWS never tells the one it has.

    Raises ResourceFailed, WaitTimeout and what a call raises.
    """
    connection = job.connection
    current = _wait(job, kind, name)
    lost = has_lost_secret(connection, kind, current)
    if lost:
        _restore_secret(connection, current[kind.secret])
    failed = CREDENTIAL_PROVIDER.failed & {str(current.get("status"))}
    operation = connection.operation(f"Update{kind.operation}")
    wire_old, wire_new = (to_wire(it, operation) for it in (old, new))
    if lost or failed or not same(wire_old, wire_new):
        job.tell("updating the credential provider")
        _send(connection, operation.name, kind.wire(wire_new | {"name": name}))
        current = _wait(job, kind, name, Change(connection.clock, failed))
    tags.update(
        connection,
        current["credential_provider_arn"],
        old=old.get("tags") or {},
        new={**(new.get("tags") or {}), OWNER_TAG: job.owner},
    )
    if current.get("status") not in CREDENTIAL_PROVIDER.arrived:
        raise ResourceFailed(
            f"{job.label}: credential provider {name} is {current['status']}: {_reason(current)}; remove the cause and "
            "run the command again: it sends the update again"
        )
    return current


def delete(job: Job, kind: Kind, name: str) -> None:
    """Delete the provider and wait until it is gone; gone already is fine.

    Raises ResourceFailed, WaitTimeout and what a call raises.
    """
    connection = job.connection
    job.tell("deleting the credential provider")
    for _ in steps(connection.clock, min(job.timeout, SETTLING_SECONDS)):
        try:
            connection.call(f"Delete{kind.operation}", name=name)
            break
        except AwsRefused as refusal:
            if refusal.code == "ResourceNotFoundException":
                return
            if refusal.code != "ConflictException":
                raise
            last = refusal
    else:
        raise gave_up(
            f"AWS to delete credential provider {name}",
            min(job.timeout, SETTLING_SECONDS),
            cure=connection.cures.carry_on,
            last=last,
        )
    _wait_gone(job, kind, name)


def secret_values(document: Any, shape: Any) -> Iterator[str]:
    """The secrets in a request: the texts whose shape the service model calls sensitive."""
    if isinstance(document, str):
        if shape.metadata.get("sensitive") and document:
            yield document
    elif shape.type_name == "structure" and isinstance(document, Mapping):
        for name, value in document.items():
            if name in shape.members:
                yield from secret_values(value, shape.members[name])
    elif shape.type_name == "map" and isinstance(document, Mapping):
        for value in document.values():
            yield from secret_values(value, shape.value)
    elif shape.type_name == "list" and isinstance(document, list):
        for value in document:
            yield from secret_values(value, shape.member)


def _send(connection: Connection, operation: str, wire: Properties) -> None:
    try:
        connection.call(operation, **wire)
    except AwsRefused as refusal:
        text = str(refusal)
        secrets = set(secret_values(wire, connection.operation(operation).input_shape))
        for secret in sorted(secrets, key=len, reverse=True):
            # A refusal may repeat what it refuses.
            text = text.replace(secret, "[secret]")
        raise type(refusal)(
            text, operation=refusal.operation, code=refusal.code, request_id=refusal.request_id
        ) from None


def _finish(job: Job, kind: Kind, name: str) -> Properties:
    seen = _wait(job, kind, name)
    if seen.get("status") in CREDENTIAL_PROVIDER.arrived:
        return seen
    try:
        delete(job, kind, name)
    except AgentCoreError as error:
        from botocore import xform_name

        raise CreateLeftBehind(
            f"{job.label}: credential provider {name} failed ({_reason(seen)}) and could not be removed ({error}); remove "
            f"it with: aws bedrock-agentcore-control delete-{xform_name(kind.operation, '-')} --name {name}"
        ) from None
    raise ResourceFailed(f"{job.label}: the credential provider failed and was removed again: {_reason(seen)}")


def _carry_on(job: Job, kind: Kind, taken: Properties, wanted: Properties) -> Properties | None:
    """The provider that bears the name made into what is wanted; None when it was removed to be made anew."""
    connection, name = job.connection, taken["name"]
    ours = tags.read(connection, taken["credential_provider_arn"]).get(OWNER_TAG) == job.owner
    if not ours and not job.adopt:
        raise job.name_taken(f"credential provider {name}")
    seen = _wait(job, kind, name)
    differs = [it for it in kind.fixed if seen.get(it) != wanted.get(it)]
    if seen.get("status") == "CREATE_FAILED" or differs:
        if not ours:
            why = f"has another {' and '.join(differs)}" if differs else f"is {seen['status']}"
            raise NameTaken(
                f"{job.label}: credential provider {name} cannot be taken over: it {why}; delete it or choose another name"
            )
        delete(job, kind, name)
        return None
    job.tell(f"carrying on with credential provider {name}")
    return update(job, kind, name, {}, wanted)


def _name_exists(refusal: AwsRefused) -> bool:
    # The service answers ValidationException where others answer ConflictException.
    return refusal.code == "ConflictException" or (
        refusal.code == "ValidationException" and "already exists" in str(refusal).lower()
    )


def _wait(job: Job, kind: Kind, name: str, change: Change | None = None) -> Properties:
    """Wait until the provider is ready or has failed, and return it.

    change: what was asked for just now, where the provider had failed before.
    """

    def look() -> Properties:
        seen = find(job.connection, kind, name)
        if seen is None:
            raise ResourceFailed(f"{job.label}: credential provider {name} is gone; {job.connection.cures.make_again}")
        return seen

    return wait_until(
        look,
        lambda seen: (
            seen.get("status") in CREDENTIAL_PROVIDER.settled and (change is None or change.shows(seen.get("status")))
        ),
        clock=job.connection.clock,
        timeout=job.timeout,
        tell=job.tell,
        cure=job.connection.cures.carry_on,
        waiting_for=f"credential provider {name} to be ready",
    )


def _wait_gone(job: Job, kind: Kind, name: str) -> None:
    change = Change(job.connection.clock, CREDENTIAL_PROVIDER.delete_failed)
    left = wait_until(
        lambda: find(job.connection, kind, name),
        lambda seen: (
            change.shows(seen.get("status") if seen else None)
            and (seen is None or seen.get("status") in CREDENTIAL_PROVIDER.delete_failed)
        ),
        clock=job.connection.clock,
        timeout=job.timeout,
        tell=job.tell,
        cure=job.connection.cures.carry_on,
        waiting_for=f"credential provider {name} to be gone",
    )
    if left is not None:
        raise ResourceFailed(
            f"{job.label}: credential provider {name} could not be deleted: {_reason(left)}; remove the cause and run "
            "the command again"
        )


def _reason(seen: Mapping[str, Any]) -> str:
    return str(seen.get("failure_reason") or "the service gave no reason")

"""One life for every kind of resource of AgentCore: create or resume, adopt, wait, update, undo, delete.

create      sends the request and waits. When the name is in use already, it resumes: the resource that an interrupted
            create left, or with `adopt` another owner's, becomes what is wanted; one that no update can make so is
            deleted and created again. What fails while it is created is removed again.
update      waits until nothing else is going on, sends what differs, waits, and sets the tags.
delete      sends the request, again while something that passes is in its way, and waits until the resource is gone.

`ResourceKind` is the table of a kind. A subclass of `Lifecycle` adds what no table can express.
"""

from __future__ import annotations

import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import ClassVar

from agentcore_provider.aws import tags
from agentcore_provider.aws.arrivals import Accepted
from agentcore_provider.aws.connection import NOT_FOUND, Connection
from agentcore_provider.aws.documents import Document, Properties, from_wire, to_wire
from agentcore_provider.aws.execution_role import NotPropagated
from agentcore_provider.aws.operation import OWNER_TAG, Operation
from agentcore_provider.aws.resource_kind import ResourceKind
from agentcore_provider.aws.service_errors import code_of
from agentcore_provider.aws.waiting import Clock, gave_up, retry
from agentcore_provider.errors import AgentCoreError, AwsRefused, CreateLeftBehind, NameTaken, ResourceFailed

# How long AWS may show what was before a change that it has just accepted.
STALE_SECONDS = 3.0


class Change:
    """A change that AWS has accepted: distinguishes a failure of it from one that was there before.

    before: statuses that may still show the time before the change. They count once another one was found, or when
    they are still there after a moment.
    """

    def __init__(self, clock: Clock, before: frozenset[str]) -> None:
        self._clock = clock
        self._began = clock.now()
        self._before = before
        self._moved = False

    def shows(self, status: str | None) -> bool:
        """Whether a status that was just found is one of the time after the change."""
        self._moved = self._moved or status not in self._before
        return self._moved or self._clock.now() - self._began >= STALE_SECONDS


def find(connection: Connection, kind: ResourceKind, **key: str) -> Properties | None:
    """The resource as AWS has it, or None when it does not exist. key: the members that identify it."""
    found = connection.call_or_none(f"Get{kind.operation}", service=kind.service, **key)
    return None if found is None else from_wire(found)


class Lifecycle(ABC):
    """What is done to one resource, in one operation."""

    delete_seconds: ClassVar[float] = float("inf")
    """How long a delete is sent again, if the operation allows as much."""

    def __init__(self, operation: Operation, kind: ResourceKind) -> None:
        self.operation = operation
        self.connection = operation.connection
        self.kind = kind
        self._accepted: Accepted | None = None

    # What is special about a kind of resource

    @abstractmethod
    def key(self, identifier: str) -> Properties:
        """The members that identify the resource in requests."""

    @abstractmethod
    def find_by_name(self, name: str) -> Properties | None:
        """The resource that has the name, or whatever else no two of its kind share; None if there is none."""

    def find(self, identifier: str) -> Properties | None:
        """The resource, or None when it does not exist."""
        return find(self.connection, self.kind, **self.key(identifier))

    def describe(self, identifier: str) -> str:
        """What to call the resource in a message."""
        return f"{self.kind.name} {identifier}"

    def observe(self, identifier: str) -> Document | None:
        """Of the resource at least its status, or None when it does not exist: what waiting looks at."""
        return self.find(identifier)

    def whole(self, identifier: str, observed: Document) -> Properties | None:
        """The whole of a resource that was observed, or None when it does not exist any more."""
        return dict(observed)

    def complete(self, request: Properties) -> Properties:
        """A request to create with what the service demands and no program sets."""
        return request

    def send(self, operation: str, request: Document) -> Properties:
        """Call the operation. Raises what a call raises."""
        answer = self.connection.call(operation, service=self.kind.service, **request)
        self._accepted = Accepted(operation, self.connection.clock.now())
        return answer

    def sleep(self, seconds: float) -> None:
        """Let the seconds pass until the next look, or fewer where there is something to look at already."""
        self.connection.clock.sleep(seconds)

    def at_rest(self) -> None:
        """Note that what was asked for last has arrived or failed."""
        self._accepted = None

    def persist(self, attempt: Callable[[], Properties], request: Document) -> Properties:
        """Attempt again while something that passes by itself is in the way of the request."""
        return attempt()

    def lacks_permission(self, found: Document, request: Document) -> bool:
        """Whether what failed may have failed for a role or permission that AWS does not apply yet."""
        return False

    def name_in_use(self, error: AgentCoreError) -> bool:
        """Whether a create failed as the name is in use."""
        return code_of(error) == "ConflictException"

    def is_own(self, found: Properties, wanted: Document) -> bool:
        """Whether the resource that has the name was made for this one resource of this one stack."""
        return tags.read(self.connection, found[self.kind.arn]).get(OWNER_TAG) == self.operation.owner

    def name_taken(self, found: Properties, wanted: Document) -> NameTaken:
        """The error for a name that another owner's resource has."""
        name, identifier = found["name"], found[self.kind.identifier]
        return self.operation.name_taken(
            f"{self.kind.name} {name}" + (f" ({identifier})" if identifier != name else "")
        )

    def obstacle(self, found: Properties, wanted: Document, *, own: bool) -> str:
        """Why no update can make a resource that was found what is wanted; empty if one can."""
        changed = self.kind.changed_immutable(found, wanted)
        if changed:
            return f"has another {' and '.join(changed)}, which AWS cannot change"
        return f"is {found['status']}" if found.get("status") == self.kind.create_failed else ""

    @abstractmethod
    def resume(self, found: Properties, wanted: Document) -> Properties:
        """Make a resource that was found what is wanted, and wait."""

    def finish(self, created: Properties, wanted: Document) -> Properties:
        """Add what a create cannot set."""
        return created

    def delete_passes(self, identifier: str, error: AgentCoreError, spent: float) -> bool:
        """Whether what keeps AWS from deleting the resource passes. spent: seconds. Raises a better error if it knows one."""
        return code_of(error) == "ConflictException"

    # The life

    def create(self, wanted: Document) -> Properties:
        """Create the resource, or resume, and wait until it has arrived.

        Raises NameTaken, ResourceFailed, WaitTimeout, CreateLeftBehind and what a call raises.
        """
        model = self.connection.operation_model(f"Create{self.kind.operation}", self.kind.service)
        request = self.complete(to_wire(wanted, model))
        if "clientToken" in model.input_shape.members:
            # One token for all tries of this call: a request whose answer was lost makes no second resource. The next
            # call has a new one, since the service may still know the token of a resource that was deleted since.
            request["clientToken"] = _token()
        self.operation.report(f"creating the {self.kind.name}")
        return retry(
            lambda: self._create_or_resume(request, wanted),
            lambda error, _: self.name_in_use(error),
            clock=self.connection.clock,
            timeout=self.operation.timeout,
        )

    def change(
        self, identifier: str, request: Document, before: str | None, send: Callable[[], object] | None = None
    ) -> Properties:
        """Update the resource and wait until it has arrived or failed.

        before: its status. send: what to call in place of the update.
        """
        failed = self.kind.failed & {str(before)}

        def attempt() -> Properties:
            nonlocal failed
            send() if send else self.send(f"Update{self.kind.operation}", request)
            found = self.wait(identifier, Change(self.connection.clock, failed))
            failed = self.kind.failed & {str(found.get("status"))}
            if failed and self.lacks_permission(found, request):
                raise NotPropagated(self._failed(found, f"{self.kind.name} {identifier} is {found['status']}"))
            return found

        return self.persist(attempt, request)

    def arrived(self, found: Properties) -> Properties:
        """The resource. Raises ResourceFailed when it failed."""
        if found.get("status") in self.kind.arrived:
            return found
        what = f"{self.kind.name} {found[self.kind.identifier]} is {found['status']}"
        raise ResourceFailed(
            self._failed(found, what), "remove the cause and run the command again: it sends the update again"
        )

    def set_tags(self, found: Properties, old: Document, new: Document) -> None:
        """Make the tags of the resource those of the program, and the owner tag."""
        wanted = self.operation.with_owner(new.get("tags"))
        tags.update(self.connection, found[self.kind.arn], old=old.get("tags") or {}, new=wanted)

    def delete(self, identifier: str) -> None:
        """Delete the resource and wait until it is gone; gone already is fine.

        Raises ResourceFailed when AWS gives up deleting it, WaitTimeout, and what a call raises.
        """
        name, seconds = self.kind.name, min(self.operation.timeout, self.delete_seconds)
        what, cure = f"AWS to delete {name} {identifier}", self.connection.cures.resume
        self.operation.report(f"deleting the {name}")
        try:
            retry(
                lambda: self.send(f"Delete{self.kind.operation}", self.key(identifier)),
                lambda error, spent: code_of(error) not in NOT_FOUND and self.delete_passes(identifier, error, spent),
                clock=self.connection.clock,
                timeout=seconds,
                exhausted=lambda last: gave_up(what, seconds, cure=cure, last=last.message),
            )
        except AwsRefused as error:
            if error.code not in NOT_FOUND:
                raise
            return
        self.wait_gone(identifier)

    def wait(self, identifier: str, change: Change | None = None) -> Properties:
        """Wait until the resource has arrived or failed, and return it.

        change: what was asked for just now, where the resource had failed before.
        Raises ResourceFailed when it is gone, and WaitTimeout.
        """
        found = self._wait_for(self.kind.settled, identifier, change, self.kind.ready)
        if found is None:
            gone = f"{self.operation.label}: {self.describe(identifier)} is gone"
            raise ResourceFailed(gone, self.connection.cures.create_again)
        return found

    def wait_gone(self, identifier: str) -> None:
        """Wait until the resource is gone. Raises ResourceFailed when AWS gives up deleting it, and WaitTimeout."""
        left = self._wait_for(
            self.kind.delete_failed, identifier, Change(self.connection.clock, self.kind.delete_failed), "gone"
        )
        if left is not None:
            failed = f"AWS could not delete {self.kind.name} {identifier}, it is {left['status']}"
            raise ResourceFailed(self._failed(left, failed), "remove the cause and run the command again")

    def _wait_for(
        self, statuses: frozenset[str | None], identifier: str, change: Change | None, what: str
    ) -> Properties | None:
        def arrived(found: Document | None) -> bool:
            status = found.get("status") if found else None
            after = change is None or change.shows(status)
            return found is None or (after and status in statuses)

        last = self.connection.arrivals.wait(
            lambda: self.observe(identifier),
            arrived,
            accepted=self._accepted,
            sleep=self.sleep,
            timeout=self.operation.timeout,
            report=self.operation.report,
            cure=self.connection.cures.resume,
            waiting_for=f"{self.kind.name} {identifier} to be {what}",
        )
        self.at_rest()
        return None if last is None else self.whole(identifier, last)

    def _create_or_resume(self, request: Properties, wanted: Document) -> Properties:
        try:
            found = self.persist(lambda: self._create(request), request)
            if found.get("status") in self.kind.arrived:
                return self.finish(found, wanted)
        except AwsRefused as error:
            if not self.name_in_use(error):
                raise
            conflict = error
        else:
            self._remove_failed(found)
            raise ResourceFailed(self._failed(found, f"the {self.kind.name} failed and was removed again"))
        return self._resume(request, wanted, conflict)

    def _create(self, request: Properties) -> Properties:
        """The resource once it has arrived or failed. Raises NotPropagated, and then has removed it."""
        answer = self.send(f"Create{self.kind.operation}", request)
        found = self.wait(str(from_wire(answer).get(self.kind.identifier) or request[self.kind.unique]))
        if found.get("status") not in self.kind.arrived and self.lacks_permission(found, request):
            self._remove_failed(found)
            # The old token would be answered with the resource that is gone.
            request["clientToken"] = _token()
            raise NotPropagated(self._failed(found, f"the {self.kind.name} failed and was removed again"))
        return found

    def _resume(self, request: Properties, wanted: Document, conflict: AwsRefused) -> Properties:
        """The resource that has the name, made into what is wanted. Raises the conflict when the name is free again."""
        found = self.find_by_name(str(request.get(self.kind.unique)))
        if found is None:
            raise conflict
        identifier = found[self.kind.identifier]
        if found.get("status") in self.kind.deleting:
            self.wait_gone(identifier)
            raise conflict
        own = self.is_own(found, wanted)
        if not own and not self.operation.adopt:
            raise self.name_taken(found, wanted)
        found = self.wait(identifier)
        obstacle = self.obstacle(found, wanted, own=own)
        if obstacle and not own:
            what = f"{self.operation.label}: {self.kind.name} {identifier}"
            raise NameTaken(f"{what} cannot be taken over: it {obstacle}", "delete it or choose another name")
        if obstacle:
            self.delete(identifier)
            if "clientToken" in request:
                request["clientToken"] = _token()
            raise conflict
        self.operation.report(f"resuming {self.kind.name} {identifier}")
        return self.resume(found, wanted)

    def _remove_failed(self, found: Properties) -> None:
        identifier = found[self.kind.identifier]
        try:
            self.delete(identifier)
        except AgentCoreError as error:
            what = f"{self.operation.label}: {self.kind.name} {identifier} failed ({self.kind.reason(found)})"
            raise CreateLeftBehind(
                f"{what} and could not be removed ({error.message})",
                f"remove it with: {self._delete_command(identifier)}",
            ) from None

    def _delete_command(self, identifier: str) -> str:
        from botocore import xform_name

        command = xform_name(f"Delete{self.kind.operation}", "-")
        options = (f"--{xform_name(member, '-')} {value}" for member, value in self.key(identifier).items())
        return f"aws {self.kind.service} {command} {' '.join(options)}"

    def _failed(self, found: Document, what: str) -> str:
        return f"{self.operation.label}: {what}: {self.kind.reason(found)}"


def _token() -> str:
    return str(uuid.uuid4())

"""What changes names among each other in a gateway: targets their names, rules their priorities.

A name that is wanted may belong to one that gets another name in the same deployment. Whoever wants it steps aside
first, which frees the own name, and then waits. With few resources at a time the holder's own update may begin only
after this one has ended: then it is moved aside, which is safe once the engine has asked for its difference, since its
update is going to set its name, in this deployment or in the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from agentcore_provider.aws.waiting import Clock
from agentcore_provider.errors import AwsRefused, NameTaken

if TYPE_CHECKING:
    from agentcore_provider.aws.operation import Operation
    from agentcore_provider.aws.resource_kind import ResourceKind

# How long a name may be held by a target that is not known to be renamed, while nothing else happens in the gateway.
UNKNOWN_HOLDER_SECONDS = 20.0
# How long a target that is going to be renamed gets to begin by itself.
GRACE_SECONDS = 2.0
LOOK_AGAIN_SECONDS = 0.5

Document = dict[str, Any]


class Renames:
    """The renames that the engine has asked about in this process, by gateway and target or rule."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._changed = clock.condition()
        self._expected: set[tuple[str, str]] = set()
        self._begun: set[tuple[str, str]] = set()
        self._moving: set[tuple[str, str]] = set()
        self._progress: dict[str, float] = {}

    def expect(self, gateway_id: str, target_id: str) -> None:
        """Note that the target is going to get another name."""
        with self._changed:
            self._expected.add((gateway_id, target_id))

    def expects(self, gateway_id: str, target_id: str) -> bool:
        """Whether the target is going to get another name."""
        with self._changed:
            return (gateway_id, target_id) in self._expected

    def begin(self, gateway_id: str, target_id: str) -> None:
        """Begin the target's own update; waits while another one moves it aside."""
        with self._changed:
            self._begun.add((gateway_id, target_id))
            while (gateway_id, target_id) in self._moving:
                self._changed.wait()

    def end(self, gateway_id: str, target_id: str) -> None:
        """End the target's own update."""
        with self._changed:
            self._begun.discard((gateway_id, target_id))
            self._expected.discard((gateway_id, target_id))
            self._progress[gateway_id] = self._clock.now()

    @contextmanager
    def moving(self, gateway_id: str, target_id: str) -> Iterator[bool]:
        """Move the target aside within, if that is allowed: it is going to be renamed and its update has yet to begin."""
        key = (gateway_id, target_id)
        with self._changed:
            allowed = key in self._expected and key not in self._begun | self._moving
            if allowed:
                self._moving.add(key)
        try:
            yield allowed
        finally:
            if allowed:
                with self._changed:
                    self._moving.discard(key)
                    self._changed.notify_all()

    def progressed(self, gateway_id: str) -> None:
        """Note that a target of the gateway has got another name."""
        with self._changed:
            self._progress[gateway_id] = self._clock.now()

    def still_for(self, gateway_id: str, since: float) -> float:
        """For how many seconds nothing has happened in the gateway, counted from a moment at the earliest."""
        with self._changed:
            return self._clock.now() - max(since, self._progress.get(gateway_id, since))


class Gateway(Protocol):
    """The gateway in which targets or rules are renamed."""

    kind: ResourceKind

    @property
    def gateway_id(self) -> str: ...

    def holders(self) -> Mapping[Any, str]:
        """Ids by name."""
        ...

    def as_it_is(self, identifier: str, /) -> Document:
        """What the update would have to be sent to change nothing."""
        ...

    def move_aside(self, document: Document, /) -> object:
        """Update one of them as it is, but with a name that nobody else wants."""
        ...

    def put(self, document: Document, /) -> Any:
        """Update one of them, within the gateway's limits, and wait until it has arrived."""
        ...


def in_turn(operation: Operation, gateway: Gateway, renames: Renames, document: Document, before: Document) -> Any:
    """Update what was moved aside, once the name that it is to get is free.

    document: the update. before: what it was. Raises NameTaken, and then it has its old name again.
    """
    kind, clock = gateway.kind, operation.connection.clock
    name, began = document[kind.unique], clock.now()
    operation.report(f"waiting until the {kind.unique} {name} is free")
    while True:
        holder = gateway.holders().get(name)
        if holder is None:
            try:
                return gateway.put(document)
            except AwsRefused as refusal:
                if refusal.code != "ConflictException":
                    raise
        still = renames.still_for(gateway.gateway_id, began)
        known = holder is not None and renames.expects(gateway.gateway_id, holder)
        if known and holder is not None and still >= GRACE_SECONDS and _move_aside(gateway, renames, holder):
            continue
        if still >= (operation.timeout if known else min(operation.timeout, UNKNOWN_HOLDER_SECONDS)):
            break
        clock.sleep(LOOK_AGAIN_SECONDS)
    try:
        gateway.put(before)
        stays = ""
    except AwsRefused as refusal:
        if refusal.code != "ConflictException":
            raise
        stays = f"; until then the {kind.unique} of this one is another"
    raise NameTaken(
        f"{operation.label}: the gateway has another {kind.name} with the {kind.unique} {name}",
        f"choose another {kind.unique}, or remove that {kind.name} first and then change this one; where that one gets another {kind.unique} too, run the command with --parallel 128, so that all "
        f"are changed at the same time{stays}",
    )


def _move_aside(gateway: Gateway, renames: Renames, target_id: str) -> bool:
    with renames.moving(gateway.gateway_id, target_id) as allowed:
        if allowed:
            gateway.move_aside(gateway.as_it_is(target_id))
    return allowed

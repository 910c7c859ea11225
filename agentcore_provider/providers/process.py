"""What all providers of one process share. Pulumi's host loads several for one kind of resource, so none of them owns it."""

from __future__ import annotations

import threading
import uuid

from agentcore_provider.aws.connection import Connection, Settings
from agentcore_provider.aws.cures import Cures
from agentcore_provider.aws.documents import Properties
from agentcore_provider.providers import context

_lock = threading.Lock()
_connections: dict[Settings, Connection] = {}
# The last create by kind of resource and id: a delete of an older one must not delete what a newer one has taken over.
_created: dict[tuple[str, str], str] = {}
# The owners that state held, by URN: a replacement, of which the engine passes no state, keeps the owner.
_owners: dict[str, str] = {}


def connection(settings: Settings, cures: Cures) -> Connection:
    """The connection with these settings."""
    with _lock:
        if settings not in _connections:
            _connections[settings] = Connection(settings, cures=cures)
        return _connections[settings]


def note_create(resource: str, identifier: str) -> Properties:
    """Note that the resource was created; returns which create that was, for state."""
    created = _created[resource, identifier] = uuid.uuid4().hex
    return {context.CREATED: created}


def note_state(resource: str, identifier: str, outputs: Properties) -> None:
    """Note which create a resource that the program still declares is from: the one of an earlier process."""
    with _lock:
        if context.CREATED in outputs:
            _created.setdefault((resource, identifier), outputs[context.CREATED])


def is_replaced(resource: str, identifier: str, outputs: Properties) -> bool:
    """Whether the same id was created again, after the create that the outputs in state are from."""
    created = outputs.get(context.CREATED)
    return _created.get((resource, identifier), created) != created


def with_owner_kept(olds: Properties, news: Properties) -> Properties:
    """The inputs with the owner that the resource has already: a resource that the state holds is always its own."""
    before, now = context.of(olds), context.of(news)
    urn = now.get("urn")
    if urn and before.get("urn") == urn and before.get("owner"):
        _owners[urn] = before["owner"]
    return {**news, context.KEY: {**now, "owner": _owners[urn]}} if urn in _owners else news


def forget() -> None:
    """Forget which resources were created, as a new process does."""
    _created.clear()

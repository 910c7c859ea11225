"""Whatever else the store holds, of any kind: read from the fields of its records, so that a new kind is shown too."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from datetime import datetime

from agentcore_provider.local.call_trace import HIDDEN
from agentcore_provider.local.store.lifecycle import Lifecycle
from agentcore_provider.local.store.records import LOCK, AccountRegionStore, Secret, all_stores

_SECRET = re.compile(r"(secret|apikey|api_key|password|privatekey|private_key|token|signing_key)$", re.IGNORECASE)
_NOT_SHOWN = ("snapshot", "client_tokens")
_DEEPEST = 20


@dataclasses.dataclass(frozen=True)
class Resource:
    """A record. details: all its members as JSON, without secrets. more: the records that it holds."""

    name: str
    status: str
    reasons: list[str]
    details: str
    more: list[Kind]


@dataclasses.dataclass(frozen=True)
class Kind:
    """The records of one kind in one place."""

    title: str
    resources: list[Resource]


def kinds(holder: object, without: tuple[str, ...] = ()) -> list[Kind]:
    """The kinds of records that a store or a record holds. without: names of fields to leave out."""
    found = []
    for field in dataclasses.fields(holder):  # type: ignore[arg-type]
        name = field.name.lstrip("_")
        # A property of the same name leaves out what is gone.
        records = getattr(holder, name, getattr(holder, field.name))
        is_kind = isinstance(holder, AccountRegionStore) or _holds_records(records)
        if name in (*without, *_NOT_SHOWN) or not is_kind or not isinstance(records, Mapping):
            continue
        resources = [resource(key, it) for key, it in list(records.items())]
        if resources:
            found.append(Kind(name.replace("_", " ").capitalize(), resources))
    return found


def of_all_stores() -> list[tuple[AccountRegionStore, list[Kind]]]:
    """Everything besides gateways, by account and Region."""
    with LOCK:
        found = [(store, kinds(store, ("gateways",))) for store in all_stores()]
        return [(store, it) for store, it in found if it]


def document(value: object) -> str:
    """A value as JSON for people, without secrets."""
    return json.dumps(_plain(value), indent=2, ensure_ascii=False)


def resource(key: object, record: object) -> Resource:
    """A record or text of the store under its key."""
    if not dataclasses.is_dataclass(record):
        return Resource(str(key), "", [], record if isinstance(record, str) else document(record), [])
    lifecycle, members = getattr(record, "lifecycle", None), getattr(record, "document", None)
    name = getattr(record, "name", None) or (members.get("name") if isinstance(members, Mapping) else None)
    return Resource(
        name=str(name or key),
        status=lifecycle.status if isinstance(lifecycle, Lifecycle) else "",
        reasons=lifecycle.reasons if isinstance(lifecycle, Lifecycle) else [],
        details=document(record),
        more=kinds(record),
    )


def _plain(value: object, depth: int = 0) -> object:
    """A value as JSON has it."""
    plain: object = value
    if depth > _DEEPEST:
        plain = "…"
    elif isinstance(value, Secret):
        plain = HIDDEN
    elif isinstance(value, Lifecycle):
        plain = value.status
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        members = {it.name: getattr(value, it.name) for it in dataclasses.fields(value) if it.name not in _NOT_SHOWN}
        # Records that it holds are shown by themselves.
        own = {name: it for name, it in members.items() if not _holds_records(it)}
        plain = {name.lstrip("_"): _member(name, it, depth) for name, it in own.items()}
    elif isinstance(value, Mapping):
        plain = {str(name): _member(str(name), it, depth) for name, it in value.items()}
    elif isinstance(value, (list, tuple, set, frozenset)):
        plain = [_plain(it, depth + 1) for it in value]
    elif isinstance(value, datetime):
        plain = value.isoformat(timespec="seconds")
    elif not isinstance(value, (str, int, float, bool, type(None))):
        plain = type(value).__name__
    return plain


def _holds_records(value: object) -> bool:
    return isinstance(value, Mapping) and any(dataclasses.is_dataclass(it) for it in value.values())


def _member(name: str, value: object, depth: int) -> object:
    is_secret = isinstance(value, str) and value and _SECRET.search(name) and not value.startswith("arn:")
    return HIDDEN if is_secret else _plain(value, depth + 1)

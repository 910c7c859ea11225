"""When two values of a property mean the same, and where two sets of inputs differ."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from .model import as_text
from .resource import Resource
from .wire import UNKNOWN, Path, Properties, has_unknown

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


class Kind(Enum):
    """What happened to a value."""

    ADD = "add"
    DELETE = "delete"
    UPDATE = "update"


@dataclass(frozen=True)
class Difference:
    """One value that two sets of inputs do not share."""

    path: Path
    kind: Kind

    @property
    def argument(self) -> str:
        """The top-level property it belongs to."""
        return str(self.path[0])

    @property
    def written(self) -> str:
        """The path as Pulumi writes it: `tags.team`, `inlinePolicies[0].policy`, `tags["a.b"]`."""
        text = str(self.path[0])
        for step in self.path[1:]:
            if isinstance(step, int):
                text += f"[{step}]"
            else:
                text += f".{step}" if _PLAIN_KEY.match(step) else f"[{json.dumps(step)}]"
        return text


def differences(resource: Resource, old: Properties, new: Properties) -> list[Difference]:
    """Every difference in meaning, outermost keys in the order of names; Pulumi's own keys (`__…`) aside."""
    found: list[Difference] = []
    for key in sorted({*old, *new}):
        if not key.startswith("__"):
            found += _differences(resource, (key,), old.get(key), new.get(key))
    return found


def same(resource: Resource, key: str, one: object, other: object) -> bool:
    """Whether two values of a property mean the same."""
    return not list(_differences(resource, (key,), one, other))


def settled(resource: Resource, known: Properties, current: Properties) -> Properties:
    """Known properties updated by what AWS reports; a text with the same meaning stays as the program wrote it."""
    properties = {key: value for key, value in known.items() if not key.startswith("__")}
    for key, value in current.items():
        if value is None:
            properties.pop(key, None)
        elif key not in properties or not same(resource, key, properties[key], value):
            properties[key] = value
    return properties


def inputs_of_read(resource: Resource, old_inputs: Properties, known: Properties, current: Properties) -> Properties:
    """The inputs that would lead to what AWS reports: those of the program, except where something drifted.

    Without old inputs (an import) they are all arguments that AWS reports and that differ from its own defaults.
    """
    inputs = dict(old_inputs)
    for key in resource.arguments & current.keys():
        value = current[key]
        if key in old_inputs:
            if value is None and old_inputs[key]:
                del inputs[key]
            elif value is not None and not same(resource, key, old_inputs[key], value):
                inputs[key] = value
        elif value is None or key in resource.outputs or key == "region":
            continue
        elif not known:
            if value not in (resource.defaults.get(key), "", [], {}, False):
                inputs[key] = value
        elif not same(resource, key, known.get(key, resource.defaults.get(key)), value):
            inputs[key] = value
    return inputs


def _differences(resource: Resource, path: Path, old: object, new: object) -> Iterator[Difference]:
    name = next((step for step in reversed(path) if isinstance(step, str)), "")
    if old is UNKNOWN or new is UNKNOWN:
        yield Difference(path, Kind.ADD if old is None else Kind.UPDATE)
    elif isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new}):
            yield from _differences(resource, (*path, key), old.get(key), new.get(key))
    elif isinstance(old, list) and isinstance(new, list) and name in resource.unordered:
        if has_unknown(new) or _bag(resource, name, old) != _bag(resource, name, new):
            yield Difference(path, Kind.UPDATE)
    elif isinstance(old, list) and isinstance(new, list):
        for index in range(max(len(old), len(new))):
            before = old[index] if index < len(old) else None
            after = new[index] if index < len(new) else None
            yield from _differences(resource, (*path, index), before, after)
    elif old is None or new is None:
        # An empty list or mapping means the same as none, except where one is a choice.
        means_none = (old or new) in ({}, [], None) and not resource.choices.intersection(path[:-1])
        if (old, new) != (None, None) and not means_none:
            yield Difference(path, Kind.ADD if old is None else Kind.DELETE)
    elif name in resource.documents and isinstance(old, str) and isinstance(new, str):
        if _document(old) != _document(new):
            yield Difference(path, Kind.UPDATE)
    elif old != new and as_text(old) != as_text(new):
        yield Difference(path, Kind.UPDATE)


def _bag(resource: Resource, name: str, items: list[object]) -> list[str]:
    """The items in an order that does not depend on theirs."""
    return sorted(json.dumps(_plain(resource, name, item), sort_keys=True, default=str) for item in items)


def _plain(resource: Resource, name: str, value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(resource, key, item) for key, item in value.items()}
    if isinstance(value, list):
        items = [_plain(resource, name, item) for item in value]
        return sorted(items, key=str) if name in resource.unordered else items
    return _document(value) if name in resource.documents and isinstance(value, str) else value


def _document(text: str) -> object:
    try:
        return _meaning(json.loads(text))
    except ValueError:
        return text


def _meaning(value: object) -> object:
    """A policy without its liberties: one string or a list of one, in any order."""
    if isinstance(value, dict):
        return {key: _meaning(item) for key, item in value.items()}
    if isinstance(value, list):
        items = [_meaning(item) for item in value]
        if len(items) == 1:
            return items[0]
        texts = [item for item in items if isinstance(item, str)]
        return sorted(texts) if len(texts) == len(items) else items
    return value

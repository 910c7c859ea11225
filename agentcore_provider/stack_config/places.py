"""Places in descriptions, and problems of the values there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem
from agentcore_provider.rules.unknown import UNKNOWN

_T = TypeVar("_T")

KEY = "agentcore:gateways"

Place = tuple["str | int", ...]
"""Keys, and numbers of list items, from the value of agentcore:gateways on."""


def path(place: Iterable[str | int]) -> str:
    """The place as text: `agentcore:gateways.shop.targets.orders.lambda.arn`."""
    text = KEY
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text


def nearest(where: str, known: Mapping[str, _T]) -> _T | None:
    """What is known of the place with this path, or of the nearest one that contains it."""
    while where and where not in known:
        where = where[: max(where.rfind("."), where.rfind("["), 0)]
    return known.get(where)


def walked(value: object, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Every value with its place, in the order of the file, containers before what they contain."""
    yield place, value
    below: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, Mapping):
        below = value.items()
    elif isinstance(value, (list, tuple)):
        below = enumerate(value)
    for key, member in below:
        yield from walked(member, (*place, key))


def replaced(value: object, texts: Mapping[Place, object], place: Place = ()) -> Any:
    """The same with other values at some places."""
    if place in texts:
        return texts[place]
    if isinstance(value, Mapping):
        return {key: replaced(member, texts, (*place, key)) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [replaced(member, texts, (*place, number)) for number, member in enumerate(value)]
    return value


@dataclass(frozen=True)
class PlacedProblem:
    """A problem, and what of the description it concerns."""

    place: Place
    """Where it is."""
    message: str
    """What is wrong."""
    cure: str
    """What to do about it."""
    source: str = ""
    """Where the rule is documented."""
    code: str = ""
    """The rule's, if a target may be deployed without it."""
    unknown: tuple[Place, ...] = ()
    """Places, present or missing, of which it is not known what is meant."""
    ignored: tuple[Place, ...] = ()
    """Places that no other check is to look at."""

    @property
    def problem(self) -> Problem:
        """The problem alone, with the path of its place."""
        return Problem(path(self.place), self.message, self.cure, self.source, self.code)

    def below(self, place: Place) -> PlacedProblem:
        """The same of a description that is at a place of a larger one."""
        return replace(
            self,
            place=(*place, *self.place),
            unknown=tuple((*place, *it) for it in self.unknown),
            ignored=tuple((*place, *it) for it in self.ignored),
        )


def placed(error: InvalidInput, place: Place) -> Iterator[PlacedProblem]:
    """The problems of an error, at the place of the value that it is about."""
    for it in error.with_places():
        message = f"{it.path}: {it.message}" if it.path else it.message
        yield PlacedProblem(place, message, it.cure, it.source, it.code)


def in_order(problems: Iterable[PlacedProblem], gateways: object) -> list[PlacedProblem]:
    """The problems in the order of the file, each once."""
    numbers = {path(place): number for number, (place, _) in enumerate(walked(gateways))}
    return sorted(dict.fromkeys(problems), key=lambda it: nearest(path(it.place), numbers) or 0)


def without(problems: Iterable[PlacedProblem], gateways: object) -> Any:
    """What can be validated despite the problems: what they leave unknown is UNKNOWN, so that none causes others."""
    found = list(problems)
    ignored = {place for it in found for place in it.ignored}
    unknown = {place for it in found for place in it.unknown}

    def known(value: object, place: Place) -> Any:
        if place in unknown:
            return UNKNOWN
        if isinstance(value, Mapping):
            members = {key: (*place, key) for key in value}
            missing = {it[-1]: UNKNOWN for it in unknown if it and it[:-1] == place}
            return missing | {key: known(value[key], it) for key, it in members.items() if it not in ignored}
        if isinstance(value, (list, tuple)):
            return [known(it, (*place, number)) for number, it in enumerate(value)]
        return value

    return known(gateways, ())

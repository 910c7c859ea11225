"""One thing that is wrong in a description, and what cannot be judged because of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem
from agentcore_provider.rules.unknown import UNKNOWN
from agentcore_provider.stack_config.places import Place, nearest, shown, walked


@dataclass(frozen=True)
class Mistake:
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
    """Places, there or missing, of which nobody knows what is meant."""
    ignored: tuple[Place, ...] = ()
    """Places of which the other judges know nothing."""

    @property
    def problem(self) -> Problem:
        """The problem alone, with its place as people read it."""
        return Problem(shown(self.place), self.message, self.cure, self.source, self.code)

    def below(self, place: Place) -> Mistake:
        """The same of a description that stands at a place of a larger one."""
        return replace(
            self,
            place=(*place, *self.place),
            unknown=tuple((*place, *it) for it in self.unknown),
            ignored=tuple((*place, *it) for it in self.ignored),
        )


def told(error: InvalidInput, place: Place) -> Iterator[Mistake]:
    """What an error tells of the value at a place."""
    for it in error.with_places():
        message = f"{it.path}: {it.message}" if it.path else it.message
        yield Mistake(place, message, it.cure, it.source, it.code)


def in_order(mistakes: Iterable[Mistake], gateways: Any) -> list[Mistake]:
    """The mistakes in the order in which what they tell of is met in the file, each once."""
    numbers = {shown(place): number for number, (place, _) in enumerate(walked(gateways))}
    return sorted(dict.fromkeys(mistakes), key=lambda it: nearest(shown(it.place), numbers) or 0)


def without(mistakes: Iterable[Mistake], gateways: Any) -> Any:
    """What can be judged although there are mistakes: what they leave unknown is UNKNOWN, so that none causes others."""
    found = list(mistakes)
    ignored = {place for it in found for place in it.ignored}
    unknown = {place for it in found for place in it.unknown}

    def judged(value: Any, place: Place) -> Any:
        if place in unknown:
            return UNKNOWN
        if isinstance(value, Mapping):
            members = {key: (*place, key) for key in value}
            missing = {it[-1]: UNKNOWN for it in unknown if it and it[:-1] == place}
            return missing | {key: judged(value[key], it) for key, it in members.items() if it not in ignored}
        if isinstance(value, (list, tuple)):
            return [judged(it, (*place, number)) for number, it in enumerate(value)]
        return value

    return judged(gateways, ())

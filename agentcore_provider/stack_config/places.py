"""Places in descriptions: as text, in the files that describe them, and problems of the values there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar, cast

import yaml

from agentcore_provider.arguments.members import property_name
from agentcore_provider.documents import files
from agentcore_provider.documents.reading import require_yaml_within_limits
from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem
from agentcore_provider.rules.unknown import UNKNOWN

_T = TypeVar("_T")

NAMESPACE = "agentcore:"
"""What the keys of this package begin with in a stack's configuration."""
GATEWAYS = "gateways"
KEY = f"{NAMESPACE}{GATEWAYS}"
DEFAULTS = "agentcore:defaults"

_MERGE = "tag:yaml.org,2002:merge"

Place = tuple["str | int", ...]
"""Keys, and numbers of list items; the first is a key of the stack's configuration, such as gateways."""


def path(place: Iterable[str | int]) -> str:
    """The place as text: `agentcore:gateways.shop.targets.orders.lambda.arn`."""
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return NAMESPACE + text.removeprefix(".")


def nearest(where: str, known: Mapping[str, _T]) -> _T | None:
    """What is known of the place with this path, or of the nearest one that contains it."""
    while where and where not in known:
        where = where[: max(where.rfind("."), where.rfind("["), 0)]
    return known.get(where)


def walked(value: object, place: Place = ()) -> Iterator[tuple[Place, object]]:
    """Every value with its place, in the order of the file, containers before what they contain."""
    yield place, value
    if isinstance(value, Mapping):
        for key, member in value.items():
            yield from walked(member, (*place, key))
    elif isinstance(value, (list, tuple)):
        for number, item in enumerate(value):
            yield from walked(item, (*place, number))


def replaced(value: _T, values: Mapping[Place, object]) -> _T:
    """The same with other values at some places."""
    return cast(_T, _replaced(value, values, ()))


def _replaced(value: object, values: Mapping[Place, object], place: Place) -> object:
    if place in values:
        return values[place]
    if isinstance(value, Mapping):
        return {key: _replaced(member, values, (*place, key)) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_replaced(member, values, (*place, number)) for number, member in enumerate(value)]
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


def in_order(problems: Iterable[PlacedProblem], described: object) -> list[PlacedProblem]:
    """The problems in the order of the file, each once."""
    numbers = {path(place): number for number, (place, _) in enumerate(walked(described))}
    return sorted(dict.fromkeys(problems), key=lambda it: nearest(path(it.place), numbers) or 0)


def without(problems: Iterable[PlacedProblem], described: object) -> object:
    """What can be validated despite the problems: what they leave unknown is UNKNOWN, so that none causes others."""
    found = list(problems)
    ignored = {place for it in found for place in it.ignored}
    unknown = {place for it in found for place in it.unknown}

    def known(value: object, place: Place) -> object:
        if place in unknown:
            return UNKNOWN
        if isinstance(value, Mapping):
            members = {key: (*place, key) for key in value}
            missing = {it[-1]: UNKNOWN for it in unknown if it and it[:-1] == place}
            return missing | {key: known(value[key], it) for key, it in members.items() if it not in ignored}
        if isinstance(value, (list, tuple)):
            return [known(it, (*place, number)) for number, it in enumerate(value)]
        return value

    return known(described, ())


def place_of_member(member: str, places: Mapping[str, str], written: Mapping[str, object]) -> str:
    """Where a member of AWS's document is in the stack file.

    places: where some are, by their path, the longest first. written: the description that has them.
    """
    signing = written.get("credentials")
    if member.startswith("credentialProviderConfigurations") and isinstance(signing, Mapping):
        return ".".join(("credentials", *signing))
    for long, short in places.items():
        if member == long or member.startswith((f"{long}.", f"{long}[")):
            if short == "authorizer.jwt":
                first, *rest = member[len(long) + 1 :].split(".")
                return ".".join([short, property_name(first), *rest]).rstrip(".")
            if short.split(".")[0] in written or short == "authorizer":
                return short + member[len(long) :]
    top = re.match("[A-Za-z]*", member)[0]  # type: ignore[index]
    return property_name(top) + member[len(top) :]


@dataclass
class SourceFiles:
    """What the files have beside the values themselves."""

    places: dict[str, str] = field(default_factory=dict)
    """File and line of each value, by the path of its place."""
    secrets: set[Place] = field(default_factory=set)
    """Places of values that are encrypted in the stack's file."""

    def line(self, place: Place) -> str:
        """`Pulumi.dev.yaml:14: ` for a place; empty if the value is in no file."""
        found = nearest(path(place), self.places)
        return f"{found}: " if found else ""

    def arranged(self, described: object) -> object:
        """Descriptions in the order of the files: the engine sorts them."""
        order = {name: number for number, name in enumerate(self.places)}

        def by_file(value: object, place: Place) -> object:
            if not isinstance(value, Mapping):
                return value
            names = sorted(value, key=lambda it: order.get(path((*place, it)), len(order)))
            return {name: by_file(value[name], (*place, name)) for name in names}

        return by_file(described, ())


def source_files(folder: Path, stack: str, described: Iterable[str] = (GATEWAYS,)) -> SourceFiles:
    """The files of a project. One that cannot be read is left out: the engine has read it before.

    described: the keys of the stack's configuration whose places are wanted.
    """
    project = folder / "Pulumi.yaml"
    found = SourceFiles()
    root = _root(project)
    directory = _value(_member(root, "stackConfigDir")) or "."
    file = folder / directory / f"Pulumi.{stack}.yaml"
    config = _member(_root(file), "config")
    defaults, source = _member(config, DEFAULTS), file
    if defaults is None:
        defaults, source = _member(_member(root, "config"), DEFAULTS), project
        defaults = _member(defaults, "value") or defaults
    if isinstance(defaults, yaml.ScalarNode):
        source = folder / str(defaults.value)
        defaults = _member(_member(_root(source), "config"), KEY)
    nodes = {key: _member(config, f"{NAMESPACE}{key}") for key in described}
    written = [(node.start_mark.line, key, node) for key, node in nodes.items() if node is not None]
    shared = [] if defaults is None else [(GATEWAYS, defaults, source)]
    for key, node, it in (*shared, *((key, node, file) for _, key, node in sorted(written, key=lambda it: it[0]))):
        _add(found, key, node, it.relative_to(folder).as_posix() if it.is_relative_to(folder) else str(it))
    return found


def _add(found: SourceFiles, key: str, node: yaml.Node, name: str) -> None:
    for place, below, line in _nodes(node, (key,), node.start_mark.line):
        found.places[path(place)] = f"{name}:{line + 1}"
        if _member(below, "secure") is not None:
            found.secrets.add(place)


def _nodes(node: yaml.Node, place: Place, line: int) -> Iterator[tuple[Place, yaml.Node, int]]:
    yield place, node, line
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield from _nodes(item, (*place, number), item.start_mark.line)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.tag == _MERGE:
                yield from (it for it in _nodes(value, place, key.start_mark.line) if it[0] != place)
            else:
                yield from _nodes(value, (*place, str(key.value)), key.start_mark.line)


def _root(path: Path) -> yaml.Node | None:
    try:
        text = files.text(path)
        require_yaml_within_limits(text)
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except (InvalidInput, yaml.YAMLError):
        return None


def _member(node: yaml.Node | None, name: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for key, value in node.value if key.value == name), None)


def _value(node: yaml.Node | None) -> str | None:
    return str(node.value) if isinstance(node, yaml.ScalarNode) else None

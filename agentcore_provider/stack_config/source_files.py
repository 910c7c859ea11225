"""The files that describe a stack's gateways: file and line of each value, and which values are encrypted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from agentcore_provider.documents import files
from agentcore_provider.documents.reading import require_yaml_within_limits
from agentcore_provider.errors import InvalidInput
from agentcore_provider.stack_config.defaults import DEFAULTS
from agentcore_provider.stack_config.places import KEY, Place, nearest, path

_MERGE = "tag:yaml.org,2002:merge"


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

    def arranged(self, gateways: object) -> object:
        """Descriptions in the order of the files: the engine sorts them."""
        order = {name: number for number, name in enumerate(self.places)}

        def by_file(value: object, place: Place) -> object:
            if not isinstance(value, Mapping):
                return value
            names = sorted(value, key=lambda it: order.get(path((*place, it)), len(order)))
            return {name: by_file(value[name], (*place, name)) for name in names}

        return by_file(gateways, ())


def source_files(folder: Path, stack: str) -> SourceFiles:
    """The files of a project. One that cannot be read is left out: the engine has read it before."""
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
    for node, it in ((defaults, source), (_member(config, KEY), file)):
        if node is not None:
            _add(found, node, it.relative_to(folder).as_posix() if it.is_relative_to(folder) else str(it))
    return found


def _add(found: SourceFiles, node: yaml.Node, name: str) -> None:
    for place, below, line in _walked(node, (), node.start_mark.line):
        found.places[path(place)] = f"{name}:{line + 1}"
        if _member(below, "secure") is not None:
            found.secrets.add(place)


def _walked(node: yaml.Node, place: Place, line: int) -> Iterator[tuple[Place, yaml.Node, int]]:
    yield place, node, line
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield from _walked(item, (*place, number), item.start_mark.line)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.tag == _MERGE:
                yield from (it for it in _walked(value, place, key.start_mark.line) if it[0] != place)
            else:
                yield from _walked(value, (*place, str(key.value)), key.start_mark.line)


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

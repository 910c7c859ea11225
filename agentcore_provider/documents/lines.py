"""On which line each part of a JSON or YAML text stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yaml import Node


class Lines:
    """The lines of a text that has been read already, and so is within the limits."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._root: Node | None = None
        self._composed = False

    def line(self, pointer: str) -> int | None:
        """The line of what a JSON pointer (`#/paths/~1users/get`) points to, or of the nearest part around it."""
        node = self._nodes()
        if node is None:
            return None
        line = int(node.start_mark.line)
        for step in steps(pointer):
            found = _child(node, step)
            if found is None:
                break
            key, node = found
            line = int(key.start_mark.line)
        return line + 1

    def _nodes(self) -> Node | None:
        # Composed only when a line is asked for: a document without problems is never read twice.
        if not self._composed:
            self._composed = True
            import yaml

            # A tab is white space in JSON and an error in YAML; JSON has none inside its strings.
            text = self._text.replace("\t", " ") if self._text.lstrip().startswith(("{", "[")) else self._text
            try:
                self._root = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
            except (yaml.YAMLError, RecursionError):
                self._root = None
        return self._root


def steps(pointer: str) -> list[str]:
    """The member names and indexes of a JSON pointer."""
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.lstrip("#").split("/")[1:]]


def index(step: str) -> int | None:
    """The number that a step of a JSON pointer is in a list; None if it is none."""
    return int(step) if step.isascii() and step.isdecimal() and len(step) <= 9 else None


def _child(node: Node, step: str) -> tuple[Node, Node] | None:
    """What stands below a node under a name or an index: where it begins, and what it is."""
    from yaml import MappingNode, SequenceNode

    if isinstance(node, MappingNode):
        return next(((key, value) for key, value in node.value if getattr(key, "value", None) == step), None)
    number = index(step)
    if isinstance(node, SequenceNode) and number is not None and number < len(node.value):
        return node.value[number], node.value[number]
    return None

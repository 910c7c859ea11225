"""The lines at which the parts of a document are in its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentcore_provider.documents.pointer import index, steps

if TYPE_CHECKING:
    from yaml import Node


class Lines:
    """The lines of a text that has been read already, and so is within the limits."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._root: Node | None = None
        self._is_composed = False

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
        if not self._is_composed:
            self._is_composed = True
            import yaml

            # A tab is white space in JSON and an error in YAML; JSON has none inside its strings.
            text = self._text.replace("\t", " ") if self._text.lstrip().startswith(("{", "[")) else self._text
            try:
                self._root = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
            except (yaml.YAMLError, RecursionError):
                self._root = None
        return self._root


def _child(node: Node, step: str) -> tuple[Node, Node] | None:
    """The part of a node under a name or an index: where it begins, and the part."""
    from yaml import MappingNode, SequenceNode

    if isinstance(node, MappingNode):
        return next(((key, value) for key, value in node.value if getattr(key, "value", None) == step), None)
    number = index(step)
    if isinstance(node, SequenceNode) and number is not None and number < len(node.value):
        return node.value[number], node.value[number]
    return None

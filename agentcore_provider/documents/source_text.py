"""A document with the lines of its text."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from agentcore_provider.documents.json_types import JsonObject
from agentcore_provider.documents.limits import check
from agentcore_provider.documents.pointer import index, steps
from agentcore_provider.documents.reading import read

if TYPE_CHECKING:
    from yaml import Node

    from agentcore_provider.documents.yaml_reader import PlainWord


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


class SourceText:
    """A JSON or YAML text, or a document that never was text and so has no lines.

    document: its content. size: bytes of the text, or of the document as
    compact JSON. words: plain words of YAML that are text, unless read by version 1.1.
    """

    def __init__(
        self,
        source: str | JsonObject,
        *,
        yaml: bool = True,
        accepts: Callable[[object], bool] = lambda value: False,
    ) -> None:
        """yaml: whether a text may be YAML. accepts: whether a value of a document that JSON does not have is accepted.

        Raises Unreadable.
        """
        if isinstance(source, str):
            reading = read(source, yaml=yaml)
            self.document: Any = reading.content
            self.words: Sequence[PlainWord] = reading.words
            compact = source
        else:
            check(source, accepts=accepts)
            self.document = source
            self.words = ()
            compact = json.dumps(source, separators=(",", ":"), default=str)
        self.size = len(compact.encode())
        # In one line, as documents travel, every part is on line 1.
        self._lines = Lines(source) if isinstance(source, str) and "\n" in source.strip() else None

    def line(self, pointer: str) -> int | None:
        """The line of what a JSON pointer points to, or of the nearest part around it; None without lines."""
        return self._lines.line(pointer) if self._lines else None


def _child(node: Node, step: str) -> tuple[Node, Node] | None:
    """The part of a node under a name or an index: where it begins, and the part."""
    from yaml import MappingNode, SequenceNode

    if isinstance(node, MappingNode):
        return next(((key, value) for key, value in node.value if getattr(key, "value", None) == step), None)
    number = index(step)
    if isinstance(node, SequenceNode) and number is not None and number < len(node.value):
        return node.value[number], node.value[number]
    return None

"""A document as text: what it says, and on which line each part of it stands."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from agentcore_provider.rules.problem import UNKNOWN

if TYPE_CHECKING:
    from yaml import Node


_TEXT = ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:value")


class TextError(ValueError):
    """The text is neither JSON nor YAML. The message says where and why; `line` counts from 1."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class SourceText:
    """A JSON or YAML text, or a document that never was one and so has no lines.

    document: what it says; dates stay text. size: bytes of the text, or of the document as compact JSON.
    """

    def __init__(self, source: str | Mapping[str, Any]) -> None:
        self._text = source if isinstance(source, str) else None
        self.document: Any = _parsed(source) if isinstance(source, str) else source
        compact = source if isinstance(source, str) else json.dumps(source, separators=(",", ":"), default=str)
        self.size = len(compact.encode())
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
        if not self._composed and self._text is not None:
            self._composed = True
            import yaml

            # A tab is white space in JSON and an error in YAML; JSON has none inside its strings.
            text = self._text.replace("\t", " ") if self._text.lstrip().startswith(("{", "[")) else self._text
            try:
                self._root = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
            except yaml.YAMLError:
                self._root = None
        return self._root


def steps(pointer: str) -> list[str]:
    """The member names and indexes of a JSON pointer."""
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.lstrip("#").split("/")[1:]]


def below(pointer: str, *members: str | int) -> str:
    """The pointer of a part of what a pointer points to."""
    return "".join([pointer, *(f"/{str(member).replace('~', '~0').replace('/', '~1')}" for member in members)])


def at(document: Any, pointer: str) -> Any:
    """What a JSON pointer points to, UNKNOWN if that is not known. Raises LookupError if it is nothing."""
    for step in steps(pointer):
        if document is UNKNOWN:
            return UNKNOWN
        if isinstance(document, Mapping):
            document = document[step] if step in document else document[_number(step)]
        elif isinstance(document, Sequence) and not isinstance(document, str):
            document = document[_number(step)]
        else:
            raise LookupError(pointer)
    return document


def _number(step: str) -> int:
    if not step.isdecimal():
        raise LookupError(step)
    return int(step)


def _child(node: Node, step: str) -> tuple[Node, Node] | None:
    """What stands below a node under a name or an index: where it begins, and what it is."""
    from yaml import MappingNode, SequenceNode

    if isinstance(node, MappingNode):
        return next(((key, value) for key, value in node.value if getattr(key, "value", None) == step), None)
    if isinstance(node, SequenceNode) and step.isdecimal() and int(step) < len(node.value):
        return node.value[int(step)], node.value[int(step)]
    return None


@cache
def _loader() -> Any:
    """A safe YAML loader that leaves dates and a lone = as text: a version 2024-01-01 is no date."""
    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        pass

    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in listed if tag not in _TEXT]
        for first, listed in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return Loader


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        if text.lstrip()[:1] == "{" and "\t" in text:
            raise TextError(f"column {error.colno}: is not JSON: {error.msg}", error.lineno) from None
    except RecursionError:
        raise TextError("is nested too deeply to be read") from None
    import yaml

    try:
        return yaml.load(text, Loader=_loader())  # noqa: S506 - a safe loader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        column = f"column {mark.column + 1}: " if mark else ""
        said = " ".join(str(error.problem or error.context).split())
        raise TextError(f"{column}is neither JSON nor YAML: {said}", mark.line + 1 if mark else None) from None
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise TextError(f"is neither JSON nor YAML: {' '.join(str(error).split())}") from None
    except RecursionError:
        raise TextError("is nested too deeply to be read") from None

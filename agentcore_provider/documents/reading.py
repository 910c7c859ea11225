"""What a JSON or YAML text says: sizes first, then the text, then its values."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agentcore_provider.documents.json_types import JsonDict
from agentcore_provider.documents.limits import (
    JSON,
    MAX_BYTES,
    MAX_DIGITS,
    YAML,
    Unreadable,
    check,
    too_deep,
    too_large,
)
from agentcore_provider.documents.lines import JsonLines, Lines

if TYPE_CHECKING:
    from agentcore_provider.documents.yaml_reader import PlainWord, YamlDocument


@dataclass(frozen=True)
class Reading:
    """content: the document as JSON values. lines: where its parts are in the text. words: plain words of YAML that are
    text, unless read by version 1.1.
    """

    content: Any
    lines: Lines
    words: Sequence[PlainWord] = ()


def parsed(text: str, *, yaml: bool = True) -> Any:
    """The content of a text in JSON, or in YAML: values of JSON only, within the limits.

    yaml: whether it may be YAML. Raises Unreadable.
    """
    return read(text, yaml=yaml).content


def read(text: str, *, yaml: bool = True) -> Reading:
    """The same as `parsed`, with what else is known about the text. Raises Unreadable."""
    require_size(text)
    try:
        return _checked(Reading(_json(text), JsonLines(text)))
    except json.JSONDecodeError as error:
        # A tab is white space in JSON and an error in YAML, so the first problem is the one to report.
        if not yaml or (text.lstrip()[:1] == "{" and "\t" in text):
            message = f"is not JSON: {error.msg}"
            raise Unreadable(message, "Correct it", line=error.lineno, column=error.colno, source=JSON) from None
    document = _yaml(text)
    return _checked(Reading(document.content, document.lines, document.words))


def require_size(text: str) -> None:
    """Raise Unreadable if a text is too long, or is none that can be written down."""
    if len(text) > MAX_BYTES:
        raise too_large(len(text) if text.isascii() else None)
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        before = text[: error.start]
        raise Unreadable(
            f"has half a surrogate pair, U+{ord(text[error.start]):04X}, which is not a character",
            "Write the character itself",
            line=before.count("\n") + 1,
            column=error.start - before.rfind("\n"),
            source=JSON,
        ) from None
    if size > MAX_BYTES:
        raise too_large(size)


def require_yaml_within_limits(text: str) -> None:
    """Raise Unreadable if a YAML text is too long, or becomes too much; its reader reports whether it is YAML."""
    import yaml

    from agentcore_provider.documents import yaml_reader

    require_size(text)
    with contextlib.suppress(yaml.YAMLError):
        yaml_reader.read(text)


def _json(text: str) -> Any:
    twice: list[str] = []

    def made(members: list[tuple[str, Any]]) -> JsonDict:
        whole = dict(members)
        if len(whole) != len(members):
            names: set[str] = set()
            twice.append(next(name for name, _ in members if name in names or names.add(name)))  # type: ignore[func-returns-value]
        return whole

    try:
        document = json.loads(text, object_pairs_hook=made)
    except json.JSONDecodeError:
        raise
    except RecursionError:
        raise too_deep() from None
    except ValueError:
        # Python turns no number of thousands of digits into an int.
        raise Unreadable(f"has a number of more than {MAX_DIGITS} digits", "Write it in quotes, as text") from None
    if twice:
        raise _twice(text, twice[0])
    return document


def _twice(text: str, name: str) -> Unreadable:
    import yaml

    from agentcore_provider.documents import yaml_reader

    try:
        yaml_reader.read(text.replace("\t", " "))
    except Unreadable as error:
        return error
    except yaml.YAMLError:
        pass
    return Unreadable(f"{name!r} is written twice in one object", "Remove one of them")


def _yaml(text: str) -> YamlDocument:
    import yaml

    from agentcore_provider.documents import yaml_reader

    try:
        return yaml_reader.read(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        why = " ".join(str(getattr(error, "problem", None) or getattr(error, "context", None) or error).split())
        if "nesting depth" in why:  # of brackets in one line, which libyaml reads ahead
            raise too_deep() from None
        line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
        message = f"is neither JSON nor YAML: {why}"
        raise Unreadable(message, "Correct it", line=line, column=column, source=YAML) from None
    except RecursionError:
        raise too_deep() from None


def _checked(reading: Reading) -> Reading:
    try:
        check(reading.content)
    except Unreadable as error:
        if not error.pointer:
            raise
        line = reading.lines.line(error.pointer)
        raise Unreadable(error.why, error.cure, line=line, pointer=error.pointer, source=error.source) from None
    return reading

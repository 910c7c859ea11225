"""What a JSON or YAML text says: sizes first, then the text, then its values."""

from __future__ import annotations

import contextlib
import json
from functools import cache
from typing import Any

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
from agentcore_provider.documents.yaml_survey import survey

# Plain words that are no text, as YAML 1.2 has it for JSON (chapter 10), in any of its spellings of true and null.
# Everything else is text: NO, 12:30, 0o17, 007, 2024-01-01 and a lone =, which YAML 1.1 makes other values of. << joins
# objects, as in YAML 1.1; .inf and .nan stay numbers, so that they are refused.
_WORDS = (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)|0x[0-9a-fA-F]+", list("-+0123456789")),
    (
        "float",
        r"[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]*(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
        list("-+0123456789."),
    ),
    ("merge", r"<<", ["<"]),
)


def parsed(text: str, *, yaml: bool = True) -> Any:
    """What a text in JSON, or in YAML, says: values of JSON only, within the limits.

    yaml: whether it may be YAML. Raises Unreadable.
    """
    require_size(text)
    try:
        document = _json(text)
    except json.JSONDecodeError as error:
        # A tab is white space in JSON and an error in YAML, so the first mistake is the one to tell.
        if not yaml or (text.lstrip()[:1] == "{" and "\t" in text):
            said = f"is not JSON: {error.msg}"
            raise Unreadable(said, "Correct it", line=error.lineno, column=error.colno, source=JSON) from None
    else:
        return _checked(document, text)
    return _checked(_yaml(text), text)


def require_size(text: str) -> None:
    """Raise Unreadable if a text is too long, or is none that can be written down."""
    if len(text) > MAX_BYTES:
        raise too_large(len(text) if text.isascii() else None)
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        before = text[: error.start]
        raise Unreadable(
            f"has half a surrogate pair, U+{ord(text[error.start]):04X}, which is no character",
            "Write the character itself",
            line=before.count("\n") + 1,
            column=error.start - before.rfind("\n"),
            source=JSON,
        ) from None
    if size > MAX_BYTES:
        raise too_large(size)


def require_yaml_within_limits(text: str) -> None:
    """Raise Unreadable if a YAML text is too long, or becomes too much; whether it is YAML its reader says."""
    import yaml

    require_size(text)
    with contextlib.suppress(yaml.YAMLError):
        survey(text, loader())


@cache
def loader() -> Any:
    """A safe YAML loader that makes other values than text of `_WORDS` alone."""
    import re

    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        pass

    Loader.yaml_implicit_resolvers = {}
    for name, pattern, first in _WORDS:
        Loader.add_implicit_resolver(f"tag:yaml.org,2002:{name}", re.compile(rf"(?:{pattern})$"), first)
    return Loader


def _json(text: str) -> Any:
    twice: list[str] = []

    def made(members: list[tuple[str, Any]]) -> dict[str, Any]:
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

    try:
        survey(text.replace("\t", " "), loader())
    except Unreadable as error:
        return error
    except yaml.YAMLError:
        pass
    return Unreadable(f"{name!r} is written twice in one object", "Remove one of them")


def _yaml(text: str) -> Any:
    import yaml

    try:
        survey(text, loader())
        return yaml.load(text, Loader=loader())  # noqa: S506 - a safe loader
    except Unreadable:
        raise
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        why = " ".join(str(error.problem or error.context).split())
        if "nesting depth" in why:  # of brackets in one line, which libyaml reads ahead
            raise too_deep() from None
        line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
        said = f"is neither JSON nor YAML: {why}"
        raise Unreadable(said, "Correct it", line=line, column=column, source=YAML) from None
    except RecursionError:
        raise too_deep() from None
    except (yaml.YAMLError, ValueError, TypeError, KeyError, AttributeError) as error:
        # The last four: what PyYAML says of `!!bool maybe` and the like.
        why = " ".join(str(error).split()) if isinstance(error, yaml.YAMLError) else "a value does not fit its tag"
        raise Unreadable(f"is neither JSON nor YAML: {why}", "Correct it", source=YAML) from None


def _checked(document: Any, text: str) -> Any:
    try:
        check(document)
    except Unreadable as error:
        if not error.pointer:
            raise
        from agentcore_provider.documents.source_text import Lines

        line = Lines(text).line(error.pointer)
        raise Unreadable(error.why, error.cure, line=line, pointer=error.pointer, source=error.source) from None
    return document

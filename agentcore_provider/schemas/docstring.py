"""What a docstring says: what the function is for, and what each parameter means."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, field

_BULLETS = re.compile(
    r"(?P<title>^(?:Args|Arguments|Parameters|Params|Attributes)[ \t]*:[ \t]*\n)(?P<entries>(?:[ \t]*\n|[ \t]*[-*•] .*\n?|[ \t]+\S.*\n?)+)",
    re.IGNORECASE | re.MULTILINE,
)
_BULLET = re.compile(r"^[ \t]*[-*•] +[`*]*(?P<name>\w+)[`*]*", re.MULTILINE)


@dataclass
class Docstring:
    """description: what stands before the first section. parameters: meaning by name."""

    description: str = ""
    parameters: dict[str, str] = field(default_factory=dict)


def read(text: str | None) -> Docstring:
    """A docstring in the style of Google, NumPy, reStructuredText or Epydoc, or with a list of bullets."""
    if not text or not text.strip():
        return Docstring()
    import docstring_parser

    parsed = docstring_parser.parse(_BULLETS.sub(_without_bullets, inspect.cleandoc(text)))
    paragraphs = [" ".join(one.split()) for one in re.split(r"\n\s*\n", parsed.description or "")]
    parameters = {
        one.arg_name.strip("*`"): " ".join((one.description or "").split()) for one in parsed.params if one.arg_name
    }
    return Docstring("\n\n".join(one for one in paragraphs if one), parameters)


def _without_bullets(section: re.Match[str]) -> str:
    """The section in Google's style, which the parser knows."""
    if not _BULLET.search(section["entries"]):
        return section[0]
    return section["title"] + _BULLET.sub(lambda bullet: f"    {bullet['name']}", section["entries"])

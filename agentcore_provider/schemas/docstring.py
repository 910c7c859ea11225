"""What a docstring says: what the function is for, and what each parameter means."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, field

_SECTION = re.compile(r"(Args|Arguments|Parameters|Params|Attributes|Keyword Args)\s*:?\s*$", re.IGNORECASE)
_OTHER_SECTION = re.compile(
    r"(Returns?|Raises?|Yields?|Examples?|Notes?|See Also|References|Warnings?|Todo)\s*:?\s*$", re.IGNORECASE
)
_ENTRY = re.compile(r"\*{0,2}(?P<name>\w+)\s*(\([^)]*\))?\s*:\s*(?P<said>.*)$")
_NUMPY_ENTRY = re.compile(r"(?P<name>\w+)\s*(:.*)?$")
_FIELD = re.compile(r":param\s+(?:[\w\[\], .|]+\s+)?(?P<name>\w+)\s*:\s*(?P<said>.*)$")


@dataclass
class Docstring:
    """description: what stands before the first section. parameters: meaning by name."""

    description: str = ""
    parameters: dict[str, str] = field(default_factory=dict)


def read(text: str | None) -> Docstring:
    """A docstring in Google's, NumPy's or Sphinx's style."""
    found = Docstring()
    lines = inspect.cleandoc(text or "").splitlines()
    said: list[str] = []
    mode = "description"
    current: str | None = None
    indent: int | None = None
    for number, line in enumerate(lines):
        bare = line.strip()
        underlined = number + 1 < len(lines) and re.fullmatch(r"-{3,}", lines[number + 1].strip()) is not None
        if re.fullmatch(r"-{3,}", bare) and mode != "description":
            continue
        if not line[:1].isspace() and (bare.endswith(":") or underlined):
            if _SECTION.match(bare):
                mode, current, indent = ("numpy" if underlined else "google"), None, None
                continue
            if _OTHER_SECTION.match(bare):
                mode, current = "other", None
                continue
        parameter = _FIELD.match(bare)
        if parameter:
            mode, current = "field", parameter["name"]
            found.parameters[current] = parameter["said"]
        elif bare.startswith(":") and re.match(r":(returns?|rtype|raises?|type|yields?)\b", bare):
            mode, current = "other", None
        elif mode == "description":
            said.append(bare)
        elif mode in ("google", "numpy", "field"):
            depth = len(line) - len(line.lstrip())
            indent = depth if indent is None and bare else indent
            entry = (_ENTRY if mode == "google" else _NUMPY_ENTRY).match(bare) if depth == indent else None
            if entry and mode != "field":
                current = entry["name"]
                found.parameters[current] = entry["said"] if mode == "google" else ""
            elif mode == "google" and bare and not line[:1].isspace():
                mode, current = "other", None
            elif current and bare:
                found.parameters[current] = f"{found.parameters[current]} {bare}".strip()
    paragraphs = [" ".join(one.split()) for one in "\n".join(said).split("\n\n")]
    found.description = "\n\n".join(one for one in paragraphs if one)
    return found

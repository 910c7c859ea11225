"""Plain words of YAML that its version 1.1 reads as other values than version 1.2 does. https://yaml.org/type/

The service reads OpenAPI documents by swagger-parser, whose reader has the patterns of 1.1, but for dates.
"""

from __future__ import annotations

import re

BEGINS = frozenset("yYnNoO-+.0123456789")
"""Characters that such words begin with."""
_WORDS = {
    spelling: value
    for words, value in ((("yes", "on"), "true"), (("no", "off"), "false"))
    for word in words
    for spelling in (word, word.title(), word.upper())
}
_NUMBER = re.compile(
    r"[-+]?0b[01_]+|[-+]?0x[0-9a-fA-F_]+|[-+]?0[0-7_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])*"
    r"|[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+"
    r"|\.[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*"
)


def value(word: str) -> str | None:
    """What 1.1 reads instead of the text, as JSON; None for the text itself."""
    if word in _WORDS:
        return _WORDS[word]
    return _number(word) if _NUMBER.fullmatch(word) else None


def _number(text: str) -> str:
    digits = text.replace("_", "").lstrip("+-")
    sign = "-" if text.startswith("-") else ""
    if ":" in digits:
        number: float = 0
        for part in digits.split(":"):
            number = number * 60 + (float(part) if "." in part else int(part))
    elif digits.startswith(("0b", "0x")):
        number = int(digits, 0)
    elif digits.isdecimal():
        number = int(digits, 8 if digits.startswith("0") else 10)
    else:
        number = float(digits)
    return f"{sign}{number}"

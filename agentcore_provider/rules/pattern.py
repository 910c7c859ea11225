"""Patterns of service models: Java's regular expressions, read by Python's."""

from __future__ import annotations

import re
from functools import lru_cache

# Java's Unicode classes, of which Python's re knows none. Only those that AWS's models use.
_PROPERTY = re.compile(r"\\p\{[A-Za-z]+\}")


@lru_cache(maxsize=512)
def compiled(pattern: str) -> re.Pattern[str] | None:
    """The pattern for a whole value, or None if Python cannot read it: then the value is not validated by it."""
    if _PROPERTY.search(pattern):
        return None
    try:
        # Java's \w, \d and \s are ASCII by default.
        return re.compile(pattern, re.ASCII)
    except re.error:
        return None


def fits(pattern: str, value: str) -> bool:
    """Whether the whole value matches; true as well for a pattern that cannot be read."""
    expression = compiled(pattern)
    return expression is None or expression.fullmatch(value) is not None

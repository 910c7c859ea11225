"""Lengths of time as Pulumi's aws provider writes them, such as 1h30m."""

from __future__ import annotations

import re

_UNITS = {"h": 3600, "m": 60, "s": 1}
_PART = re.compile(r"([0-9]{1,9}(?:\.[0-9]+)?)([hms])")


def seconds(duration: str) -> int:
    """The seconds of a duration. Raises ValueError."""
    if not re.fullmatch(rf"({_PART.pattern})+", duration):
        raise ValueError(duration)
    return int(sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(duration)))

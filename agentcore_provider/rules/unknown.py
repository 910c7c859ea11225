"""The value that is not known yet."""

from __future__ import annotations

from typing import Final


class Unknown:
    """Type of UNKNOWN."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()
"""A value not known yet, at preview: never validated, and a member that has it counts as present."""

"""What stops a setup."""

from __future__ import annotations


class SetupError(Exception):
    """One complete line: what is missing or failed, and how to cure it."""

"""Cures for a gateway that rejects or fails, for the command, which has flags, or a script, which has arguments."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cures:
    """Ends of messages. The defaults are for the command."""

    more_time: str = "raise --timeout, or check the target's own log"
    """No answer in time."""
    anonymous: str = "sign in first (`--token`, or a stack with EzAuth)"
    """No token."""
    expired: str = "fetch a new one"
    """An expired token."""
    bearer_wanted: str = "pass --token instead of --sigv4"
    """A gateway that accepts tokens, not signatures."""
    signature_wanted: str = "if its authorizer is AWS_IAM, pass --sigv4 instead of a token"
    """A gateway that may accept signatures."""
    failing: str = "try again; if it keeps failing, `agentcore doctor` finds where"
    """A gateway that fails."""


COMMAND = Cures()
"""For the command."""

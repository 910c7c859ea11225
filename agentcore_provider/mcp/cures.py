"""What to do when a gateway refuses or fails, in the words of whoever reads it: the command has flags, a script arguments."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cures:
    """Ends of messages. The defaults are for the command."""

    more_time: str = "raise --timeout, or see the target's own log"
    """What to do when no answer came in time."""
    anonymous: str = "no token was sent: sign in first (`--token`, or a stack with EzAuth)"
    """What to do without a token."""
    expired: str = "fetch a new one"
    """What to do about a token that has expired."""
    bearer_wanted: str = "give --token in place of --sigv4"
    """What to do about a gateway that takes tokens, no signatures."""
    signature_wanted: str = "if its authorizer is AWS_IAM, give --sigv4 in place of a token"
    """What to do about a gateway that may take signatures."""
    failing: str = "try again; if it stays, `agentcore doctor` says where"
    """What to do about a gateway that fails."""


COMMAND = Cures()
"""For the command."""

"""What the command does around the Pulumi engine."""

from __future__ import annotations

import os
import signal
from typing import Any

from agentcore_provider.cli import engine


def test_the_first_interrupt_is_left_to_the_engine() -> None:
    """Else the engine would be left behind, and the stack locked."""

    def operation(**_options: Any) -> str:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        return "ended in good order"

    before = signal.getsignal(signal.SIGINT)
    assert engine._watched(operation) == "ended in good order"
    assert signal.getsignal(signal.SIGINT) is before

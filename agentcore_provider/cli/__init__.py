"""The `agentcore` command."""

from __future__ import annotations

import gc
import io
import sys

_OBJECTS_BETWEEN_SEARCHES = 100_000


def main() -> None:
    """Run the `agentcore` command with the arguments of this process."""
    # What commands import and read stays until they end. Searching all of it for cycles, which Python by itself begins
    # again after every 700 objects, finds none and takes one second of twenty.
    gc.set_threshold(_OBJECTS_BETWEEN_SEARCHES)
    # Names of files and answers of tools may hold what no terminal can show.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    from agentcore_provider.cli.app import app

    try:
        app()
    finally:
        # Python would search all modules for cycles before it ends, for longer than most commands take.
        gc.freeze()

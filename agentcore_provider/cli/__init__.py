"""The `agentcore` command."""

from __future__ import annotations

import gc
import io
import sys


def main() -> None:
    """Run the `agentcore` command with the arguments of this process."""
    # Names of files and answers of tools may hold what no terminal can show.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    from agentcore_provider.cli.app import app

    try:
        app()
    finally:
        # Python would search all modules for cycles before it ends, for longer than most commands take.
        gc.freeze()

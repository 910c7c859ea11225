"""The `agentcore` command."""

from __future__ import annotations


def main() -> None:
    """Run the `agentcore` command with the arguments of this process."""
    from agentcore_provider.cli.app import app

    app()

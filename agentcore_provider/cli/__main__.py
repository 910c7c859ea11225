"""`python -m agentcore_provider.cli` is the `agentcore` command."""

from agentcore_provider.cli import main

main()

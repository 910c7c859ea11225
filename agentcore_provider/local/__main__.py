"""`python -m agentcore_provider.local`: run local AWS."""

from __future__ import annotations

from agentcore_provider.local.run import main

main()

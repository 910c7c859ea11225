"""`agentcore:gateways` in stack files, turned into resources."""

from agentcore_provider.stack_config.deployment import checked, deploy, outputs, read
from agentcore_provider.stack_config.mistakes import schema

__all__ = ["checked", "deploy", "outputs", "read", "schema"]

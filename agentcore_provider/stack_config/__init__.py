"""`agentcore:gateways` in stack files, turned into resources."""

from agentcore_provider.stack_config.deployment import deploy, outputs, read
from agentcore_provider.stack_config.description import checked
from agentcore_provider.stack_config.mistakes import schema

__all__ = ["checked", "deploy", "outputs", "read", "schema"]

"""`agentcore:gateways` in stack files, turned into resources."""

from agentcore_provider.stack_config.deployment import deploy, outputs, read, run
from agentcore_provider.stack_config.description import checked, merged
from agentcore_provider.stack_config.editor_schema import stack_file_schema
from agentcore_provider.stack_config.json_schema import schema

__all__ = ["checked", "deploy", "merged", "outputs", "read", "run", "schema", "stack_file_schema"]

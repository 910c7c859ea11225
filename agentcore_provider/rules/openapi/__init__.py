"""OpenAPI documents: what the service accepts of them, and what of the rest can be fixed."""

from agentcore_provider.documents.openapi_fixing import Fixed, fix, with_server
from agentcore_provider.rules.openapi.judge import S3_BYTES, tools, validate

__all__ = ["S3_BYTES", "Fixed", "fix", "tools", "validate", "with_server"]

"""What the service accepts as OpenAPI documents."""

from agentcore_provider.rules.openapi.validation import S3_BYTES, read, tools, validate

__all__ = ["S3_BYTES", "read", "tools", "validate"]

"""OpenAPI documents: what the service accepts of them."""

from agentcore_provider.rules.openapi.judge import S3_BYTES, tools, validate

__all__ = ["S3_BYTES", "tools", "validate"]

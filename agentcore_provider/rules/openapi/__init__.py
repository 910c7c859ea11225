"""OpenAPI documents: what the service accepts of them, and what can be mended."""

from agentcore_provider.rules.openapi.judge import S3_BYTES, tools, validate
from agentcore_provider.rules.openapi.mending import Mended, mend

__all__ = ["S3_BYTES", "Mended", "mend", "tools", "validate"]

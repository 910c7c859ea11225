"""OpenAPI documents made acceptable to the service."""

from agentcore_provider.documents.openapi_fixing.fixing import Fixed, fix, with_server

__all__ = ["Fixed", "fix", "with_server"]

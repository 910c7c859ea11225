"""REST APIs that an OpenAPI document describes.

https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-schema-openapi.html
"""

from __future__ import annotations

from collections.abc import Mapping

from agentcore_provider.documents.limits import Unreadable
from agentcore_provider.documents.reading import parsed
from agentcore_provider.target_kinds.role_needs import NOTHING, Needs
from agentcore_provider.target_kinds.source import FILE_ENDINGS, is_smithy, require_document
from agentcore_provider.target_kinds.target_kind import OAUTH_METHODS, Call, Outbound, Schema, TargetKind


class OpenApi(TargetKind):
    path = ("mcp", "openApiSchema")
    key = "openapi"
    label = "OpenAPI"
    keys = {"schema": ""}
    short_key = source_key = "schema"
    schema = Schema("schema", "OpenAPI")
    outbound = Outbound(frozenset(["none", "gateway role", *OAUTH_METHODS, "API key"]), signing_service="required")

    def accepts(self, source: str) -> bool:
        return source.lower().endswith(FILE_ENDINGS) and not is_smithy(source)

    def require(self, source: str) -> None:
        require_document(source, self.name)

    def needs(self, call: Call) -> Needs:
        if "inlinePayload" not in call.content:
            return Needs(unknown=("the servers of an OpenAPI document that is in S3",))
        return sum(map(call.endpoint, _servers(call.content["inlinePayload"])), NOTHING)


def _servers(inline: object) -> list[str]:
    """The addresses of an OpenAPI document, or none if it cannot be read."""
    try:
        document = parsed(inline) if isinstance(inline, str) else inline
    except Unreadable:
        return []
    servers = document.get("servers") if isinstance(document, Mapping) else None
    urls = [one.get("url") for one in servers if isinstance(one, Mapping)] if isinstance(servers, list) else []
    return sorted({url for url in urls if isinstance(url, str)})

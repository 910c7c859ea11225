"""Which headers a target may pass on. Source: AgentCore developer guide, gateway-headers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agentcore_provider.local.store.documents import TargetDocument

POLICY_HEADER = "x-amzn-bedrock-agentcore-policy-session-id"
"""What the service adds by itself on a gateway with a policy engine."""
_RESTRICTED = [
    "authorization",
    "proxy-authorization",
    "www-authenticate",
    "cookie",
    "set-cookie",
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "accept-ranges",
    "content-type",
    "content-length",
    "content-encoding",
    "content-language",
    "content-location",
    "content-range",
    "cache-control",
    "etag",
    "expires",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "last-modified",
    "pragma",
    "vary",
    "connection",
    "keep-alive",
    "proxy-connection",
    "upgrade",
    "host",
    "user-agent",
    "referer",
    "from",
    "range",
    "transfer-encoding",
    "te",
    "trailer",
    "server",
    "date",
    "location",
    "retry-after",
    "content-security-policy",
    "content-security-policy-report-only",
    "strict-transport-security",
    "x-content-type-options",
    "x-frame-options",
]


def problems(kind: str, document: TargetDocument) -> Iterator[str]:
    """Each header that a target may not pass on, and the one that is the service's own."""
    metadata = document.get("metadataConfiguration", {})
    if POLICY_HEADER in metadata.get("allowedRequestHeaders", []):
        yield f"metadataConfiguration.allowedRequestHeaders must not have the reserved header {POLICY_HEADER}"
    if kind.startswith("http."):
        return
    listed = {
        "allowedRequestHeaders": metadata.get("allowedRequestHeaders", []),
        "allowedResponseHeaders": metadata.get("allowedResponseHeaders", []),
    }
    for member, headers in listed.items():
        for header in headers:
            name = header.lower()
            own = name.startswith("x-amzn-bedrock-agentcore-")
            if name in _RESTRICTED or (name.startswith(("x-amz-", "x-amzn-")) and not own):
                yield f"metadataConfiguration.{member} must not have the restricted header {header}"

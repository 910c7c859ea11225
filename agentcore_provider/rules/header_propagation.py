"""Headers that a target may not have passed on: metadataConfiguration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agentcore_provider.problem import Problem, joined

_SOURCE = "devguide gateway-headers"
_RESTRICTED = frozenset(
    (
        *("authorization", "proxy-authorization", "www-authenticate", "cookie", "set-cookie"),
        *("accept", "accept-charset", "accept-encoding", "accept-language", "accept-ranges"),
        *("content-type", "content-length", "content-encoding", "content-language", "content-location"),
        *("content-range", "content-security-policy", "content-security-policy-report-only"),
        *("cache-control", "etag", "expires", "last-modified", "pragma", "vary"),
        *("if-match", "if-modified-since", "if-none-match", "if-range", "if-unmodified-since"),
        *("connection", "keep-alive", "proxy-connection", "upgrade", "te", "trailer", "transfer-encoding", "range"),
        *("host", "user-agent", "referer", "from", "server", "date", "location", "retry-after"),
        *("strict-transport-security", "x-content-type-options", "x-frame-options"),
    )
)
_AWS = ("x-amz-", "x-amzn-")
# The service itself adds one of these to a target (hashicorp/terraform-provider-aws#49374).
_OWN = "x-amzn-bedrock-agentcore-"


def validate(document: Mapping[str, object], family: str | None) -> Iterator[Problem]:
    """Each restricted header of a target. family: of its configuration; HTTP targets pass on what they like."""
    metadata = document.get("metadataConfiguration")
    if family == "http" or not isinstance(metadata, Mapping):
        return
    for member in ("allowedRequestHeaders", "allowedResponseHeaders"):
        listed = metadata.get(member)
        for index, header in enumerate(listed if isinstance(listed, (list, tuple)) else ()):
            name = header.lower() if isinstance(header, str) else ""
            if name in _RESTRICTED or (name.startswith(_AWS) and not name.startswith(_OWN)):
                yield Problem(
                    joined(joined("metadataConfiguration", member), index),
                    f"{header} is a header that AWS does not pass on to or from such a target",
                    "Leave it out; what a target needs to sign in is its credential.",
                    _SOURCE,
                    code="restricted-header",
                )

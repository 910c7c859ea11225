"""What the service rejects in a gateway's document where members depend on each other.

Source: the descriptions in the service model of GatewayInterceptorConfiguration, CustomJWTAuthorizerConfiguration and
DomainOverride; and the developer guide, gateway-interceptors. Texts as public reports quote them, where any does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from agentcore_provider.local.mcp_revisions import HANDSHAKE, STATELESS

if TYPE_CHECKING:
    from agentcore_provider.local.store.documents import GatewayDocument, InterceptorConfiguration, JwtAuthorizer

_KNOWN_VERSIONS = (STATELESS, *HANDSHAKE)


def problems(document: GatewayDocument) -> Iterator[str]:
    """Every such problem."""
    authorizer = cast("JwtAuthorizer | None", document.get("authorizerConfiguration", {}).get("customJWTAuthorizer"))
    if document["authorizerType"] == "CUSTOM_JWT" and not authorizer:
        yield "AuthorizerConfiguration is required for CUSTOM_JWT authorizer type"
    if authorizer and authorizer.get("certificateConfigurations") and not authorizer.get("privateEndpoint"):
        yield "certificateConfigurations can only be used together with privateEndpoint"
    for index, interceptor in enumerate(document.get("interceptorConfigurations", [])):
        for problem in _interceptor_problems(interceptor):
            yield f"interceptorConfigurations[{index}]: {problem}"
    points = [point for each in document.get("interceptorConfigurations", []) for point in each["interceptionPoints"]]
    for point in sorted({point for point in points if points.count(point) > 1}):
        yield f"interceptorConfigurations must not have more than one interceptor for {point}"
    chosen = document.get("protocolConfiguration", {}).get("mcp", {}).get("supportedVersions", [])
    if unknown := [version for version in chosen if version not in _KNOWN_VERSIONS]:
        yield f"Unsupported MCP Version(s) are provided in request: [{', '.join(unknown)}]"
    override = document.get("domainOverride", {})
    domains = [override.get("default"), *override.get("alternateDomains", [])]
    if repeated := sorted({str(domain).lower() for domain in domains if domains.count(domain) > 1}):
        yield f"domainOverride must not list a domain more than once: {', '.join(repeated)}"


def _interceptor_problems(interceptor: InterceptorConfiguration) -> Iterator[str]:
    mode = interceptor.get("responseInterceptionMode")
    if mode and "RESPONSE" not in interceptor["interceptionPoints"]:
        yield "responseInterceptionMode needs the interception point RESPONSE"
    if (mode == "STREAM") != ("responseStreamingConfiguration" in interceptor):
        yield "responseStreamingConfiguration is required with responseInterceptionMode STREAM, and allowed with no other"
    excluded = interceptor.get("inputConfiguration", {}).get("payloadFilter", {}).get("exclude", [])
    if mode == "STREAM" and any(each["field"] == "RESPONSE_BODY" for each in excluded):
        yield "the response body cannot be excluded with responseInterceptionMode STREAM"

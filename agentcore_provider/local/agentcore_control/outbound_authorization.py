"""Which outbound authorization each kind of target supports.

Source of the table: AgentCore developer guide, gateway-outbound-auth. Texts: public transcripts of 2026, where any has
them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from agentcore_provider.local.agentcore_control import gateway
from agentcore_provider.local.store import GatewayRecord

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agentcore_control import type_defs

    from agentcore_provider.local.store.documents import TargetDocument

NONE, ROLE, CALLER = "no authorization", "GATEWAY_IAM_ROLE", "CALLER_IAM_CREDENTIALS"
API_KEY, JWT = "API_KEY", "JWT_PASSTHROUGH"
CLIENT_CREDENTIALS = "OAUTH with CLIENT_CREDENTIALS"
AUTHORIZATION_CODE = "OAUTH with AUTHORIZATION_CODE"
TOKEN_EXCHANGE = "OAUTH with TOKEN_EXCHANGE"  # noqa: S105 (a grant, no secret)
_EVERY_OAUTH = (CLIENT_CREDENTIALS, AUTHORIZATION_CODE, TOKEN_EXCHANGE)

_ALLOWED: dict[str, tuple[str, ...]] = {
    "mcp.lambda": (ROLE,),
    "mcp.smithyModel": (ROLE, CLIENT_CREDENTIALS),
    "mcp.openApiSchema": (NONE, ROLE, *_EVERY_OAUTH, API_KEY),
    # The guide's pages disagree about API keys here; what one of them shows is accepted.
    "mcp.mcpServer": (NONE, ROLE, *_EVERY_OAUTH, API_KEY),
    "mcp.apiGateway": (NONE, ROLE, API_KEY),
    "mcp.connector": (ROLE,),
    "http.agentcoreRuntime": (ROLE, CALLER, CLIENT_CREDENTIALS, JWT),
    "http.passthrough": (NONE, ROLE, CALLER, *_EVERY_OAUTH, JWT, API_KEY),
    "inference.provider": (ROLE, API_KEY),
}
"""Kinds that are missing here are documented nowhere: everything is accepted."""

_WITH_SERVICE = ("mcp.mcpServer", "mcp.openApiSchema")
_MAY_HAVE_SERVICE = (*_WITH_SERVICE, "http.passthrough")
_PROVIDER_OF = {
    ROLE: ("iamCredentialProvider", False),
    CALLER: ("iamCredentialProvider", False),
    "OAUTH": ("oauthCredentialProvider", True),
    API_KEY: ("apiKeyCredentialProvider", True),
}


def auth_method(configurations: list[type_defs.CredentialProviderConfigurationOutputTypeDef]) -> str:
    """The outbound authorization that a target's credentialProviderConfigurations choose."""
    if not configurations:
        return NONE
    kind: str = configurations[0]["credentialProviderType"]
    if kind != "OAUTH":
        return kind
    provider = configurations[0].get("credentialProvider", {}).get("oauthCredentialProvider", {})
    return f"OAUTH with {provider.get('grantType', 'CLIENT_CREDENTIALS')}"


def problems(kind: str, target: TargetDocument, record: GatewayRecord) -> Iterator[str]:
    """The problems between a target, its credentials and its gateway."""
    configurations = target.get("credentialProviderConfigurations", [])
    method = auth_method(configurations)
    allowed = _ALLOWED.get(kind)
    if allowed is not None and method == NONE and method not in allowed:
        yield "Credential provider configurations is not defined"
    elif allowed is not None and method not in allowed:
        yield (
            f"{kind} targets do not support {method} as credentialProviderConfigurations; supported: {', '.join(allowed)}"
        )
    if configurations:
        yield from _provider_problems(kind, configurations[0])
    if method == CALLER and record.document["authorizerType"] not in ("AWS_IAM", "AUTHENTICATE_ONLY"):
        yield f"{CALLER} needs a gateway with authorizerType AWS_IAM or AUTHENTICATE_ONLY"
    authorizer = record.document["authorizerType"]
    if method == AUTHORIZATION_CODE and authorizer in ("AWS_IAM", "NONE"):
        yield f"3LO Auth is not supported when gateway authorizer type is {authorizer}"
    server = target["targetConfiguration"].get("mcp", {}).get("mcpServer", {})
    if server.get("listingMode") == "DYNAMIC":
        if gateway.searches_semantically(record.document):
            yield "listingMode DYNAMIC is not supported on a gateway with semantic search"
        if method == AUTHORIZATION_CODE:
            yield f"listingMode DYNAMIC is not supported with {AUTHORIZATION_CODE}"


def _provider_problems(
    kind: str, configuration: type_defs.CredentialProviderConfigurationOutputTypeDef
) -> Iterator[str]:
    credential_type = configuration["credentialProviderType"]
    provider = next(iter(configuration.get("credentialProvider", {})), None)
    fitting, is_required = _PROVIDER_OF.get(credential_type, (None, False))
    if provider is not None and provider != fitting:
        yield f"credentialProvider.{provider} cannot be combined with credentialProviderType {credential_type}"
    if provider is None and is_required:
        yield f"credentialProvider.{fitting} is required with credentialProviderType {credential_type}"
    if credential_type != ROLE:
        return
    if provider is None and kind in _WITH_SERVICE:
        member = kind.split(".")[1]
        yield f"IamCredentialProvider is required for {member} targets using IAM authentication"
    if provider is not None and kind not in _MAY_HAVE_SERVICE:
        yield (
            "IamCredentialProvider is not supported for this target type. Only MCP Server, OpenAPI, and Passthrough "
            "targets can configure IamCredentialProvider."
        )

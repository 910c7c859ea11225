"""The inbound authorizer of a gateway: flags and AWS's documents as the authorizer key of a stack file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agentcore_provider.cli.json_argument import read_object
from agentcore_provider.documents.json_types import JsonDict, JsonObject
from agentcore_provider.errors import InvalidInput

if TYPE_CHECKING:
    from agentcore_provider.cli.options import AuthorizerType

_JWT = {
    "discoveryUrl": "discovery_url",
    "allowedClients": "allowed_clients",
    "allowedAudience": "allowed_audience",
    "allowedScopes": "allowed_scopes",
    "customClaims": "custom_claims",
}


def described(kind: AuthorizerType | None, configuration: str | None) -> JsonDict:
    """The authorizer key of a stack file; empty without flags, so that the file's own stays."""
    if configuration is not None and kind not in (None, "CUSTOM_JWT"):
        raise InvalidInput(f"--authorizer-config: requires --authorizer-type CUSTOM_JWT, not {kind.value}")
    if kind == "CUSTOM_JWT" and configuration is None:
        raise InvalidInput("is missing", "--authorizer-type CUSTOM_JWT requires it", path="--authorizer-config")
    if configuration is not None:
        document = read_object("--authorizer-config", configuration)
        return {"authorizer": {"jwt": _checked(document.get("customJWTAuthorizer", document))}}
    return {"authorizer": kind.value.lower()} if kind else {}


def of_gateway(found: JsonObject) -> Any:
    """The authorizer of a gateway that AWS has, as a stack file describes it."""
    if found["authorizer_type"] == "CUSTOM_JWT":
        return {"jwt": _jwt(found["authorizer_configuration"]["customJWTAuthorizer"])}
    return str(found["authorizer_type"]).lower()


def _checked(document: object) -> JsonDict:
    if not isinstance(document, dict) or "discoveryUrl" not in document:
        raise InvalidInput(
            "has no discoveryUrl",
            'Pass \'{"customJWTAuthorizer": {"discoveryUrl": "https://...", "allowedClients": ["..."]}}\'',
            path="--authorizer-config",
        )
    return _jwt(document)


def _jwt(configuration: JsonObject) -> JsonDict:
    """AWS's customJWTAuthorizer as a stack file has it."""
    known = {_JWT[name]: value for name, value in configuration.items() if name in _JWT}
    more = {name: value for name, value in configuration.items() if name not in _JWT}
    return {**known, **({"more": more} if more else {})}

"""What the service accepts as a consent portal: CreateConsentPortal's input, with its source and provider on top."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from agentcore_provider.problem import Problem
from agentcore_provider.rules import service_model
from agentcore_provider.rules.unknown import UNKNOWN

IMMUTABLE = dict.fromkeys(
    ("name", "gatewayIdentifier"), f"botocore model {service_model.CONTROL}, UpdateConsentPortalRequest"
)
"""Top-level members that UpdateConsentPortal cannot change, and where that is written."""
_OF_IDP = ("credentialProviderArn", "scopes", "audience")
_BUILT = {"idpConfig": "credential_provider_arn, scopes and audience", "sources": "gateway"}
"""Members of AWS's document, and the arguments that they are built of."""
_OPENID = "openid"


def validate(document: Mapping[str, object], *, gateway: Mapping[str, object] | None = None) -> list[Problem]:
    """Everything the service would refuse. The name may be absent: it is chosen later.

    gateway: the CreateGateway document of the gateway, if known.
    """
    rest = {name: it for name, it in document.items() if name not in (*_OF_IDP, "gatewayIdentifier", *_BUILT)}
    idp = {name: document[name] for name in _OF_IDP if document.get(name) is not None}
    identifier = document.get("gatewayIdentifier")
    source = {"type": "agentcore-gateway", "identifier": UNKNOWN if identifier is None else identifier}
    request = {**rest, "idpConfig": idp, "sources": [source]}
    found = service_model.validate(request, "CreateConsentPortal", absent=("name",))
    problems = [replace(it, path=_path(it.path)) for it in found]
    return [*problems, *_source(document), *_scopes(document), *_authorizer(gateway or {})]


def replaces(old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    """Top-level members whose change needs a new portal. A value not known yet counts as changed."""
    return service_model.changed(IMMUTABLE, old, new)


def _path(path: str) -> str:
    """Where the value is among the arguments."""
    return "gatewayIdentifier" if path.startswith("sources") else path.removeprefix("idpConfig.")


def _source(document: Mapping[str, object]) -> Iterator[Problem]:
    for name in _BUILT.keys() & document.keys():
        source = f"botocore model {service_model.CONTROL}, CreateConsentPortalRequest"
        yield Problem(name, f"is built of {_BUILT[name]}", "Remove it, and set those.", source)
    identifier = document.get("gatewayIdentifier")
    if identifier is None:
        source = f"botocore model {service_model.CONTROL}, ConsentPortalSource"
        yield Problem("gatewayIdentifier", "is required", "Pass the gateway or its id.", source)
    if isinstance(identifier, str) and identifier.startswith("arn:"):
        cure = f"Pass the id {identifier.rpartition('/')[2]}."
        yield Problem("gatewayIdentifier", "is an ARN", cure, "id and ARN of a gateway would count as two gateways")


def _scopes(document: Mapping[str, object]) -> Iterator[Problem]:
    scopes = document.get("scopes")
    if isinstance(scopes, list) and scopes and not {_OPENID, UNKNOWN}.intersection(scopes):
        source = "devguide identity-update-consent-portal"
        yield Problem(
            "scopes", f"does not contain {_OPENID}", f'Add "{_OPENID}": the portal requests it anyway.', source
        )


def _authorizer(gateway: Mapping[str, object]) -> Iterator[Problem]:
    kind = gateway.get("authorizerType")
    if isinstance(kind, str) and kind != "CUSTOM_JWT":
        cure = "Give the gateway a JwtAuthorizer, or an EzAuth with people=True."
        message = f"authorizes callers by {kind}, and people sign in to a consent portal for a JWT"
        yield Problem("gateway", message, cure, "devguide identity-consent-portal-prerequisites")

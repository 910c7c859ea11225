"""How a target uses a credential provider: the members that each type of credential needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agentcore_provider import credential_kinds
from agentcore_provider.credential_kinds import GATEWAY_ROLE, AuthMethod
from agentcore_provider.problem import Problem, joined
from agentcore_provider.rules.unknown import UNKNOWN
from agentcore_provider.target_kinds.target_kind import OUTBOUND, TargetKind

_USE = "devguide gateway-building-adding-targets-authorization"
_MEMBERS = {kind.member for kind in credential_kinds.KINDS if kind.member}
_ARN_TYPES = {kind.member: kind.provider.arn_type for kind in credential_kinds.KINDS if kind.provider}


def validate_use(configuration: Mapping[str, object], *, path: str = "") -> list[Problem]:
    """Whether a credential provider configuration has what its type needs, and nothing of another type."""
    type_, provider = configuration.get("credentialProviderType"), configuration.get("credentialProvider")
    kind = credential_kinds.of(configuration)
    wanted = kind.member if kind else ""
    problems: list[Problem] = []
    if kind and kind.provider and provider is None:
        problems.append(
            Problem(
                joined(path, "credentialProvider"),
                f"is required with credentialProviderType {type_}",
                f"Give {wanted} the providerArn.",
                _USE,
                code="credential-provider",
            )
        )
    if isinstance(provider, Mapping) and len(provider) == 1:
        given = next(iter(provider))
        below = joined(joined(path, "credentialProvider"), str(given))
        if isinstance(type_, str) and given in _MEMBERS and given != wanted:
            cure = f"Give {wanted} instead." if wanted else "Remove credentialProvider."
            message = f"does not go with credentialProviderType {type_}"
            problems.append(Problem(below, message, cure, _USE, code="credential-provider"))
        elif isinstance(provider[given], Mapping):
            problems += _provider(given, provider[given], below)
    return problems


def _provider(name: str, provider: Mapping[str, object], path: str) -> Iterator[Problem]:
    arn, arn_type = provider.get("providerArn"), _ARN_TYPES.get(name)
    others = set(_ARN_TYPES.values()) - {arn_type}
    if arn_type and isinstance(arn, str) and any(f"/{other}/" in arn for other in others):
        yield Problem(
            joined(path, "providerArn"),
            "is the ARN of a credential provider of the other type",
            f"Give the ARN of one whose resource is .../{arn_type}/NAME.",
            _USE,
            code="credential-provider",
        )
    if provider.get("grantType") == "AUTHORIZATION_CODE" and "defaultReturnUrl" not in provider:
        yield Problem(
            joined(path, "defaultReturnUrl"),
            "is where the browser goes after the person has signed in, and is not given",
            "Give the address of your application.",
            _USE,
            code="return-url",
            severity="warning",
        )


def validate_gateway_role(configuration: Mapping[str, object], target: TargetKind, path: str) -> Iterator[Problem]:
    """Whether the gateway's role has the service to sign for, where that is required, and only there."""
    provider = configuration.get("credentialProvider")
    if provider is UNKNOWN:
        return
    given = isinstance(provider, Mapping) and GATEWAY_ROLE.member in provider
    below = joined(path, f"credentialProvider.{GATEWAY_ROLE.member}")
    if target.outbound.signing_service == "required" and not given and provider is None:
        yield Problem(
            below,
            f"is required: a target of kind {target.name} is signed for the service it names",
            'Give {"service": "..."}, such as "execute-api", "lambda" or "bedrock-agentcore".',
            OUTBOUND,
            code="iam-service",
        )
    if target.outbound.signing_service == "rejected" and given:
        message = f"may not be given for a target of kind {target.name}"
        yield Problem(below, message, "Remove credentialProvider.", OUTBOUND, code="iam-service")


def validate_inbound(method: AuthMethod, gateway: Mapping[str, object], path: str) -> Iterator[Problem]:
    """Whether callers of the gateway bring what the target is to be reached with."""
    inbound = gateway.get("authorizerType")
    if not isinstance(inbound, str):
        return
    if method == "caller IAM credentials" and inbound not in ("AWS_IAM", "AUTHENTICATE_ONLY"):
        yield Problem(
            path,
            f"needs callers with IAM credentials, and the gateway's authorizerType is {inbound}",
            "Set the gateway's authorizerType to AWS_IAM, or use another credential.",
            OUTBOUND,
            code="inbound-authorizer",
        )
    if method == "OAuth authorization code" and inbound in ("AWS_IAM", "NONE"):
        yield Problem(
            path,
            f"the authorization-code grant signs in the person who calls, and with authorizerType {inbound} nobody is known",
            "Set the gateway's authorizerType to CUSTOM_JWT, or use another grantType.",
            f"{OUTBOUND}; public reports of 2026: 3LO Auth is not supported when gateway authorizer type is {inbound}",
            code="inbound-authorizer",
        )
    if method == "JWT passthrough":
        disagreement = (
            "gateway-inbound-auth says it is not available with AUTHENTICATE_ONLY"
            if inbound == "AUTHENTICATE_ONLY"
            else f"gateway-outbound-auth says it needs AUTHENTICATE_ONLY, and the gateway's is {inbound}"
        )
        yield Problem(
            path,
            f"AWS's documents disagree about the gateway's authorizerType: {disagreement}",
            "Try a call, and change the gateway's authorizerType if it answers 401.",
            f"{OUTBOUND}; devguide gateway-inbound-auth",
            code="inbound-authorizer",
            severity="warning",
        )

"""What Cognito accepts of an EZ Auth sign-in: names, scopes, the identifier and the domain's prefix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from agentcore_provider.problem import Problem, joined
from agentcore_provider.rules import people, service_model
from agentcore_provider.rules.unknown import UNKNOWN

COGNITO = "cognito-idp"
DOMAIN = "https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html"
TOKENS = "botocore model cognito-idp, TokenValidityUnitsType"
SECRETS = "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolClientType.html"
RESERVED = ("aws", "amazon", "cognito")
_SHAPES = {
    "name": "UserPoolNameType",
    "resourceServerIdentifier": "ResourceServerIdentifierType",
    "domainPrefix": "DomainType",
    "tags": "UserPoolTagsType",
}
_MEMBERS = (*_SHAPES, "scopes", "accessTokenValiditySeconds", "people", "rotateOn", "secretInSecretsManager")


def validate(document: Mapping[str, Any]) -> list[Problem]:
    """Everything Cognito would refuse of {name, scopes, resourceServerIdentifier, domainPrefix,
    accessTokenValiditySeconds, people, rotateOn, secretInSecretsManager, tags}; every member may be absent."""
    problems: list[Problem] = []
    for member, value in document.items():
        if member in _SHAPES:
            problems += service_model.validate(value, _SHAPES[member], service=COGNITO, path=member)
        elif member not in _MEMBERS:
            known = f"Known members: {', '.join(_MEMBERS)}."
            problems.append(Problem(member, "is not a member here", known, "agentcore_provider.EzAuth"))
    # The app client takes the pool's name, so it has to be one for both.
    problems += _scopes(document.get("scopes"))
    problems += _domain(document.get("domainPrefix"))
    problems += _validity(document.get("accessTokenValiditySeconds"))
    problems += people.validate(document.get("people"))
    problems += _secret(document.get("rotateOn"), document.get("secretInSecretsManager"))
    problems += _tags(document.get("tags"))
    return problems


def _scopes(scopes: Any) -> Iterator[Problem]:
    if scopes is None or scopes is UNKNOWN:
        return
    source = "botocore model cognito-idp, ResourceServerScopeListType"
    if isinstance(scopes, str) or not isinstance(scopes, (list, tuple)):
        yield Problem("scopes", "is not a list of scope names", 'Give a list, such as ["invoke"].', source)
        return
    if not scopes:
        message = "is an empty list, and the client_credentials grant needs a scope"
        yield Problem("scopes", message, "Leave it out, or name at least one.", source)
    if len(scopes) > 100:
        yield Problem("scopes", f"has {len(scopes)} items", "Give it at most 100 items.", source)
    for index, scope in enumerate(scopes):
        path = joined("scopes", index)
        if isinstance(scope, str) and "/" in scope:
            yield Problem(
                path,
                f"is {scope!r}, and a slash parts the resource server from its scopes",
                f"Use {scope.rpartition('/')[2]!r}; the identifier is put in front of it.",
                source,
            )
        else:
            yield from service_model.validate(scope, "ResourceServerScopeNameType", service=COGNITO, path=path)
        if isinstance(scope, str) and scope in scopes[:index]:
            yield Problem(path, f"{scope!r} is listed already", "List each scope once.", source)


def _domain(prefix: Any) -> Iterator[Problem]:
    if not isinstance(prefix, str):
        return
    for word in RESERVED:
        if word in prefix.lower():
            yield Problem(
                "domainPrefix",
                f"is {prefix!r}, which contains the reserved word {word}",
                f"Use a prefix without {', '.join(RESERVED)}.",
                DOMAIN,
            )
            return


def _validity(seconds: Any) -> Iterator[Problem]:
    if seconds is None or seconds is UNKNOWN:
        return
    whole = isinstance(seconds, (int, float)) and not isinstance(seconds, bool) and float(seconds).is_integer()
    if not whole or not 300 <= seconds <= 86400:
        yield Problem(
            "accessTokenValiditySeconds",
            f"is {seconds!r}, and access tokens last five minutes to one day",
            "Give a whole number of seconds from 300 to 86400.",
            TOKENS,
        )


def _secret(rotate_on: Any, in_secrets_manager: Any) -> Iterator[Problem]:
    if rotate_on is not None and rotate_on is not UNKNOWN and (not isinstance(rotate_on, str) or not rotate_on):
        cure = "Pass a text that changes with each rotation, such as 2026-12."
        yield Problem("rotateOn", f"is {rotate_on!r}, and not a text", cure, "agentcore_provider.EzAuth")
    if not (in_secrets_manager is None or in_secrets_manager is UNKNOWN or isinstance(in_secrets_manager, bool)):
        message = f"is {in_secrets_manager!r}, and not a bool"
        yield Problem("secretInSecretsManager", message, "Pass True or False.", "agentcore_provider.EzAuth")
    if rotate_on is not None and in_secrets_manager is True:
        message = "cannot be combined with secret_in_secrets_manager: Secrets Manager rotates the secret, every 7 days"
        yield Problem("rotateOn", message, "Leave out one of them.", SECRETS)


def _tags(tags: Any) -> Iterator[Problem]:
    if isinstance(tags, Mapping) and len(tags) > 50:
        yield Problem(
            "tags",
            f"has {len(tags)} entries",
            "Give it at most 50 entries.",
            "https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html",
        )

"""What the service accepts as an OAuth2 credential provider: CreateOauth2CredentialProvider's input."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from agentcore_provider.problem import Problem, joined
from agentcore_provider.rules import service_model
from agentcore_provider.rules.secret_source import Secret
from agentcore_provider.rules.unknown import UNKNOWN

OPERATION = "CreateOauth2CredentialProvider"
SOURCE = f"botocore model {service_model.CONTROL}, {OPERATION}Request"
INCLUDED = "includedOauth2ProviderConfig"
IMMUTABLE = {
    "name": f"botocore model {service_model.CONTROL}, UpdateOauth2CredentialProviderRequest",
    # Written nowhere: a provider of another vendor is another provider, and its callback address is another one.
    "credentialProviderVendor": "agentcore_provider.OAuth2CredentialProvider",
}
"""Top-level members that change only with a new provider, and where that is written."""

# Means by which a client proves itself to the token endpoint without a secret.
_WITHOUT_SECRET = ("AWS_IAM_ID_TOKEN_JWT", "PRIVATE_KEY_JWT")
_ADDRESSES = ("discoveryUrl", "issuer", "authorizationEndpoint", "tokenEndpoint")
_CONFIG = "oauth2ProviderConfigInput"


def validate(document: Mapping[str, object]) -> list[Problem]:
    """Everything the service would refuse or serve badly. The name may be absent: it is chosen later."""
    problems = service_model.validate(document, OPERATION, absent=("name",))
    vendor, configuration = document.get("credentialProviderVendor"), document.get(_CONFIG)
    if isinstance(configuration, Mapping) and len(configuration) == 1:
        ((member, content),) = configuration.items()
        path = joined(_CONFIG, member)
        problems += _vendor(vendor, member, path)
        if isinstance(content, Mapping) and member in config_members():
            problems += _secret(content, path)
            problems += _certificates(content, path)
            problems += _addresses(content, path)
    return problems


def replaces(old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    """Top-level members whose change needs a new provider. A value not known yet counts as changed."""
    return service_model.changed(IMMUTABLE, old, new)


def vendors() -> list[str]:
    """The vendors that the service knows, as AWS spells them."""
    return service_model.enum("CredentialProviderVendorType")


def vendor_of(name: str) -> str:
    """AWS's spelling of a vendor: `github` is GithubOauth2. What nobody knows is handed back as it is."""
    plain = name.lower().replace("_", "").replace("-", "").removesuffix("oauth2")
    return next((it for it in vendors() if it.lower().removesuffix("oauth2") == plain), name)


def config_members() -> list[str]:
    """The members of which oauth2ProviderConfigInput takes one."""
    return service_model.members("Oauth2ProviderConfigInput")


def config_member(vendor: str) -> str:
    """The member that this vendor's configuration stands under."""
    own = f"{vendor[:1].lower()}{vendor[1:]}ProviderConfig"
    return own if own in config_members() else INCLUDED


def _addresses(value: object, path: str) -> Iterator[Problem]:
    """Addresses that are none: the service takes them, and every sign-in fails."""
    for member, below in value.items() if isinstance(value, Mapping) else ():
        where = joined(path, str(member))
        yield from _addresses(below, where)
        if member not in _ADDRESSES or not isinstance(below, str):
            continue
        host = re.fullmatch(r"https?://([^/?#\s]+)(/[^\s]*)?", below)
        if re.search(r"[<>{}\s]", below) or (host and re.search(r"(?i)^(your|my)[_-]|_|^\$", host[1])):
            message, cure = f"{below!r} is a placeholder", "Write the address of the authorization server."
        elif host is None:
            message, cure = f"{below!r} is not an address", "Begin it with https:// and the host."
        else:
            continue
        yield Problem(where, message, cure, f"RFC 8414, section 2; {SOURCE}")


def _vendor(vendor: object, member: str, path: str) -> Iterator[Problem]:
    if not isinstance(vendor, str) or vendor not in vendors() or member not in config_members():
        return
    wanted = config_member(vendor)
    if member != wanted:
        yield Problem(
            path,
            f"is not the configuration of vendor {vendor}",
            f"Give {wanted} instead, or change credentialProviderVendor.",
            SOURCE,
        )


def _secret(content: Mapping[str, object], path: str) -> list[Problem]:
    method, exchange = content.get("clientAuthenticationMethod"), content.get("onBehalfOfTokenExchangeConfig")
    # A client may prove itself by other means than a secret; what is not known yet may be one of them.
    needed = method not in (*_WITHOUT_SECRET, UNKNOWN) and "privateKeyJwtConfig" not in content and exchange is None
    return Secret("clientSecret", "clientSecretConfig", "clientSecretSource", SOURCE, needed).validate(content, path)


def _certificates(content: Mapping[str, object], path: str) -> Iterator[Problem]:
    if "certificateConfigurations" in content and "privateEndpoint" not in content:
        yield Problem(
            joined(path, "certificateConfigurations"),
            "goes only with privateEndpoint",
            "Add privateEndpoint, or remove certificateConfigurations.",
            f"botocore model {service_model.CONTROL}, CustomOauth2ProviderConfigInput",
        )

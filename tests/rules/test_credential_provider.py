"""What the service accepts as credential providers: vendors, secrets, discovery, names."""

from __future__ import annotations

from typing import Any

import pytest

from agentcore_provider.problem import errors
from agentcore_provider.rules import api_key_credential_provider as api_key
from agentcore_provider.rules import oauth2_credential_provider as oauth2
from agentcore_provider.rules.unknown import UNKNOWN

URL = "https://login.example.com/.well-known/openid-configuration"
CUSTOM = {"oauthDiscovery": {"discoveryUrl": URL}, "clientId": "c", "clientSecret": "marker"}
PLACE = {"secretId": "own", "jsonKey": "key"}


def of_vendor(vendor: Any, **content: Any) -> dict[str, Any]:
    """A provider of the vendor whose configuration holds this beside clientId."""
    return {
        "name": "crm",
        "credentialProviderVendor": vendor,
        "oauth2ProviderConfigInput": {oauth2.config_member(vendor): {"clientId": "c", **content}},
    }


@pytest.mark.parametrize("vendor", oauth2.vendors())
def test_every_vendor_has_a_configuration_of_its_own_or_the_common_one(vendor: str) -> None:
    content = {"clientSecret": "s", **({"oauthDiscovery": {"discoveryUrl": URL}} if vendor == "CustomOauth2" else {})}
    assert oauth2.validate(of_vendor(vendor, **content)) == []
    assert oauth2.vendor_of(vendor.removesuffix("Oauth2").lower()) == vendor
    assert oauth2.vendor_of(vendor) == vendor


GOOD: dict[str, tuple[Any, dict[str, Any]]] = {
    "a key": (api_key, {"apiKey": "k"}),
    "a key of one's own": (api_key, {"apiKeySecretConfig": PLACE, "apiKeySecretSource": "EXTERNAL"}),
    "an empty key beside one's own": (api_key, {"apiKey": "", "apiKeySecretConfig": PLACE}),
    "what is not known yet": (api_key, {"name": UNKNOWN, "apiKey": UNKNOWN}),
    "either of two not known yet": (api_key, {"apiKey": UNKNOWN, "apiKeySecretConfig": UNKNOWN}),
    "server metadata": (
        oauth2,
        of_vendor(
            "CustomOauth2",
            clientSecret="s",
            oauthDiscovery={
                "authorizationServerMetadata": {
                    "issuer": "https://i",
                    "authorizationEndpoint": "https://i/a",
                    "tokenEndpoint": "https://i/t",
                }
            },
        ),
    ),
    "a signed assertion instead of a secret": (
        oauth2,
        of_vendor("CustomOauth2", oauthDiscovery={"discoveryUrl": URL}, clientAuthenticationMethod="PRIVATE_KEY_JWT"),
    ),
    "a signed assertion, and a secret that nobody keeps": (
        oauth2,
        of_vendor(
            "CustomOauth2",
            oauthDiscovery={"discoveryUrl": URL},
            clientAuthenticationMethod="PRIVATE_KEY_JWT",
            clientSecretSource="MANAGED",
        ),
    ),
    "a configuration not known yet": (
        oauth2,
        {"credentialProviderVendor": UNKNOWN, "oauth2ProviderConfigInput": UNKNOWN},
    ),
}


@pytest.mark.parametrize("name", sorted(GOOD))
def test_nothing_that_the_service_takes_is_refused(name: str) -> None:
    rules, document = GOOD[name]
    assert rules.validate(document) == []


_CONFIG = "oauth2ProviderConfigInput.customOauth2ProviderConfig"
BAD: dict[str, tuple[Any, dict[str, Any], str, str]] = {
    "no key": (api_key, {}, "apiKey", "is missing"),
    "two keys": (api_key, {"apiKey": "k", "apiKeySecretConfig": PLACE}, "apiKeySecretConfig", "together with apiKey"),
    "external without a place": (
        *(api_key, {"apiKeySecretSource": "EXTERNAL"}),
        *("apiKeySecretConfig", "is required with apiKeySecretSource EXTERNAL"),
    ),
    "external and a key": (
        *(api_key, {"apiKey": "k", "apiKeySecretSource": "EXTERNAL"}),
        *("apiKeySecretSource", "is EXTERNAL, and the secret is given as apiKey"),
    ),
    "managed and a place": (
        *(api_key, {"apiKeySecretConfig": PLACE, "apiKeySecretSource": "MANAGED"}),
        *("apiKeySecretSource", "is MANAGED"),
    ),
    "a name with a space": (api_key, {"name": "a b", "apiKey": "k"}, "name", "does not match"),
    "a long name": (api_key, {"name": "a" * 129, "apiKey": "k"}, "name", "has 129 characters"),
    "half a place": (api_key, {"apiKeySecretConfig": {"secretId": "own"}}, "apiKeySecretConfig.jsonKey", "is required"),
    "another vendor's configuration": (
        *(
            oauth2,
            {
                "credentialProviderVendor": "SlackOauth2",
                "oauth2ProviderConfigInput": {"customOauth2ProviderConfig": CUSTOM},
            },
        ),
        *(_CONFIG, "is not the configuration of vendor SlackOauth2"),
    ),
    "an unknown vendor": (
        *(
            oauth2,
            {"credentialProviderVendor": "GitHub", "oauth2ProviderConfigInput": {"customOauth2ProviderConfig": CUSTOM}},
        ),
        *("credentialProviderVendor", "not one of"),
    ),
    "two ways of discovery": (
        oauth2,
        of_vendor(
            "CustomOauth2",
            clientSecret="s",
            oauthDiscovery={
                "discoveryUrl": URL,
                "authorizationServerMetadata": {
                    "issuer": "https://i",
                    "authorizationEndpoint": "https://i/a",
                    "tokenEndpoint": "https://i/t",
                },
            },
        ),
        f"{_CONFIG}.oauthDiscovery",
        "where exactly one is allowed",
    ),
    "no discovery": (
        *(oauth2, of_vendor("CustomOauth2", clientSecret="s")),
        *(f"{_CONFIG}.oauthDiscovery", "is required"),
    ),
    "a page that is not a discovery document": (
        *(
            oauth2,
            of_vendor("CustomOauth2", clientSecret="s", oauthDiscovery={"discoveryUrl": "https://a.example.com"}),
        ),
        *(f"{_CONFIG}.oauthDiscovery.discoveryUrl", "does not match"),
    ),
    "no client secret": (
        *(oauth2, of_vendor("GithubOauth2")),
        *("oauth2ProviderConfigInput.githubOauth2ProviderConfig.clientSecret", "is missing"),
    ),
    "certificates without a private endpoint": (
        *(oauth2, of_vendor("CustomOauth2", **CUSTOM, certificateConfigurations=[{"s3": {"uri": "s3://a/b"}}])),
        *(f"{_CONFIG}.certificateConfigurations", "goes only with privateEndpoint"),
    ),
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_every_problem_is_reported_with_its_path(name: str) -> None:
    rules, document, path, reported = BAD[name]
    (problem,) = errors(rules.validate(document))
    assert (problem.path, reported in problem.message) == (path, True), problem
    assert problem.cure
    assert "marker" not in str(problem)


def test_a_secret_of_the_wrong_type_is_reported_without_it() -> None:
    (problem,) = api_key.validate({"apiKey": ["marker"]})
    assert (problem.path, "marker" in str(problem)) == ("apiKey", False)


@pytest.mark.parametrize(
    ("old", "new", "replaced"),
    [
        ({"name": "a"}, {"name": "b"}, ["name"]),
        ({"name": "a"}, {"name": UNKNOWN}, ["name"]),
        (
            {"credentialProviderVendor": "XOauth2"},
            {"credentialProviderVendor": "ZoomOauth2"},
            ["credentialProviderVendor"],
        ),
        ({"oauth2ProviderConfigInput": {}}, {"oauth2ProviderConfigInput": {"a": 1}}, []),
    ],
)
def test_only_name_and_vendor_replace(old: dict[str, Any], new: dict[str, Any], replaced: list[str]) -> None:
    assert oauth2.replaces(old, new) == replaced
    assert api_key.replaces(old, new) == [it for it in replaced if it == "name"]

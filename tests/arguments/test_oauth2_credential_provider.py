"""AWS's configuration of an OAuth 2 credential provider, from short arguments."""

from __future__ import annotations

from typing import Any

import pytest

from agentcore_provider.arguments import oauth2_credential_provider as arguments

CLIENT = {"client_id": "shop", "client_secret": "hidden"}
MEMBERS = {"clientId": "shop", "clientSecret": "hidden"}
ISSUER = {"issuer": "https://login.example.com", "token_endpoint": "https://login.example.com/token"}


@pytest.mark.parametrize(
    ("vendor", "further", "expected"),
    [
        ("GithubOauth2", {}, {"githubOauth2ProviderConfig": MEMBERS}),
        (
            "CustomOauth2",
            {"discovery_url": "https://a"},
            {"customOauth2ProviderConfig": {**MEMBERS, "oauthDiscovery": {"discoveryUrl": "https://a"}}},
        ),
        (
            "CustomOauth2",
            ISSUER,
            {
                "customOauth2ProviderConfig": {
                    **MEMBERS,
                    "oauthDiscovery": {
                        "authorizationServerMetadata": {
                            "issuer": "https://login.example.com",
                            "tokenEndpoint": "https://login.example.com/token",
                        }
                    },
                }
            },
        ),
        (
            "OktaOauth2",
            ISSUER,
            {
                "includedOauth2ProviderConfig": {
                    **MEMBERS,
                    "issuer": "https://login.example.com",
                    "tokenEndpoint": "https://login.example.com/token",
                }
            },
        ),
    ],
)
def test_each_vendor_has_its_own_form(vendor: str, further: Any, expected: Any) -> None:
    """The server's addresses are where AWS takes them for the vendor."""
    assert arguments.configuration(vendor, CLIENT | further) == expected


def test_the_reference_to_a_secret_is_found_in_every_form() -> None:
    """Whichever member has it; None without one."""
    reference = {"secretId": "crm", "jsonKey": "key"}
    document = arguments.configuration("GithubOauth2", {"client_id": "shop", "client_secret_config": reference})
    assert arguments.secret_reference(document) == reference
    assert arguments.secret_reference(arguments.configuration("GithubOauth2", CLIENT)) is None

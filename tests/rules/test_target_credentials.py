"""The two forms of --credentials: what they come to, and what is wrong with them."""

from __future__ import annotations

from typing import Any

import pytest

from agentcore_provider.errors import InvalidInput
from agentcore_provider.rules.target_credentials import plan

KEY = {"api_key": "Bearer 123234bc", "credential_location": "HEADER", "credential_parameter_name": "Authorization"}
METADATA = {
    "issuer": "https://login.example.com",
    "authorizationEndpoint": "https://login.example.com/authorize",
    "tokenEndpoint": "https://login.example.com/token",
}
CUSTOM = {
    "customOauth2ProviderConfig": {
        "oauthDiscovery": {"authorizationServerMetadata": METADATA},
        "clientId": "<clientId>",
        "clientSecret": "marker-secret",
    }
}
ARN = "arn:aws:bedrock-agentcore:us-west-2:123456789012:token-vault/default/apikeycredentialprovider/a"


def test_the_quick_starts_api_key_reads_as_the_header_does() -> None:
    """The word before the key is a prefix, so that a new key can be given without it."""
    found = plan(KEY)
    assert (found.provider, found.inputs) == ("api_key_credential_provider", {"api_key": "123234bc"})
    assert found.credential_provider_configuration(ARN) == {
        "credentialProviderType": "API_KEY",
        "credentialProvider": {
            "apiKeyCredentialProvider": {
                "providerArn": ARN,
                "credentialLocation": "HEADER",
                "credentialParameterName": "Authorization",
                "credentialPrefix": "Bearer",
            }
        },
    }


@pytest.mark.parametrize(
    ("changed", "key", "prefix"),
    [
        ({"api_key": "123"}, "123", None),
        ({"api_key": "a b", "credential_parameter_name": "X-Api-Key"}, "a b", None),
        ({"api_key": "a b", "credential_location": "QUERY_PARAMETER"}, "a b", None),
        ({"credential_prefix": "Token"}, "Bearer 123234bc", "Token"),
        ({"credential_parameter_name": "authorization", "api_key": "Basic YTpi"}, "YTpi", "Basic"),
    ],
)
def test_a_prefix_is_taken_off_only_where_headers_have_one(
    changed: dict[str, str], key: str, prefix: str | None
) -> None:
    found = plan({**KEY, **changed})
    assert (found.inputs["api_key"], found.use.get("credentialPrefix")) == (key, prefix)


def test_the_quick_starts_oauth_client_is_a_provider_and_its_use() -> None:
    found = plan({"oauth2_provider_config": CUSTOM, "scopes": ["read"]})
    assert found.provider == "oauth2_credential_provider"
    assert found.inputs == {"credential_provider_vendor": "CustomOauth2", "oauth2_provider_config_input": CUSTOM}
    used = found.credential_provider_configuration(ARN)["credentialProvider"]["oauthCredentialProvider"]
    assert used == {"providerArn": ARN, "scopes": ["read"]}
    assert plan({"oauth2_provider_config": CUSTOM}).use == {"scopes": []}, "the API wants the list even if it is empty"


@pytest.mark.parametrize(
    ("member", "given", "vendor"),
    [
        ("githubOauth2ProviderConfig", None, "GithubOauth2"),
        ("includedOauth2ProviderConfig", "dropbox", "DropboxOauth2"),
        ("includedOauth2ProviderConfig", "OktaOauth2", "OktaOauth2"),
    ],
)
def test_the_vendor_follows_from_the_configuration_or_is_reported(member: str, given: str | None, vendor: str) -> None:
    reported = {"oauth2_provider_config": {member: {"clientId": "c", "clientSecret": "s"}}, "vendor": given}
    found = plan({name: value for name, value in reported.items() if value is not None})
    assert found.inputs["credential_provider_vendor"] == vendor


@pytest.mark.parametrize(
    ("credentials", "reported"),
    [
        ("sk-marker", "credentials: is not an object. Give api_key"),
        ({}, "credentials: is empty"),
        ({"apikey": "marker"}, "credentials: has neither api_key nor oauth2_provider_config, only apikey"),
        ({**KEY, "oauth2_provider_config": CUSTOM}, "credentials: has both"),
        (
            {**KEY, "credential_locaton": "HEADER"},
            "credentials.credential_locaton: is not known here. Did you mean cred",
        ),
        ({**KEY, "credential_location": "COOKIE"}, "credentials.credential_location: is 'COOKIE', not one of HEADER"),
        ({**KEY, "api_key": ["marker"]}, "credentials.api_key: is a list, not a string"),
        ({**KEY, "api_key": ""}, "credentials.api_key: is missing"),
        ({"oauth2_provider_config": {}}, "credentials.oauth2_provider_config: is empty. Give exactly one of"),
        ({"oauth2_provider_config": "marker"}, "credentials.oauth2_provider_config: is a string, not an object"),
        (
            {"oauth2_provider_config": {"customOauth2ProviderConfig": {"clientId": "c", "clientSecret": "marker"}}},
            "credentials.oauth2_provider_config.customOauth2ProviderConfig.oauthDiscovery: is required",
        ),
        (
            {"oauth2_provider_config": {"includedOauth2ProviderConfig": {"clientId": "c", "clientSecret": "marker"}}},
            "credentials.vendor: is missing",
        ),
        ({"oauth2_provider_config": CUSTOM, "scopes": "read"}, "credentials.scopes: is a string, not a list"),
        ({"oauth2_provider_config": CUSTOM, "vendor": "github"}, "is not the configuration of vendor GithubOauth2"),
    ],
)
def test_a_wrong_form_is_reported_with_path_and_cure_and_without_the_secret(credentials: Any, reported: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        plan(credentials)
    assert reported in str(refused.value)
    assert "marker" not in str(refused.value)


def test_all_problems_are_reported_at_once() -> None:
    with pytest.raises(InvalidInput) as refused:
        plan({"api_key": 1, "credential_location": "COOKIE", "colour": "red"})
    assert len(refused.value.problems) == 3


def test_a_plan_does_not_show_its_secret() -> None:
    assert "123234bc" not in repr(plan(KEY))
    assert "marker" not in repr(plan({"oauth2_provider_config": CUSTOM}))

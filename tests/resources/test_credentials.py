"""Credentials of targets: records take resources as they take ARNs, and secrets are secrets however they were typed."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest
from pulumi.runtime import rpc

from agentcore_provider import (
    ApiKeyCredentialProvider,
    Gateway,
    GatewayRole,
    GatewayTarget,
    OAuth2CredentialProvider,
    credentials,
    targets,
)
from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources import sensitive
from agentcore_provider.rules import credential_provider, service_model

SERVER = targets.McpServer("https://weather.example.com/mcp")
URL = "https://login.example.com/.well-known/openid-configuration"


def _inputs(declared: Any, noun: str, name: str) -> Any:
    """What a resource was declared with, secrets taken out of their wrapping."""
    inputs = declared.of(f":{noun}")[name]
    return {key: rpc.unwrap_rpc_secret(value) for key, value in inputs.items()}


def _used(declared: Any, name: str) -> Any:
    (used,) = _inputs(declared, "GatewayTarget", name)["credential_provider_configurations"]
    return used


def test_records_take_the_resource_itself(declare: Any) -> None:
    def program() -> None:
        key = ApiKeyCredentialProvider("weather", api_key="k")
        client = OAuth2CredentialProvider("crm", vendor="github", client_id="c", client_secret="s")
        gateway = Gateway("shop", role_arn="arn:aws:iam::123456789012:role/shop", authorizer="NONE")
        GatewayTarget("key", gateway=gateway, target=SERVER, credentials=credentials.ApiKey(key, prefix="Bearer"))
        GatewayTarget("token", gateway=gateway, target=SERVER, credentials=credentials.OAuth(client, scopes=["read"]))

    declared = declare(program)
    assert _used(declared, "key") == {
        "credentialProviderType": "API_KEY",
        "credentialProvider": {"apiKeyCredentialProvider": {"providerArn": "weather-id", "credentialPrefix": "Bearer"}},
    }
    assert _used(declared, "token") == {
        "credentialProviderType": "OAUTH",
        "credentialProvider": {"oauthCredentialProvider": {"providerArn": "crm-id", "scopes": ["read"]}},
    }


def test_records_refuse_the_resource_of_the_other_kind(declare: Any) -> None:
    def program() -> None:
        key = ApiKeyCredentialProvider("weather", api_key="k")
        client = OAuth2CredentialProvider("crm", vendor="github", client_id="c", client_secret="s")
        with pytest.raises(InvalidInput, match=r"credentials\.ApiKey takes .*not the OAuth2CredentialProvider"):
            credentials.ApiKey(client)  # type: ignore[arg-type]
        with pytest.raises(InvalidInput, match=r"credentials\.OAuth takes .*not the ApiKeyCredentialProvider"):
            credentials.OAuth(key)  # type: ignore[arg-type]

    declare(program)


def test_the_role_may_read_a_secret_of_ones_own(declare: Any) -> None:
    def program() -> list[Any]:
        role = GatewayRole("shop")
        gateway = Gateway("shop", role_arn=role, authorizer="NONE")
        key = ApiKeyCredentialProvider("weather", api_key_secret_config={"secretId": "own/key", "jsonKey": "key"})
        place = pulumi.Output.from_input({"secretId": "own/client", "jsonKey": "s"})
        client = OAuth2CredentialProvider("crm", vendor="github", client_id="c", client_secret_config=place)
        used = {"key": credentials.ApiKey(key), "token": credentials.OAuth(client)}
        return [GatewayTarget(name, gateway=gateway, target=SERVER, credentials=it).id for name, it in used.items()]

    declared = declare(program)
    for name, secret in (("key", "own/key"), ("token", "own/client")):
        read = [it for it in declared.policy(name) if it["Action"] == "secretsmanager:GetSecretValue"]
        assert [it["Resource"] for it in read] == [
            f"arn:aws:secretsmanager:eu-central-1:123456789012:secret:{secret}-*"
        ]


@pytest.mark.parametrize("given", ["an ARN", "an output"])
def test_records_take_an_arn_of_which_nothing_else_is_known(declare: Any, given: str) -> None:
    arn = "arn:aws:bedrock-agentcore:us-west-2:123456789012:token-vault/default/apikeycredentialprovider/weather"

    def program() -> Any:
        gateway = Gateway("shop", role_arn=GatewayRole("shop"), authorizer="NONE")
        used = credentials.ApiKey(arn if given == "an ARN" else pulumi.Output.from_input(arn))
        return GatewayTarget("key", gateway=gateway, target=SERVER, credentials=used).id

    declared = declare(program)
    assert "bedrock-agentcore:GetResourceApiKey" in [it["Action"] for it in declared.policy("key")]
    assert _used(declared, "key")["credentialProvider"]["apiKeyCredentialProvider"]["providerArn"] == arn


CONFIGURATIONS: dict[str, tuple[dict[str, Any], str, dict[str, Any]]] = {
    "custom is the default": (
        {"client_id": "c", "discovery_url": URL},
        "CustomOauth2",
        {"customOauth2ProviderConfig": {"clientId": "c", "oauthDiscovery": {"discoveryUrl": URL}}},
    ),
    "endpoints of a custom server": (
        {"client_id": "c", "issuer": "i", "authorization_endpoint": "a", "token_endpoint": "t"},
        "CustomOauth2",
        {
            "customOauth2ProviderConfig": {
                "clientId": "c",
                "oauthDiscovery": {
                    "authorizationServerMetadata": {"issuer": "i", "authorizationEndpoint": "a", "tokenEndpoint": "t"}
                },
            }
        },
    ),
    "endpoints of a vendor's server": (
        {"vendor": "okta", "client_id": "c", "issuer": "i"},
        "OktaOauth2",
        {"includedOauth2ProviderConfig": {"clientId": "c", "issuer": "i"}},
    ),
    "a tenant": (
        {"vendor": "MicrosoftOauth2", "client_id": "c", "tenant_id": "t"},
        "MicrosoftOauth2",
        {"microsoftOauth2ProviderConfig": {"clientId": "c", "tenantId": "t"}},
    ),
}


@pytest.mark.parametrize("name", sorted(CONFIGURATIONS))
def test_the_short_form_becomes_awss_document(declare: Any, name: str) -> None:
    arguments, vendor, configuration = CONFIGURATIONS[name]
    place = {"secretId": "own", "jsonKey": "key"}
    (content,) = configuration.values()
    content["clientSecretConfig"] = place
    declared = declare(lambda: OAuth2CredentialProvider("crm", **arguments, client_secret_config=place).id)
    inputs = _inputs(declared, "OAuth2CredentialProvider", "crm")
    assert (inputs["credential_provider_vendor"], inputs["oauth2_provider_config_input"]) == (vendor, configuration)


def test_the_short_form_and_awss_own_exclude_each_other(declare: Any) -> None:
    def program() -> None:
        with pytest.raises(InvalidInput, match="not both"):
            OAuth2CredentialProvider("crm", vendor="github", oauth2_provider_config_input={})

    declare(program)


def test_secrets_are_secrets_at_any_depth_and_nothing_else_is(declare: Any) -> None:
    """So a preview shows everything but the secret; a document that comes late hides as a whole."""
    observed: dict[str, bool] = {}

    async def look(given: dict[str, Any]) -> None:
        custom = given["oauth2_provider_config_input"]["customOauth2ProviderConfig"]
        observed["clientSecret"] = await custom["clientSecret"].is_secret()
        claims = custom["privateKeyJwtConfig"]["additionalHeaderClaims"]
        observed["claim"] = await claims["kid"].is_secret()
        observed["clientId"] = isinstance(custom["clientId"], pulumi.Output)
        late = {"oauth2_provider_config_input": pulumi.Output.from_input({"customOauth2ProviderConfig": plain})}
        wrapped = sensitive.inputs(late, "CreateOauth2CredentialProvider")["oauth2_provider_config_input"]
        observed["late"] = await wrapped.is_secret()

    plain = {
        "clientId": "c",
        "clientSecret": "s",
        "privateKeyJwtConfig": {"additionalHeaderClaims": {"kid": "k"}},
    }
    inputs = {"oauth2_provider_config_input": {"customOauth2ProviderConfig": plain}, "api_key": "k"}
    declare(lambda: pulumi.Output.from_input(look(sensitive.inputs(inputs, "CreateOauth2CredentialProvider"))))
    assert observed == {"clientSecret": True, "claim": True, "clientId": False, "late": True}


def test_api_keys_are_secrets_even_if_typed_plain(declare: Any) -> None:
    declared = declare(lambda: ApiKeyCredentialProvider("weather", api_key="marker").id)
    assert rpc.is_rpc_secret(declared.of(":ApiKeyCredentialProvider")["weather"]["api_key"])


def test_a_text_where_a_list_belongs_stays_a_text_so_that_check_refuses_it() -> None:
    arn = "arn:aws:bedrock-agentcore:us-west-2:123456789012:token-vault/default/oauth2credentialprovider/crm"
    used = credentials.OAuth(arn, scopes="read").credential_provider_configuration()
    (problem,) = credential_provider.validate_use(used, path="used") or service_model.validate(
        {"name": "o", "targetConfiguration": SERVER.target_configuration(), "credentialProviderConfigurations": [used]},
        "CreateGatewayTarget",
        absent=("gatewayIdentifier", "clientToken"),
    )
    assert problem.path.endswith("oauthCredentialProvider.scopes")
    assert "is a string" in problem.message

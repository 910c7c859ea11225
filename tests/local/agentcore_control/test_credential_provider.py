from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.control_plane import ControlPlane

SECRET = "sk-never-shown-again"
CUSTOM = {
    "customOauth2ProviderConfig": {
        "oauthDiscovery": {"discoveryUrl": "https://example.com/.well-known/openid-configuration"},
        "clientId": "client",
        "clientSecret": SECRET,
    }
}

_JWT = {
    "authorizerType": "CUSTOM_JWT",
    "authorizerConfiguration": {
        "customJWTAuthorizer": {
            "discoveryUrl": "https://example.com/.well-known/openid-configuration",
            "allowedClients": ["agent"],
        }
    },
}


def test_an_api_key_lives_and_dies(local_aws: ControlPlane) -> None:
    """Its ARN can be tagged, its key is never answered."""
    control, name = local_aws.control, local_aws.unique("key")
    made = control.create_api_key_credential_provider(name=name, apiKey=SECRET, tags={"a": "1"})
    assert made["credentialProviderArn"].endswith(f":token-vault/default/apikeycredentialprovider/{name}")
    assert f"bedrock-agentcore-identity!default/apikey/{name}-" in made["apiKeySecretArn"]["secretArn"]
    arn = made["credentialProviderArn"]
    assert control.list_tags_for_resource(resourceArn=arn)["tags"] == {"a": "1"}
    with pytest.raises(ClientError, match="already exists") as error:
        control.create_api_key_credential_provider(name=name, apiKey=SECRET)
    assert error.value.response["Error"]["Code"] == "ValidationException"
    updated = control.update_api_key_credential_provider(name=name, apiKey="another")
    assert updated["apiKeySecretArn"] == made["apiKeySecretArn"]
    listed = control.list_api_key_credential_providers()
    assert SECRET not in json.dumps([made, updated, listed], default=str)
    control.delete_api_key_credential_provider(name=name)
    with pytest.raises(control.exceptions.ResourceNotFoundException):
        control.get_api_key_credential_provider(name=name)
    with pytest.raises(control.exceptions.ResourceNotFoundException):
        control.list_tags_for_resource(resourceArn=arn)


def test_a_managed_secret_lies_in_secrets_manager_as_long_as_its_provider_lives(local_aws: ControlPlane) -> None:
    control, secrets, name = local_aws.control, local_aws.client("secretsmanager"), local_aws.unique("key")
    made = control.create_api_key_credential_provider(name=name, apiKey=SECRET)
    place = {"SecretId": made["apiKeySecretArn"]["secretArn"]}
    assert SECRET in secrets.get_secret_value(**place)["SecretString"]
    control.update_api_key_credential_provider(name=name, apiKey="another")
    assert "another" in secrets.get_secret_value(**place)["SecretString"]
    control.delete_api_key_credential_provider(name=name)
    with pytest.raises(secrets.exceptions.ResourceNotFoundException):
        secrets.get_secret_value(**place)


def test_an_external_secret_must_be_there(local_aws: ControlPlane) -> None:
    control, secret = local_aws.control, local_aws.unique("secret")
    asked = {"name": local_aws.unique("key"), "apiKeySecretConfig": {"secretId": secret, "jsonKey": "key"}}
    with pytest.raises(ClientError, match="cannot be read"):
        control.create_api_key_credential_provider(**asked)
    local_aws.client("secretsmanager").create_secret(Name=secret, SecretString=json.dumps({"key": SECRET}))
    assert control.create_api_key_credential_provider(**asked)["apiKeySecretSource"] == "EXTERNAL"


def test_an_oauth2_provider_lives_and_dies(local_aws: ControlPlane) -> None:
    control, name = local_aws.control, local_aws.unique("oauth")
    made = control.create_oauth2_credential_provider(
        name=name, credentialProviderVendor="CustomOauth2", oauth2ProviderConfigInput=CUSTOM
    )
    assert made["status"] == "READY"
    assert made["callbackUrl"].startswith(local_aws.endpoint)
    found = control.get_oauth2_credential_provider(name=name)
    assert found["oauth2ProviderConfigOutput"]["customOauth2ProviderConfig"]["clientId"] == "client"
    assert SECRET not in json.dumps([made, found], default=str)
    with pytest.raises(ClientError, match="githubOauth2ProviderConfig is required for vendor GithubOauth2"):
        control.create_oauth2_credential_provider(
            name=local_aws.unique("o"), credentialProviderVendor="GithubOauth2", oauth2ProviderConfigInput=CUSTOM
        )
    control.delete_oauth2_credential_provider(name=name)
    assert name not in [item["name"] for item in control.list_oauth2_credential_providers()["credentialProviders"]]


def test_an_oauth2_provider_takes_tags_although_the_model_has_no_pattern_for_its_arn(local_aws: ControlPlane) -> None:
    control = local_aws.control
    made = control.create_oauth2_credential_provider(
        name=local_aws.unique("oauth"),
        credentialProviderVendor="CustomOauth2",
        oauth2ProviderConfigInput=CUSTOM,
        tags={"a": "1"},
    )
    arn = made["credentialProviderArn"]
    control.tag_resource(resourceArn=arn, tags={"b": "2"})
    assert control.list_tags_for_resource(resourceArn=arn)["tags"] == {"a": "1", "b": "2"}


@pytest.mark.parametrize(
    ("vendor", "member", "token_endpoint"),
    [
        ("GithubOauth2", "githubOauth2ProviderConfig", "https://github.com/login/oauth/access_token"),
        ("DropboxOauth2", "includedOauth2ProviderConfig", "https://api.dropboxapi.com/oauth2/token"),
        ("Auth0Oauth2", "includedOauth2ProviderConfig", None),
    ],
)
def test_the_servers_of_a_vendor_are_shown(
    local_aws: ControlPlane, vendor: str, member: str, token_endpoint: str | None
) -> None:
    """Also where none is known: an answer without any would be none that an SDK can read."""
    found = local_aws.control.create_oauth2_credential_provider(
        name=local_aws.unique("oauth"),
        credentialProviderVendor=vendor,
        oauth2ProviderConfigInput={member: {"clientId": "client", "clientSecret": SECRET}},
    )["oauth2ProviderConfigOutput"][member]
    assert found["oauthDiscovery"]["authorizationServerMetadata"].get("tokenEndpoint") == token_endpoint


def test_a_target_may_use_what_exists(local_aws: ControlPlane) -> None:
    control = local_aws.control
    key = control.create_api_key_credential_provider(name=local_aws.unique("key"), apiKey=SECRET)
    target = control.create_gateway_target(
        gatewayIdentifier=local_aws.gateway()["gatewayId"],
        name="t",
        targetConfiguration={"mcp": {"mcpServer": {"endpoint": "https://tools.example.com/mcp"}}},
        credentialProviderConfigurations=[
            {
                "credentialProviderType": "API_KEY",
                "credentialProvider": {
                    "apiKeyCredentialProvider": {"providerArn": key["credentialProviderArn"]},
                },
            }
        ],
    )
    assert target["targetId"]


def _waiting(local_aws: ControlPlane) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """A target that a person has to sign in for: its names, its document, and CreateGatewayTarget's answer."""
    control = local_aws.control
    provider = control.create_oauth2_credential_provider(
        name=local_aws.unique("oauth"), credentialProviderVendor="CustomOauth2", oauth2ProviderConfigInput=CUSTOM
    )
    oauth = {"providerArn": provider["credentialProviderArn"], "scopes": ["read"], "grantType": "AUTHORIZATION_CODE"}
    document = {
        "name": "forge",
        "targetConfiguration": {"mcp": {"mcpServer": {"endpoint": "https://tools.example.com/mcp"}}},
        "credentialProviderConfigurations": [
            {"credentialProviderType": "OAUTH", "credentialProvider": {"oauthCredentialProvider": oauth}}
        ],
    }
    named = {"gatewayIdentifier": local_aws.gateway(**_JWT)["gatewayId"]}
    made = control.create_gateway_target(**named, **document)
    return named | {"targetId": made["targetId"]}, document, made


def test_signing_in_by_hand_is_waited_for(local_aws: ControlPlane) -> None:
    """An authorization-code target waits until somebody has opened a page; the answer to its creation names the page."""
    control = local_aws.control
    named, _, made = _waiting(local_aws)
    sign_in = made["authorizationData"]["oauth2"]
    assert sign_in["authorizationUrl"].startswith(local_aws.endpoint)
    assert sign_in["userId"].startswith(f"{named['gatewayIdentifier']}_{named['targetId']}_")
    found = control.get_gateway_target(**named)
    assert found["status"] == "CREATE_PENDING_AUTH"
    assert found["authorizationData"]["oauth2"] == sign_in


def test_a_target_that_waits_can_be_changed_and_not_deleted(local_aws: ControlPlane) -> None:
    """A change starts the sign-in again."""
    control = local_aws.control
    named, document, made = _waiting(local_aws)
    with pytest.raises(control.exceptions.ConflictException, match="when it is in Create_Pending_Auth state"):
        control.delete_gateway_target(**named)
    with pytest.raises(control.exceptions.ConflictException, match="SynchronizeGatewayTargets can't be performed"):
        control.synchronize_gateway_targets(
            gatewayIdentifier=named["gatewayIdentifier"], targetIdList=[named["targetId"]]
        )
    changed = control.update_gateway_target(**named, **document)
    assert changed["authorizationData"] != made["authorizationData"]
    assert control.get_gateway_target(**named)["status"] == "UPDATE_PENDING_AUTH"


def test_nobody_signs_in_for_ten_minutes(local_aws: ControlPlane) -> None:
    """Then the target has failed, says why, and can be deleted."""
    control = local_aws.control
    named, _, _ = _waiting(local_aws)
    local_aws.now += 599
    assert control.get_gateway_target(**named)["status"] == "CREATE_PENDING_AUTH"
    local_aws.now += 1
    found = control.get_gateway_target(**named)
    assert found["status"] == "FAILED"
    assert found["statusReasons"][0].startswith("OAuth User_Federation authorization timed out.")
    assert "authorizationData" not in found
    control.delete_gateway_target(**named)


def test_a_gateway_has_a_workload_identity_of_its_own(local_aws: ControlPlane) -> None:
    control, gateway = local_aws.control, local_aws.gateway()
    identity = control.get_workload_identity(name=gateway["gatewayId"])
    assert identity["workloadIdentityArn"] == gateway["workloadIdentityDetails"]["workloadIdentityArn"]
    with pytest.raises(ClientError, match="belongs to a gateway"):
        control.delete_workload_identity(name=gateway["gatewayId"])
    control.delete_gateway(gatewayIdentifier=gateway["gatewayId"])
    with pytest.raises(control.exceptions.ResourceNotFoundException):
        control.get_workload_identity(name=gateway["gatewayId"])


def test_workload_identities_live_and_die(local_aws: ControlPlane) -> None:
    control, name = local_aws.control, local_aws.unique("identity")
    control.create_workload_identity(name=name, allowedResourceOauth2ReturnUrls=["https://a.example.com/b"])
    control.update_workload_identity(name=name)
    assert control.get_workload_identity(name=name)["allowedResourceOauth2ReturnUrls"] == []
    control.delete_workload_identity(name=name)
    assert name not in [item["name"] for item in control.list_workload_identities()["workloadIdentities"]]

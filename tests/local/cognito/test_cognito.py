from __future__ import annotations

import base64
import json
import urllib.parse
import urllib.request
from typing import Any

import jwt
import pytest
from botocore.exceptions import ClientError

from tests.support.control_plane import ControlPlane


@pytest.fixture
def pool_id(local_aws: ControlPlane) -> str:
    made: str = local_aws.client("cognito-idp").create_user_pool(PoolName="pool", UserPoolTags={"a": "1"})["UserPool"][
        "Id"
    ]
    return made


def signed_in(local_aws: ControlPlane, pool_id: str, **members: Any) -> dict[str, Any]:
    """A machine-to-machine client."""
    cognito = local_aws.client("cognito-idp")
    cognito.create_resource_server(
        UserPoolId=pool_id, Identifier="shop", Name="shop", Scopes=[{"ScopeName": "invoke", "ScopeDescription": "i"}]
    )
    made: dict[str, Any] = cognito.create_user_pool_client(
        UserPoolId=pool_id,
        ClientName="agent",
        GenerateSecret=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthScopes=["shop/invoke"],
        AllowedOAuthFlowsUserPoolClient=True,
        **members,
    )["UserPoolClient"]
    return made


def get(url: str) -> Any:
    with urllib.request.urlopen(url) as response:
        return json.load(response)


def token(url: str, client_id: str, secret: str) -> dict[str, Any]:
    basic = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
    data = urllib.parse.urlencode({"grant_type": "client_credentials", "scope": "shop/invoke"}).encode()
    request = urllib.request.Request(url, data=data, headers={"Authorization": f"Basic {basic}"})
    with urllib.request.urlopen(request) as response:
        answer: dict[str, Any] = json.load(response)
    return answer


def test_a_token_is_what_the_discovery_document_promises(local_aws: ControlPlane, pool_id: str) -> None:
    """Token endpoint, issuer and keys all come from the document below the issuer."""
    client, domain = signed_in(local_aws, pool_id, AccessTokenValidity=10), local_aws.unique("shop")
    local_aws.client("cognito-idp").create_user_pool_domain(UserPoolId=pool_id, Domain=domain)
    discovery = get(f"{local_aws.endpoint}/{pool_id}/.well-known/openid-configuration")
    assert discovery["issuer"] == f"{local_aws.endpoint}/{pool_id}"
    assert discovery["token_endpoint"] == f"{local_aws.endpoint}/cognito/{domain}/oauth2/token"
    answer = token(discovery["token_endpoint"], client["ClientId"], client["ClientSecret"])
    keys = jwt.PyJWKSet.from_dict(get(discovery["jwks_uri"]))
    key = keys[jwt.get_unverified_header(answer["access_token"])["kid"]]
    claims = jwt.decode(answer["access_token"], key, algorithms=["RS256"], issuer=discovery["issuer"])
    assert (claims["client_id"], claims["scope"]) == (client["ClientId"], "shop/invoke")
    assert answer["expires_in"] == 10 * 3600


def test_a_domain_is_claimed_once_and_holds_its_pool(local_aws: ControlPlane, pool_id: str) -> None:
    cognito, domain = local_aws.client("cognito-idp"), local_aws.unique("claimed")
    cognito.create_user_pool_domain(UserPoolId=pool_id, Domain=domain)
    other = cognito.create_user_pool(PoolName="other")["UserPool"]["Id"]
    with pytest.raises(cognito.exceptions.InvalidParameterException, match="already associated"):
        cognito.create_user_pool_domain(UserPoolId=other, Domain=domain)
    with pytest.raises(cognito.exceptions.InvalidParameterException, match="already configured"):
        cognito.create_user_pool_domain(UserPoolId=pool_id, Domain=domain + "-2")
    with pytest.raises(cognito.exceptions.InvalidParameterException, match="should be deleted first"):
        cognito.delete_user_pool(UserPoolId=pool_id)
    with pytest.raises(cognito.exceptions.InvalidParameterException, match="No such domain"):
        cognito.delete_user_pool_domain(UserPoolId=other, Domain=domain)
    cognito.delete_user_pool_domain(UserPoolId=pool_id, Domain=domain)
    assert cognito.describe_user_pool_domain(Domain=domain)["DomainDescription"] == {}
    cognito.delete_user_pool(UserPoolId=pool_id)
    with pytest.raises(cognito.exceptions.ResourceNotFoundException):
        cognito.describe_user_pool(UserPoolId=pool_id)


@pytest.mark.parametrize("domain", ["Shop", "-shop", "shop-", "my-cognito-shop", "x" * 64])
def test_strange_domains_are_refused(local_aws: ControlPlane, pool_id: str, domain: str) -> None:
    cognito = local_aws.client("cognito-idp")
    with pytest.raises(cognito.exceptions.InvalidParameterException):
        cognito.create_user_pool_domain(UserPoolId=pool_id, Domain=domain)


def test_a_domain_takes_its_time(slow_aws: ControlPlane) -> None:
    """Until it is active, nobody answers at its token endpoint."""
    cognito, domain = slow_aws.client("cognito-idp"), slow_aws.unique("slow")
    pool_id = cognito.create_user_pool(PoolName="pool")["UserPool"]["Id"]
    cognito.create_user_pool_domain(UserPoolId=pool_id, Domain=domain)
    path = f"/cognito/{domain}/oauth2/token"
    assert cognito.describe_user_pool_domain(Domain=domain)["DomainDescription"]["Status"] == "CREATING"
    assert slow_aws.http("POST", path)[0] == 404
    slow_aws.now += 60
    assert cognito.describe_user_pool_domain(Domain=domain)["DomainDescription"]["Status"] == "ACTIVE"
    assert slow_aws.http("POST", path)[0] == 400


def test_an_update_resets_what_is_left_out(local_aws: ControlPlane) -> None:
    """But not what can only be chosen when the pool is made."""
    cognito = local_aws.client("cognito-idp")
    pool_id = cognito.create_user_pool(
        PoolName="pool",
        MfaConfiguration="OPTIONAL",
        UsernameAttributes=["email"],
        UserPoolTags={"a": "1"},
        DeletionProtection="ACTIVE",
    )["UserPool"]["Id"]
    with pytest.raises(cognito.exceptions.InvalidParameterException, match="deletion protection"):
        cognito.delete_user_pool(UserPoolId=pool_id)
    cognito.update_user_pool(UserPoolId=pool_id)
    pool = cognito.describe_user_pool(UserPoolId=pool_id)["UserPool"]
    assert (pool["MfaConfiguration"], pool["UsernameAttributes"]) == ("OFF", ["email"])
    assert {"UserPoolTags", "DeletionProtection"}.isdisjoint(pool)


def test_pools_are_tagged(local_aws: ControlPlane, pool_id: str) -> None:
    cognito = local_aws.client("cognito-idp")
    arn = cognito.describe_user_pool(UserPoolId=pool_id)["UserPool"]["Arn"]
    cognito.tag_resource(ResourceArn=arn, Tags={"b": "2"})
    cognito.untag_resource(ResourceArn=arn, TagKeys=["a"])
    assert cognito.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"b": "2"}
    assert cognito.describe_user_pool(UserPoolId=pool_id)["UserPool"]["UserPoolTags"] == {"b": "2"}
    with pytest.raises(cognito.exceptions.ResourceNotFoundException):
        cognito.list_tags_for_resource(ResourceArn=arn + "x")


def test_resource_servers_change_and_go(local_aws: ControlPlane, pool_id: str) -> None:
    cognito, named = local_aws.client("cognito-idp"), {"UserPoolId": pool_id, "Identifier": "shop"}
    cognito.create_resource_server(**named, Name="shop", Scopes=[{"ScopeName": "a", "ScopeDescription": "A"}])
    with pytest.raises(cognito.exceptions.InvalidParameterException, match="already exists"):
        cognito.create_resource_server(**named, Name="shop")
    cognito.update_resource_server(**named, Name="Shop")
    found = cognito.describe_resource_server(**named)["ResourceServer"]
    assert (found["Name"], found.get("Scopes")) == ("Shop", None)
    cognito.delete_resource_server(**named)
    for call in (cognito.describe_resource_server, cognito.delete_resource_server):
        with pytest.raises(cognito.exceptions.ResourceNotFoundException):
            call(**named)


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"AllowedOAuthScopes": ["shop/unknown"]}, "Invalid scopes requested: shop/unknown"),
        ({"AllowedOAuthFlows": ["client_credentials"]}, "does not have a client secret"),
        ({"AllowedOAuthFlows": ["client_credentials", "code"], "GenerateSecret": True}, "along with code flow"),
        (
            {
                "AllowedOAuthFlows": ["client_credentials"],
                "GenerateSecret": True,
                "AllowedOAuthScopes": ["openid"],
            },
            "can not be selected with the scopes openid",
        ),
        ({"AccessTokenValidity": 0}, "'AccessTokenValidity' failed to satisfy constraint"),
    ],
)
def test_clients_that_could_not_sign_in_are_refused(
    local_aws: ControlPlane, pool_id: str, members: dict[str, Any], message: str
) -> None:
    with pytest.raises(ClientError, match=message):
        local_aws.client("cognito-idp").create_user_pool_client(UserPoolId=pool_id, ClientName="agent", **members)


def test_secrets_rotate_with_two_alive(local_aws: ControlPlane, pool_id: str) -> None:
    """Both sign in; the deleted one no more; the last one stays."""
    cognito, domain = local_aws.client("cognito-idp"), local_aws.unique("rotating")
    client = signed_in(local_aws, pool_id)
    cognito.create_user_pool_domain(UserPoolId=pool_id, Domain=domain)
    url = f"{local_aws.endpoint}/cognito/{domain}/oauth2/token"
    named = {"UserPoolId": pool_id, "ClientId": client["ClientId"]}
    first = cognito.list_user_pool_client_secrets(**named)["ClientSecrets"]
    assert ["ClientSecretValue" in secret for secret in first] == [False]
    added = cognito.add_user_pool_client_secret(**named)["ClientSecretDescriptor"]
    for secret in (client["ClientSecret"], added["ClientSecretValue"]):
        assert token(url, client["ClientId"], secret)["access_token"]
    with pytest.raises(cognito.exceptions.LimitExceededException):
        cognito.add_user_pool_client_secret(**named)
    cognito.delete_user_pool_client_secret(**named, ClientSecretId=first[0]["ClientSecretId"])
    with pytest.raises(urllib.error.HTTPError):
        token(url, client["ClientId"], client["ClientSecret"])
    with pytest.raises(cognito.exceptions.InvalidParameterException, match="last secret"):
        cognito.delete_user_pool_client_secret(**named, ClientSecretId=added["ClientSecretId"])


def test_a_client_update_resets_what_is_left_out(local_aws: ControlPlane, pool_id: str) -> None:
    client = signed_in(local_aws, pool_id)
    cognito, named = local_aws.client("cognito-idp"), {"UserPoolId": pool_id, "ClientId": client["ClientId"]}
    updated = cognito.update_user_pool_client(**named)["UserPoolClient"]
    assert (updated["ClientName"], updated["ClientSecret"]) == ("agent", client["ClientSecret"])
    assert {"AllowedOAuthFlows", "AllowedOAuthScopes"}.isdisjoint(updated)


def test_a_pool_that_is_gone_has_no_documents(local_aws: ControlPlane) -> None:
    assert local_aws.http("GET", "/us-west-2_nobody/.well-known/jwks.json")[0] == 400

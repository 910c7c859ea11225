"""State that earlier versions wrote, or that outlived what it describes, is read, updated and destroyed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.programs.test_identity import run_instead
from tests.support.stack import Stack, StartedAws

# Written with the program below, the first by version 9b47b60, the second by 0199d5f. Their address and ids are those
# of an AWS that no longer runs: see `rebuilt`.
_STATES = Path(__file__).parent / "states"
_EARLIER = ("every_noun.json", "with_token_endpoint.json")
_ADDRESS = "http://local-aws"


def makes_all() -> None:
    import pulumi

    from agentcore_provider import ApiKeyCredentialProvider, McpGateway, OAuth2CredentialProvider, credentials, targets

    def api(operation: str) -> dict[str, object]:
        get = {
            "operationId": operation,
            "description": "Lists what there is",
            "responses": {"200": {"description": "A list"}},
        }
        return {
            "openapi": "3.0.3",
            "info": {"title": operation, "version": "1"},
            "servers": [{"url": "https://api.example.com"}],
            "paths": {f"/{operation}": {"get": get}},
        }

    key = ApiKeyCredentialProvider("pets", api_key="key-of-the-pets")
    client = OAuth2CredentialProvider(
        "parcels",
        vendor="CustomOauth2",
        client_id="parcels",
        client_secret="secret-of-the-parcels",
        discovery_url="https://sign-in.example.com/.well-known/openid-configuration",
    )
    parcels, pets = targets.OpenApi(api("parcels")), targets.OpenApi(api("pets"))
    shop = McpGateway(
        "shop",
        description=DESCRIPTION,  # type: ignore[name-defined]  # noqa: F821
        tags={"team": "desk"},
        targets={
            "parcels": {"target": parcels, "credentials": credentials.OAuth(client, scopes=["read"])},
            "pets": {"target": pets, "credentials": credentials.ApiKey(key), "schema_in_s3": True},
        },
    )
    pulumi.export("mcp_url", shop.gateway_url)


def rebuilt(local_aws: StartedAws, state: str) -> str:
    """The state, after everything it describes was made through AWS's API: with the ids that AWS gave this time.

    What the state says beside ids stays letter by letter as the earlier version wrote it, marks and names included.
    """
    text = (_STATES / state).read_text().replace(_ADDRESS, local_aws.endpoint)
    resources = {
        (it["type"].rpartition(":")[2], it["urn"].rpartition("::")[2]): it
        for it in json.loads(text)["deployment"]["resources"]
    }
    iam, s3, cognito, control = (
        local_aws.client(it) for it in ("iam", "s3", "cognito-idp", "bedrock-agentcore-control")
    )
    renamed: dict[str, str] = {}

    def tags(outputs: dict[str, Any]) -> dict[str, str]:
        return {**outputs.get("tags", {}), "agentcore:owner": outputs["__context"]["owner"]}

    def wire(inputs: dict[str, Any]) -> dict[str, Any]:
        sent = json.dumps({it: value for it, value in inputs.items() if not it.startswith("__") and it != "tools"})
        for old, new in renamed.items():
            sent = sent.replace(old, new)
        members = (
            (it.split("_")[0] + "".join(map(str.capitalize, it.split("_")[1:])), value)
            for it, value in json.loads(sent).items()
        )
        return {it: _plain(value) for it, value in members}

    role = resources["Role", "shop-gateway"]["outputs"]
    iam.create_role(
        RoleName=role["name"],
        AssumeRolePolicyDocument=role["assumeRolePolicy"],
        Description=role["description"],
        Tags=[{"Key": it, "Value": value} for it, value in role["tags"].items()],
    )
    for policy in (it["outputs"] for (kind, _), it in resources.items() if kind == "RolePolicy"):
        iam.put_role_policy(RoleName=policy["role"], PolicyName=policy["name"], PolicyDocument=policy["policy"])
    stored = resources["BucketObjectv2", "shop-pets"]["outputs"]
    s3.create_bucket(Bucket=stored["bucket"], CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    s3.put_bucket_tagging(Bucket=stored["bucket"], Tagging={"TagSet": [{"Key": "team", "Value": "desk"}]})
    s3.put_object(
        Bucket=stored["bucket"],
        Key=stored["key"],
        Body=stored["content"].encode(),
        ContentType=stored["contentType"],
        Tagging="team=desk",
    )
    pool = resources["EzAuth", "shop"]["outputs"]
    name, scopes = pool["name"], [{"ScopeName": it, "ScopeDescription": it} for it in pool["scopes"]]
    pool_id = cognito.create_user_pool(
        PoolName=name, UserPoolTags=tags(pool), AdminCreateUserConfig={"AllowAdminCreateUserOnly": True}
    )["UserPool"]["Id"]
    cognito.create_resource_server(UserPoolId=pool_id, Identifier=name, Name=name, Scopes=scopes)
    client = cognito.create_user_pool_client(
        UserPoolId=pool_id,
        ClientName=name,
        GenerateSecret=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthScopes=[f"{name}/invoke"],
        AllowedOAuthFlowsUserPoolClient=True,
        SupportedIdentityProviders=["COGNITO"],
        AccessTokenValidity=3600,
        TokenValidityUnits={"AccessToken": "seconds"},
    )["UserPoolClient"]
    cognito.create_user_pool_domain(UserPoolId=pool_id, Domain=pool["domain_prefix"])
    renamed[pool["user_pool_id"]] = pool_id
    renamed[pool["client_id"]] = client["ClientId"]
    renamed[_plain(pool["client_secret"])] = client["ClientSecret"]
    for kind, name, make in (
        ("ApiKeyCredentialProvider", "pets", control.create_api_key_credential_provider),
        ("OAuth2CredentialProvider", "parcels", control.create_oauth2_credential_provider),
    ):
        provider = resources[kind, name]
        make(**wire(provider["inputs"]), tags=tags(provider["outputs"]))
    gateway = resources["Gateway", "shop"]
    made = control.create_gateway(**{**wire(gateway["inputs"]), "tags": tags(gateway["outputs"])})
    renamed[gateway["id"]] = made["gatewayId"]
    for name in ("shop-parcels", "shop-pets"):
        target = resources["GatewayTarget", name]
        renamed[target["outputs"]["target_id"]] = control.create_gateway_target(**wire(target["inputs"]))["targetId"]
    for old, new in renamed.items():
        text = text.replace(old, new)
    return text


def _plain(value: Any) -> Any:
    """A value of the state without Pulumi's wrapping of secrets."""
    if isinstance(value, dict):
        return json.loads(value["plaintext"]) if "plaintext" in value else {it: _plain(of) for it, of in value.items()}
    return [_plain(it) for it in value] if isinstance(value, list) else value


def left(stack: Stack) -> list[Any]:
    """What stands in AWS of all that the program makes."""
    control = stack.local_aws.client("bedrock-agentcore-control")
    return [
        *control.list_gateways()["items"],
        *control.list_api_key_credential_providers()["credentialProviders"],
        *control.list_oauth2_credential_providers()["credentialProviders"],
        *stack.local_aws.client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"],
        *stack.local_aws.client("s3").list_buckets()["Buckets"],
        *stack.local_aws.client("iam").list_roles()["Roles"],
    ]


def owners(stack: Stack) -> dict[str, str]:
    """The owner marks that the state holds, by URN."""
    outputs = {it["urn"]: it.get("outputs", {}) for it in stack.resources()}
    return {urn: it["__context"]["owner"] for urn, it in outputs.items() if "__context" in it}


def ours(requests: list[str]) -> list[str]:
    """Of the operations that AWS was asked for, those of this package."""
    return [
        it for it in requests if any(word in it for word in ("Gateway", "UserPool", "Credential", "ResourceServer"))
    ]


@pytest.mark.parametrize("earlier", _EARLIER)
def test_state_of_an_earlier_version_is_read_updated_and_destroyed(stack: Stack, earlier: str) -> None:
    file = stack.folder / "earlier.json"
    state = json.loads(rebuilt(stack.local_aws, earlier))
    salt = yaml.safe_load(stack.file.read_text())["encryptionsalt"]
    state["deployment"]["secrets_providers"] = {"type": "passphrase", "state": {"salt": salt}}
    file.write_text(json.dumps(state))
    stack.pulumi("stack", "import", "--file", str(file))
    marks = owners(stack)
    run_instead(stack, makes_all, DESCRIPTION="The order desk")
    stack.local_aws.forget_requests()
    # The policies of the role are pulumi-aws's, and a newer version grants by them what it knows to be needed.
    assert not {"delete", "replace"} & set(stack.up().changes)
    assert ours(stack.local_aws.requests()) == []
    assert not {"create", "delete", "replace"} & set(stack.refresh().changes)
    assert set(stack.up().changes) == {"same"}
    run_instead(stack, makes_all, DESCRIPTION="Another order desk")
    changes = stack.up().changes
    assert changes.pop("update") == 1
    assert set(changes) == {"same"}
    (gateway,) = stack.local_aws.client("bedrock-agentcore-control").list_gateways()["items"]
    assert gateway["description"] == "Another order desk"
    assert owners(stack) == marks
    stack.destroy()
    assert left(stack) == []


def test_destroy_needs_neither_the_program_nor_what_it_made(stack: Stack) -> None:
    """With a program that does not even start, and again after local AWS has forgotten everything."""
    run_instead(stack, makes_all, DESCRIPTION="The order desk")
    stack.up()
    (stack.folder / "__main__.py").write_text("this is not Python\n")
    stack.destroy()
    assert left(stack) == []
    run_instead(stack, makes_all, DESCRIPTION="The order desk")
    stack.up()
    stack.local_aws.stop()
    stack.local_aws.start()
    (stack.folder / "__main__.py").unlink()
    stack.destroy()
    assert stack.resources() == []

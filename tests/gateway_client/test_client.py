"""What a script may rely on: identity, waits, errors, look-ups, clean-up, and looks."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from agentcore_provider import GatewayClient, errors
from agentcore_provider.schemas.builtins import catalogue
from tests.support.world import World

Clients = Callable[..., GatewayClient]


def test_the_same_name_again_is_the_same_gateway_with_what_is_reported_now(
    client_of: Clients, members: dict[str, Any]
) -> None:
    first = client_of().create_gateway(**members)
    second = client_of().create_gateway(**members, description="new")
    assert (second.id, second["description"]) == (first.id, "new")


def test_a_gateway_of_somebody_else_is_neither_taken_nor_changed(client_of: Clients, members: dict[str, Any]) -> None:
    gateway = client_of().create_gateway(**members)
    other = client_of("somebody else")
    for change in (
        lambda: other.create_gateway(**members),
        lambda: other.update_gateway(gateway, description="mine"),
        lambda: other.delete_gateway(gateway),
        lambda: other.cleanup_gateway(gateway),
    ):
        with pytest.raises(errors.NameTaken, match="adopt=True"):
            change()
    assert gateway.refresh().get("description") is None
    assert other.create_gateway(**members, adopt=True).id == gateway.id


def test_a_gateway_is_never_replaced_behind_a_scripts_back(client: GatewayClient, members: dict[str, Any]) -> None:
    gateway = client.create_gateway(**members)
    with pytest.raises(errors.InvalidInput, match="authorizerType, which AWS cannot change"):
        client.create_gateway(**{**members, "authorizerType": "AWS_IAM"})
    with pytest.raises(errors.InvalidInput, match="cannot change in place"):
        client.update_gateway(gateway, authorizerType="AWS_IAM")
    assert client.find_gateway(gateway.name) is not None


def test_everything_that_is_wrong_is_reported_at_once_before_aws_is_asked(client: GatewayClient, world: World) -> None:
    world.forget_requests()
    with pytest.raises(errors.InvalidInput) as caught:
        client.create_gateway(name="my_gateway", roleArn="Role", protocolType="mcp", authorizerType="CUSTOM_JWT")
    report = str(caught.value)
    for place in ("name: ", "protocolType: ", "authorizerConfiguration: "):
        assert place in report
    with pytest.raises(errors.InvalidInput, match="targetConfiguration"):
        client.create_gateway_target("shop-0123456789", name="orders")
    assert world.requests() == []


MISTYPED: dict[str, tuple[Callable[[GatewayClient], object], str]] = {
    "a name": (
        lambda client: client.create_gateway(nme="shop", roleArn="Role", authorizerType="NONE"),
        "create_gateway: nme: unknown argument. Did you mean name?",
    ),
    "an argument in snake_case": (
        lambda client: client.create_gateway(name="shop", role_arn="Role", authorizerType="NONE"),
        "create_gateway 'shop': role_arn: unknown argument. Did you mean roleArn?",
    ),
    "an argument of the method itself": (
        lambda client: client.create_gateway(name="shop", roleArn="R", authorizerType="NONE", semantic_serch=False),
        "create_gateway 'shop': semantic_serch: unknown argument. Did you mean semantic_search?",
    ),
    "an argument of an update": (
        lambda client: client.update_gateway("shop-0123456789", descripton="new"),
        "update_gateway: descripton: unknown argument. Did you mean description?",
    ),
    "an argument of a target": (
        lambda client: client.create_gateway_target("shop-0123456789", name="orders", targetConfig={"mcp": {}}),
        "create_gateway_target 'orders': targetConfig: unknown argument. Did you mean targetConfiguration?",
    ),
    "an argument of a target's update": (
        lambda client: client.update_gateway_target("shop-0123456789", "ABCDEFGHIJ", descripton="new"),
        "update_gateway_target: descripton: unknown argument. Did you mean description?",
    ),
}


@pytest.mark.parametrize("problem", sorted(MISTYPED))
def test_a_mistyped_argument_is_the_one_thing_reported_before_aws_is_asked(problem: str) -> None:
    call, report = MISTYPED[problem]
    with pytest.raises(errors.InvalidInput) as caught:
        call(GatewayClient("us-west-2", endpoint_url="http://127.0.0.1:9"))
    assert str(caught.value) == report


def test_mistyped_and_missing_arguments_are_reported_with_all_other_problems() -> None:
    client = GatewayClient("us-west-2", endpoint_url="http://127.0.0.1:9")
    with pytest.raises(errors.InvalidInput) as caught:
        client.create_gateway(roleArn="no role", protocolTyp="MCP", colour="red", authorizerType="EVERYBODY")
    first, *report = str(caught.value).split("\n  ")
    assert first == "create_gateway: 5 problems:"
    for line, beginning in zip(
        sorted(report),
        (
            "authorizerType: is 'EVERYBODY'",
            "colour: unknown argument. Known are adopt, ",
            "name: is missing. Give ",
            "protocolTyp: unknown argument. Did you mean protocolType?",
            "roleArn: 'no role' is not a role. Pass its name",
        ),
        strict=True,
    ):
        assert line.startswith(beginning)
    with pytest.raises(errors.InvalidInput) as caught:
        client.create_gateway_target(
            "shop-0123456789", targetConfiguration={"mcp": {"openApiSchema": {"s3": "s3>//b/k"}}}
        )
    first, *report = str(caught.value).split("\n  ")
    assert first == "create_gateway_target: 2 problems:"
    assert sorted(line.split(": ")[0] for line in report) == ["name", "targetConfiguration.mcp.openApiSchema.s3"]


@pytest.mark.parametrize("identifier", ["no gateway", "arn:aws:iam::123456789012:role/R", "https://example.com/mcp"])
def test_what_is_not_a_gateway_is_reported(client: GatewayClient, identifier: str) -> None:
    with pytest.raises(errors.InvalidInput, match=r"Use the form|Give its id"):
        client.get_gateway(identifier)


def test_a_gateway_is_found_by_id_arn_url_name_and_itself(client: GatewayClient, members: dict[str, Any]) -> None:
    made = client.create_gateway(**members)
    for given in (made.id, made["gatewayArn"], made.get_mcp_url(), made):
        assert client.get_gateway(given).id == made.id
    found = client.find_gateway(made.name)
    assert found == made
    assert made.id in [gateway.id for gateway in client.list_gateways()]
    (listed,) = [gateway for gateway in client.list_gateways() if gateway.id == made.id]
    assert listed.get_mcp_url() == made.get_mcp_url()
    assert client.find_gateway("nobody-has-this-name") is None
    with pytest.raises(errors.AwsRefused, match="There is no gateway shop-0123456789 in us-west-2"):
        client.get_gateway("shop-0123456789")


def test_targets_are_made_once_changed_found_and_removed(
    client: GatewayClient, members: dict[str, Any], target: dict[str, Any]
) -> None:
    gateway = client.create_gateway(**members)
    made = client.create_gateway_target(gateway, **target)
    assert client.create_gateway_target(gateway, **target).id == made.id
    with pytest.raises(errors.NameTaken):
        client.create_gateway_target(gateway, **{**target, "description": "another"})
    changed = client.update_gateway_target(gateway, made.id, description="new")
    assert changed["targetConfiguration"] == made["targetConfiguration"]
    found = client.find_gateway_target(gateway, "orders")
    assert found is not None
    assert (found.id, found["description"]) == (made.id, "new")
    client.delete_gateway_target(gateway, made.id)
    client.delete_gateway_target(gateway, made.id)
    assert client.list_gateway_targets(gateway) == []


def test_a_schema_may_be_given_as_a_document_where_aws_takes_its_text(
    client: GatewayClient, members: dict[str, Any]
) -> None:
    get = {"operationId": "find", "description": "Find", "responses": {"200": {"description": "Found"}}}
    api: dict[str, Any] = {
        "openapi": "3.0.3",
        "info": {"title": "CRM", "version": "1"},
        "servers": [{"url": "https://crm.example.com"}],
    }
    api["paths"] = {"/find": {"get": get}}
    configuration = {"mcp": {"openApiSchema": {"inlinePayload": api}}}
    made = client.create_gateway_target(client.create_gateway(**members), name="crm", targetConfiguration=configuration)
    assert json.loads(made["targetConfiguration"]["mcp"]["openApiSchema"]["inlinePayload"]) == api


def test_update_keeps_what_it_does_not_name(client: GatewayClient, members: dict[str, Any]) -> None:
    gateway = client.create_gateway(**members, description="a shop", tags={"team": "shop"})
    changed = client.update_gateway(gateway, exceptionLevel="DEBUG")
    assert (changed["description"], changed["exceptionLevel"]) == ("a shop", "DEBUG")


def test_a_failed_create_leaves_nothing(
    client: GatewayClient, world: World, members: dict[str, Any], target: dict[str, Any]
) -> None:
    gateway = client.create_gateway(**members)
    world.fault(operation="CreateGatewayTarget", kind="fail", reason="no such tool")
    with pytest.raises(errors.ResourceFailed, match="no such tool"):
        client.create_gateway_target(gateway, **target)
    assert gateway.targets() == []


def test_clean_up_removes_targets_gateway_and_sign_in_and_may_come_again(
    client: GatewayClient, world: World, members: dict[str, Any], target: dict[str, Any]
) -> None:
    made = client.create_oauth_authorizer_with_cognito(members["name"])
    jwt = {"authorizerType": "CUSTOM_JWT", "authorizerConfiguration": made["authorizer_config"]}
    gateway = client.create_gateway(**{**members, **jwt})
    client.create_gateway_target(gateway, **target)
    for _ in range(2):
        client.cleanup_gateway(members["name"])
    assert client.find_gateway(members["name"]) is None
    pools = world.client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]
    assert members["name"] not in [pool["Name"] for pool in pools]


def test_a_sign_in_is_made_once_and_belongs_to_its_owner(client_of: Clients, name: str) -> None:
    made = client_of().create_oauth_authorizer_with_cognito(name)
    assert client_of().create_oauth_authorizer_with_cognito(name) == made
    with pytest.raises(errors.NameTaken, match="adopt=True"):
        client_of("somebody else").cleanup_gateway(name, made["client_info"])
    client_of().cleanup_gateway(name, made["client_info"])


def test_a_wrong_secret_is_reported_without_showing_it(client: GatewayClient, name: str) -> None:
    info = client.create_oauth_authorizer_with_cognito(name)["client_info"]
    other = GatewayClient("us-west-2", endpoint_url="http://127.0.0.1:9")
    with pytest.raises(errors.NotSignedIn) as caught:
        other.get_access_token_for_cognito({**info, "client_secret": "marker-of-a-secret"})
    assert "marker-of-a-secret" not in str(caught.value)
    with pytest.raises(errors.InvalidInput, match="client_info lacks client_secret"):
        client.get_access_token_for_cognito({**info, "client_secret": ""})
    client.cleanup_gateway(name)


def test_a_gateway_reads_like_boto3s_answer(client: GatewayClient, world: World, members: dict[str, Any]) -> None:
    gateway = client.create_gateway(**members)
    answer = world.client("bedrock-agentcore-control").get_gateway(gatewayIdentifier=gateway.id)
    del answer["ResponseMetadata"]
    assert gateway == answer
    assert isinstance(gateway["createdAt"], datetime)
    assert gateway.wait_until_ready() is gateway


def test_a_gateway_for_aws_identities_is_called_with_the_clients_signature(
    client: GatewayClient, members: dict[str, Any]
) -> None:
    gateway = client.create_gateway(**members | {"authorizerType": "AWS_IAM"})
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    with httpx2.Client(trust_env=False) as http:
        assert http.post(gateway.get_mcp_url(), json=asked).status_code == 401
        answer = http.post(gateway.get_mcp_url(), json=asked, auth=client.get_sigv4_auth())
    assert [tool["name"] for tool in answer.json()["result"]["tools"]] == ["x_amz_bedrock_agentcore_search"]


def test_notebooks_show_a_card_without_markup_from_outside(client: GatewayClient, members: dict[str, Any]) -> None:
    gateway = client.create_gateway(**members, description="<b>bold</b>")
    shown = gateway._repr_html_()
    assert gateway.id in shown
    assert "&lt;b&gt;bold" in shown


def test_notebooks_show_lists_as_tables_that_are_lists_still(
    client: GatewayClient, members: dict[str, Any], target: dict[str, Any]
) -> None:
    gateway = client.create_gateway(**members, description="<b>bold</b>")
    client.create_gateway_target(gateway, **target)
    listed = client.list_gateways()
    assert isinstance(listed, list)
    assert gateway.id in [it.id for it in listed]
    assert f">{gateway.id}<" in listed._repr_html_()
    assert "&lt;b&gt;bold" in listed._repr_html_()
    (only,) = targets = gateway.targets()
    assert f">{only.id}<" in targets._repr_html_()
    client.delete_gateway_target(gateway, only.id)
    assert f"Targets of {gateway.id}: none" in gateway.targets()._repr_html_()
    client.cleanup_gateway(gateway)


def test_a_client_says_where_it_works_and_as_whom_without_asking_aws_or_telling_a_secret(
    client_of: Clients, world: World, name: str
) -> None:
    client = client_of("me & you")
    secret = client.create_oauth_authorizer_with_cognito(name)["client_info"]["client_secret"]
    world.forget_requests()
    base_url = world.endpoint
    assert repr(client) == f"GatewayClient(region='us-west-2', endpoint='{base_url}', owner='me & you')"
    shown = client._repr_html_()
    assert "us-west-2" in shown
    assert base_url in shown
    assert "me &amp; you" in shown
    assert world.requests() == []
    assert secret not in repr(vars(client)) + repr(client) + shown
    aws = GatewayClient("eu-west-1", owner="me")
    assert repr(aws) == "GatewayClient(region='eu-west-1', endpoint=\"AWS's own\", owner='me')"
    behind = GatewayClient("eu-west-1", endpoint_url="https://user:marker@proxy.example:8443", owner="me")
    assert "'https://proxy.example:8443'" in repr(behind)


def test_a_client_without_a_region_can_still_be_looked_at(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    assert repr(GatewayClient(owner="me")).startswith("GatewayClient(region=None, ")


def test_the_clients_secret_of_a_sign_in_is_in_its_answer_and_nowhere_else(
    client_of: Clients, members: dict[str, Any], target: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    client = client_of()
    caplog.set_level("INFO")
    name = members["name"]
    made = client.create_oauth_authorizer_with_cognito(name)
    secret = made["client_info"]["client_secret"]
    client.get_access_token_for_cognito(made["client_info"])
    gateway = client.setup_gateway(name, target["targetConfiguration"], members["roleArn"], target_name=target["name"])
    with pytest.raises(errors.NameTaken) as refused:
        client_of("somebody else").cleanup_gateway("another", made["client_info"])
    report = [caplog.text, repr(client), repr(gateway), gateway._repr_html_(), repr(refused.value), str(refused.value)]
    client.cleanup_gateway(gateway)
    assert caplog.records
    assert not [it for it in report if secret in it]


@pytest.mark.parametrize("place", ["environment", "configuration file"])
def test_local_aws_is_found_where_boto3_finds_it(
    world: World, members: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: str
) -> None:
    if place == "environment":
        monkeypatch.setenv("AWS_ENDPOINT_URL", world.endpoint)
    else:
        (tmp_path / "config").write_text(f"[default]\nendpoint_url = {world.endpoint}\n")
        monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    client = GatewayClient("us-west-2")
    made = client.create_oauth_authorizer_with_cognito(members["name"])
    assert made["client_info"]["token_endpoint"].startswith(world.endpoint)
    assert client.create_gateway(**members).get_mcp_url().startswith(world.endpoint)
    client.cleanup_gateway(members["name"])


def test_importing_the_package_does_not_import_boto3_or_pulumi() -> None:
    code = (
        "import sys, agentcore_provider\nfrom agentcore_provider import GatewayClient\n"
        "print(sorted({'boto3', 'pulumi', 'moto', 'mcp'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == "[]\n", done.stderr


def test_the_clients_own_role_may_touch_the_resources_that_are_given_alone(
    client: GatewayClient, world: World, members: dict[str, Any]
) -> None:
    """Without them it may touch all, with a warning; what no permission is known of is a warning too."""
    gateway = client.create_gateway(**{it: value for it, value in members.items() if it != "roleArn"})
    model = json.dumps(catalogue.document("dynamodb", operations=["GetItem"]))
    configuration = {"mcp": {"smithyModel": {"inlinePayload": model}}}
    table = "arn:aws:dynamodb:us-west-2:123456789012:table/items"
    iam, role = world.client("iam"), gateway["roleArn"].rpartition("/")[2]

    def allowed() -> Any:
        answer = iam.get_role_policy(RoleName=role, PolicyName="target-items")
        return answer["PolicyDocument"]["Statement"][0]["Resource"]

    with (
        pytest.warns(UserWarning, match="the role may do dynamodb:GetItem on every resource"),
        pytest.warns(UserWarning, match="uses awsJson1_0, and the service supports RestJson"),
    ):
        made = client.create_gateway_target(gateway, name="items", targetConfiguration=configuration)
    assert allowed() == "*"
    with warnings.catch_warnings(record=True) as reported:
        warnings.simplefilter("always")
        client.update_gateway_target(gateway, made.id, resources=[table], description="Items")
    assert allowed() == table
    assert not [it for it in reported if "the role may do" in str(it.message)]
    with pytest.warns(UserWarning, match="no permission is known for the connector crm"):
        client.create_gateway_target(
            gateway, name="crm", targetConfiguration={"mcp": {"connector": {"source": {"connectorId": "crm"}}}}
        )


def test_a_secret_that_cognito_keeps_in_secrets_manager_is_read_there(
    client: GatewayClient, client_of: Any, world: World, name: str
) -> None:
    """Another script finds the client of the gateway's pool, and reads its secret where Cognito moved it."""
    info = client.create_oauth_authorizer_with_cognito(name)["client_info"]
    cognito, which = world.client("cognito-idp"), {"UserPoolId": info["user_pool_id"], "ClientId": info["client_id"]}
    found = cognito.describe_user_pool_client(**which)["UserPoolClient"]
    kept = ("AllowedOAuthFlows", "AllowedOAuthScopes", "AllowedOAuthFlowsUserPoolClient")
    moved = cognito.update_user_pool_client(
        **which, **{it: found[it] for it in kept}, PublishSecretsInAWSSecretsManager=True
    )["UserPoolClient"]
    assert "ClientSecret" not in moved
    again = client_of().create_oauth_authorizer_with_cognito(name)["client_info"]
    assert again["client_id"] == info["client_id"]
    assert again["client_secret"] != info["client_secret"]
    assert client_of().get_access_token_for_cognito(again).count(".") == 2
    assert again["client_secret"] not in repr(again)

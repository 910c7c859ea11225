"""GatewayRole: who may assume it, and that it holds exactly what the targets need."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pytest

from agentcore_provider import Gateway, GatewayRole, McpGateway
from agentcore_provider.errors import InvalidInput

LAMBDA = {"mcp": {"lambda": {"lambdaArn": "arn:aws:lambda:eu-central-1:123456789012:function:orders"}}}
ROLE = [{"credentialProviderType": "GATEWAY_IAM_ROLE"}]


def _trust(declared: Any) -> dict[str, Any]:
    (role,) = declared.of(":Role").values()
    trust: dict[str, Any] = json.loads(role["assumeRolePolicy"])
    return trust


def test_trust_is_one_statement_bound_to_account_and_gateway(declare: Any) -> None:
    (statement,) = _trust(declare(lambda: GatewayRole("Shop").arn))["Statement"]
    assert statement["Principal"] == {"Service": "bedrock-agentcore.amazonaws.com"}
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "123456789012"},
        "ArnLike": {"aws:SourceArn": "arn:aws:bedrock-agentcore:eu-central-1:123456789012:gateway/shop-*"},
    }


def test_trust_follows_how_a_logical_name_becomes_a_gateway_name(declare: Any) -> None:
    """Underscores become hyphens; a long name is cut by the gateway, so the role trusts the cut and the whole."""
    (statement,) = _trust(declare(lambda: GatewayRole("my_shop").arn))["Statement"]
    assert statement["Condition"]["ArnLike"]["aws:SourceArn"].endswith(":gateway/my-shop-*")
    (statement,) = _trust(declare(lambda: GatewayRole("a" * 45).arn))["Statement"]
    assert statement["Condition"]["ArnLike"]["aws:SourceArn"].endswith(f":gateway/{'a' * 40}*-*")


def test_one_policy_per_target_on_exact_resources(declare: Any) -> None:
    def program() -> Any:
        role = GatewayRole("shop")
        return [role.grant("orders", LAMBDA, ROLE).id, role.grant("stock", LAMBDA, ROLE).id]  # type: ignore[union-attr]

    declared = declare(program)
    assert set(declared.of(":RolePolicy")) == {"orders", "stock"}
    assert declared.policy("orders") == [
        {
            "Effect": "Allow",
            "Action": "lambda:InvokeFunction",
            "Resource": "arn:aws:lambda:eu-central-1:123456789012:function:orders",
        }
    ]


def test_documents_may_hold_outputs_at_any_depth(declare: Any) -> None:
    def program() -> Any:
        arn = pulumi.Output.from_input(LAMBDA["mcp"]["lambda"]["lambdaArn"])
        role = GatewayRole("shop")
        whole = role.grant("whole", pulumi.Output.from_input(LAMBDA), pulumi.Output.from_input(ROLE))
        return [whole.id, role.grant("leaf", {"mcp": {"lambda": {"lambdaArn": arn}}}, ROLE).id]  # type: ignore[union-attr]

    declared = declare(program)
    assert declared.policy("leaf") == declared.policy("whole")
    assert declared.policy("leaf")[0]["Resource"].endswith(":function:orders")


def test_nothing_is_granted_where_nothing_is_needed(declare: Any) -> None:
    server = {"mcp": {"mcpServer": {"endpoint": "https://weather.example.com/mcp"}}}
    granted: list[Any] = []
    declared = declare(lambda: granted.append(GatewayRole("shop").grant("weather", server, [])))
    assert granted == [None]
    assert declared.of(":RolePolicy") == {}


def test_a_need_unknown_until_deployment_still_makes_a_policy_that_iam_takes(declare: Any) -> None:
    server = {"mcp": {"mcpServer": {"endpoint": "https://weather.example.com/mcp"}}}
    declared = declare(lambda: GatewayRole("shop").grant("weather", pulumi.Output.from_input(server), []).id)  # type: ignore[union-attr]
    (statement,) = declared.policy("weather")
    assert statement["Effect"] == "Deny"


def test_what_the_gateway_itself_needs_is_allowed(declare: Any) -> None:
    """Interceptors, policy engine, transformation and key, each by a policy of its own, and further statements."""
    function = "arn:aws:lambda:eu-central-1:123456789012:function:guard"
    engine = "arn:aws:bedrock-agentcore:eu-central-1:123456789012:policy-engine/rules-0123456789"
    key = "arn:aws:kms:eu-central-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
    own = {"Effect": "Allow", "Action": "ssm:GetParameter", "Resource": "*"}
    members = {
        "interceptor_configurations": [{"interceptor": {"lambda": {"arn": function}}}],
        "policy_engine_configuration": {"arn": engine, "mode": "ENFORCE"},
        "custom_transform_configuration": {"lambda": {"arn": function}},
        "kms_key_arn": key,
    }

    def program() -> Any:
        role = GatewayRole("shop", statements=[own])
        assert role.grant_gateway("shop", dict.fromkeys(members)) == []
        late = {name: pulumi.Output.from_input(value) for name, value in members.items()}
        return [it.urn for it in [*role.grant_gateway("shop", members), *role.grant_gateway("late", late)]]

    declared = declare(program)
    assert declared.policy("shop-interceptors")[0]["Resource"] == function
    assert engine in json.dumps(declared.policy("shop-policy-engine"))
    assert declared.policy("shop-transform")[0]["Resource"] == function
    assert {it["Resource"] for it in declared.policy("shop-key")} == {key}
    assert all(declared.policy(f"late-{it}") for it in ("interceptors", "policy-engine", "transform", "key"))
    assert declared.policy("shop-further") == [own]


def test_the_role_is_found_again_by_itself_and_by_its_arn_only(declare: Any) -> None:
    def program() -> None:
        role = GatewayRole("shop")
        assert GatewayRole.of(role) is role
        assert GatewayRole.of(role.arn) is role
        assert GatewayRole.of(GatewayRole("passing").arn) is not None
        assert GatewayRole.of(role.arn.apply(str)) is None
        assert GatewayRole.of("arn:aws:iam::123456789012:role/shop") is None
        assert GatewayRole.of(None) is None

    declare(program)


@pytest.mark.parametrize("name", ["shop", "Shop", "shop-eu", "shop_eu"])
def test_gateways_whose_name_begins_like_the_roles_fit(declare: Any, name: str) -> None:
    declare(lambda: GatewayRole("shop").check_gateway_name(name))


@pytest.mark.parametrize("name", ["shopping", "orders", "my-shop"])
def test_a_gateway_that_could_not_assume_the_role_is_reported_with_the_cure(declare: Any, name: str) -> None:
    def program() -> None:
        with pytest.raises(InvalidInput, match=f'gateway_name="{name}"'):
            GatewayRole("shop").check_gateway_name(name)
        GatewayRole("other", gateway_name=name).check_gateway_name(name)

    declare(program)


def test_long_names_fit_in_both_forms(declare: Any) -> None:
    declare(lambda: GatewayRole("a" * 45).check_gateway_name("a" * 45))


@pytest.mark.parametrize("alias", [pulumi.Alias(name="shop"), "urn:pulumi:dev::project::type::shop"])
@pytest.mark.parametrize("kind", [GatewayRole, McpGateway])
def test_a_renamed_role_trusts_gateways_of_both_names(declare: Any, kind: Any, alias: Any) -> None:
    """A renamed gateway keeps its name in AWS until it is replaced."""

    def program() -> None:
        renamed = pulumi.ResourceOptions(aliases=[alias])
        if kind is GatewayRole:
            Gateway("desk", role_arn=GatewayRole("desk", opts=renamed), authorizer="NONE", opts=renamed)
        else:
            McpGateway("desk", targets={}, authorizer="NONE", opts=renamed)

    declared = declare(program)
    (statement,) = _trust(declared)["Statement"]
    beginning = "arn:aws:bedrock-agentcore:eu-central-1:123456789012:gateway"
    assert statement["Condition"]["ArnLike"]["aws:SourceArn"] == [f"{beginning}/desk-*", f"{beginning}/shop-*"]
    assert "problems" not in declared.of("agentcore:Gateway")["desk"]["__context"]


@pytest.mark.parametrize("trusted", ["shop", "desk"])
def test_a_renamed_gateway_needs_a_role_that_trusts_both_its_names(declare: Any, trusted: str) -> None:
    def program() -> None:
        renamed = pulumi.ResourceOptions(aliases=[pulumi.Alias(name="shop")])
        Gateway("desk", role_arn=GatewayRole(trusted), authorizer="NONE", opts=renamed)

    (line,) = declare(program).of("agentcore:Gateway")["desk"]["__context"]["problems"][:1]
    assert line.endswith('Give the role gateway_name=["desk", "shop"].')


def test_several_gateways_may_share_a_role(declare: Any) -> None:
    def program() -> Any:
        role = GatewayRole("both", gateway_name=["shop", "desk"])
        for name in ("shop", "desk"):
            role.check_gateway_name(name)
        with pytest.raises(InvalidInput, match=r'"shop" or "desk" only. Give the role gateway_name="other"'):
            role.check_gateway_name("other")
        return role.grant("key", *_api_key())

    (statement,) = declare(program).policy("both-identity")
    identities = ["workload-identity/shop-*", "workload-identity/desk-*"]
    assert [it.partition("default/")[2] for it in statement["Resource"][1:3]] == identities


def test_what_all_credentials_need_alike_is_granted_once(declare: Any) -> None:
    """IAM counts the characters of all policies of a role: a target adds its provider and its secret alone."""

    def program() -> Any:
        role = GatewayRole("shop")
        late = pulumi.Output.from_input(_api_key()[1])
        granted = [
            role.grant("one", *_api_key()),
            role.grant("two", _api_key()[0], late),
            role.grant("fn", LAMBDA, ROLE),
        ]
        return [it.urn for it in granted if it]

    declared = declare(program)
    assert set(declared.of(":RolePolicy")) == {"one", "two", "fn", "shop-identity"}
    assert declared.policy("one") == declared.policy("two")
    assert [it["Action"] for it in declared.policy("one")] == [
        "bedrock-agentcore:GetResourceApiKey",
        "secretsmanager:GetSecretValue",
    ]


@pytest.mark.parametrize("one_too_many", [False, True])
def test_more_than_iam_takes_is_reported_at_preview(declare: Any, caplog: Any, one_too_many: bool) -> None:
    """Once, with what to do; AWS would refuse the policy that is one too many, in the middle of the deployment."""
    statement = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": LAMBDA["mcp"]["lambda"]["lambdaArn"]}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    count = 10_240 // len(json.dumps(document, separators=(",", ":"))) + one_too_many

    def program() -> Any:
        role = GatewayRole("shop")
        return [role.grant(f"orders{number}", LAMBDA, ROLE).urn for number in range(count)]  # type: ignore[union-attr]

    declare(program)
    reported = [it.message for it in caplog.records if "IAM takes 10,240" in it.message]
    assert len(reported) == one_too_many
    assert not reported or "role of its own" in reported[0]


def _api_key() -> tuple[Any, Any]:
    arn = "arn:aws:bedrock-agentcore:eu-central-1:123456789012:token-vault/default/apikeycredentialprovider/weather"
    credential = {"credentialProvider": {"apiKeyCredentialProvider": {"providerArn": arn}}}
    return {"mcp": {"openApiSchema": {}}}, [{"credentialProviderType": "API_KEY", **credential}]


@pytest.mark.parametrize("given", [{"Effect": "Allow"}, ["s3:GetObject"]])
def test_statements_that_are_none_are_reported(declare: Any, given: Any) -> None:
    def program() -> None:
        with pytest.raises(InvalidInput, match='GatewayRole "shop": statements: is not a list of objects'):
            GatewayRole("shop", statements=given)

    declare(program)


@pytest.mark.parametrize("region", ["us-west-2", "eu-central-1", None])
def test_a_gateway_of_another_region_than_its_role_is_reported(declare: Any, region: str | None) -> None:
    """Pulumi's aws provider may be another one than the stack's, and the role would trust gateways over there."""
    declared = declare(
        lambda: Gateway("shop", role_arn=GatewayRole("shop"), authorizer="NONE").id,
        config={"aws:region": region} if region else {},
    )
    report = [it for it in declared.of(":Gateway")["shop"]["__context"].get("problems", ()) if it]
    assert report == (
        [
            "role_arn: this GatewayRole trusts gateways in eu-central-1 only, and this gateway goes to us-west-2. Give both "
            "the same region= or aws.Provider, or set aws:region to eu-central-1"
        ]
        if region == "us-west-2"
        else []
    )

"""Where a program puts a resource: by its own arguments, a provider, a parent, or the stack."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from agentcore_provider import (
    ApiKeyCredentialProvider,
    AssumeRole,
    EzAuth,
    Gateway,
    GatewayRole,
    GatewayTarget,
    McpGateway,
    credentials,
    targets,
)
from agentcore_provider.errors import InvalidInput
from tests.resources.mocked_engine import ACCOUNT, Declared, declare

ROLE = "arn:aws:iam::210987654321:role/deploy"
SERVER = targets.McpServer("https://mcp.example.com")
LATER = {"aws:region": "eu-central-1"}


def contexts(declared: Declared) -> dict[str, dict[str, Any]]:
    """The context of every dynamic resource, by class and name."""
    return {
        f"{it.typ.rpartition(':')[2]} {it.name}": it.inputs["__context"]
        for it in declared.resources
        if "__context" in it.inputs
    }


def members(context: dict[str, Any]) -> dict[str, Any]:
    return {it: context[it] for it in ("region", "profile", "assume_roles", "account") if it in context}


def everything(**arguments: Any) -> McpGateway:
    return McpGateway(
        "shop",
        targets={"mcp": SERVER, "own": {"target": targets.OpenApi(_document()), "schema_in_s3": True}},
        **arguments,
    )


def _document() -> dict[str, Any]:
    get = {"operationId": "pets", "description": "Pets", "responses": {"200": {"description": "Pets"}}}
    return {
        "openapi": "3.0.3",
        "info": {"title": "Pets", "version": "1"},
        "servers": [{"url": "https://pets.example.com"}],
        "paths": {"/pets": {"get": get}},
    }


def test_nothing_is_added_to_a_program_that_chooses_nothing() -> None:
    """The state of existing stacks has none of it, and no provider of its own."""
    declared = declare(everything)
    assert all(members(it) == {} for it in contexts(declared).values())
    assert declared.of("providers:aws") == {}
    assert "region" not in declared.of(":Bucket")["shop-schemas"]


def test_a_region_reaches_everything_below_a_component() -> None:
    """By the argument of pulumi-aws's resources, without a provider that would be a process more."""
    declared = declare(lambda: everything(region="eu-west-1"), config=LATER)
    assert {str(members(it)) for it in contexts(declared).values()} == {"{'region': 'eu-west-1'}"}
    assert declared.of(":Bucket")["shop-schemas"]["region"] == "eu-west-1"
    assert next(iter(declared.of(":BucketObjectv2").values()))["region"] == "eu-west-1"
    assert declared.of("providers:aws") == {}


def test_a_role_is_assumed_for_everything_below_a_component() -> None:
    """What pulumi-aws makes gets one provider, which assumes it as well."""
    declared = declare(lambda: everything(region="eu-west-1", assume_role=ROLE), config={"aws:profile": "base"})
    wanted = {"region": "eu-west-1", "assume_roles": [{"roleArn": ROLE}]}
    assert all(members(it) == wanted for it in contexts(declared).values())
    (provider,) = declared.of("providers:aws").values()
    assert provider["assumeRoles"] == f'[{{"roleArn": "{ROLE}"}}]'
    assert (provider["region"], provider["profile"]) == ("eu-west-1", "base")
    own = [it for it in declared.resources if it.typ.startswith("aws:")]
    assert own
    assert all("shop-mcp-gateway-210987654321" in str(it.provider) for it in own)


def test_a_role_with_conditions_is_assumed_with_them() -> None:
    role = AssumeRole(role_arn=ROLE, external_id="e", session_name="gateways")
    declared = declare(lambda: EzAuth("shop", assume_role=role))
    wanted = [{"roleArn": ROLE, "externalId": "e", "sessionName": "gateways"}]
    assert [it["assume_roles"] for it in contexts(declared).values()] == [wanted, wanted]


def test_a_profile_takes_the_place_of_what_the_stack_signs_in_with() -> None:
    declared = declare(lambda: GatewayRole("shop", profile="eu"), config={"aws:profile": "base", "aws:accessKey": "k"})
    (provider,) = declared.of("providers:aws").values()
    assert (provider["profile"], provider.get("accessKey")) == ("eu", None)


def test_a_child_inherits_and_may_choose_another_region() -> None:
    """The nearest choice counts; a Region of its own keeps the parent's sign-in."""

    def program() -> None:
        shop = everything(region="eu-west-1", assume_role=ROLE)
        below = pulumi.ResourceOptions(parent=shop)
        ApiKeyCredentialProvider("one", api_key="k", opts=below)
        ApiKeyCredentialProvider("other", api_key="k", region="eu-west-2", opts=below)

    found = contexts(declare(program))
    assert members(found["ApiKeyCredentialProvider one"])["region"] == "eu-west-1"
    assert members(found["ApiKeyCredentialProvider other"]) == {
        "region": "eu-west-2",
        "assume_roles": [{"roleArn": ROLE}],
    }


def test_a_child_of_the_programs_own_component_inherits_the_sign_in() -> None:
    """Through Pulumi's own inheritance of providers."""

    def program() -> None:
        shop = everything(profile="eu", region="eu-west-1")
        team = pulumi.ComponentResource("team:index:Desk", "desk", None, pulumi.ResourceOptions(parent=shop))
        EzAuth("desk", opts=pulumi.ResourceOptions(parent=team))

    found = contexts(declare(program))["EzAuth desk"]
    assert members(found) == {"region": "eu-west-1", "profile": "eu"}


def test_a_target_is_where_its_gateway_is() -> None:
    """With its function and schema, whatever its own parent is."""

    def program() -> None:
        gateway = Gateway("shop", role_arn=ROLE, authorizer="NONE", region="eu-west-1", profile="eu")
        GatewayTarget("pets", gateway=gateway, target=targets.OpenApi(_document()), schema_in_s3=True)

    declared = declare(program)
    assert members(contexts(declared)["GatewayTarget pets"]) == {"region": "eu-west-1", "profile": "eu"}
    (provider,) = declared.of("providers:aws").values()
    assert (provider["region"], provider["profile"]) == ("eu-west-1", "eu")


@pytest.mark.parametrize("region", ["eu-west-2", "eu-west-1"])
def test_a_target_elsewhere_is_reported(region: str) -> None:
    def program() -> None:
        gateway = Gateway("shop", role_arn=ROLE, authorizer="NONE", region="eu-west-1")
        GatewayTarget("mcp", gateway=gateway, target=SERVER, region=region)

    lines = [it for it in contexts(declare(program))["GatewayTarget mcp"].get("problems", ()) if it]
    report = "region: the gateway is in eu-west-1, and this in eu-west-2. Leave region= and provider= out"
    assert [it.startswith(report) for it in lines] == ([True] if region == "eu-west-2" else [])


def test_a_credential_provider_of_another_region_is_reported_at_preview() -> None:
    """Its ARN is not known before it is created, and its Region is."""

    def program() -> None:
        key = ApiKeyCredentialProvider("key", api_key="k")
        McpGateway(
            "shop", region="eu-west-1", targets={"a": {"target": SERVER, "credentials": credentials.ApiKey(key)}}
        )

    (line,) = contexts(declare(program, config=LATER))["GatewayTarget shop-a"]["problems"]
    assert line.startswith("credentials: the credential provider is in eu-central-1, and this in eu-west-1")


def test_an_aws_provider_is_followed_in_region_profile_and_account() -> None:
    """Given or inherited; the account is what it signs in to, since its roles cannot be read."""

    def program() -> None:
        provider = aws.Provider("eu", region="eu-west-1", profile="eu")
        everything(opts=pulumi.ResourceOptions(provider=provider))
        EzAuth("desk", opts=pulumi.ResourceOptions(provider=provider))

    found = contexts(declare(program))
    assert {str(members(it)) for it in found.values()} == {
        str({"region": "eu-west-1", "profile": "eu", "account": ACCOUNT})
    }


def test_a_region_counts_before_that_of_a_provider() -> None:
    """As with resources of pulumi-aws."""

    def program() -> None:
        opts = pulumi.ResourceOptions(provider=aws.Provider("eu", region="eu-west-1"))
        everything(region="eu-west-2", opts=opts)

    declared = declare(program)
    assert {it["region"] for it in contexts(declared).values()} == {"eu-west-2"}
    assert declared.of(":Bucket")["shop-schemas"]["region"] == "eu-west-2"


@pytest.mark.parametrize("name", ["access_key", "secret_key", "token"])
def test_keys_of_a_provider_are_refused_and_not_shown(name: str) -> None:
    """They would have to be kept with every resource."""

    def program() -> None:
        EzAuth("desk", opts=pulumi.ResourceOptions(provider=aws.Provider("eu", **{name: "marker-of-a-key"})))  # type: ignore[arg-type]

    declared = declare(program)
    lines = [it for it in contexts(declared)["EzAuth desk"]["problems"] if it]
    assert [it.startswith(f"provider: the aws.Provider has an {name} that is not the stack's") for it in lines] == [
        True
    ]
    assert "Pass region= and profile= or assume_role=" in lines[0]
    assert "marker-of-a-key" not in str(contexts(declared))


@pytest.mark.parametrize(
    "declaration",
    [
        lambda **it: EzAuth("a", **it),
        lambda **it: Gateway("a", role_arn=ROLE, authorizer="NONE", **it),
        lambda **it: GatewayTarget("a", gateway_identifier="a-0123456789", target=SERVER, **it),
        lambda **it: GatewayTarget.get("a", "a-0123456789/0123456789", **it),
        lambda **it: ApiKeyCredentialProvider("a", api_key="k", **it),
        lambda **it: GatewayRole("a", **it),
        lambda **it: McpGateway("a", targets={}, **it),
    ],
)
@pytest.mark.parametrize(
    ("arguments", "report"),
    [
        ({"profile": "a", "assume_role": ROLE}, "profile cannot be combined with assume_role"),
        ({"assume_role": {"role_arn": ROLE}}, "assume_role: is a dict. Pass the ARN of a role, or an AssumeRole"),
    ],
)
def test_arguments_that_contradict_each_other_are_refused(declaration: Any, arguments: Any, report: str) -> None:
    """By every resource and component, where it is declared."""
    with pytest.raises(InvalidInput, match=report):
        declare(lambda: declaration(**arguments))


def test_a_profile_cannot_be_combined_with_a_provider() -> None:
    def program() -> None:
        EzAuth("a", profile="eu", opts=pulumi.ResourceOptions(provider=aws.Provider("eu", region="eu-west-1")))

    with pytest.raises(
        InvalidInput, match=r"profile cannot be combined with an aws\.Provider, which signs in by itself"
    ):
        declare(program)


def test_what_is_read_is_read_where_the_program_says() -> None:
    declared = declare(lambda: Gateway.get("theirs", "theirs-0123456789", region="eu-west-1", assume_role=ROLE))
    assert members(contexts(declared)["Gateway theirs"]) == {
        "region": "eu-west-1",
        "assume_roles": [{"roleArn": ROLE}],
    }

"""Resources that cannot be created beside another of the program, because AWS has a value once in a scope."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from agentcore_provider import (
    ApiKeyCredentialProvider,
    ConfigurationBundle,
    ConsentPortal,
    EzAuth,
    Gateway,
    GatewayRateLimit,
    GatewayRule,
    GatewayTarget,
    OAuth2CredentialProvider,
    Policy,
    PolicyEngine,
    Registry,
    RegistryRecord,
    WorkloadIdentity,
    targets,
)
from agentcore_provider.resources.uniqueness import claim

ROLE = "arn:aws:iam::123456789012:role/shop"
KINDS: list[tuple[Any, dict[str, Any]]] = [
    (ApiKeyCredentialProvider, {"api_key": "k"}),
    (ConfigurationBundle, {"components": {}}),
    (
        ConsentPortal,
        {"execution_role_arn": ROLE, "credential_provider_arn": "arn", "gateway_identifier": "shop-0123456789"},
    ),
    (Gateway, {"role_arn": ROLE, "authorizer": "AWS_IAM"}),
    (OAuth2CredentialProvider, {"vendor": "GithubOauth2", "client_id": "c", "client_secret": "s"}),
    (Policy, {"policy_engine_id": "desk-0123456789", "permit": "a___b"}),
    (PolicyEngine, {}),
    (Registry, {}),
    (WorkloadIdentity, {}),
]


def problems(declared: Any, kind: Any) -> dict[str, list[str]]:
    """The problems about other resources, of each resource of the class."""
    found = declared.of(f":{kind.__name__}")
    return {
        name: [it for it in inputs["__context"].get("problems", ()) if "already" in it]
        for name, inputs in found.items()
    }


@pytest.mark.parametrize(("kind", "arguments"), KINDS, ids=[kind.__name__ for kind, _ in KINDS])
def test_two_of_one_name_are_reported(declare: Any, kind: Any, arguments: Any) -> None:
    """At the second one, with the first one's logical name; in another Region or account it is another."""

    def program() -> None:
        others: dict[str, dict[str, Any]] = {
            "region": {"region": "eu-west-1"},
            "profile": {"profile": "other"},
            "late": {"name": pulumi.Output.from_input("shop")},
        }
        for name in ("one", "two", *others):
            kind(name, **{"name": "shop", **arguments, **others.get(name, {})})

    found = problems(declare(program), kind)
    report = f'name: {kind.__name__} "one" has the name "shop" already. Give this one a name of its own'
    assert found == {"one": [], "two": [report + "."], "region": [], "profile": [], "late": []}


def test_the_same_account_by_another_path_is_the_same_scope(declare: Any) -> None:
    """The stack's Region by its name, one role for two resources, one aws.Provider for two."""

    def program() -> None:
        provider = aws.Provider("there", region="eu-west-1")
        PolicyEngine("stack", name="a")
        PolicyEngine("named", name="a", region="us-west-2")
        for name in ("role1", "role2"):
            PolicyEngine(name, name="a", assume_role="arn:aws:iam::210987654321:role/deploy")
        for name in ("provider1", "provider2"):
            PolicyEngine(name, name="a", opts=pulumi.ResourceOptions(provider=provider))

    found = problems(declare(program, config={"aws:region": "us-west-2"}), PolicyEngine)
    assert {name for name, it in found.items() if it} == {"named", "role2", "provider2"}


def test_one_that_is_only_read_is_not_in_the_way(declare: Any) -> None:
    """Nor are two classes of one name."""

    def program() -> None:
        WorkloadIdentity.get("read", "shop")
        WorkloadIdentity("shop", name="shop")
        PolicyEngine("shop", name="shop")

    assert problems(declare(program), WorkloadIdentity) == {"read": [], "shop": []}


def test_records_of_two_registries_may_have_one_name(declare: Any) -> None:
    """Those of one registry may not."""

    def program() -> None:
        registries = [Registry(name) for name in ("main", "other")]
        for name, registry in (("one", registries[0]), ("two", registries[0]), ("other", registries[1])):
            RegistryRecord(name, name="shop", registry=registry, record_type="CUSTOM", descriptors={})

    assert [name for name, it in problems(declare(program), RegistryRecord).items() if it] == ["two"]


def test_a_value_of_a_wrong_type_is_left_to_its_own_check(declare: Any) -> None:
    """A list has no place among what is compared."""

    def program() -> None:
        for scope in (["shop-0123456789"], (None, "us-west-2", ["work"], None)):
            assert [claim(GatewayRule, "rule", scope=scope, path="priority", value=7) for _ in range(2)] == [None] * 2

    declare(program)


def test_two_sign_ins_of_one_domain_are_reported(declare: Any) -> None:
    """Their names may be the same: Cognito has pools of one name."""

    def program() -> None:
        for name in ("one", "two"):
            EzAuth(name, name="shop", domain_prefix="shop")

    (report,) = problems(declare(program), EzAuth)["two"]
    assert report.startswith('domain_prefix: EzAuth "one" has the domain_prefix "shop" already.')


def test_parts_of_a_gateway_that_is_named_by_its_id(declare: Any) -> None:
    """As those of one that is declared; of another gateway they are others. A target has its logical name."""
    record = targets.McpServer("https://a.example.com/mcp")

    def program() -> None:
        for name, own in (("orders", None), ("two", "orders")):
            GatewayTarget(name, gateway_identifier="shop-0123456789", target=record, name=own)
        for name, gateway in (("one", "shop"), ("two", "shop"), ("other", "desk")):
            GatewayRule(name, gateway_identifier=f"{gateway}-0123456789", priority=7, route="a")
            entries = [{"connections": 1}]
            GatewayRateLimit(
                name, gateway_identifier=f"{gateway}-0123456789", dimension_keys=["toolName"], entries=entries
            )

    declared = declare(program)
    assert [*filter(None, problems(declared, GatewayTarget).values())] == [
        ['name: GatewayTarget "orders" has the name "orders" already. Give this one a name of its own.']
    ]
    for kind in (GatewayRule, GatewayRateLimit):
        assert [name for name, it in problems(declared, kind).items() if it] == ["two"]

"""Laws that hold for every document that the service accepts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import corpus
import pytest
from ground import Ground

from agentcore_provider.arguments.members import property_name
from agentcore_provider.documents import openapi_fixing
from agentcore_provider.providers import context
from agentcore_provider.rules import openapi
from tests.support.world import World

# Their servers would have to answer before they are ready.
UNREACHABLE = ("mcp server", "private with a certificate")
SHOP = {"gateway_identifier": "shop-0123456789"}
ROLE = {"credential_provider_configurations": [{"credentialProviderType": "GATEWAY_IAM_ROLE"}]}

GATEWAYS = list(corpus.good("gateways"))
TARGETS = list(corpus.good("targets"))
RULES = list(corpus.good("rules"))
RATE_LIMITS = list(corpus.good("rate_limits"))


@pytest.fixture(scope="module")
def ground(_world: World) -> Ground:
    return Ground(_world.client)


def properties(document: Mapping[str, Any]) -> dict[str, Any]:
    return {property_name(member): value for member, value in document.items()}


def visible(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """What a program typed or check filled in, without what the provider keeps for itself."""
    return {name: value for name, value in inputs.items() if not name.startswith("__")}


def require_laws(world: World, noun: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """The laws that need no AWS. Returns the checked inputs."""
    provider = world.provider(noun)
    checked: dict[str, Any] = world.checked(noun, inputs)
    assert provider.check({}, inputs).inputs == checked
    assert visible(provider.check(checked, inputs).inputs) == visible(checked)
    assert visible(provider.check(checked, {**checked, **inputs}).inputs) == visible(checked)
    assert provider.diff("id", {**checked, context.MANAGED: sorted(visible(checked))}, checked).changes is False
    return checked


def require_the_same_back(world: World, noun: str, inputs: dict[str, Any]) -> Iterator[str]:
    """Makes it, reads it back, hands out its id, and deletes it."""
    provider = world.provider(noun)
    checked = require_laws(world, noun, inputs)
    made = provider.create(checked)
    try:
        assert provider.diff(made.id, made.outs, checked).changes is False
        read = provider.read(made.id, made.outs)
        assert provider.diff(made.id, read.outs, checked).changes is False
        assert visible(read.inputs) == visible(checked)
        yield made.id
    finally:
        provider.delete(made.id, made.outs)


@pytest.mark.parametrize("name", GATEWAYS)
def test_a_gateway_is_read_back_as_it_was_written(world: World, ground: Ground, name: str) -> None:
    inputs = {**properties(ground.here(corpus.good("gateways")[name])), **world.context("gateway")}
    world.free_gateway_name(inputs.get("name", ""))
    assert all(require_the_same_back(world, "gateway", inputs))


_JWT = {
    "customJWTAuthorizer": {
        "discoveryUrl": "https://login.example.com/.well-known/openid-configuration",
        "allowedClients": ["agents"],
    }
}


@pytest.mark.parametrize("name", [it for it in TARGETS if it not in UNREACHABLE])
def test_a_target_is_read_back_as_it_was_written(world: World, ground: Ground, name: str) -> None:
    document = ground.here(corpus.good("targets")[name])
    http = "http" in document["targetConfiguration"]
    # Only a gateway that knows who calls can ask that person to sign in at a target.
    for_a_person = "AUTHORIZATION_CODE" in json.dumps(document)
    gateway = world.gateway(
        role_arn=ground.role_arn,
        authorizer_type="CUSTOM_JWT" if for_a_person else "AWS_IAM",
        authorizer_configuration=_JWT if for_a_person else None,
        protocol_type=None if http else "MCP",
        protocol_configuration=None,
    )
    gateway = {member: value for member, value in gateway.items() if value is not None}
    for gateway_id in require_the_same_back(world, "gateway", gateway):
        inputs = {**properties(document), **world.context("target", gateway_owner=gateway["__context"]["owner"])}
        inputs["gateway_identifier"] = gateway_id
        assert all(require_the_same_back(world, "gateway_target", inputs))


@pytest.fixture(scope="module")
def routed(_world: World) -> tuple[str, str]:
    """Id and owner of a gateway with the targets that rules name."""
    gateway_id, owner = _world.http_gateway("primary", "canary")
    for name in ("openai", "bedrock"):
        configuration = {"inference": {"provider": {"endpoint": "https://127.0.0.1:1"}}}
        _world.made("gateway_target", _world.target(gateway_id, name=name, target_configuration=configuration))
    return gateway_id, owner


@pytest.mark.parametrize("name", RULES)
def test_a_rule_is_read_back_as_it_was_written(world: World, routed: tuple[str, str], name: str) -> None:
    gateway_id, owner = routed
    inputs = {**properties(corpus.good("rules")[name]), **world.context("gateway_rule", gateway_owner=owner)}
    assert all(require_the_same_back(world, "gateway_rule", {**inputs, "gateway_identifier": gateway_id}))


@pytest.mark.parametrize("name", corpus.good("resource_policies"))
def test_a_resource_policy_is_read_back_as_it_was_written(world: World, name: str) -> None:
    inputs = {**properties(corpus.good("resource_policies")[name]), **world.context("resource_policy")}
    arn = inputs["resource_arn"]
    if ":gateway/" in arn:
        _, outputs, _ = world.made("gateway", world.gateway(authorizer_type="AWS_IAM"))
        inputs = json.loads(json.dumps(inputs).replace(arn, outputs["gateway_arn"]))
    assert all(require_the_same_back(world, "resource_policy", inputs))


@pytest.mark.parametrize("name", RATE_LIMITS)
def test_a_rate_limit_is_read_back_as_it_was_written(world: World, routed: tuple[str, str], name: str) -> None:
    gateway_id, owner = routed
    document = properties(corpus.good("rate_limits")[name])
    inputs = {**document, **world.context("gateway_rate_limit", gateway_owner=owner)}
    assert all(require_the_same_back(world, "gateway_rate_limit", {**inputs, "gateway_identifier": gateway_id}))


@pytest.mark.parametrize(
    ("kind", "noun", "name"),
    [
        (kind, noun, name)
        for kind, noun in (
            ("policy_engine", "policy_engines"),
            ("workload_identity", "workload_identities"),
            ("token_vault_key", "token_vault_keys"),
            ("configuration_bundle", "configuration_bundles"),
            ("registry", "registries"),
        )
        for name in corpus.good(noun)
    ],
)
def test_a_resource_of_no_gateway_is_read_back_as_it_was_written(world: World, kind: str, noun: str, name: str) -> None:
    inputs = {**properties(corpus.good(noun)[name]), **world.context(kind)}
    assert all(require_the_same_back(world, kind, inputs))


@pytest.mark.parametrize("name", corpus.good("consent_portals"))
def test_a_consent_portal_is_read_back_as_it_was_written(world: World, ground: Ground, name: str) -> None:
    document = properties(ground.here(corpus.good("consent_portals")[name]))
    gateway = {"gateway_identifier": world.consent_portal()["gateway_identifier"]}
    inputs = {**document, **gateway, **world.context("consent_portal")}
    assert all(require_the_same_back(world, "consent_portal", inputs))


@pytest.mark.parametrize("name", UNREACHABLE)
def test_a_target_of_a_server_elsewhere_differs_in_nothing_from_itself(world: World, name: str) -> None:
    require_laws(
        world, "gateway_target", {**properties(corpus.good("targets")[name]), **SHOP, **world.context("target")}
    )


@pytest.mark.parametrize("real", [pytest.param(it, id=it.name) for it in corpus.real("openapi") if not it.left])
def test_a_real_api_differs_in_nothing_from_itself(world: World, real: corpus.Real) -> None:
    text = json.dumps(openapi_fixing.fix(real.text, server=real.server).document) if real.refused else real.text
    configuration = {"mcp": {"openApiSchema": {"inlinePayload": text}}}
    inputs = {"target_configuration": configuration, **SHOP, **world.context("target")}
    checked = require_laws(world, "gateway_target", inputs)
    assert len(checked["tools"]) == len(openapi.tools(text))


@pytest.mark.parametrize("real", [pytest.param(it, id=it.name) for it in corpus.real("smithy")])
def test_a_real_model_differs_in_nothing_from_itself(world: World, real: corpus.Real) -> None:
    configuration = {"mcp": {"smithyModel": {"inlinePayload": real.text}}}
    inputs = {"target_configuration": configuration, **ROLE, **SHOP, **world.context("target")}
    assert require_laws(world, "gateway_target", inputs)["tools"]

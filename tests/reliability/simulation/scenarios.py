"""What is done to a stack: from one program to another, or by hand and then by Pulumi."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import by_hand
from by_hand import ByHand
from miniature_engine import Declared, MiniatureEngine, Outcome, Program, Ref
from programs import KEY, OTHER_KEY, THEIR_KEY, TOOLS, Ground
from simulated_aws import Answer

Operation = Callable[[MiniatureEngine, Program, "Answer | None"], Outcome]


def up(engine: MiniatureEngine, program: Program, answer: Answer | None = None) -> Outcome:
    return engine.up(program, answer)


def refreshed_up(engine: MiniatureEngine, program: Program, answer: Answer | None = None) -> Outcome:
    return engine.up(program, answer, refresh=True)


def refresh(engine: MiniatureEngine, program: Program, answer: Answer | None = None) -> Outcome:
    return engine.refresh(answer)


def destroy(engine: MiniatureEngine, program: Program, answer: Answer | None = None) -> Outcome:
    return engine.destroy(answer)


@dataclass(frozen=True)
class Scenario:
    """before: the program deployed at first. by_hand: what somebody does to AWS then. operation: what is hit by a
    fault. after: the program that it, or a calm `up` after it, makes AWS like. only: faults to walk; all if empty."""

    before: Program
    after: Program
    operation: Operation = up
    by_hand: ByHand = field(default=lambda engine: None)
    only: tuple[str, ...] = ()


def scenarios(g: Ground) -> dict[str, Scenario]:
    """Every noun in every operation, by name."""
    shop, orders, signing = g.gateway(), g.lambda_target(), g.signing_gateway()
    enforced = g.gateway(policy_engine_configuration={"arn": Ref("engine", "policy_engine_arn"), "mode": "ENFORCE"})
    signed = [g.sign_in(), g.signed_gateway()]
    other_tools = [{**TOOLS[0], "description": "Find any order"}]
    pets = [g.api_key(), shop, g.openapi_target()]
    everything = [g.sign_in(), g.token_endpoint(), g.signed_gateway(), *pets[:1], g.oauth2(), orders, pets[2]]
    portal = [*signed, g.oauth2(), g.consent_portal()]
    found: dict[str, Scenario] = {}

    single: dict[str, tuple[Program, Program]] = {
        "sign-in": ([], [g.sign_in()]),
        "token endpoint": ([g.sign_in()], [g.sign_in(), g.token_endpoint()]),
        "gateway": ([], [shop]),
        "signed gateway": ([g.sign_in()], signed),
        "API key": ([], [g.api_key()]),
        "OAuth2 provider": ([], [g.oauth2()]),
        "Lambda target": ([shop], [shop, orders]),
        "OpenAPI target": (pets[:2], pets),
        "MCP server target": ([_plain(g)], [_plain(g), g.mcp_server_target()]),
        "S3 target": ([shop], [shop, g.s3_target()]),
        "rule": (g.front(), [*g.front(), g.rule()]),
        "rate limit": (g.front(), [*g.front(), g.rate_limit()]),
        "resource policy": ([signing], [signing, g.resource_policy()]),
        "policy engine": ([], [g.policy_engine()]),
        "policy": ([g.policy_engine()], [g.policy_engine(), g.policy()]),
        "workload identity": ([], [g.workload_identity()]),
        "token vault key": ([], [g.token_vault_key()]),
        "configuration bundle": ([], [g.configuration_bundle()]),
        "consent portal": (portal[:-1], portal),
        "registry": ([], [g.registry()]),
        "registry record": ([g.registry()], [g.registry(), g.registry_record()]),
    }
    for name, (without, with_it) in single.items():
        found[f"create {name}"] = Scenario(without, with_it)
        found[f"delete {name}"] = Scenario(with_it, without)
        found[f"refresh {name}"] = Scenario(with_it, with_it, refresh)
    # The parts have met every fault by themselves.
    few = ("killed before", "killed after", "lost answer", "FAILED")
    found["create everything"] = Scenario([], everything, only=few)
    found["destroy everything"] = Scenario(everything, [], destroy, only=few)

    changes: dict[str, tuple[Program, Program]] = {
        "update scopes": ([g.sign_in()], [g.sign_in(scopes=["read", "write"])]),
        "update validity": ([g.sign_in()], [g.sign_in(access_token_validity_seconds=7200)]),
        "update tags of sign-in": ([g.sign_in()], [g.sign_in(tags={"owner": "me"})]),
        "move domain": ([g.sign_in(domain_prefix="first")], [g.sign_in(domain_prefix="second")]),
        "update gateway": ([shop], [g.gateway(description="another", tags={"owner": "me"})]),
        "update gateway's role": ([shop, orders], [g.gateway(role_arn=g.other_role_arn), orders]),
        "rotate API key": ([g.api_key()], [g.api_key(api_key="sk-second", tags={"owner": "me"})]),
        "rotate client secret": ([g.oauth2()], [g.oauth2(secret="second-secret", tags={"owner": "me"})]),
        "update tools": ([shop, orders], [shop, g.lambda_target(tools={"inlinePayload": other_tools})]),
        "rename target in AWS": ([shop, orders], [shop, orders.but(name="purchases")]),
        "move schema to S3": ([shop, orders], [shop, g.s3_target()]),
        "update MCP server": ([_plain(g), g.mcp_server_target()], [_plain(g), g.mcp_server_target(description="sums")]),
        "synchronize MCP server": (
            [_plain(g), g.mcp_server_target(synchronize_on=["1"])],
            [_plain(g), g.mcp_server_target(synchronize_on=["2"])],
        ),
        "update rule": ([*g.front(), g.rule()], [*g.front(), g.rule(description="another")]),
        "move rule": ([*g.front(), g.rule()], [*g.front(), g.rule(priority=200)]),
        "update rate limit": ([*g.front(), g.rate_limit()], [*g.front(), g.rate_limit(description="another")]),
        "replace rate limit by id": (
            [*g.front(), g.rate_limit(rate_limit_id="one")],
            [*g.front(), g.rate_limit(rate_limit_id="other")],
        ),
        "update resource policy": ([signing, g.resource_policy()], [signing, g.resource_policy("444455556666")]),
        "replace gateway with its resource policy": (
            [g.signing_gateway(name="one"), g.resource_policy()],
            [g.signing_gateway(name="two"), g.resource_policy()],
        ),
        "update policy engine": ([g.policy_engine()], [g.policy_engine(description=None, tags={"owner": "me"})]),
        "replace policy engine under its name": (
            [g.policy_engine(name="kept"), g.policy()],
            [g.policy_engine(name="kept", encryption_key_arn=KEY), g.policy()],
        ),
        "update policy": (
            [g.policy_engine(), g.policy()],
            [g.policy_engine(), g.policy("true", description=None, enforcement_mode="LOG_ONLY")],
        ),
        "move policy to another engine": (
            [g.policy_engine(), g.policy_engine("other"), g.policy()],
            [g.policy_engine(), g.policy_engine("other"), g.policy(engine="other")],
        ),
        "update workload identity": (
            [g.workload_identity()],
            [g.workload_identity(allowed_resource_oauth2_return_urls=None, tags={"owner": "me"})],
        ),
        "replace workload identity by name": ([g.workload_identity(name="one")], [g.workload_identity(name="two")]),
        "update token vault key": ([g.token_vault_key()], [g.token_vault_key(OTHER_KEY)]),
        "update consent portal": (
            portal,
            [*portal[:-1], g.consent_portal(scopes=["openid", "email"], tags={"owner": "me"})],
        ),
        "replace consent portal by name": (
            [*portal[:-1], g.consent_portal(name="one-portal")],
            [*portal[:-1], g.consent_portal(name="two-portal")],
        ),
        "update registry": (
            [g.registry(), g.registry_record()],
            [g.registry(description=None, tags={"owner": "me"}), g.registry_record()],
        ),
        "replace registry under its name": (
            [g.registry(name="kept"), g.registry_record()],
            [g.registry(name="kept", encryption_configuration={"kmsKeyArn": KEY}), g.registry_record()],
        ),
        "update registry record": (
            [g.registry(), g.registry_record()],
            [g.registry(), g.registry_record(description=None, display_name="Shop", tags={"owner": "me"})],
        ),
        "move registry record to another registry": (
            [g.registry(), g.registry("other"), g.registry_record()],
            [g.registry(), g.registry("other"), g.registry_record(registry="other")],
        ),
        "update configuration bundle": (
            [g.configuration_bundle()],
            [g.configuration_bundle("Be polite.", tags={"owner": "me"})],
        ),
        "replace configuration bundle under its name": (
            [g.configuration_bundle(name="kept")],
            [g.configuration_bundle(name="kept", description=None)],
        ),
        "enforce policies": ([shop, g.policy_engine()], [g.policy_engine(), enforced]),
        "replace policy engine of a gateway": (
            [g.policy_engine(name="one"), enforced, g.policy()],
            [g.policy_engine(name="two"), enforced, g.policy()],
        ),
        "rename resource policy in the program": (
            [signing, g.resource_policy()],
            [signing, g.resource_policy(resource="other")],
        ),
        "rename policy in the program": (
            [g.policy_engine(), g.policy(name="kept")],
            [g.policy_engine(), replace(g.policy(name="kept"), name="other")],
        ),
        "rename token vault key in the program": ([g.token_vault_key()], [g.token_vault_key(resource="other")]),
        "replace sign-in by name": ([g.sign_in(name="one")], [g.sign_in(name="two")]),
        "replace sign-in with its gateway": (
            [g.sign_in(name="one"), g.signed_gateway()],
            [g.sign_in(name="two"), g.signed_gateway()],
        ),
        "replace sign-in under its domain": (
            [g.sign_in(name="one", domain_prefix="kept")],
            [g.sign_in(name="two", domain_prefix="kept")],
        ),
        "replace gateway and target": ([shop, orders], [g.gateway(authorizer_type="AWS_IAM"), orders]),
        "replace gateway and target under their names": (
            [g.gateway(name="given"), orders],
            [g.gateway(name="given", authorizer_type="AWS_IAM"), orders],
        ),
        "replace gateway by name": ([g.gateway(name="one")], [g.gateway(name="two")]),
        "replace API key by name": ([g.api_key(name="one")], [g.api_key(name="two")]),
        "replace vendor": ([g.oauth2()], [g.github()]),
        "replace vendor under its name": ([g.oauth2(name="given")], [g.github(name="given")]),
        "replace kind of target": ([shop, orders], [shop, g.openapi_target("orders", key=None)]),
        "move target to another gateway": (
            [shop, g.gateway("store"), orders],
            [shop, g.gateway("store"), g.lambda_target(gateway="store")],
        ),
        "rename in the program": (
            [g.gateway("old"), g.lambda_target(gateway="old")],
            [g.gateway("new"), g.lambda_target(gateway="new")],
        ),
    }
    found |= {name: Scenario(before, after) for name, (before, after) in changes.items()}

    drifts: dict[str, tuple[Program, ByHand]] = {
        "gateway changed": ([shop], by_hand.on(by_hand.change_gateway, "shop")),
        "gateway and target removed": ([shop, orders], by_hand.on(by_hand.remove_gateway, "shop")),
        "target removed": ([shop, orders], by_hand.on(by_hand.remove_target, "orders")),
        "user pool removed": (signed, by_hand.on(by_hand.remove_pool, "agents")),
        "domain removed": ([g.sign_in()], by_hand.on(by_hand.remove_domain, "agents")),
        "client removed": ([g.sign_in()], by_hand.on(by_hand.remove_client, "agents")),
        "resource server removed": ([g.sign_in()], by_hand.on(by_hand.remove_server, "agents")),
        "API key removed": ([g.api_key()], by_hand.on(by_hand.remove_key, "key")),
        "resource policy removed": (
            [signing, g.resource_policy()],
            by_hand.on(by_hand.remove_resource_policy, "access"),
        ),
        "policy changed": ([g.policy_engine(), g.policy()], by_hand.on(by_hand.change_policy, "policy")),
        "policy removed": ([g.policy_engine(), g.policy()], by_hand.on(by_hand.remove_policy, "policy")),
        "policy engine removed": ([g.policy_engine(), g.policy()], by_hand.on(by_hand.remove_engine, "engine")),
        "workload identity removed": ([g.workload_identity()], by_hand.on(by_hand.remove_identity, "clerk")),
        "token vault key set back": ([g.token_vault_key()], by_hand.set_vault_key(None)),
        "configuration bundle removed": (
            [g.configuration_bundle()],
            by_hand.on(by_hand.remove_bundle, "prompts"),
        ),
        "schema in S3 changed": (
            [shop, g.s3_target()],
            lambda engine: g.put_schema(engine.aws, f"{engine.aws.clock.now()}"),
        ),
    }
    for name, (program, change) in drifts.items():
        found[f"repair: {name}"] = Scenario(program, program, refreshed_up, change)

    adopting: dict[str, tuple[Program, Program, ByHand]] = {
        "gateway": ([], [g.gateway(name="theirs")], by_hand.make_gateway(g)),
        "API key": ([], [g.api_key(name="theirs")], by_hand.make_key),
        "OAuth2 provider": ([], [g.oauth2(name="theirs")], by_hand.make_oauth2),
        "target": ([shop], [shop, g.lambda_target(name="theirs")], by_hand.make_target(g)),
        "policy engine": ([], [g.policy_engine(name="theirs")], by_hand.make_engine),
        "workload identity": ([], [g.workload_identity(name="theirs")], by_hand.make_identity),
        "token vault key": ([], [g.token_vault_key()], by_hand.set_vault_key(THEIR_KEY)),
    }
    for name, (before, after, make) in adopting.items():
        adopted = [_adopting(it) for it in after[len(before) :]]
        found[f"adopt {name}"] = Scenario(before, [*before, *adopted], up, make)
    return found


def _plain(g: Ground) -> Declared:
    """A gateway without semantic search, as servers that list their tools on request want it."""
    return g.gateway(protocol_configuration=None)


def _adopting(declared: Declared) -> Declared:
    return replace(declared, context={**declared.context, "adopt": True})

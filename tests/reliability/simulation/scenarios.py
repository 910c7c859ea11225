"""What is done to a stack: from one program to another, or by hand and then by Pulumi."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from miniature_engine import Declared, MiniatureEngine, Outcome, Program
from programs import TOOLS, Ground
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
    fault. after: the program that it, or a calm `up` after it, makes AWS like."""

    before: Program
    after: Program
    operation: Operation = up
    by_hand: Callable[[MiniatureEngine], None] = field(default=lambda engine: None)


def scenarios(g: Ground) -> dict[str, Scenario]:
    """Every noun in every operation, by name."""
    shop, orders = g.gateway(), g.lambda_target()
    signed = [g.sign_in(), g.signed_gateway()]
    other_tools = [{**TOOLS[0], "description": "Find any order"}]
    pets = [g.api_key(), shop, g.openapi_target()]
    everything = [g.sign_in(), g.token_endpoint(), g.signed_gateway(), *pets[:1], g.oauth2(), orders, pets[2]]
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
    }
    for name, (without, with_it) in single.items():
        found[f"create {name}"] = Scenario(without, with_it)
        found[f"delete {name}"] = Scenario(with_it, without)
        found[f"refresh {name}"] = Scenario(with_it, with_it, refresh)
    found["create everything"] = Scenario([], everything)
    found["destroy everything"] = Scenario(everything, [], destroy)

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

    drifts: dict[str, tuple[Program, Callable[[MiniatureEngine], None]]] = {
        "gateway changed": ([shop], _change_gateway),
        "gateway and target removed": ([shop, orders], _remove_gateway),
        "target removed": ([shop, orders], _remove_target),
        "user pool removed": (signed, _remove_pool),
        "domain removed": ([g.sign_in()], _remove_domain),
        "client removed": ([g.sign_in()], _remove_client),
        "resource server removed": ([g.sign_in()], _remove_server),
        "API key removed": ([g.api_key()], _remove_key),
        "schema in S3 changed": (
            [shop, g.s3_target()],
            lambda engine: g.put_schema(engine.aws, f"{engine.aws.clock.now()}"),
        ),
    }
    for name, (program, by_hand) in drifts.items():
        found[f"repair: {name}"] = Scenario(program, program, refreshed_up, by_hand)

    adopting: dict[str, tuple[Program, Program, Callable[[MiniatureEngine], None]]] = {
        "gateway": ([], [g.gateway(name="theirs")], _make_gateway(g)),
        "API key": ([], [g.api_key(name="theirs")], _make_key),
        "OAuth2 provider": ([], [g.oauth2(name="theirs")], _make_oauth2),
        "target": ([shop], [shop, g.lambda_target(name="theirs")], _make_target(g)),
    }
    for name, (before, after, by_hand) in adopting.items():
        adopted = [_adopting(it) for it in after[len(before) :]]
        found[f"adopt {name}"] = Scenario(before, [*before, *adopted], up, by_hand)
    return found


def _plain(g: Ground) -> Declared:
    """A gateway without semantic search, as servers that list their tools on request want it."""
    return g.gateway(protocol_configuration=None)


def _adopting(declared: Declared) -> Declared:
    return replace(declared, context={**declared.context, "adopt": True})


def _control(engine: MiniatureEngine) -> Any:
    return engine.aws.client("bedrock-agentcore-control")


def _settle(engine: MiniatureEngine) -> None:
    engine.aws.clock.time += 60


def _change_gateway(engine: MiniatureEngine) -> None:
    seen = _control(engine).get_gateway(gatewayIdentifier=engine.entry("shop").id)
    document = {it: seen[it] for it in ("name", "roleArn", "protocolType", "protocolConfiguration", "authorizerType")}
    _control(engine).update_gateway(
        gatewayIdentifier=engine.entry("shop").id, description="changed by hand", **document
    )
    _settle(engine)


def _remove_target(engine: MiniatureEngine) -> None:
    gateway, _, target = engine.entry("orders").id.partition("/")
    _control(engine).delete_gateway_target(gatewayIdentifier=gateway, targetId=target)
    _settle(engine)


def _remove_gateway(engine: MiniatureEngine) -> None:
    _remove_target(engine)
    _control(engine).delete_gateway(gatewayIdentifier=engine.entry("shop").id)
    _settle(engine)


def _remove_key(engine: MiniatureEngine) -> None:
    _control(engine).delete_api_key_credential_provider(name=engine.entry("key").outputs["name"])


def _remove_domain(engine: MiniatureEngine) -> None:
    outputs = engine.entry("agents").outputs
    engine.aws.client("cognito-idp").delete_user_pool_domain(
        Domain=outputs["domain_prefix"], UserPoolId=outputs["user_pool_id"]
    )


def _remove_pool(engine: MiniatureEngine) -> None:
    _remove_domain(engine)
    engine.aws.client("cognito-idp").delete_user_pool(UserPoolId=engine.entry("agents").id)


def _remove_client(engine: MiniatureEngine) -> None:
    outputs = engine.entry("agents").outputs
    engine.aws.client("cognito-idp").delete_user_pool_client(
        UserPoolId=outputs["user_pool_id"], ClientId=outputs["client_id"]
    )


def _remove_server(engine: MiniatureEngine) -> None:
    outputs = engine.entry("agents").outputs
    engine.aws.client("cognito-idp").delete_resource_server(
        UserPoolId=outputs["user_pool_id"], Identifier=outputs["resource_server_identifier"]
    )


def _make_gateway(g: Ground) -> Callable[[MiniatureEngine], None]:
    def make(engine: MiniatureEngine) -> None:
        _control(engine).create_gateway(
            name="theirs",
            roleArn=g.role_arn,
            authorizerType="NONE",
            protocolType="MCP",
            protocolConfiguration={"mcp": {"searchType": "SEMANTIC"}},
            description="made by hand",
        )
        _settle(engine)

    return make


def _make_key(engine: MiniatureEngine) -> None:
    _control(engine).create_api_key_credential_provider(name="theirs", apiKey="sk-theirs")


def _make_oauth2(engine: MiniatureEngine) -> None:
    discovery = {"discoveryUrl": "https://other.example.com/.well-known/openid-configuration"}
    custom = {"oauthDiscovery": discovery, "clientId": "theirs", "clientSecret": "theirs"}
    _control(engine).create_oauth2_credential_provider(
        name="theirs",
        credentialProviderVendor="CustomOauth2",
        oauth2ProviderConfigInput={"customOauth2ProviderConfig": custom},
    )


def _make_target(g: Ground) -> Callable[[MiniatureEngine], None]:
    def make(engine: MiniatureEngine) -> None:
        tools = {"inlinePayload": [{**TOOLS[0], "name": "theirs"}]}
        _control(engine).create_gateway_target(
            gatewayIdentifier=engine.entry("shop").id,
            name="theirs",
            targetConfiguration={"mcp": {"lambda": {"lambdaArn": g.function_arn, "toolSchema": tools}}},
            credentialProviderConfigurations=[{"credentialProviderType": "GATEWAY_IAM_ROLE"}],
        )
        _settle(engine)

    return make

"""Any valid program: some of every noun, each with any of its inputs, referring to each other."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from miniature_engine import Declared, Program
from programs import KEY, OTHER_KEY, TOOLS, Ground

Draw = Callable[[Any], Any]

_TEXTS = st.sampled_from(["first", "second", "third"])
_TAGS = st.sampled_from([None, {"team": "shop"}, {"team": "other", "cost": "1"}])


@st.composite
def programs(draw: Draw, ground: Ground) -> Program:
    """A program."""
    sign_ins = [_sign_in(draw, ground, name) for name in _some(draw, "agents", "people")]
    endpoints = [ground.token_endpoint(it.name) for it in sign_ins if draw(st.booleans())]
    keys = [_api_key(draw, ground, name) for name in _some(draw, "key", "spare")]
    logins = [_oauth2(draw, ground, name) for name in _some(draw, "login")]
    gateways = [_gateway(draw, ground, name, sign_ins) for name in _some(draw, "shop", "store")]
    targets = [
        _target(draw, ground, name, draw(st.sampled_from(gateways)).name, keys)
        for name in (_some(draw, "orders", "pets", "math") if gateways else [])
    ]
    engines = [_engine(draw, ground, name) for name in _some(draw, "engine", "judge")]
    policies = [_policy(draw, ground, engines)] if engines and draw(st.booleans()) else []
    return [
        *(*sign_ins, *endpoints, *keys, *logins, *gateways, *targets, *engines, *policies),
        *_of_gateways(draw, ground, gateways, logins),
        *(_identity(draw, ground, name) for name in _some(draw, "clerk")),
        *(_bundle(draw, ground, name) for name in _some(draw, "prompts")),
        *(ground.token_vault_key(draw(st.sampled_from([KEY, OTHER_KEY]))) for _ in _some(draw, "vault")),
        *_routed(draw, ground),
        *_registered(draw, ground),
    ]


def _of_gateways(draw: Draw, ground: Ground, gateways: list[Declared], logins: list[Declared]) -> list[Declared]:
    """What belongs to one of the gateways, as far as they can have it."""
    by_authorizer = {it.inputs["authorizer_type"]: it.name for it in gateways}
    found = []
    if gateways and draw(st.booleans()):
        found.append(_rate_limit(draw, ground, draw(st.sampled_from(gateways)).name))
    if "AWS_IAM" in by_authorizer and draw(st.booleans()):
        account = draw(st.sampled_from(["111122223333", "444455556666"]))
        found.append(ground.resource_policy(account, gateway=by_authorizer["AWS_IAM"]))
    if "CUSTOM_JWT" in by_authorizer and logins and draw(st.booleans()):
        found.append(_portal(draw, ground, by_authorizer["CUSTOM_JWT"]))
    return found


def _routed(draw: Draw, ground: Ground) -> list[Declared]:
    """Sometimes a gateway of HTTP targets, sometimes with a rule."""
    front = ground.front() if draw(st.booleans()) else []
    if not front or not draw(st.booleans()):
        return front
    description = draw(st.sampled_from([None, "all to the first", "all of them"]))
    return [*front, ground.rule(priority=draw(st.sampled_from([100, 200])), description=description)]


def _registered(draw: Draw, ground: Ground) -> list[Declared]:
    """Sometimes registries, sometimes with a record in one of them."""
    registries = [_registry(draw, ground, name) for name in _some(draw, "catalogue", "shelf")]
    if not registries or not draw(st.booleans()):
        return registries
    record = ground.registry_record(
        registry=draw(st.sampled_from(registries)).name,
        name=_name(draw, "entry"),
        description=draw(st.sampled_from([None, "orders of the shop"])),
        display_name=draw(st.sampled_from([None, "Shop"])),
        tags=draw(_TAGS),
    )
    return [*registries, record]


def _registry(draw: Draw, ground: Ground, resource: str) -> Declared:
    return ground.registry(
        resource,
        name=_name(draw, resource),
        description=draw(st.sampled_from([None, "servers of the shop"])),
        approval_configuration={"autoApprovalRules": draw(st.sampled_from([[], ["APPROVE_ALL"]]))},
        encryption_configuration=draw(st.sampled_from([None, {"kmsKeyArn": KEY}])),
        tags=draw(_TAGS),
    )


def _some(draw: Draw, *names: str) -> list[str]:
    return [it for it in names if draw(st.booleans())]


def _name(draw: Draw, resource: str) -> str | None:
    """None, so that one is generated, or one that nothing else in the program has."""
    return draw(st.sampled_from([None, f"{resource}-named", f"{resource}-renamed"]))  # type: ignore[no-any-return]


def _sign_in(draw: Draw, ground: Ground, resource: str) -> Declared:
    return ground.sign_in(
        resource,
        name=_name(draw, resource),
        scopes=draw(st.sampled_from([["invoke"], ["read", "write"], ["read", "write", "admin"]])),
        access_token_validity_seconds=draw(st.sampled_from([300, 3600])),
        domain_prefix=draw(st.sampled_from([None, f"{resource}-one", f"{resource}-two"])),
        resource_server_identifier=draw(st.sampled_from([None, "api"])),
        tags=draw(_TAGS),
    )


def _api_key(draw: Draw, ground: Ground, resource: str) -> Declared:
    return ground.api_key(resource, name=_name(draw, resource), api_key=draw(_TEXTS), tags=draw(_TAGS))


def _oauth2(draw: Draw, ground: Ground, resource: str) -> Declared:
    make = draw(st.sampled_from([ground.oauth2, ground.github]))
    return make(resource, name=_name(draw, resource), tags=draw(_TAGS))  # type: ignore[no-any-return]


def _gateway(draw: Draw, ground: Ground, resource: str, sign_ins: list[Declared]) -> Declared:
    inputs = {
        "name": _name(draw, resource),
        "description": draw(st.sampled_from([None, "a shop", "another shop"])),
        "role_arn": draw(st.sampled_from([ground.role_arn, ground.other_role_arn])),
        "tags": draw(_TAGS),
        "protocol_configuration": draw(st.sampled_from([None, {"mcp": {"searchType": "SEMANTIC"}}])),
    }
    authorizer = draw(st.sampled_from(["NONE", "AWS_IAM", *(it.name for it in sign_ins)]))
    if authorizer in ("NONE", "AWS_IAM"):
        return ground.gateway(resource, authorizer_type=authorizer, **inputs)
    return ground.signed_gateway(resource, authorizer, **inputs)


def _target(draw: Draw, ground: Ground, resource: str, gateway: str, keys: list[Declared]) -> Declared:
    inputs = {
        "gateway": gateway,
        "name": _name(draw, resource),
        "description": draw(st.sampled_from([None, "first", "second"])),
    }
    tools = [{**TOOLS[0], "description": draw(_TEXTS)}]
    kind = draw(st.sampled_from(["lambda", "S3", "OpenAPI", "MCP server"]))
    if kind == "lambda":
        return ground.lambda_target(resource, {"inlinePayload": tools}, **inputs)
    if kind == "S3":
        return ground.s3_target(resource, **inputs)
    if kind == "OpenAPI":
        key = draw(st.sampled_from([None, *(it.name for it in keys)]))
        return ground.openapi_target(resource, key, **inputs)
    server = {
        "endpoint": "https://math.example.com/mcp",
        "mcpToolSchema": {"inlinePayload": json.dumps({"tools": tools})},
    }
    return ground.target(resource, {"mcp": {"mcpServer": server}}, **inputs)


def _engine(draw: Draw, ground: Ground, resource: str) -> Declared:
    inputs = {
        "name": draw(st.sampled_from([None, f"{resource}_named", f"{resource}_renamed"])),
        "description": draw(st.sampled_from([None, "first", "second"])),
        "encryption_key_arn": draw(st.sampled_from([None, KEY])),
        "tags": draw(_TAGS),
    }
    return ground.policy_engine(resource, **inputs)


def _policy(draw: Draw, ground: Ground, engines: list[Declared]) -> Declared:
    return ground.policy(
        draw(st.sampled_from(["false", "true"])),
        engine=draw(st.sampled_from(engines)).name,
        name=draw(st.sampled_from([None, "named", "renamed"])),
        description=draw(st.sampled_from([None, "nothing at all"])),
        enforcement_mode=draw(st.sampled_from([None, "ACTIVE", "LOG_ONLY"])),
    )


def _rate_limit(draw: Draw, ground: Ground, gateway: str) -> Declared:
    rate = {"rate": draw(st.sampled_from([60.0, 120.0])), "period": "minute"}
    key = draw(st.sampled_from(["targetName", "toolName"]))
    return ground.rate_limit(
        gateway=gateway,
        rate_limit_id=draw(st.sampled_from([None, "one", "other"])),
        dimension_keys=[key],
        entries=[{"dimensions": {key: "*"}, "requests": [rate]}],
        description=draw(st.sampled_from([None, "each of them"])),
    )


def _portal(draw: Draw, ground: Ground, gateway: str) -> Declared:
    return ground.consent_portal(
        gateway=gateway,
        name=_name(draw, "consent"),
        scopes=draw(st.sampled_from([["openid"], ["openid", "email"]])),
        execution_role_arn=draw(st.sampled_from([ground.role_arn, ground.other_role_arn])),
        description=draw(st.sampled_from([None, "consents of the shop"])),
        tags=draw(_TAGS),
    )


def _identity(draw: Draw, ground: Ground, resource: str) -> Declared:
    urls = draw(st.sampled_from([None, ["https://a.example.com"], ["https://a.example.com", "https://b.example.com"]]))
    return ground.workload_identity(
        resource, name=_name(draw, resource), allowed_resource_oauth2_return_urls=urls, tags=draw(_TAGS)
    )


def _bundle(draw: Draw, ground: Ground, resource: str) -> Declared:
    return ground.configuration_bundle(
        draw(st.sampled_from(["Be brief.", "Be polite."])),
        resource,
        name=draw(st.sampled_from([None, f"{resource}_named", f"{resource}_renamed"])),
        description=draw(st.sampled_from([None, "prompts of the clerk"])),
        kms_key_arn=draw(st.sampled_from([None, KEY])),
        tags=draw(_TAGS),
    )

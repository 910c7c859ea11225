"""GatewayRule: the documents that its arguments become, and problems that the program's side finds."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from agentcore_provider import (
    ConfigurationBundle,
    Gateway,
    GatewayRule,
    GatewayTarget,
    McpGateway,
    credentials,
    routes,
    targets,
)
from agentcore_provider.errors import InvalidInput
from agentcore_provider.rules import gateway_rule as rules

ROLE = "arn:aws:iam::123456789012:role/shop"
QA = "arn:aws:iam::123456789012:role/qa"


def http(name: str) -> targets.Passthrough:
    return targets.Passthrough(f"https://{name}.example.com", "CUSTOM")


def rule(**arguments: Any) -> Callable[[], None]:
    """A program with a gateway, an HTTP and an inference target, and this rule."""

    def program() -> None:
        gateway = Gateway("shop", role_arn=ROLE, authorizer="AWS_IAM", protocol_type=None)
        made = {
            "primary": GatewayTarget(
                "primary",
                gateway=gateway,
                name="primary",
                target=http("primary"),
                credentials=credentials.JwtPassthrough(),
            ),
            "gpt": GatewayTarget("gpt", gateway=gateway, target=targets.Inference("https://gpt.example.com")),
            "tools": GatewayTarget(
                "tools", gateway=gateway, name="tools", target=targets.McpServer("https://tools.example.com/mcp")
            ),
        }
        known = {name: it(made) if inspect.isfunction(it) else it for name, it in arguments.items()}
        GatewayRule("rule", gateway=gateway, **{"priority": 1, **known})

    return program


def _fallback(circuit_breaker: Any) -> routes.Fallback:
    return routes.Fallback(["other"], circuit_breaker=circuit_breaker)


def only(declared: Any) -> dict[str, Any]:
    (found,) = declared.of("agentcore:GatewayRule").values()
    return dict(found)


def test_conditions_become_aws_documents(declare: Any) -> None:
    """A wildcard in an ARN has the operator that reads it, also in one that is known later."""
    late = pulumi.Output.from_input(f"{QA}-?")
    found = only(
        declare(
            rule(principals=[QA, f"{QA}-*", late], paths=["primary", "/other/*"], models=["gpt-*"], route="primary")
        )
    )
    principals = [(QA, "StringEquals"), (f"{QA}-*", "StringLike"), (f"{QA}-?", "StringLike")]
    assert found["conditions"] == [
        {"matchPrincipals": {"anyOf": [{"iamPrincipal": {"arn": arn, "operator": it}} for arn, it in principals]}},
        {"matchPaths": {"anyOf": ["/primary/*", "/other/*"]}},
        {"matchModels": {"anyOf": [{"value": "gpt-*"}]}},
    ]


@pytest.mark.parametrize(
    ("argument", "member"), [("principals", "matchPrincipals"), ("paths", "matchPaths"), ("models", "matchModels")]
)
def test_an_empty_condition_is_not_dropped(declare: Any, argument: str, member: str) -> None:
    """It is reported: without it the rule would match every request."""
    found = only(declare(rule(route="primary", **{argument: []})))
    assert found["conditions"] == [{member: {"anyOf": []}}]
    document = {"priority": 1, "conditions": found["conditions"], "actions": found["actions"]}
    assert "is an empty list" in str(rules.validate(document)[0])


def test_a_bundle_is_its_latest_version(declare: Any) -> None:
    """Of a ConfigurationBundle; AWS's own document stays as it is."""
    bundle = pulumi.Output.from_input(
        "arn:aws:bedrock-agentcore:us-west-2:123456789012:configuration-bundle/p-0123456789"
    )

    def program() -> None:
        gateway = Gateway("shop", role_arn=ROLE, authorizer="AWS_IAM", protocol_type=None)
        made = ConfigurationBundle("prompts", components={"clerk": {"configuration": {"system_prompt": "Be brief."}}})
        made.bundle_arn, made.version_id = bundle, pulumi.Output.from_input("01234567-89ab-cdef-0123-456789abcdef")
        GatewayRule("rule", gateway=gateway, priority=1, configuration_bundle=made)

    override = {
        "bundleArn": "arn:aws:bedrock-agentcore:us-west-2:123456789012:configuration-bundle/p-0123456789",
        "bundleVersion": "01234567-89ab-cdef-0123-456789abcdef",
    }
    assert only(declare(program))["actions"] == [{"configurationBundle": {"staticOverride": override}}]


def test_a_path_can_be_an_output(declare: Any) -> None:
    """Of the name of a target, or of all paths."""
    for paths in (lambda made: [made["primary"].name], lambda _: pulumi.Output.from_input(["primary"])):
        found = only(declare(rule(paths=paths, route="primary")))
        assert found["conditions"] == [{"matchPaths": {"anyOf": ["/primary/*"]}}]


def test_principals_and_models_can_be_outputs(declare: Any) -> None:
    """Of lists."""
    found = only(
        declare(
            rule(
                principals=lambda _: pulumi.Output.from_input([f"{QA}-*"]),
                models=lambda _: pulumi.Output.from_input(["gpt-*"]),
                route="primary",
            )
        )
    )
    assert found["conditions"] == [
        {"matchPrincipals": {"anyOf": [{"iamPrincipal": {"arn": f"{QA}-*", "operator": "StringLike"}}]}},
        {"matchModels": {"anyOf": [{"value": "gpt-*"}]}},
    ]


def test_a_target_can_take_the_place_of_its_name(declare: Any) -> None:
    """As a path and as a route."""
    found = only(declare(rule(paths=lambda made: [made["primary"]], route=lambda made: made["primary"])))
    assert found["conditions"] == [{"matchPaths": {"anyOf": ["/primary/*"]}}]
    assert found["actions"] == [{"routeToTarget": {"staticRoute": {"targetName": "primary"}}}]


@pytest.mark.parametrize(
    "route",
    [
        routes.WeightedRoute([routes.TrafficSplit("primary", weight=90), routes.TrafficSplit("canary", weight=10)]),
        {"split": [{"target": "primary", "weight": 90}, {"target": "canary", "weight": 10}]},
    ],
    ids=["record", "mapping"],
)
def test_a_split_names_its_variants_after_their_targets(declare: Any, route: Any) -> None:
    """Where they have no other name."""
    split = [{"targetName": it, "name": it, "weight": weight} for it, weight in (("primary", 90), ("canary", 10))]
    assert only(declare(rule(route=route)))["actions"] == [
        {"routeToTarget": {"weightedRoute": {"trafficSplit": split}}}
    ]


@pytest.mark.parametrize(
    "route",
    [
        routes.StaticRoute(
            "gpt",
            model="gpt-5.5",
            fallback=routes.Fallback(
                ["other", routes.FallbackTarget("third", model="m", errors=["UNROUTABLE"])],
                status_codes=["429"],
                first_byte_timeout_milliseconds=100,
                circuit_breaker=False,
            ),
        ),
        {
            "target": "gpt",
            "model": "gpt-5.5",
            "fallback": {
                "targets": ["other", {"target": "third", "model": "m", "errors": ["UNROUTABLE"]}],
                "status_codes": [429],
                "first_byte_timeout_milliseconds": 100,
                "circuit_breaker": False,
            },
        },
    ],
    ids=["record", "mapping"],
)
def test_a_fallback_becomes_a_chain(declare: Any, route: Any) -> None:
    """Of names, records and mappings."""
    assert only(declare(rule(route=route)))["actions"][0]["routeToTarget"]["staticRoute"] == {
        "targetName": "gpt",
        "model": "gpt-5.5",
        "fallback": {
            "triggerOn": {"statusCodes": ["429"]},
            "firstByteTimeoutMilliseconds": 100,
            "circuitBreaker": {"mode": "DISABLED"},
            "targetFallback": [
                {"targetName": "other"},
                {"targetName": "third", "model": "m", "triggerOn": {"errors": ["UNROUTABLE"]}},
            ],
        },
    }


@pytest.mark.parametrize(
    ("arguments", "report"),
    [
        ({}, "route: is required. Give a target, or a record of routes"),
        ({"route": 5}, "route: is a int. Give a target, a routes.StaticRoute"),
        ({"route": routes.StaticRoute}, "route: is the class StaticRoute itself"),
        ({"route": {"targt": "a"}}, "route: has no targt. Members of routes.StaticRoute: target, model, fallback"),
        (
            {"route": {"target": "gpt", "fallback": {"targets": [{"targets": "b"}]}}},
            "route.fallback.targets[0]: has no targets. Members of routes.FallbackTarget",
        ),
        (
            {"route": lambda _: routes.StaticRoute("gpt", fallback=_fallback(pulumi.Output.from_input(False)))},
            "route.fallback.circuit_breaker: is a Output. Give True or False",
        ),
        (
            {
                "route": {
                    "split": [{"target": "gpt", "weight": 1, "fallback": {"targets": ["b"], "circuit_breaker": 0}}]
                }
            },
            "route.split[0].fallback.circuit_breaker: is a int. Give True or False",
        ),
        ({"route": "tools"}, "target tools is not an HTTP or inference target. Name an HTTP or inference target"),
        ({"route": lambda made: made["tools"]}, "target tools is not an HTTP or inference target"),
        ({"route": "gpt", "paths": ["tools"]}, "target tools is not an HTTP or inference target"),
        ({"route": "gpt", "paths": lambda made: [made["tools"]]}, "target tools is not an HTTP or inference target"),
        ({"route": "gpt", "principals": [None]}, "principals[0]: is a NoneType. Give the ARN"),
        ({"route": "gpt", "principals": [QA, object]}, "principals[1]: is the class object itself. Give the ARN"),
        ({"route": "gpt", "paths": [5]}, "paths[0]: is a int. Give a target, its name or a pattern"),
        ({"route": "gpt", "models": {"m": 1}}, "models: is a dict. Give a list"),
        ({"route": lambda made: routes.StaticRoute(made["primary"], model="m")}, "is not an inference target"),
        ({"route": routes.StaticRoute("primary", fallback=routes.Fallback(["gpt"]))}, "target primary is not an infer"),
        ({"route": routes.StaticRoute("gpt", fallback=routes.Fallback(["primary"]))}, "target primary is not an infer"),
    ],
)
def test_a_wrong_argument_is_reported_with_the_other_problems(declare: Any, arguments: Any, report: str) -> None:
    """One line each, at preview."""
    problems = only(declare(rule(**arguments)))["__context"]["problems"]
    assert any(report in it for it in problems), problems


def test_two_rules_of_one_priority_are_reported(declare: Any) -> None:
    """Before AWS refuses the second one."""

    def program() -> None:
        gateway = Gateway("shop", role_arn=ROLE, authorizer="AWS_IAM", protocol_type=None)
        for name in ("one", "two"):
            GatewayRule(name, gateway=gateway, priority=7, route="primary")

    found = declare(program).of("agentcore:GatewayRule")
    assert (
        'priority: GatewayRule "one" has the priority 7 already. Give this one a priority of its own'
        in found["two"]["__context"]["problems"][0]
    )
    assert "problems" not in found["one"]["__context"]


@pytest.mark.parametrize(
    ("arguments", "report"),
    [
        ({"route": "a", "actions": []}, "actions cannot be combined with route"),
        (
            {"route": "a", "conditions": [], "paths": ["a"], "models": ["m"]},
            "conditions cannot be combined with paths, m",
        ),
    ],
)
def test_both_forms_at_once_are_an_error(declare: Any, arguments: Any, report: str) -> None:
    """AWS's documents stand for all of the short arguments."""
    with pytest.raises(InvalidInput, match=report):
        declare(rule(**arguments))


@pytest.mark.parametrize("arguments", [{}, {"gateway": "shop-0123456789"}])
def test_a_rule_needs_one_gateway(arguments: Any) -> None:
    """A Gateway, or the id of one."""
    with pytest.raises(InvalidInput, match="gateway_identifier="):
        GatewayRule("rule", priority=1, route="a", **arguments)


def test_a_gateway_with_everything_has_rules_too(declare: Any) -> None:
    """Named after both, and with the gateway's targets by name."""

    def program() -> None:
        McpGateway(
            "shop",
            protocol_type=None,
            targets={"primary": {"target": http("a"), "credentials": credentials.JwtPassthrough()}},
            rules={"all": {"priority": 1000000, "route": "primary"}},
        )

    found = declare(program).of("agentcore:GatewayRule")["shop-all"]
    assert found["priority"] == 1000000
    assert found["gateway_identifier"] == "shop-id"


@pytest.mark.parametrize(
    ("given", "report"),
    [
        ([{"priority": 1, "route": "primary"}], r"rules: is a list\. Give a dict of name to arguments"),
        ({"r": None}, r"rules\.r: is a NoneType\. Give a dict of arguments of GatewayRule"),
        ({"r": {"priority": 1, "rout": "a"}}, r"rules\.r: GatewayRule has no argument rout\. Did you mean route\?"),
        ({"r": {"priority": 1, "opts": None}}, r"rules\.r: GatewayRule has no argument opts here\. Leave it out"),
        ({"r": {"route": "a"}}, r"rules\.r: priority is missing\. Give each rule a priority of its own"),
    ],
)
def test_rules_of_a_gateway_have_the_arguments_of_a_rule(declare: Any, given: Any, report: str) -> None:
    """Others are an error that names the rule."""

    def program() -> None:
        with pytest.raises(InvalidInput, match=report):
            McpGateway("shop", protocol_type=None, targets={}, rules=given)

    declare(program)

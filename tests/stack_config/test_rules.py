"""Rules in stack files: what they become, and where their problems are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agentcore_provider.errors import InvalidInput
from agentcore_provider.stack_config import checked

HTTP = {
    "passthrough": {"endpoint": "https://a.example.com", "protocol_type": "CUSTOM"},
    "credentials": {"jwt_passthrough": {}},
}
INFERENCE = {
    "inference": "https://m.example.com",
    "credentials": {
        "api_key": {
            "provider": "arn:aws:bedrock-agentcore:us-west-2:123456789012:token-vault/default/apikeycredentialprovider/k",
            "location": "HEADER",
            "parameter_name": "k",
        }
    },
}
KEY = "agentcore:gateways.shop.rules.one"


def problems(rules: Any, folder: Path, **gateway: Any) -> list[str]:
    described = {"protocol_type": None, "targets": {"a": HTTP, "m": INFERENCE}, "rules": rules, **gateway}
    described = {name: it for name, it in described.items() if it is not ...}
    try:
        checked({"shop": described}, folder=folder, stack="dev")
    except InvalidInput as error:
        return [str(it) for it in error.problems] if error.problems else [str(error)]
    return []


@pytest.mark.parametrize(
    "rule",
    [
        {"priority": 1, "route": "a"},
        {
            "priority": 1,
            "paths": ["a"],
            "route": {"split": [{"target": "a", "weight": 1}, {"target": "m", "weight": 99}]},
        },
        {
            "priority": 1,
            "models": ["x-*"],
            "route": {
                "target": "m",
                "fallback": {"targets": [{"target": "m", "model": "y"}], "status_codes": [429, "5XX"]},
            },
        },
        {"priority": 1, "actions": [{"routeToTarget": {"staticRoute": {"targetName": "a"}}}], "conditions": []},
    ],
)
def test_a_good_rule_has_no_problem(rule: Any, tmp_path: Path) -> None:
    """In short keys and in AWS's own form."""
    assert problems({"one": rule}, tmp_path) == []


@pytest.mark.parametrize(
    ("rule", "report"),
    [
        ({"route": "a"}, f"{KEY}: priority is missing"),
        ({"priority": 1}, f"{KEY}: has neither route nor configuration_bundle"),
        ({"priority": 1, "route": "b"}, f"{KEY}.route: the gateway has no target b. Name one of a, m"),
        ({"priority": 1, "route": {"target": "a", "model": "x"}}, f"{KEY}.route: a is not an inference target"),
        ({"priority": 1, "route": "a", "paths": ["a", "mcp"]}, f"{KEY}.paths[1]: '/mcp/*' begins with a path"),
        ({"priority": 1, "route": "a", "paths": ["b"]}, f"{KEY}.paths[0]: the gateway has no target b"),
        ({"priority": 1, "route": "a", "actions": []}, f"{KEY}: has actions and route"),
        ({"priority": 0, "route": "a"}, f"{KEY}.priority: 0 is too little"),
        ({"priority": 1, "rout": "a"}, f"{KEY}.rout: unknown key. Did you mean route?"),
        (
            {"priority": 1, "route": {"target": "m", "fallback": {"targets": ["m"]}}},
            f"{KEY}.route: names target m again",
        ),
        (
            {"priority": 1, "route": {"target": "m", "fallback": {"targets": ["m"], "status_codes": ["2XX"]}}},
            f"{KEY}.route.fallback.status_codes[0]",
        ),
        ({"priority": 1, "route": "a", "principals": "arn:aws:iam::1:role/a"}, f"{KEY}.principals: must be a list"),
        ({"priority": 1, "route": "a", "paths": "a"}, f"{KEY}.paths: must be a list"),
        ({"priority": 1, "route": "a", "models": "x-*"}, f"{KEY}.models: must be a list"),
        ({"priority": 1, "route": "a", "principals": []}, f"{KEY}.principals: is empty"),
        ({"priority": 1, "route": "a", "paths": []}, f"{KEY}.paths: is empty"),
        ({"priority": 1, "route": "a", "models": []}, f"{KEY}.models: is empty"),
        ({"priority": 1, "route": "a", "models": [5]}, f"{KEY}.models[0]: must be text"),
        ({"priority": 1, "route": "a", "paths": [None, "mcp"]}, f"{KEY}.paths[1]: '/mcp/*' begins with"),
        ({"priority": 1, "route": "a", "models": "m", "paths": ["mcp"]}, f"{KEY}.paths[0]: '/mcp/*' begins with"),
        ({"priority": 1, "route": "a", "principals": "p", "paths": ["mcp"]}, f"{KEY}.paths[0]: '/mcp/*' begins with"),
        ({"priority": 1, "route": "a", "more": [1]}, f"{KEY}.more: must be a mapping"),
        ({"priority": 1, "route": "a", "configuration_bundle": 5}, f"{KEY}.configuration_bundle: 5 is not a name"),
        ({"priority": 1, "conditions": 5, "actions": "a"}, f"{KEY}.conditions: must be a list"),
        ({"priority": "x", "route": "a"}, f"{KEY}.priority: must be a whole number"),
        *(
            ({"priority": 1, "route": {"target": "m", "fallback": {"targets": ["m"], **wrong}}}, report)
            for wrong, report in (
                ({"targets": [5]}, f"{KEY}.route.fallback.targets[0]: 5 is not the name of a target, or a mapping"),
                ({"status_codes": [True]}, f"{KEY}.route.fallback.status_codes[0]: true is not a status code"),
                ({"status_codes": [None]}, f"{KEY}.route.fallback.status_codes[0]: null is not a status code"),
                ({"circuit_breaker": 5}, f"{KEY}.route.fallback.circuit_breaker: must be"),
            )
        ),
    ],
)
def test_a_problem_is_reported_where_it_is(rule: Any, report: str, tmp_path: Path) -> None:
    """By the keys of the file."""
    found = problems({"one": rule}, tmp_path)
    assert any(report in it for it in found), found


@pytest.mark.parametrize(
    "target",
    [
        {"web_search": {}},
        {"knowledge_base": "ABCDEFGHIJ"},
        {"builtin": "slack"},
        {"mcp_server": "https://t.example.com/mcp"},
        {"target_configuration": {"mcp": {"mcpServer": {"endpoint": "https://t.example.com/mcp"}}}},
    ],
    ids=lambda it: next(iter(it)),
)
def test_a_route_to_tools_is_reported(target: Any, tmp_path: Path) -> None:
    """Whichever key describes the target."""
    found = problems({"one": {"priority": 1, "route": "t"}}, tmp_path, targets={"t": target})
    assert any(f"{KEY}.route: t is not an HTTP or inference target" in it for it in found), found


def test_two_rules_of_one_priority_are_reported(tmp_path: Path) -> None:
    """At the second one."""
    found = problems({"one": {"priority": 1, "route": "a"}, "two": {"priority": 1, "route": "m"}}, tmp_path)
    assert len(found) == 1
    assert "rules.two.priority: rule one has priority 1 too" in found[0]


def test_the_targets_of_an_existing_gateway_are_not_known(tmp_path: Path) -> None:
    """So a rule may name any."""
    assert (
        problems(
            {"one": {"priority": 1, "route": "b"}},
            tmp_path,
            gateway_id="theirs-0123456789",
            protocol_type=...,
            targets={},
        )
        == []
    )

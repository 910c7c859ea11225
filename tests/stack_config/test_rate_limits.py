"""Rate limits in stack files: what they become, and where their problems are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agentcore_provider.errors import InvalidInput
from agentcore_provider.stack_config import checked

KEY = "agentcore:gateways.shop.rate_limits.one"
SUB = "$.context.jwt.sub"
RATE = {"requests_per_minute": 60}


def problems(limits: Any, folder: Path, **gateway: Any) -> list[str]:
    described = {"targets": {"a": {"mcp_server": "https://t.example.com/mcp"}}, "rate_limits": limits, **gateway}
    try:
        checked({"shop": described}, folder=folder, stack="dev")
    except InvalidInput as error:
        return [str(it) for it in error.problems] if error.problems else [str(error)]
    return []


@pytest.mark.parametrize(
    "limit",
    [
        {"dimension_keys": ["toolName"], "entries": [RATE]},
        {
            "rate_limit_id": "per-caller",
            "description": "Each caller",
            "dimension_keys": ["targetName", SUB],
            "entries": [
                {"dimensions": {"targetName": "a", SUB: "batch"}, "requests_per_second": 0.5, "connections": 3},
                {"dimensions": {"targetName": "a"}, "connections": 0},
                RATE,
            ],
        },
        {"dimension_keys": ["toolName"], "entries": [{"dimensions": {"toolName": "${env:TOOL}"}, **RATE}]},
    ],
)
def test_a_good_rate_limit_has_no_problem(limit: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Values that are left out stand for all."""
    monkeypatch.setenv("TOOL", "a___ping")
    assert problems({"one": limit}, tmp_path) == []


@pytest.mark.parametrize(
    ("limit", "report"),
    [
        ({"entries": [RATE]}, f"{KEY}: dimension_keys is missing"),
        ({"dimension_keys": ["toolName"]}, f"{KEY}: entries is missing"),
        ({"dimension_keys": [], "entries": [RATE]}, f"{KEY}.dimension_keys: is empty"),
        ({"dimension_keys": "toolName", "entries": [RATE]}, f"{KEY}.dimension_keys: must be a list"),
        ({"dimension_keys": ["tool"], "entries": [RATE]}, f"{KEY}.dimension_keys[0]: is 'tool'"),
        ({"dimension_keys": ["toolName", "toolName"], "entries": [RATE]}, f"{KEY}.dimension_keys[1]: is a second"),
        (
            {"dimension_keys": ["$.context.request.header.X-Tier"], "entries": [RATE]},
            f"{KEY}.dimension_keys[0]: is what callers write themselves",
        ),
        ({"dimension_keys": ["toolName"], "entries": []}, f"{KEY}.entries: is empty"),
        (
            {"dimension_keys": ["toolName"], "entries": [{"dimensions": {"toolName": "a___b"}}]},
            f"{KEY}.entries[0]: limits nothing. Set at least one of requests_per_second, requests_per_minute, tokens_per_minute",
        ),
        ({"dimension_keys": ["toolName"], "entries": [5]}, f"{KEY}.entries[0]: must be"),
        (
            {"dimension_keys": ["toolName"], "entries": [RATE, {**RATE, "requests_per_second": 1}]},
            f"{KEY}.entries[1]: has requests_per_second and requests_per_minute",
        ),
        (
            {"dimension_keys": ["toolName"], "entries": [{"requests_per_hour": 5}]},
            f"{KEY}.entries[0].requests_per_hour: unknown key",
        ),
        (
            {"dimension_keys": ["toolName"], "entries": [{"requests_per_minute": -1}]},
            f"{KEY}.entries[0].requests_per_minute: -1 is too little",
        ),
        (
            {"dimension_keys": ["toolName"], "entries": [{"connections": 10000001}]},
            f"{KEY}.entries[0].connections: 10000001 is too much",
        ),
        (
            {"dimension_keys": ["toolName"], "entries": [{"tokens_per_minute": "many"}]},
            f"{KEY}.entries[0].tokens_per_minute: must be a number",
        ),
        (
            {"dimension_keys": ["toolName"], "entries": [{"dimensions": {"tool": "a"}, **RATE}]},
            f"{KEY}.entries[0].dimensions.tool: is not one of the dimension keys. Write one of toolName",
        ),
        (
            {"dimension_keys": ["targetName", "toolName"], "entries": [{"dimensions": {"toolName": "a___b"}, **RATE}]},
            f"{KEY}.entries[0].dimensions.toolName: has a value of its own after the * of targetName",
        ),
        ({"dimension_keys": ["toolName"], "entries": [RATE], "rate_limit_id": "a"}, f"{KEY}.rate_limit_id: "),
        ({"dimension_keys": ["toolName"], "entries": [RATE], "region": "eu-west-1"}, f"{KEY}.region: unknown key"),
        ({"dimension_keys": ["toolName"], "entries": [RATE], "more": [1]}, f"{KEY}.more: must be a mapping"),
    ],
)
def test_a_problem_is_reported_where_it_is(limit: Any, report: str, tmp_path: Path) -> None:
    """By the keys of the file."""
    found = problems({"one": limit}, tmp_path)
    assert any(report in it for it in found), found


def test_two_limits_of_the_same_keys_or_id_are_reported(tmp_path: Path) -> None:
    """At the second one."""
    one = {"dimension_keys": ["targetName", "toolName"], "entries": [RATE], "rate_limit_id": "mine"}
    found = problems({"one": one, "two": {**one, "dimension_keys": ["toolName", "targetName"]}}, tmp_path)
    assert len(found) == 2
    assert "rate_limits.two.rate_limit_id: rate limit one has the id mine too" in "".join(found)
    assert "rate_limits.two.dimension_keys: rate limit one has these keys too, in whatever order" in "".join(found)


def test_an_existing_gateway_gets_limits(tmp_path: Path) -> None:
    """As it gets targets and rules."""
    limits = {"one": {"dimension_keys": ["toolName"], "entries": [RATE]}}
    assert problems(limits, tmp_path, gateway_id="theirs-0123456789") == []

"""What Cognito accepts of a sign-in."""

from __future__ import annotations

from typing import Any

import pytest

from agentcore_provider.rules import ez_auth
from agentcore_provider.rules.unknown import UNKNOWN

GOOD: dict[str, Any] = {
    "name": "shop",
    "scopes": ["invoke", "read"],
    "resourceServerIdentifier": "https://shop.example.com",
    "domainPrefix": "shop-1a2b3c4",
    "accessTokenValiditySeconds": 3600.0,
    "tags": {"team": "shop"},
}


@pytest.mark.parametrize("document", [GOOD, {}, dict.fromkeys(GOOD, UNKNOWN), {"scopes": ["invoke", UNKNOWN]}])
def test_a_good_sign_in_has_no_problem(document: dict[str, Any]) -> None:
    """What Cognito takes, and what is not known yet, passes."""
    assert [str(problem) for problem in ez_auth.validate(document)] == []


@pytest.mark.parametrize(
    ("member", "value", "path"),
    [
        ("name", "shop!", "name"),
        ("name", "", "name"),
        ("name", "a" * 129, "name"),
        ("name", 7, "name"),
        ("scopes", [], "scopes"),
        ("scopes", "invoke", "scopes"),
        ("scopes", ["shop/invoke"], "scopes[0]"),
        ("scopes", ["in voke"], "scopes[0]"),
        ("scopes", ["invoke", "invoke"], "scopes[1]"),
        ("scopes", [""], "scopes[0]"),
        ("scopes", [f"s{number}" for number in range(101)], "scopes"),
        ("resourceServerIdentifier", 'a"b', "resourceServerIdentifier"),
        ("resourceServerIdentifier", "", "resourceServerIdentifier"),
        ("domainPrefix", "Shop", "domainPrefix"),
        ("domainPrefix", "shop-", "domainPrefix"),
        ("domainPrefix", "my-cognito-shop", "domainPrefix"),
        ("domainPrefix", "amazon", "domainPrefix"),
        ("domainPrefix", "a" * 64, "domainPrefix"),
        ("accessTokenValiditySeconds", 299, "accessTokenValiditySeconds"),
        ("accessTokenValiditySeconds", 86401, "accessTokenValiditySeconds"),
        ("accessTokenValiditySeconds", 300.5, "accessTokenValiditySeconds"),
        ("accessTokenValiditySeconds", True, "accessTokenValiditySeconds"),
        ("tags", {"team": 7}, "tags.team"),
        ("tags", {f"t{number}": "" for number in range(51)}, "tags"),
        ("scope", "invoke", "scope"),
    ],
)
def test_what_cognito_refuses_is_reported_where_it_stands(member: str, value: Any, path: str) -> None:
    """One broken rule is one problem, at its path."""
    assert [problem.path for problem in ez_auth.validate(GOOD | {member: value})] == [path]

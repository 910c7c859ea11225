"""What Cognito accepts of a sign-in."""

from __future__ import annotations

from typing import Any

import pytest

from agentcore_provider.rules import ez_auth
from agentcore_provider.rules.unknown import UNKNOWN

PEOPLE: dict[str, Any] = {"callback_urls": ["https://desk.example.com/done"]}
GOOD: dict[str, Any] = {
    "name": "shop",
    "scopes": ["invoke", "read"],
    "resourceServerIdentifier": "https://shop.example.com",
    "domainPrefix": "shop-1a2b3c4",
    "accessTokenValiditySeconds": 3600.0,
    "rotateOn": "2026-12",
    "secretInSecretsManager": False,
    "people": {
        "callback_urls": [
            "https://desk.example.com/done?a=b",
            "http://[::1]:1/",
            "http://127.0.0.1/",
            "cursor://app/back",
            "com.example.desk:/back",
        ],
        "logout_urls": ["http://localhost:8976/"],
        "id_token_validity_seconds": 300.0,
        "refresh_token_validity_seconds": 315360000.0,
    },
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
        ("rotateOn", 12, "rotateOn"),
        ("rotateOn", "", "rotateOn"),
        ("secretInSecretsManager", "yes", "secretInSecretsManager"),
        ("secretInSecretsManager", 1, "secretInSecretsManager"),
        ("secretInSecretsManager", True, "rotateOn"),
        ("people", "yes", "people"),
        ("people", {**PEOPLE, "callbacks": []}, "people.callbacks"),
        ("people", {**PEOPLE, "callback_urls": None}, "people.callback_urls"),
        ("people", {**PEOPLE, "callback_urls": []}, "people.callback_urls"),
        ("people", {**PEOPLE, "callback_urls": "https://desk.example.com/done"}, "people.callback_urls"),
        (
            "people",
            {**PEOPLE, "callback_urls": [f"https://desk.example.com/{it}" for it in range(101)]},
            "people.callback_urls",
        ),
        ("people", {**PEOPLE, "callback_urls": ["http://desk.example.com/done"]}, "people.callback_urls[0]"),
        ("people", {**PEOPLE, "callback_urls": ["http://localhost.example.com/"]}, "people.callback_urls[0]"),
        ("people", {**PEOPLE, "callback_urls": ["https://desk.example.com/#done"]}, "people.callback_urls[0]"),
        ("people", {**PEOPLE, "callback_urls": ["https://*.example.com/"]}, "people.callback_urls[0]"),
        ("people", {**PEOPLE, "callback_urls": ["/done"]}, "people.callback_urls[0]"),
        ("people", {**PEOPLE, "callback_urls": ["https:///done"]}, "people.callback_urls[0]"),
        ("people", {**PEOPLE, "callback_urls": ["localhost:8080/done"]}, "people.callback_urls[0]"),
        ("people", {**PEOPLE, "callback_urls": ["desk.example.com:443"]}, "people.callback_urls[0]"),
        ("people", {**PEOPLE, "callback_urls": ["javascript:alert(1)"]}, "people.callback_urls[0]"),
        ("people", {**PEOPLE, "callback_urls": ["FTP://desk.example.com/"]}, "people.callback_urls[0]"),
        ("people", {**PEOPLE, "logout_urls": ["data:text/html,bye"]}, "people.logout_urls[0]"),
        ("people", {**PEOPLE, "callback_urls": ["https://[::1/"]}, "people.callback_urls[0]"),
        ("people", {**PEOPLE, "callback_urls": ["https://a b/"]}, "people.callback_urls[0]"),
        ("people", {**PEOPLE, "callback_urls": [7]}, "people.callback_urls[0]"),
        ("people", {**PEOPLE, "callback_urls": ["app://x", "app://x"]}, "people.callback_urls[1]"),
        ("people", {**PEOPLE, "logout_urls": ["bye"]}, "people.logout_urls[0]"),
        ("people", {**PEOPLE, "id_token_validity_seconds": 299}, "people.id_token_validity_seconds"),
        ("people", {**PEOPLE, "refresh_token_validity_seconds": 3599}, "people.refresh_token_validity_seconds"),
        ("tags", {"team": 7}, "tags.team"),
        ("tags", {f"t{number}": "" for number in range(51)}, "tags"),
        ("scope", "invoke", "scope"),
    ],
)
def test_what_cognito_refuses_is_reported_where_it_stands(member: str, value: Any, path: str) -> None:
    """One broken rule is one problem, at its path."""
    assert [problem.path for problem in ez_auth.validate(GOOD | {member: value})] == [path]

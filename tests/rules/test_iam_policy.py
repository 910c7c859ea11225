from __future__ import annotations

from typing import Any

import pytest

from agentcore_provider.rules import execution_role
from agentcore_provider.rules.iam_policy import is_open, matches, missing, untrusted

_FUNCTION = "arn:aws:lambda:us-west-2:123456789012:function:orders"
_PLACE = {"partition": "aws", "region": "us-west-2", "account_id": "123456789012"}
_GATEWAY = "arn:aws:bedrock-agentcore:us-west-2:123456789012:gateway/shop-0123456789"


def _policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _allow(action: Any, resource: Any, effect: str = "Allow", **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def _untrusted(document: Any) -> list[str]:
    return untrusted(document, service=execution_role.SERVICE, account_id="123456789012", source_arn=_GATEWAY)


_NEEDED = [_allow("lambda:InvokeFunction", _FUNCTION)]


@pytest.mark.parametrize(
    "policy",
    [
        _policy(_allow("lambda:InvokeFunction", _FUNCTION)),
        _policy(_allow(["s3:GetObject", "LAMBDA:invoke*"], ["arn:aws:s3:::x", f"{_FUNCTION[:-3]}*"])),
        _policy(_allow("*", "*")),
        {"Statement": _allow("lambda:Invoke?unction", "*")},
        _policy({"Effect": "Allow", "NotAction": "iam:*", "NotResource": "arn:aws:s3:::*"}),
        _policy(_allow("lambda:*", "*"), _allow("lambda:*", "*", "Deny", Condition={"Bool": {"x": "true"}})),
    ],
)
def test_what_a_policy_allows_is_not_missing(policy: Any) -> None:
    assert missing([_policy(), policy], _NEEDED) == []


@pytest.mark.parametrize(
    "policies",
    [
        [],
        [_policy(_allow("lambda:InvokeFunction", _FUNCTION.upper()))],
        [_policy(_allow("lambda:InvokeFunction", f"{_FUNCTION}-2"))],
        [_policy(_allow("lambda:GetFunction", "*"))],
        [_policy(_allow("*", "*")), _policy(_allow("lambda:*", _FUNCTION, "Deny"))],
        ["nonsense"],
    ],
)
def test_what_no_policy_allows_or_one_denies_is_missing(policies: list[Any]) -> None:
    assert missing(policies, _NEEDED) == [("lambda:InvokeFunction", _FUNCTION)]


def test_a_needed_pattern_is_met_by_the_exact_arn_behind_it() -> None:
    secret = "arn:aws:secretsmanager:us-west-2:123456789012:secret:bedrock-agentcore-identity!default/apikey/stock-"
    needed = [_allow("secretsmanager:GetSecretValue", f"{secret}*")]
    assert missing([_policy(_allow("secretsmanager:GetSecretValue", f"{secret}AbCdEf"))], needed) == []
    assert missing([_policy(_allow("secretsmanager:GetSecretValue", secret.replace("stock", "other")))], needed)


def test_the_trust_policy_that_gateway_role_writes_lets_the_gateway_in_and_is_not_open() -> None:
    trust = execution_role.trust_policy(**_PLACE, gateway_name="Shop")
    assert _untrusted(trust) == []
    assert not is_open(trust, service=execution_role.SERVICE)


def test_each_condition_that_keeps_the_gateway_out_is_reported() -> None:
    trust = execution_role.trust_policy(partition="aws", region="eu-west-1", account_id="1", gateway_name="other")
    reasons = _untrusted(trust)
    assert len(reasons) == 2
    assert "aws:SourceAccount must be 1 and is 123456789012" in reasons
    assert f"and is {_GATEWAY}" in reasons[1]


def test_one_statement_that_lets_it_in_is_enough() -> None:
    wrong = execution_role.trust_policy(**_PLACE, gateway_name="other")["Statement"][0]
    right = execution_role.trust_policy(**_PLACE, gateway_name="shop")["Statement"][0]
    assert _untrusted(_policy(wrong, right)) == []


def test_a_pattern_with_many_wildcards_is_decided_at_once() -> None:
    """What would take years by a regular expression."""
    text = "arn:aws:bedrock-agentcore:us-west-2:123456789012:gateway/" + "e" * 200
    assert matches("*" + "e*" * 40, text)
    assert not matches("*" + "e*" * 40 + "Z", text)
    assert matches("A[?]*", "a[b]c", ignore_case=True)

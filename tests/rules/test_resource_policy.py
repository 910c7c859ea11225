"""Resource policies: what only a known gateway shows, and problems of IAM's grammar that local AWS does not read."""

from __future__ import annotations

from typing import Any

import pytest

from agentcore_provider.rules import resource_policy

GATEWAY = "arn:aws:bedrock-agentcore:us-west-2:123456789012:gateway/shop-0a1b2c3d4e"


def statement(**elements: Any) -> dict[str, Any]:
    role = {"AWS": "arn:aws:iam::111122223333:role/agent"}
    usual = {"Effect": "Allow", "Principal": role, "Action": "bedrock-agentcore:InvokeGateway", "Resource": "*"}
    return {name: it for name, it in {**usual, **elements}.items() if it is not None}


def problems(*statements: Any, authorizer: str | None = None) -> list[str]:
    document = {"resourceArn": GATEWAY, "policy": [*statements]}
    return [str(it) for it in resource_policy.validate(document, authorizer=authorizer)]


@pytest.mark.parametrize(
    ("elements", "reported"),
    [
        ({"Sid": "with blanks"}, "policy.Statement[0].Sid: 'with blanks' has other characters"),
        ({"NotPrincipal": "*"}, "policy.Statement[0]: has Principal and NotPrincipal. Keep one of them"),
        ({"NotAction": "bedrock-agentcore:*"}, "policy.Statement[0]: has Action and NotAction"),
        ({"NotResource": "*"}, "policy.Statement[0]: has Resource and NotResource"),
        ({"Resource": "gateway/shop"}, "policy.Statement[0].Resource: 'gateway/shop' is not an ARN"),
        ({"Principal": {"Aws": "111122223333"}}, "policy.Statement[0].Principal.Aws: is not an element"),
        (
            {"Condition": {"StringEqual": {}}},
            "Condition.StringEqual: is not an operator of conditions. Write StringEquals",
        ),
        ({"Condition": {"Bool": "true"}}, "Condition.Bool: is of type str. Pass condition keys with their values"),
    ],
)
def test_a_statement_is_read_by_the_grammar_of_iam(elements: dict[str, Any], reported: str) -> None:
    """What IAM does not have is reported with what it has."""
    assert any(reported in it for it in problems(statement(**elements)))


def test_two_statements_of_one_name_are_reported() -> None:
    """IAM wants each Sid once."""
    assert "'One' is used twice" in problems(statement(Sid="One"), statement(Sid="One"))[0]


@pytest.mark.parametrize("operator", ["ForAnyValue:StringLikeIfExists", "DateGreaterThan", "Null", "NotIpAddress"])
def test_every_operator_of_iam_is_known(operator: str) -> None:
    """With its prefix and its suffix."""
    assert problems(statement(Condition={operator: {"aws:SourceIp": "192.0.2.0/24"}})) == []


def test_a_role_never_calls_a_gateway_that_takes_tokens() -> None:
    """Only everybody matches there; where callers sign, everybody is every AWS account."""
    assert (
        "callers of a gateway with CUSTOM_JWT have no IAM identity" in problems(statement(), authorizer="CUSTOM_JWT")[0]
    )
    assert problems(statement(Principal="*"), authorizer="CUSTOM_JWT") == []
    assert "lets every AWS account call the gateway" in problems(statement(Principal="*"), authorizer="AWS_IAM")[0]


def test_a_policy_has_a_size() -> None:
    """The model's, of its JSON without blanks."""
    roles = [f"arn:aws:iam::111122223333:role/{'r' * 60}-{number}" for number in range(250)]
    assert "20480 is the most" in problems(statement(Principal={"AWS": roles}))[0]
    assert problems(statement(Principal={"AWS": roles[:200]})) == []

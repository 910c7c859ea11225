"""getPolicyDocument writes what the official plugin writes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agentcore_provider.pulumi_aws_stand_in.policy_document import get_policy_document
from agentcore_provider.pulumi_aws_stand_in.session import Session

SESSION = Session("http://127.0.0.1:1", "us-west-2")


def document(**arguments: Any) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(get_policy_document(SESSION, arguments)["json"])
    return parsed


def test_the_text_has_two_spaces_one_value_as_a_string_and_lists_in_reverse_order() -> None:
    found = get_policy_document(
        SESSION,
        {"statements": [{"sid": "Read", "actions": ["s3:Get*", "s3:List*"], "resources": ["*"]}]},
    )
    assert found["json"] == (
        '{\n  "Version": "2012-10-17",\n  "Statement": [\n    {\n      "Sid": "Read",\n'
        '      "Effect": "Allow",\n      "Action": [\n        "s3:List*",\n        "s3:Get*"\n      ],\n'
        '      "Resource": "*"\n    }\n  ]\n}'
    )
    assert json.loads(found["minifiedJson"]) == json.loads(found["json"])
    assert "\n" not in found["minifiedJson"]


def test_every_part_of_a_statement_has_its_place() -> None:
    statement = {
        "effect": "Deny",
        "notActions": ["iam:*"],
        "notResources": ["arn:aws:s3:::b/&{aws:username}"],
        "principals": [
            {"type": "AWS", "identifiers": ["111111111111"]},
            {"type": "Service", "identifiers": ["lambda.amazonaws.com"]},
            {"type": "AWS", "identifiers": ["222222222222"]},
        ],
        "notPrincipals": [{"type": "*", "identifiers": ["*"]}],
        "conditions": [
            {"test": "StringEquals", "variable": "aws:SourceAccount", "values": ["1"]},
            {"test": "StringEquals", "variable": "aws:PrincipalOrgID", "values": ["b", "a"]},
        ],
    }
    assert document(policyId="P", statements=[statement]) == {
        "Version": "2012-10-17",
        "Id": "P",
        "Statement": [
            {
                "Effect": "Deny",
                "NotAction": "iam:*",
                "NotResource": "arn:aws:s3:::b/${aws:username}",
                "Principal": {"AWS": ["222222222222", "111111111111"], "Service": "lambda.amazonaws.com"},
                "NotPrincipal": "*",
                "Condition": {"StringEquals": {"aws:SourceAccount": "1", "aws:PrincipalOrgID": ["b", "a"]}},
            }
        ],
    }


def test_sources_come_first_own_statements_override_them_and_overrides_override_both() -> None:
    def one(sid: str, action: str) -> str:
        return json.dumps({"Statement": [{"Sid": sid, "Effect": "Allow", "Action": action}]})

    found = document(
        sourcePolicyDocuments=[one("A", "source"), one("B", "source"), one("C", "source")],
        statements=[{"sid": "B", "actions": ["own"]}, {"actions": ["nameless"]}],
        overridePolicyDocuments=[one("C", "override"), one("D", "override")],
    )
    statements = [(statement.get("Sid"), statement["Action"]) for statement in found["Statement"]]
    assert statements == [("A", "source"), ("B", "own"), ("C", "override"), (None, "nameless"), ("D", "override")]


def test_a_sid_that_occurs_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="'A' occurs twice"):
        document(statements=[{"sid": "A", "actions": ["a"]}, {"sid": "A", "actions": ["b"]}])


def test_a_source_that_is_not_json_is_rejected_in_one_line() -> None:
    with pytest.raises(ValueError, match="is not JSON"):
        document(sourcePolicyDocuments=["{"])

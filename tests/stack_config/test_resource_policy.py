"""The resource policy of a gateway in a stack file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agentcore_provider.errors import InvalidInput
from agentcore_provider.stack_config import checked

KEY = "agentcore:gateways.shop.resource_policy"
INVOKE = {"Action": "bedrock-agentcore:InvokeGateway", "Resource": "*"}
ALLOW = {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, **INVOKE}
SERVER = {"mcp_server": "https://t.example.com/mcp"}


def problems(policy: Any, folder: Path, **gateway: Any) -> list[str]:
    described = {"authorizer": "aws_iam", "targets": {"a": SERVER}, "resource_policy": policy, **gateway}
    try:
        checked({"shop": described}, folder=folder, stack="dev")
    except InvalidInput as error:
        return [str(it) for it in error.problems] if error.problems else [str(error)]
    return []


@pytest.mark.parametrize(
    "policy",
    [
        {"allow": ["111122223333"], "only_from": ["vpc-1a2b3c4d"]},
        {"only_from": ["192.0.2.0/24"], "adopt": True},
        {"policy": {"Version": "2012-10-17", "Statement": [ALLOW]}},
    ],
)
def test_a_good_policy_has_no_problem(policy: Any, tmp_path: Path) -> None:
    """Short, and as IAM has it; beside an existing gateway too."""
    assert problems(policy, tmp_path) == []


@pytest.mark.parametrize(
    ("policy", "report"),
    [
        ({}, "resource_policy: has none of policy, allow and only_from. Add one of them"),
        ({"allow": ["nobody"]}, "resource_policy.allow: 'nobody' is not a principal of IAM"),
        ({"only_from": ["vpc-1", "home"]}, "resource_policy.only_from[1]: is 'home'"),
        (
            {"policy": {"Version": "2012-10-17", "Statement": [{**ALLOW, "Effect": "allow"}]}},
            "resource_policy.policy.Statement[0].Effect: is 'allow'. Write Allow or Deny",
        ),
        ({"allow": ["111122223333"], "policy": {}}, "resource_policy: has policy and allow. Keep policy alone"),
        ({"resource_arn": "arn:a"}, "resource_arn"),
    ],
)
def test_a_problem_is_reported_where_it_is(policy: Any, report: str, tmp_path: Path) -> None:
    """With its cure."""
    found = problems(policy, tmp_path)
    assert any(report in it for it in found), found
    assert all(it.startswith(KEY) for it in found)


def test_callers_with_tokens_have_no_principal(tmp_path: Path) -> None:
    """The sign-in that is made for a gateway gives tokens."""
    assert "names principals of IAM" in problems({"allow": ["111122223333"]}, tmp_path, authorizer="ez_auth")[0]

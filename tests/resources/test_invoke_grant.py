"""Who may call a gateway with AWS credentials."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from agentcore_provider import Gateway, McpGateway, targets
from agentcore_provider.errors import InvalidInput

ROLE = "arn:aws:iam::123456789012:role/gateways/own"


def _gateway(authorizer: Any = "AWS_IAM") -> Gateway:
    return Gateway("shop", role_arn=ROLE, authorizer=authorizer)


@pytest.mark.parametrize("role", ["desk", "arn:aws:iam::123456789012:role/agents/desk"])
def test_a_role_may_call_one_gateway(declare: Any, role: str) -> None:
    """By its name or its ARN, whose path is not part of the name."""
    declared = declare(lambda: _gateway().grant_invoke(role).id)
    policy = declared.of(":RolePolicy")["shop-desk"]
    assert policy["role"] == "desk"
    [statement] = declared.policy("shop-desk")
    assert statement["Action"] == "bedrock-agentcore:InvokeGateway"
    assert statement["Resource"].startswith("arn:aws:bedrock-agentcore:")


def test_a_role_of_the_program_is_passed_as_it_is(declare: Any) -> None:
    """The policy is called after both, and belongs to the gateway."""

    def program() -> Any:
        role = aws.iam.Role("agent", assume_role_policy="{}")
        gateway = McpGateway("shop", targets={"web": targets.WebSearch()}, authorizer="AWS_IAM", role_arn=ROLE)
        return gateway.grant_invoke(role).role

    assert declare(program).of(":RolePolicy").keys() == {"shop-agent"}


def test_an_output_needs_a_name(declare: Any) -> None:
    """A resource's name cannot wait for an Output."""

    def program(name: str | None) -> Any:
        return _gateway().grant_invoke(pulumi.Output.from_input("agent"), resource_name=name).id

    with pytest.raises(InvalidInput, match=r"resource_name: is needed.*Pass a logical name"):
        declare(lambda: program(None))
    assert declare(lambda: program("agent-calls")).of(":RolePolicy").keys() == {"agent-calls"}


def test_what_is_not_a_role_is_refused(declare: Any) -> None:
    with pytest.raises(InvalidInput, match=r"role: is a int\. Pass an aws\.iam\.Role"):
        declare(lambda: _gateway().grant_invoke(7))  # type: ignore[arg-type]


@pytest.mark.parametrize(("authorizer", "warned"), [("AWS_IAM", False), ("NONE", True)])
def test_a_gateway_that_asks_for_no_permission_is_warned_of(
    declare: Any, caplog: Any, authorizer: str, warned: bool
) -> None:
    """Callers of other gateways need none."""
    declare(lambda: _gateway(authorizer).grant_invoke("desk").id)
    assert ("IAM permissions are not asked for" in caplog.text) == warned


@pytest.mark.parametrize(
    "role",
    ["", "role/", "arn:aws:iam::123456789012:user/bob", "arn:aws:sts::123456789012:assumed-role/desk/session", "a b"],
)
def test_a_text_that_names_no_role_is_refused(declare: Any, role: str) -> None:
    """The permission would go to a role of that name, or to nobody."""
    with pytest.raises(InvalidInput, match="is not a role"):
        declare(lambda: _gateway().grant_invoke(role))


def test_a_role_of_another_account_is_refused(declare: Any) -> None:
    """A role of the same name would get the permission."""
    with pytest.raises(InvalidInput, match="is of account 999999999999, and the gateway of 123456789012"):
        declare(lambda: _gateway().grant_invoke("arn:aws:iam::999999999999:role/deploy").id)

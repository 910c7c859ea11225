"""ResourcePolicy: the documents that its arguments become, and problems that the program's side finds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from agentcore_provider import Gateway, JwtAuthorizer, ResourcePolicy
from agentcore_provider.errors import InvalidInput

ROLE = "arn:aws:iam::123456789012:role/shop"
THERE = "111122223333"
INVOKE = {"Action": "bedrock-agentcore:InvokeGateway", "Resource": "*"}
TOKENS = JwtAuthorizer(
    discovery_url="https://login.example.com/.well-known/openid-configuration", allowed_clients=["agents"]
)


def policy(*, authorizer: Any = "AWS_IAM", **arguments: Any) -> Callable[[], None]:
    """A program with a gateway and this policy of it."""

    def program() -> None:
        gateway = Gateway("shop", role_arn=ROLE, authorizer=authorizer)
        ResourcePolicy("partners", gateway=gateway, **arguments)

    return program


def only(declared: Any) -> dict[str, Any]:
    (found,) = declared.of("agentcore:ResourcePolicy").values()
    return dict(found)


def test_allow_becomes_a_statement(declare: Any) -> None:
    """Of accounts and ARNs, which may be known later."""
    late = pulumi.Output.from_input("arn:aws:iam::444455556666:role/agent")
    found = only(declare(policy(allow=[THERE, late])))
    principal = {"AWS": [THERE, "arn:aws:iam::444455556666:role/agent"]}
    callers = {"Sid": "AllowCallers", "Effect": "Allow", "Principal": principal, **INVOKE}
    assert found["policy"] == {"Version": "2012-10-17", "Statement": [callers]}


def test_a_network_denies_all_others(declare: Any) -> None:
    """Callers with tokens have to be allowed as everybody beside it; those who sign have permissions of their own."""
    condition = {"StringNotEquals": {"aws:SourceVpc": ["vpc-1a2b3c4d"]}}
    elsewhere = {"Sid": "DenyOtherNetworks", "Effect": "Deny", "Principal": "*", **INVOKE, "Condition": condition}
    found = only(declare(policy(only_from=["vpc-1a2b3c4d"])))
    assert found["policy"]["Statement"] == [elsewhere]
    found = only(declare(policy(authorizer=TOKENS, only_from=["vpc-1a2b3c4d"])))
    everybody = {"Sid": "AllowCallers", "Effect": "Allow", "Principal": "*", **INVOKE}
    assert found["policy"]["Statement"] == [everybody, elsewhere]


@pytest.mark.parametrize(
    ("arguments", "report"),
    [
        ({}, "policy: is missing. Pass policy=, or allow= and only_from="),
        ({"allow": []}, "allow: is an empty list"),
        ({"allow": THERE}, "allow: is of type str. Pass a list"),
        ({"only_from": ["vpc-1a2b3c4d", "home"]}, "only_from[1]: is 'home'. Pass the id of a VPC"),
        ({"only_from": ["dead"]}, "only_from[0]: is 'dead'"),
        ({"only_from": ["192.0.2.0/33"]}, "only_from[0]: is '192.0.2.0/33'"),
        ({"authorizer": TOKENS, "allow": [THERE]}, "allow: names principals of IAM"),
    ],
)
def test_problems_are_reported_with_their_places(declare: Any, arguments: dict[str, Any], report: str) -> None:
    """One each, together with all others of the program."""
    found = [it for it in only(declare(policy(**arguments)))["__context"]["problems"] if it]
    assert len(found) == 1, found
    assert report in found[0]


@pytest.mark.parametrize(
    ("arguments", "report"),
    [
        ({"resource_arn": "arn:a", "allow": [THERE]}, "allow cannot be combined with resource_arn. Pass policy="),
        ({"resource_arn": "arn:a", "policy": [], "only_from": []}, "only_from cannot be combined with policy"),
        ({}, "needs exactly one of gateway and resource_arn"),
        ({"gateway": "shop"}, "gateway: is of type str. Pass a Gateway"),
    ],
)
def test_arguments_that_contradict_each_other_raise(arguments: dict[str, Any], report: str) -> None:
    """At their line in the program."""
    with pytest.raises(InvalidInput) as error:
        ResourcePolicy("partners", **arguments)
    assert report in str(error.value)


def test_a_network_may_be_known_later(declare: Any) -> None:
    """As the id of a VPC that the program makes."""
    vpc = pulumi.Output.from_input("vpc-1a2b3c4d")
    found = only(declare(policy(only_from=[vpc, "2001:db8::/32", "192.0.2.7"], allow=[THERE])))
    allowed, denied = found["policy"]["Statement"]
    assert allowed["Principal"] == {"AWS": [THERE]}
    assert denied["Condition"] == {
        "StringNotEquals": {"aws:SourceVpc": ["vpc-1a2b3c4d"]},
        "NotIpAddress": {"aws:SourceIp": ["2001:db8::/32", "192.0.2.7"]},
    }


def test_a_gateway_has_one_policy(declare: Any) -> None:
    """The second would replace the first; one that is only read does not."""

    def program() -> None:
        gateway = Gateway("shop", role_arn=ROLE, authorizer="AWS_IAM")
        ResourcePolicy.get("read", "arn:aws:bedrock-agentcore:us-west-2:123456789012:gateway/shop-0123456789")
        ResourcePolicy("one", gateway=gateway, allow=[THERE])
        ResourcePolicy("two", gateway=gateway, only_from=["vpc-1a2b3c4d"])

    declared = declare(program).of("agentcore:ResourcePolicy")
    assert "problems" not in declared["one"]["__context"]
    (problem,) = (it for it in declared["two"]["__context"]["problems"] if isinstance(it, str) and "already" in it)
    assert (
        'gateway: ResourcePolicy "one" is its resource policy already. Put the statements of both into one' in problem
    )

"""Region, profile and role of a resource: what cannot be is reported with its cure."""

from __future__ import annotations

from typing import Any

import pytest

from agentcore_provider.rules import aws_access, gateway_target
from agentcore_provider.rules.unknown import UNKNOWN

ROLE = "arn:aws:iam::210987654321:role/deploy/gateways"
PROVIDER = "arn:aws:bedrock-agentcore:us-west-2:123456789012:token-vault/default/apikeycredentialprovider/forge"


def validate(**access: Any) -> list[str]:
    return [str(it) for it in aws_access.validate(access, lambda: {"dev"})]


@pytest.mark.parametrize(
    "access",
    [
        {},
        {"region": "eu-west-1"},
        {"region": "cn-north-1"},
        {"region": "us-gov-west-1"},
        {"region": UNKNOWN, "profile": UNKNOWN, "assume_roles": UNKNOWN},
        {"profile": "dev"},
        {"assume_roles": [{"roleArn": ROLE, "externalId": "e"}]},
        {"assume_roles": [{"roleArn": UNKNOWN}]},
        *({"assume_roles": [{"roleArn": ROLE, "duration": it}]} for it in ("15m", "1h30m", "12h", "900s", UNKNOWN)),
    ],
)
def test_what_can_be_is_accepted(access: Any) -> None:
    """Regions of every partition, and what is not known yet."""
    assert validate(**access) == []


@pytest.mark.parametrize(
    ("access", "report"),
    [
        ({"region": "us-west2"}, "region: 'us-west2' is not a Region of AWS. Did you mean us-west-2?"),
        ({"region": "Frankfurt"}, "region: 'Frankfurt' is not a Region of AWS. Write one such as us-west-2."),
        ({"region": "aws-global"}, "region: 'aws-global' is not a Region of AWS."),
        ({"profile": "prod"}, "profile: this machine has no AWS profile 'prod'. Create it with `aws configure"),
        (
            {"assume_roles": [{"roleArn": "deploy"}]},
            "assume_role: 'deploy' is not the ARN of a role. Write arn:aws:iam::",
        ),
        (
            {"assume_roles": [{"roleArn": ROLE.replace("role/", "user/")}]},
            "assume_role: 'arn:aws:iam::210987654321:user",
        ),
        ({"assume_roles": [{}]}, "assume_role: has no role_arn. Write arn:aws:iam::"),
        ({"assume_roles": [{"roleArn": 5}]}, "assume_role: 5 is not the ARN of a role"),
        *(
            (
                {"assume_roles": [{"roleArn": ROLE, "duration": it}]},
                f"assume_role.duration: {it!r} is not a duration from 15m to 12h. Write it with its units",
            )
            for it in ("forever", "", "14m", "13h", "1d", 3600, "9" * 400 + "h")
        ),
    ],
)
def test_what_cannot_be_is_reported(access: Any, report: str) -> None:
    (found,) = validate(**access)
    assert found.startswith(report)


def test_no_profile_is_looked_up_without_one() -> None:
    """The files of this machine are not read for a resource that names no profile."""
    assert aws_access.validate({"region": "us-west-2"}, lambda: pytest.fail("the files were read")) == []


@pytest.mark.parametrize("roles", [None, [], [{}], [{"roleArn": UNKNOWN}], UNKNOWN, [{"roleArn": "deploy"}]])
def test_no_account_follows_from_what_is_not_known(roles: Any) -> None:
    assert aws_access.account(roles) is None


def test_the_account_is_that_of_the_last_role() -> None:
    assert aws_access.account([{"roleArn": "arn:aws:iam::1:role/a"}, {"roleArn": ROLE}]) == "210987654321"


@pytest.mark.parametrize(
    ("role", "account", "reported"),
    [
        (ROLE, "123456789012", True),
        (ROLE, "210987654321", False),
        (ROLE, None, False),
        (UNKNOWN, "123456789012", False),
        ("gateways", "123456789012", False),
    ],
)
def test_a_gateway_cannot_assume_a_role_of_another_account(role: Any, account: str | None, reported: bool) -> None:
    assert bool([*aws_access.role_elsewhere(role, account)]) is reported


@pytest.mark.parametrize(("region", "warned"), [("eu-west-1", True), ("us-west-2", False), (None, False)])
def test_a_credential_of_another_region_is_warned_of(region: str | None, warned: bool) -> None:
    """The token vault is asked by a name, in one Region."""
    used = {
        "credentialProviderType": "API_KEY",
        "credentialProvider": {"apiKeyCredentialProvider": {"providerArn": PROVIDER}},
    }
    document = {
        "name": "a",
        "targetConfiguration": {"mcp": {"mcpServer": {"endpoint": "https://mcp.example.com"}}},
        "credentialProviderConfigurations": [used],
    }
    found = [
        it for it in gateway_target.validate(document, region=region) if "is a credential provider in" in it.message
    ]
    assert [it.severity for it in found] == (["warning"] if warned else [])

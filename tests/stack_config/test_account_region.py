"""Gateways of one stack file in several Regions and accounts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agentcore_provider import stack_config
from agentcore_provider.errors import InvalidInput

ROLE = "arn:aws:iam::210987654321:role/deploy"
EXISTING = "arn:aws:bedrock-agentcore:{}:123456789012:gateway/shop-0123456789"


def deployed(declare: Any, **gateway: Any) -> dict[str, dict[str, Any]]:
    """The context of every resource of a gateway, by class and name."""
    target = {"mcp_server": "https://mcp.example.com", "credentials": {"api_key": {"provider": "key"}}}
    keys = {"targets": {"pets": target}, "credential_providers": {"key": {"api_key": {"key": "k"}}}, **gateway}
    described = {"shop": keys}
    config = {"agentcore:gateways": described, "aws:region": "us-west-2"}
    declared = declare(stack_config.deploy, config=config)
    return {
        f"{it.typ.rpartition(':')[2]} {it.name}": it.inputs["__context"]
        for it in declared.resources
        if "__context" in it.inputs
    }


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        ({"region": "eu-west-1"}, {"region": "eu-west-1"}),
        ({"profile": "eu"}, {"profile": "eu"}),
        ({"region": "eu-west-1", "assume_role": ROLE}, {"region": "eu-west-1", "assume_roles": [{"roleArn": ROLE}]}),
        (
            {"assume_role": {"role_arn": ROLE, "external_id": "e"}},
            {"assume_roles": [{"roleArn": ROLE, "externalId": "e"}]},
        ),
    ],
)
def test_all_parts_of_a_gateway_go_where_it_goes(declare: Any, keys: Any, wanted: Any) -> None:
    """Credential providers too, which are declared beside it."""
    found = deployed(declare, **keys)
    assert {it.partition(" ")[0] for it in found} >= {"Gateway", "GatewayTarget", "EzAuth", "ApiKeyCredentialProvider"}
    for context in found.values():
        assert {it: context[it] for it in ("region", "profile", "assume_roles") if it in context} == wanted


@pytest.mark.parametrize(("region", "wanted"), [("eu-west-1", "eu-west-1"), ("us-west-2", None)])
def test_an_existing_gateway_is_in_the_region_of_its_arn(declare: Any, region: str, wanted: str | None) -> None:
    """Its targets and credentials go there without a key that repeats it."""
    found = deployed(declare, gateway_id=EXISTING.format(region))
    assert {it.get("region") for it in found.values()} == {wanted}


@pytest.mark.parametrize("region", ["eu-west-1", "us-west-2"])
@pytest.mark.parametrize(
    "address",
    [EXISTING.format("eu-west-1"), "https://shop-0a1b2c3d4e.gateway.bedrock-agentcore.eu-west-1.amazonaws.com/mcp"],
)
def test_an_existing_gateway_stays_in_its_region(tmp_path: Path, address: str, region: str) -> None:
    """Another region is reported: its targets would look for the gateway there."""
    described = {"gateway_id": address, "region": region, "targets": {}}
    try:
        stack_config.checked({"shop": described}, folder=tmp_path, stack="dev")
        found = ""
    except InvalidInput as error:
        found = str(error)
    expected = "shop.region: is us-west-2, and gateway_id names a gateway in eu-west-1. Remove region"
    assert (expected in found) is (region == "us-west-2")
    assert bool(found) is (region == "us-west-2"), found


@pytest.mark.parametrize(
    ("keys", "reports"),
    [
        ({"region": "us-west2"}, ["shop.region: 'us-west2' is not a Region of AWS. Did you mean us-west-2?"]),
        ({"region": 3}, ["shop.region: must be text"]),
        ({"assume_role": "deploy"}, ["shop.assume_role: 'deploy' is not the ARN of a role"]),
        ({"assume_role": {"role_arn": "deploy"}}, ["shop.assume_role: 'deploy' is not the ARN of a role"]),
        ({"assume_role": {"external_id": "e"}}, ["shop.assume_role: role_arn is missing"]),
        (
            {"assume_role": {"role_arn": ROLE, "duration": "forever"}},
            ["shop.assume_role.duration: 'forever' is not a duration from 15m to 12h"],
        ),
        ({"profile": "a", "assume_role": ROLE}, ["has profile and assume_role. Keep one of them"]),
        ({"assumeRole": ROLE}, ["Did you mean assume_role?"]),
    ],
)
def test_what_cannot_be_is_reported_with_its_place(tmp_path: Path, keys: Any, reports: list[str]) -> None:
    with pytest.raises(InvalidInput) as error:
        stack_config.checked({"shop": {"targets": {}, **keys}}, folder=tmp_path, stack="dev")
    assert len(error.value.problems) == len(reports)
    for report in reports:
        assert report in str(error.value)


def test_a_target_has_no_region_of_its_own(tmp_path: Path) -> None:
    """It is where its gateway is."""
    target = {"mcp_server": "https://mcp.example.com", "region": "eu-west-1"}
    with pytest.raises(InvalidInput, match="region"):
        stack_config.checked({"shop": {"targets": {"a": target}}}, folder=tmp_path, stack="dev")


def test_another_profile_takes_the_place_of_a_shared_role() -> None:
    """As any choice that excludes another."""
    shared = {"shop": {"assume_role": ROLE, "region": "eu-west-1"}}
    merged = stack_config.merged({"shop": {"profile": "eu"}}, shared, Path())
    assert merged == {"shop": {"profile": "eu", "region": "eu-west-1"}}

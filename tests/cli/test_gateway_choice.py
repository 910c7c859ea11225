from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import Result

from agentcore_provider.cli.gateway import Gateway
from agentcore_provider.cli.gateway_choice import any_gateway
from agentcore_provider.errors import InvalidInput
from tests.cli.conftest import sign_in_of, write_outputs
from tests.support.mcp_gateway import ScriptedGateway

Agentcore = Callable[..., Result]


@pytest.mark.parametrize("reference", ["shop", "shop-1a2b3c4", "shop-1a2b3c4-0123456789"])
def test_by_its_name_in_the_stack_its_name_in_aws_or_its_id(
    agentcore: Agentcore, deployed: Path, gateway: ScriptedGateway, reference: str
) -> None:
    """AWS's console and the page of local AWS display the name in AWS, which Pulumi has ended with a hash."""
    desk = sign_in_of(gateway) | {"mcp_url": "https://desk.test/mcp", "gateway_id": "desk-0123456789"}
    write_outputs(deployed, desk=desk, shop=sign_in_of(gateway) | {"gateway_id": "shop-1a2b3c4-0123456789"})
    result = agentcore("token", "--gateway", reference)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.strip()


def test_a_name_in_the_stack_counts_before_a_name_in_aws() -> None:
    """Another gateway of the stack may have that name in AWS."""
    other = Gateway("desk", gateway_id="shop-0123456789", is_deployed=True)
    shop = replace(other, name="shop", gateway_id="shop-1a2b3c4-0123456789")
    assert any_gateway("shop", [other, shop]) is shop
    assert any_gateway("shop", [other]) is other
    assert any_gateway("sho", [other, shop]).is_deployed is False


def test_a_name_in_aws_that_two_gateways_share_is_an_error() -> None:
    """They are in several Regions, and a command must not choose one of them."""
    here = Gateway("here", gateway_id="shop-0123456789", is_deployed=True)
    there = replace(here, name="there", gateway_id="shop-9876543210")
    with pytest.raises(InvalidInput, match=r"called 'shop' in AWS\. Choose one of here, there"):
        any_gateway("shop", [here, there])

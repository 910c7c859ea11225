"""What the doctor looks at, in which order, and for whom."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from tests.support.shop import Examined, Shop

Agentcore = Callable[..., Result]
_BELOW = {"project": "ok", "engine": "ok", "local AWS": "not checked", "stack": "ok"}
_IN_AWS = ("region", "credentials", "gateway", "role", "role trust", "role permissions", "gateway status")
_AS_A_CLIENT = ("token endpoint", "token", "MCP endpoint", "inbound check", "tools")


def test_a_well_gateway_is_found_well_layer_by_layer(examined: Callable[..., Examined], shop: Shop) -> None:
    found = examined("--call", "get_order", '{"order_id": "A-7"}')
    assert found.exit_code == 0, found.output
    well = (*_IN_AWS, "target orders", *_AS_A_CLIENT, "tool call")
    assert {layer["name"]: layer["status"] for layer in found.layers} == _BELOW | dict.fromkeys(well, "ok")
    assert not any(layer["cure"] for layer in found.layers)
    assert '"status": "SHIPPED"' in found.layer("tool call")["message"]
    # No ARN of a caller whom nobody made.
    assert found.layer("credentials")["message"] == "account 123456789012 of local AWS, which accepts any credentials"


def test_people_read_one_line_a_layer_and_which_fails_first(agentcore: Agentcore, shop: Shop) -> None:
    assert agentcore("doctor").stdout.count("\n") == 4 + 1 + 8 + 5  # machine, the gateway's name, AWS, client
    shop.aws.allow(shop.name, "s3:GetObject", "*", name="orders")
    result = agentcore("doctor")
    assert result.exit_code == 1
    assert f"✗ role permissions Role {shop.name} lacks permissions" in result.stdout
    assert "· gateway status   not reached" in result.stdout
    assert (
        f"The layer `role permissions` of gateway {shop.name} fails first. Cure: add to its policies" in result.stdout
    )


def test_outside_a_project_the_walk_ends_there(
    examined: Callable[..., Examined], tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    found = examined()
    assert found.exit_code == 1
    failing = found.failing()
    assert failing["name"] == "project"
    assert "no Pulumi.yaml" in failing["message"]
    assert "--gateway" in failing["cure"]


def test_every_gateway_of_the_stack_is_visited_unless_one_is_named(
    examined: Callable[..., Examined], make_shop: Callable[..., Shop], project: Path, engine: Path
) -> None:
    well, ill = make_shop(), make_shop(targets=False)
    outputs = {"gateways": {"well": well.outputs, "ill": ill.outputs}}
    (engine / "outputs.json").write_text(json.dumps(outputs))
    both = examined()
    assert both.exit_code == 1
    assert {layer["gateway"] for layer in both.layers if layer["status"] == "failed"} == {"ill"}
    assert [layer["gateway"] for layer in both.layers if layer["name"] == "tools"] == ["well", "ill"]
    assert examined("--gateway", "well").exit_code == 0


@pytest.mark.parametrize("reference", ["name", "gateway_id", "gateway_arn", "mcp_url"])
@pytest.mark.usefixtures("environment")
def test_a_gateway_that_no_stack_made_is_visited_by_name_id_arn_or_url(
    examined: Callable[..., Examined], make_shop: Callable[..., Shop], reference: str
) -> None:
    """Its token comes by --token; without one the client's layers are not checked."""
    shop = make_shop()
    chosen = shop.name if reference == "name" else shop.outputs[reference]
    found = examined("--gateway", chosen)
    assert found.exit_code == 0, found.output
    expected = dict.fromkeys((*_IN_AWS, "target orders"), "ok") | dict.fromkeys(_AS_A_CLIENT, "not checked")
    assert {layer["name"]: layer["status"] for layer in found.layers} == expected
    with_token = examined("--gateway", chosen, "--token", shop.token())
    assert with_token.exit_code == 0, with_token.output
    assert [with_token.status_of(name) for name in _AS_A_CLIENT] == ["not checked", "ok", "ok", "ok", "ok"]


def test_a_url_of_someone_elses_gateway_is_asked_as_a_client_would(
    examined: Callable[..., Examined], gateway: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = examined("--gateway", gateway.base + "/open/mcp")
    assert found.exit_code == 0, found.output
    assert {found.status_of(name) for name in _IN_AWS[1:]} == {"not checked"}
    assert found.status_of("tools") == "ok"


def test_a_gateway_that_lets_everybody_in_needs_no_token(
    examined: Callable[..., Examined], make_shop: Callable[..., Shop], environment: None
) -> None:
    found = examined("--gateway", make_shop(authorizer_type="NONE").name)
    assert found.exit_code == 0
    assert [found.status_of(name) for name in _AS_A_CLIENT] == ["not checked", "not checked", "ok", "ok", "ok"]


@pytest.mark.parametrize(
    ("arguments", "reported"),
    [
        (("--gateway", "arn:aws:lambda:us-west-2:123456789012:function:f"), "not the ARN of a gateway"),
        (("--gateway", "https://"), "it has no host"),
        (("--call", "get_order", "{order_id: 1}"), "is not JSON"),
        (("--call", "get_order", "[1]"), "is not a JSON object"),
    ],
)
def test_wrong_flags_are_exit_code_2_and_look_at_nothing(
    agentcore: Agentcore, arguments: tuple[str, ...], reported: str
) -> None:
    result = agentcore("doctor", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert reported in result.stderr

"""What a preview shows is what comes; what is forced to be replaced is still there afterwards."""

from __future__ import annotations

from tests.programs.test_identity import run_instead
from tests.support.stack import Stack


def desk() -> None:
    import pulumi

    from agentcore_provider import Gateway, GatewayRole, GatewayTarget, targets

    api = {
        "openapi": "3.0.3",
        "info": {"title": "Shop", "version": "1"},
        "servers": [{"url": "https://shop.example.com"}],
        "paths": {"/orders": {"get": {"operationId": "list", "responses": {"200": {"description": "Orders"}}}}},
    }
    role = GatewayRole("desk", gateway_name=["desk", "front"])
    old = pulumi.ResourceOptions(aliases=[pulumi.Alias(name="desk")])
    gateway = Gateway(NAME, role_arn=role, authorizer="NONE", description=DESCRIPTION, opts=old)  # type: ignore[name-defined]  # noqa: F821
    GatewayTarget("orders", gateway=gateway, target=targets.OpenApi(api))


def _standing(stack: Stack) -> dict[str, list[str]]:
    control = stack.local_aws.client("bedrock-agentcore-control")
    return {
        gateway["gatewayId"]: [
            it["targetId"] for it in control.list_gateway_targets(gatewayIdentifier=gateway["gatewayId"])["items"]
        ]
        for gateway in control.list_gateways()["items"]
    }


def _urn(stack: Stack, ending: str) -> str:
    (urn,) = [it["urn"] for it in stack.resources() if it["urn"].endswith(ending)]
    return str(urn)


def test_a_gateway_that_changes_is_replaced_by_force_or_renamed_keeps_its_targets(stack: Stack) -> None:
    run_instead(stack, desk, NAME="desk", DESCRIPTION="one")
    stack.up()
    before = _standing(stack)

    run_instead(stack, desk, NAME="desk", DESCRIPTION="two")
    assert stack.preview().changes == {"update": 1, "same": 4}
    both = [flag for ending in ("::orders", "agentcore:Gateway::desk") for flag in ("--replace", _urn(stack, ending))]
    assert "set opts=ResourceOptions(delete_before_replace=True)" in stack.up(*both).text
    assert _standing(stack) == before

    run_instead(stack, desk, NAME="front", DESCRIPTION="two")
    assert stack.up().changes == {"update": 1, "same": 4}
    assert _standing(stack) == before
    assert stack.up("--refresh").changes == {"same": 5}


def shop() -> None:
    from agentcore_provider import McpGateway, targets

    parameters = [{"name": it, "in": "query", "schema": {"type": "string"}} for it in ARGUMENTS]  # type: ignore[name-defined]  # noqa: F821
    find = {"operationId": "find", "parameters": parameters, "responses": {"200": {"description": "Orders"}}}
    api = {
        "openapi": "3.0.3",
        "info": {"title": "Shop", "version": "1"},
        "servers": [{"url": "https://shop.example.com"}],
        "paths": {"/orders": {"get": find}},
    }
    orders = {"target": targets.OpenApi(api), "protect_tools": PROTECT}  # type: ignore[name-defined]  # noqa: F821
    McpGateway("shop", authorizer="NONE", targets={"orders": orders})


def test_a_change_that_breaks_callers_shows_in_the_preview(stack: Stack) -> None:
    """As a warning; with protect_tools it is an error, and the tools stay."""
    run_instead(stack, shop, ARGUMENTS=["id", "sku"], PROTECT=False)
    assert "callers break" not in stack.up().text
    broken = "tools: callers break: orders___find: argument sku is removed."
    run_instead(stack, shop, ARGUMENTS=["id"], PROTECT=False)
    assert f"warning: {broken}" in stack.preview().text
    run_instead(stack, shop, ARGUMENTS=["id"], PROTECT=True)
    assert broken in stack.up(succeeds=False).text
    run_instead(stack, shop, ARGUMENTS=["id", "sku", "sum"], PROTECT=True)
    assert "tools: find changed; callers still fit" in stack.up().text

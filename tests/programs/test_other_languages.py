"""McpGateway in programs that are not in Python, as the package's own plugin serves it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from agentcore_provider import component_plugin, stack_config
from tests.support.listing_server import ListingServer, tool
from tests.support.stack import Stack

_EXAMPLE = Path(__file__).parents[2] / "examples" / "25-typescript"


@pytest.fixture
def server() -> Iterator[ListingServer]:
    server = ListingServer(tool("find"))
    yield server
    server.stop()


def _write(stack: Stack, **gateways: dict[str, Any]) -> None:
    """Make a program of these gateways."""
    resources = {name: {"type": "agentcore:McpGateway", "properties": it} for name, it in gateways.items()}
    outputs = {"secret": "${shop.clientSecret}", "url": "${shop.mcpUrl}"}
    file = stack.folder / "Pulumi.yaml"
    program = {
        "name": yaml.safe_load(file.read_text())["name"],
        "runtime": "yaml",
        "resources": resources,
        "outputs": outputs,
    }
    file.write_text(yaml.safe_dump(program, sort_keys=False))


# The language host may have to be built first, once per machine.
@pytest.mark.timeout(1800)
def test_a_program_in_yaml_deploys_gateways(stack: Stack, server: ListingServer, yaml_host: Path) -> None:
    """With problems reported at preview, values of other resources at every depth, and secrets kept."""
    stack.also_on_path = yaml_host
    targets = {"stock": {"mcp_server": server.url}, "orders": {"lambda": {"code": "demo/order_desk"}}}
    mistyped = {"mcp_servre": "hidden-key"}
    _write(stack, shop={"targets": {"stock": mistyped, "orders": 7}, "sessionTimeout": 5})
    wrong = stack.preview(succeeds=False).text
    assert "targets.stock.mcp_servre: unknown key. Did you mean mcp_server?" in wrong
    assert "targets.orders: must be a mapping, not the number 7." in wrong
    assert "session_timeout: is 5" in wrong
    assert "hidden-key" not in wrong

    shop = {"description": "Stock", "targets": targets}
    behind = {"mcp_server": server.url, "description": "Stock of ${shop.gatewayId}"}
    back = {"authorizer": "none", "description": "${shop.gatewayId}", "targets": {"stock": behind}}
    _write(stack, shop=shop, back=back)
    assert stack.preview().changes["create"] > 15
    stack.up()
    outputs = stack.outputs()
    exported = stack.pulumi("stack", "export")
    assert outputs["secret"]
    assert outputs["secret"] not in exported
    listed = json.loads(stack.agentcore("tools", "list", "--gateway", "shop", "--json"))
    assert {"stock___find", "orders___order_status"} <= {it["name"] for it in listed}
    made = {it["urn"].rpartition("::")[2]: it["outputs"] for it in stack.resources() if "GatewayTarget" in it["type"]}
    assert made["back-stock"]["description"] == f"Stock of {made['shop-stock']['gateway_identifier']}"
    assert set(stack.up().changes) == {"same"}
    stack.destroy()
    assert stack.resources() == []


_TYPESCRIPT = """
import * as pulumi from "@pulumi/pulumi";
import * as agentcore from "agentcore-provider";
const shop = new agentcore.McpGateway("shop", {targets: %s});
new agentcore.McpGateway("back", {
    authorizer: "none",
    description: pulumi.interpolate`Behind ${shop.gatewayId}`,
    targets: {stock: {mcp_server: "%s", description: shop.clientSecret.apply(it => `Uses ${it.slice(0, 8)}`)}},
});
export const gateway = shop.gatewayId;
export const secret = shop.clientSecret;
"""


# The language hosts may have to be built first, once per machine.
@pytest.mark.timeout(1800)
def test_a_program_in_typescript_passes_outputs(stack: Stack, server: ListingServer, make_ready: Any) -> None:
    """With problems reported at preview, and secrets kept where they are passed on."""
    for name in ("package.json", "tsconfig.json"):
        shutil.copy(_EXAMPLE / name, stack.folder)
    settings = stack.folder / "Pulumi.yaml"
    project = yaml.safe_load(settings.read_text())["name"]
    settings.write_text(yaml.safe_dump({"name": project, "runtime": "nodejs"}))
    program = stack.folder / "index.ts"
    program.write_text(_TYPESCRIPT % ('{orders: {lambda: {code: "demo/order_desk"}}}', server.url))
    make_ready("nodejs", stack)
    deployable = program.read_text()
    program.write_text(_TYPESCRIPT % ('{orders: {lamda: {code: "hidden-key"}}}', server.url))
    wrong = stack.preview(succeeds=False).text
    assert "targets.orders.lamda: unknown key. Did you mean lambda?" in wrong
    assert "hidden-key" not in wrong

    program.write_text(deployable)
    assert stack.preview().changes["create"] > 15
    stack.up()
    gateway, secret = (stack.outputs()[name] for name in ("gateway", "secret"))
    described = [it["outputs"].get("description") for it in stack.resources() if "outputs" in it]
    assert f"Behind {gateway}" in described
    assert secret
    assert secret[:8] not in stack.pulumi("stack", "export")
    stack.destroy()
    assert stack.resources() == []


def test_the_schema_has_every_key_of_a_gateway() -> None:
    """So that the packages of other languages, which are generated from it, lack none."""
    printed = subprocess.run(
        [sys.executable, "-m", "agentcore_provider.component_plugin", "--schema"],
        capture_output=True,
        text=True,
        check=True,
    )
    schema = json.loads(printed.stdout)
    assert schema == component_plugin.schema()
    component = schema["resources"]["agentcore:index:McpGateway"]
    keys = {*stack_config.schema()["$defs"]["gateway"]["properties"]} - {"protect"}
    assert len(component["inputProperties"]) == len(keys)
    assert all(it["description"] for it in component["inputProperties"].values())
    assert component["properties"]["clientSecret"]["secret"]

"""A registry with the record of a gateway in a program, under the real engine."""

from __future__ import annotations

import json
from typing import Any

from tests.programs.test_identity import run_instead

Stack = Any


def catalogue() -> None:
    """A gateway and its record. DESCRIPTION: of the record. APPROVAL: what is done about it. PURPOSE: of the registry."""
    import pulumi

    from agentcore_provider import Gateway, GatewayRole, Registry, RegistryRecord

    gateway = Gateway("shop", role_arn=GatewayRole("shop"), authorizer="AWS_IAM")
    tools = Registry("tools", description=PURPOSE)  # type: ignore[name-defined]  # noqa: F821
    record = RegistryRecord(
        "shop",
        registry=tools,
        gateway=gateway,
        description=DESCRIPTION,  # type: ignore[name-defined]  # noqa: F821
        approval=APPROVAL,  # type: ignore[name-defined]  # noqa: F821
    )
    pulumi.export("url", gateway.gateway_url)
    pulumi.export("registry", tools.registry_id)
    pulumi.export("record", record.record_id)
    pulumi.export("read", RegistryRecord.get("read", record.id).description)
    pulumi.export("read_registry", Registry.get("read", tools.id).description)


def test_a_gateway_is_found_by_its_record(stack: Stack) -> None:
    """Problems at preview; then created, found, changed in place, brought back after drift, and destroyed."""
    registries = stack.local_aws.client("agent-registry-control")
    discovery = stack.local_aws.client("agent-registry")
    run_instead(stack, catalogue, DESCRIPTION="orders and refunds", APPROVAL="LATER", PURPOSE="servers of the shop")
    assert "approval: is 'LATER'. Pass one of DRAFT, SUBMIT, APPROVE." in stack.preview(succeeds=False).text

    run_instead(stack, catalogue, DESCRIPTION="orders and refunds", APPROVAL="APPROVE", PURPOSE="servers of the shop")
    stack.up()
    outputs = stack.outputs()
    one = {"registryId": outputs["registry"], "recordId": outputs["record"]}
    (found,) = discovery.search_discoverable_registry_records(
        searchQuery="refund an order", registryIds=[outputs["registry"]]
    )["registryRecords"]
    (remote,) = json.loads(found["descriptors"]["mcpServer"]["data"])["remotes"]
    assert remote == {"type": "streamable-http", "url": outputs["url"]}
    assert (outputs["read"], outputs["read_registry"]) == ("orders and refunds", "servers of the shop")
    assert set(stack.up().changes) == {"same"}

    run_instead(stack, catalogue, DESCRIPTION="orders and refunds", APPROVAL="APPROVE", PURPOSE="all servers")
    changes = stack.preview().changes
    assert (changes["update"], changes.get("replace", 0)) == (1, 0)

    run_instead(
        stack, catalogue, DESCRIPTION="orders, refunds and stock", APPROVAL="APPROVE", PURPOSE="servers of the shop"
    )
    assert stack.up().changes["update"] == 1
    record = registries.get_registry_record(**one)
    assert (record["status"], record["description"]) == ("APPROVED", "orders, refunds and stock")

    registries.update_registry_record(**one, description={"optionalValue": "by hand"})
    stack.refresh()
    assert stack.up().changes["update"] == 1
    record = registries.get_registry_record(**one)
    assert (record["status"], record["description"]) == ("APPROVED", "orders, refunds and stock")

    registries.delete_registry_record(**one)
    stack.refresh()
    assert stack.up().changes["create"] == 1
    stack.destroy()
    assert registries.list_registries()["registries"] == []

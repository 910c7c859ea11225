"""The operations of registries, their records and their discovery."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.local.agentcore_control.test_contract import require_modelled
from tests.support.control_plane import ControlPlane

SERVICE = "agent-registry-control"


def server(name: str, **more: Any) -> dict[str, Any]:
    return {"mcpServer": {"data": json.dumps({"name": f"com.example/{name}", "version": "1.0.0", **more})}}


@pytest.fixture
def registries(local_aws: ControlPlane) -> Any:
    return local_aws.client(SERVICE)


@pytest.fixture
def registry_id(local_aws: ControlPlane, registries: Any) -> str:
    made = registries.create_registry(name=local_aws.unique("catalogue"))
    return str(made["registryArn"].rpartition("/")[2])


def add(registries: Any, registry_id: str, name: str, **more: Any) -> dict[str, str]:
    """The ids of a new record."""
    document = {"recordType": "MCP", "descriptors": server(name), **more}
    made = registries.create_registry_record(registryId=registry_id, name=name, **document)
    return {"registryId": registry_id, "recordId": made["recordArn"].rpartition("/")[2]}


def approve(registries: Any, one: dict[str, str]) -> None:
    registries.submit_registry_record_for_approval(**one)
    registries.update_registry_record_status(**one, status="APPROVED", statusReason="fine")


def found(local_aws: ControlPlane, registry_id: str, query: str) -> list[str]:
    """The names of the records that a search finds."""
    search = local_aws.client("agent-registry").search_discoverable_registry_records
    answer = search(searchQuery=query, registryIds=[registry_id])
    require_modelled("SearchDiscoverableRegistryRecords", answer, "agent-registry")
    return [it["name"] for it in answer["registryRecords"]]


def test_every_answer_about_a_registry_fits_its_shape(local_aws: ControlPlane, registries: Any) -> None:
    """A registry from its creation to its deletion, with its tags."""
    name = local_aws.unique("catalogue")
    made = registries.create_registry(name=name, description="d", tags={"a": "b"})
    require_modelled("CreateRegistry", made, SERVICE)
    one = {"registryId": made["registryArn"].rpartition("/")[2]}
    answer = registries.get_registry(registryId=made["registryArn"])
    require_modelled("GetRegistry", answer, SERVICE)
    assert (answer["status"], answer["discoveryConfiguration"]) == ("READY", {"authorizerType": "AWS_IAM"})
    all_of_them = {"optionalValue": {"autoApprovalRules": ["APPROVE_ALL"]}}
    updated = registries.update_registry(**one, description={}, approvalConfiguration=all_of_them)
    require_modelled("UpdateRegistry", updated, SERVICE)
    assert "description" not in updated
    require_modelled("ListRegistries", registries.list_registries(), SERVICE)
    ready = registries.list_registries(filters=[{"name": "status", "values": ["READY"]}])["registries"]
    assert one["registryId"] in [it["registryId"] for it in ready]
    registries.tag_resource(resourceArn=made["registryArn"], tags={"c": "d"})
    registries.untag_resource(resourceArn=made["registryArn"], tagKeys=["a"])
    assert registries.list_tags_for_resource(resourceArn=made["registryArn"])["tags"] == {"c": "d"}
    with pytest.raises(registries.exceptions.ConflictException, match="already exists"):
        registries.create_registry(name=name)
    require_modelled("DeleteRegistry", registries.delete_registry(**one), SERVICE)
    with pytest.raises(registries.exceptions.ResourceNotFoundException):
        registries.get_registry(**one)


def test_every_answer_about_a_record_fits_its_shape(local_aws: ControlPlane, registries: Any, registry_id: str) -> None:
    """A record from its creation to its deletion."""
    parent = {"registryId": registry_id}
    made = registries.create_registry_record(
        **parent, name="shop", recordType="MCP", descriptors=server("shop"), displayName="Shop"
    )
    require_modelled("CreateRegistryRecord", made, SERVICE)
    one = {**parent, "recordId": made["recordArn"].rpartition("/")[2]}
    require_modelled("GetRegistryRecord", registries.get_registry_record(**one), SERVICE)
    updated = registries.update_registry_record(
        **one,
        displayName={},
        descriptors={"optionalValue": {"mcpServer": {"optionalValue": {"dataSchemaVersion": {"optionalValue": "1"}}}}},
    )
    require_modelled("UpdateRegistryRecord", updated, SERVICE)
    assert updated["descriptors"] == {"mcpServer": {**server("shop")["mcpServer"], "dataSchemaVersion": "1"}}
    assert "displayName" not in updated
    listed = registries.list_registry_records(**parent, filters=[{"name": "name", "values": ["shop"]}])
    require_modelled("ListRegistryRecords", listed, SERVICE)
    assert [it["recordId"] for it in listed["registryRecords"]] == [one["recordId"]]
    submitted = registries.submit_registry_record_for_approval(**one)
    require_modelled("SubmitRegistryRecordForApproval", submitted, SERVICE)
    decided = registries.update_registry_record_status(**one, status="APPROVED", statusReason="fine")
    require_modelled("UpdateRegistryRecordStatus", decided, SERVICE)
    discovery = local_aws.client("agent-registry")
    listed = discovery.list_discoverable_registry_records(**parent)
    require_modelled("ListDiscoverableRegistryRecords", listed, "agent-registry")
    entry = {**parent, "recordIds": [one["recordId"], "notHere12345"]}
    batch = discovery.batch_get_discoverable_registry_record(entries=[entry])
    require_modelled("BatchGetDiscoverableRegistryRecord", batch, "agent-registry")
    assert [it["recordId"] for it in batch["errors"]] == ["notHere12345"]
    require_modelled("DeleteRegistryRecord", registries.delete_registry_record(**one), SERVICE)
    with pytest.raises(registries.exceptions.ResourceNotFoundException):
        registries.get_registry_record(**one)


def test_only_approved_revisions_are_found(local_aws: ControlPlane, registries: Any, registry_id: str) -> None:
    """A change is found once it is approved; until then the revision before it is."""
    one = add(registries, registry_id, "shop", description="sells apples")
    assert found(local_aws, registry_id, "apples") == []
    approve(registries, one)
    assert found(local_aws, registry_id, "apples") == ["shop"]
    registries.update_registry_record(**one, description={"optionalValue": "sells pears"})
    assert registries.get_registry_record(**one)["status"] == "DRAFT"
    assert (found(local_aws, registry_id, "apples"), found(local_aws, registry_id, "pears")) == (["shop"], [])
    approve(registries, one)
    assert (found(local_aws, registry_id, "apples"), found(local_aws, registry_id, "pears")) == ([], ["shop"])
    registries.update_registry_record_status(**one, status="REJECTED", statusReason="hide it")
    assert found(local_aws, registry_id, "pears") == []


def test_the_best_match_comes_first(local_aws: ControlPlane, registries: Any, registry_id: str) -> None:
    """Words of names, descriptions and descriptors count; an empty query finds all, the latest first."""
    for name, description in (("weather", "forecasts"), ("refunds", "refunds of orders"), ("orders", "all orders")):
        approve(registries, add(registries, registry_id, name, description=description))
    assert found(local_aws, registry_id, "find orders") == ["orders", "refunds"]
    assert found(local_aws, registry_id, "") == ["orders", "refunds", "weather"]
    with pytest.raises(local_aws.client("agent-registry").exceptions.ValidationException, match="does not filter"):
        local_aws.client("agent-registry").search_discoverable_registry_records(
            searchQuery="", registryIds=[registry_id], filters={"name": {"$eq": "orders"}}
        )


def test_a_decision_follows_the_status(registries: Any, registry_id: str) -> None:
    """A draft is submitted first, and what is deprecated stays so."""
    one = add(registries, registry_id, "shop")
    with pytest.raises(registries.exceptions.ConflictException, match="is DRAFT and cannot become APPROVED"):
        registries.update_registry_record_status(**one, status="APPROVED", statusReason="")
    approve(registries, one)
    with pytest.raises(registries.exceptions.ConflictException, match="is APPROVED, not DRAFT"):
        registries.submit_registry_record_for_approval(**one)
    registries.update_registry_record_status(**one, status="DEPRECATED", statusReason="old")
    with pytest.raises(registries.exceptions.ConflictException, match="is DEPRECATED, which is final"):
        registries.update_registry_record(**one, description={"optionalValue": "new"})


def test_what_is_not_on_local_aws_states_so(local_aws: ControlPlane, registries: Any, registry_id: str) -> None:
    """Synchronization from a URL, bearer tokens, and other operations."""
    source = {"mcpServer": {"source": {"fromUrl": {"url": "https://mcp.example.com/mcp"}}}}
    one = add(registries, registry_id, "shop", descriptors=source)
    record = registries.get_registry_record(**one)
    assert record["status"] == "CREATE_FAILED"
    assert "does not synchronize records from https://mcp.example.com/mcp" in record["statusReason"]
    with pytest.raises(Exception, match="Local AWS does not have agent-registry-control ListPublishers"):
        registries.list_publishers()
    url = "https://login.example.com/.well-known/openid-configuration"
    jwt = {"customJWTAuthorizer": {"discoveryUrl": url, "allowedClients": ["c"]}}
    discovery = {"authorizerType": "CUSTOM_JWT", "authorizerConfiguration": jwt}
    made = registries.create_registry(name=local_aws.unique("catalogue"), discoveryConfiguration=discovery)
    with pytest.raises(Exception, match="takes bearer tokens"):
        found(local_aws, made["registryArn"], "anything")

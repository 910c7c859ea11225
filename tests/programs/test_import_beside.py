"""`agentcore import` of what belongs to no gateway: it comes under a stack's care, and nothing about it changes."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from tests.support.stack import Stack

_KEY = "arn:aws:kms:us-west-2:123456789012:key/11111111-2222-3333-4444-555555555555"
_ACCOUNT = "us-west-2:123456789012"
_VAULT = f"arn:aws:bedrock-agentcore:{_ACCOUNT}:token-vault/default"
_DISCOVERY = "https://login.example.com/.well-known/openid-configuration"


@pytest.fixture
def control(stack: Stack) -> Any:
    stack.configure(lambda config: config.pop("agentcore:gateways"))
    return stack.local_aws.client("bedrock-agentcore-control")


@pytest.fixture
def catalogue(stack: Stack) -> Any:
    return stack.local_aws.client("agent-registry-control")


def _described(stack: Stack, key: str) -> Any:
    return yaml.safe_load(stack.file.read_text())["config"][f"agentcore:{key}"]


def _registry(stack: Stack, catalogue: Any) -> str:
    """A registry with three records, of which one is deprecated; returns its ARN."""
    jwt = {"customJWTAuthorizer": {"discoveryUrl": _DISCOVERY, "allowedClients": ["agents"]}}
    arn: str = catalogue.create_registry(
        name="tools/of.the_shop",
        description="Costs ${env:HOME}",
        discoveryConfiguration={"authorizerType": "CUSTOM_JWT", "authorizerConfiguration": jwt},
        approvalConfiguration={"autoApprovalRules": ["APPROVE_ALL"]},
        tags={"team": "shop"},
    )["registryArn"]
    registry = {"registryId": arn.rpartition("/")[2]}
    stack.until(lambda: catalogue.get_registry(**registry)["status"] == "READY")
    for name in ("printer", "plotter", "old"):
        made = catalogue.create_registry_record(
            **registry,
            name=name,
            displayName=name.title(),
            recordType="CUSTOM",
            descriptors={"custom": {"data": json.dumps({"name": name})}},
        )
        record = {**registry, "recordId": made["recordArn"].rpartition("/")[2]}
        stack.until(lambda record=record: catalogue.get_registry_record(**record)["status"] == "DRAFT")  # type: ignore[misc]
        if name != "plotter":
            catalogue.submit_registry_record_for_approval(**record)
        if name == "old":
            catalogue.update_registry_record_status(**record, status="DEPRECATED", statusReason="Too old")
    return arn


def _records(catalogue: Any, arn: str) -> list[Any]:
    listed: list[Any] = catalogue.list_registry_records(registryId=arn.rpartition("/")[2])["registryRecords"]
    return listed


def test_a_registry_comes_with_its_records(stack: Stack, control: Any, catalogue: Any) -> None:
    """A draft stays a draft. A deprecated record stays out, as nothing can change it."""
    arn = _registry(stack, catalogue)
    before = _records(catalogue, arn)
    stack.configure(lambda config: config.update({"agentcore:registries": {"theirs": {"registry_id": arn}}}))
    refused = stack.agentcore("import", arn, succeeds=False)
    assert "has it already, as 'theirs', to add records to it without managing it" in refused
    stack.configure(lambda config: config.pop("agentcore:registries"))
    text = stack.agentcore("import", arn)
    assert "adopted Registry tools-of-the-shop" in text
    assert _records(catalogue, arn) == before
    document = {"custom": {"data": json.dumps({"name": "printer"})}}
    described = _described(stack, "registries")["tools-of-the-shop"]
    records = described.pop("records")
    assert described == {
        "name": "tools/of.the_shop",
        "description": "Costs $${env:HOME}",
        "authorizer": {"jwt": {"discovery_url": _DISCOVERY, "allowed_clients": ["agents"]}},
        "auto_approve": True,
        "tags": {"team": "shop"},
    }
    assert set(records) == {"printer", "plotter"}
    assert "owner tag" not in text
    assert "Left out: record old, which is DEPRECATED" in text
    assert records["printer"]["descriptors"] == document
    assert records["plotter"]["approval"] == "DRAFT"
    assert "approval" not in records["printer"]
    assert set(stack.preview().changes) == {"same"}
    assert set(stack.refresh().changes) == {"same"}
    assert "is managed by this stack already" in stack.agentcore("import", arn)
    record = stack.agentcore("show", f"{arn}/record/a1b2c3d4e5f6", succeeds=False)
    assert f"This is the ARN of a record. Use that of its registry: {arn}" in record
    shown = stack.agentcore("show", arn)
    assert "registry tools/of.the_shop  READY" in shown
    assert "search      JWT of login.example.com" in shown
    assert "record printer  CUSTOM 1.0 Printer  APPROVED" in shown
    assert "record old  CUSTOM 1.0 Old  DEPRECATED (Too old)" in shown
    stack.destroy()
    assert catalogue.list_registries()["registries"] == []


def test_an_identity_a_bundle_and_the_key_come_by_their_arns(stack: Stack, control: Any) -> None:
    identity = control.create_workload_identity(
        name="clerk.1", allowedResourceOauth2ReturnUrls=["https://a.example.com"], tags={"team": "shop"}
    )
    components = {"clerk": {"configuration": {"prompt": "Be brief."}}}
    bundle = control.create_configuration_bundle(
        bundleName="prompts", components=components, commitMessage="First", clientToken="t" * 33
    )
    control.set_token_vault_cmk(kmsConfiguration={"keyType": "CustomerManagedKey", "kmsKeyArn": _KEY})
    for arn in (identity["workloadIdentityArn"], bundle["bundleArn"], _VAULT):
        answer = json.loads(stack.agentcore("import", arn, "--json"))
        assert (answer["arn"], answer["changes"]["create"]) == (arn, 2 if arn == identity["workloadIdentityArn"] else 1)
    assert json.loads(stack.agentcore("import", _VAULT, "--json"))["changes"] == {}
    assert _described(stack, "workloadIdentities") == {
        "clerk-1": {
            "name": "clerk.1",
            "allowed_resource_oauth2_return_urls": ["https://a.example.com"],
            "tags": {"team": "shop"},
        }
    }
    assert _described(stack, "configurationBundles") == {"prompts": {"name": "prompts", "components": components}}
    assert _described(stack, "tokenVaultKey") == {"kms_key_arn": _KEY}
    assert control.get_configuration_bundle(bundleId=bundle["bundleId"])["versionId"] == bundle["versionId"]
    assert set(stack.preview().changes) == {"same"}
    assert set(stack.refresh().changes) == {"same"}

    shown = stack.agentcore("show", bundle["bundleArn"])
    assert "configuration bundle prompts" in shown
    assert f"version    {bundle['versionId']} on mainline" in shown
    assert "returns to https://a.example.com" in stack.agentcore("show", identity["workloadIdentityArn"])
    assert json.loads(stack.agentcore("show", _VAULT, "--json"))["facts"] == {"key": _KEY}
    assert "draws a gateway" in stack.agentcore("show", _VAULT, "--diagram", "svg", succeeds=False)

    other = control.create_workload_identity(name="clerk_1", tags={"agentcore:owner": "theirs"})["workloadIdentityArn"]
    text = stack.agentcore("import", other, succeeds=False)
    assert "has another agentcore:workloadIdentities.clerk-1 already" in text
    stack.configure(lambda config: config["agentcore:workloadIdentities"].pop("clerk-1"))
    text = stack.agentcore("import", other, "--yes")
    assert "Note: the workload identity has the owner tag of another stack" in text
    assert [it["name"] for it in control.list_workload_identities()["workloadIdentities"]] == ["clerk_1"]
    elsewhere = other.replace("123456789012", "999999999999")
    for command in ("import", "show"):
        text = stack.agentcore(command, elsewhere, succeeds=False)
        assert "The workload identity clerk_1 belongs to AWS account 999999999999" in text
    gone = other.replace("clerk_1", "nobody")
    assert "There is no workload identity nobody in us-west-2" in stack.agentcore("import", gone, succeeds=False)
    stack.destroy()
    assert control.list_workload_identities()["workloadIdentities"] == []
    text = stack.agentcore("import", _VAULT, succeeds=False)
    assert "has no key of yours" in text

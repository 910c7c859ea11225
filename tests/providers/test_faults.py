"""Whatever goes wrong at any call to AWS: the next try ends with exactly one of everything, and a delete with none."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import pytest

from agentcore_provider.errors import AgentCoreError, ResourceFailed
from tests.support.world import World

# lost: AWS did the work and its answer never came. refused: AWS did nothing. failed for good: it never does.
FAULTS = {
    "lost": {"kind": "drop", "times": 1},
    "refused": {"kind": "status", "status": 400, "code": "AccessDeniedException", "times": 1},
    "throttled": {"kind": "status", "status": 429, "code": "ThrottlingException", "times": 1},
}

MADE_BY = {
    "ez_auth": [
        "ListUserPools",
        "CreateUserPool",
        "DescribeUserPool",
        "ListResourceServers",
        "CreateResourceServer",
        "ListUserPoolClients",
        "CreateUserPoolClient",
        "DescribeUserPoolDomain",
        "CreateUserPoolDomain",
    ],
    "gateway": ["CreateGateway", "GetGateway"],
    "gateway_target": ["CreateGatewayTarget", "ListGatewayTargets", "GetGatewayTarget"],
    "gateway_rule": ["CreateGatewayRule", "ListGatewayRules", "GetGatewayRule"],
    "policy": ["CreatePolicy", "ListPolicySummaries", "GetPolicy"],
    "policy_engine": ["CreatePolicyEngine", "ListPolicyEngineSummaries", "GetPolicyEngine"],
    "resource_policy": ["GetResourcePolicy", "PutResourcePolicy"],
    "configuration_bundle": ["CreateConfigurationBundle", "ListConfigurationBundles", "GetConfigurationBundle"],
    "consent_portal": ["CreateConsentPortal", "ListConsentPortals", "GetConsentPortal"],
    "registry": ["CreateRegistry", "ListRegistries", "GetRegistry"],
    "registry_record": [
        "CreateRegistryRecord",
        "ListRegistryRecords",
        "GetRegistryRecord",
        "SubmitRegistryRecordForApproval",
        "UpdateRegistryRecordStatus",
    ],
    "token_vault_key": ["GetTokenVault", "GetCallerIdentity", "SetTokenVaultCMK"],
    "workload_identity": ["CreateWorkloadIdentity", "GetWorkloadIdentity"],
    "gateway_rate_limit": ["CreateGatewayRateLimit", "ListGatewayRateLimits", "GetGatewayRateLimit", "GetGateway"],
}
DELETED_BY = {
    "ez_auth": ["DescribeUserPool", "DeleteUserPoolDomain", "DeleteUserPool"],
    "gateway": ["DeleteGateway", "GetGateway"],
    "gateway_target": ["DeleteGatewayTarget", "ListGatewayTargets"],
    "gateway_rule": ["DeleteGatewayRule", "GetGatewayRule"],
    "policy": ["DeletePolicy", "GetPolicy"],
    "policy_engine": ["DeletePolicyEngine", "GetPolicyEngine"],
    "resource_policy": ["DeleteResourcePolicy"],
    "configuration_bundle": ["DeleteConfigurationBundle", "GetConfigurationBundle"],
    "consent_portal": ["DeleteConsentPortal", "GetConsentPortal"],
    "registry": ["DeleteRegistry", "GetRegistry"],
    "registry_record": ["DeleteRegistryRecord", "GetRegistryRecord"],
    "token_vault_key": ["GetTokenVault", "SetTokenVaultCMK"],
    "workload_identity": ["DeleteWorkloadIdentity", "GetWorkloadIdentity"],
    "gateway_rate_limit": ["DeleteGatewayRateLimit", "GetGatewayRateLimit"],
}


def cases(operations: dict[str, list[str]]) -> list[Any]:
    return [
        pytest.param(noun, operation, fault, id=f"{noun}-{operation}-{fault}")
        for noun, listed in operations.items()
        for operation in listed
        for fault in FAULTS
    ]


def inputs_of(world: World, noun: str) -> dict[str, Any]:
    return world.checked(noun, world.inputs(noun))


def standing(world: World, noun: str, inputs: dict[str, Any]) -> list[str]:
    """What stands in AWS under the resource's name."""
    if noun == "ez_auth":
        cognito = world.client("cognito-idp")
        pages = cognito.get_paginator("list_user_pools").paginate(MaxResults=60)
        pools = [it["Id"] for page in pages for it in page["UserPools"] if it["Name"] == inputs["name"]]
        for pool in pools:
            assert len(cognito.list_user_pool_clients(UserPoolId=pool, MaxResults=60)["UserPoolClients"]) <= 1
            assert len(cognito.list_resource_servers(UserPoolId=pool, MaxResults=50)["ResourceServers"]) <= 1
        return pools
    service = "agent-registry-control" if noun.startswith("registry") else "bedrock-agentcore-control"
    return STANDING[noun](world.client(service), inputs)


def named(items: list[dict[str, Any]], inputs: dict[str, Any], member: str) -> list[str]:
    return [item[member] for item in items if item["name"] == inputs["name"]]


def policy_of(control: Any, inputs: dict[str, Any]) -> list[str]:
    try:
        control.get_resource_policy(resourceArn=inputs["resource_arn"])
    except control.exceptions.ResourceNotFoundException:
        return []
    return [inputs["resource_arn"]]


def bundles_of(control: Any, inputs: dict[str, Any]) -> list[str]:
    found = control.list_configuration_bundles(maxResults=100)["bundles"]
    return [it["bundleId"] for it in found if it["bundleName"] == inputs["name"]]


def vaults_of(control: Any, _inputs: dict[str, Any]) -> list[str]:
    found = control.get_token_vault()
    return [found["tokenVaultId"]] if found["kmsConfiguration"]["keyType"] == "CustomerManagedKey" else []


def identities_of(control: Any, inputs: dict[str, Any]) -> list[str]:
    try:
        return [control.get_workload_identity(name=inputs["name"])["name"]]
    except control.exceptions.ResourceNotFoundException:
        return []


def rules_of(control: Any, inputs: dict[str, Any]) -> list[str]:
    found = control.list_gateway_rules(gatewayIdentifier=inputs["gateway_identifier"])["gatewayRules"]
    return [rule["ruleId"] for rule in found]


def rate_limits_of(control: Any, inputs: dict[str, Any]) -> list[str]:
    found = control.list_gateway_rate_limits(gatewayIdentifier=inputs["gateway_identifier"])["rateLimits"]
    return [limit["rateLimitId"] for limit in found]


STANDING: dict[str, Callable[[Any, dict[str, Any]], list[str]]] = {
    "gateway": lambda control, inputs: named(control.list_gateways(maxResults=1000)["items"], inputs, "gatewayId"),
    "gateway_rate_limit": rate_limits_of,
    "gateway_rule": rules_of,
    "gateway_target": lambda control, inputs: named(
        control.list_gateway_targets(gatewayIdentifier=inputs["gateway_identifier"])["items"], inputs, "targetId"
    ),
    "policy": lambda control, inputs: named(
        control.list_policies(policyEngineId=inputs["policy_engine_id"])["policies"], inputs, "policyId"
    ),
    "policy_engine": lambda control, inputs: named(
        control.list_policy_engines(maxResults=100)["policyEngines"], inputs, "policyEngineId"
    ),
    "resource_policy": policy_of,
    "configuration_bundle": bundles_of,
    "consent_portal": lambda control, inputs: named(
        control.list_consent_portals(maxResults=100)["consentPortals"], inputs, "consentPortalId"
    ),
    "registry": lambda registries, inputs: named(
        registries.list_registries(maxResults=100)["registries"], inputs, "registryId"
    ),
    "registry_record": lambda registries, inputs: named(
        registries.list_registry_records(registryId=inputs["registry_id"])["registryRecords"], inputs, "recordId"
    ),
    "token_vault_key": vaults_of,
    "workload_identity": identities_of,
}


@pytest.mark.parametrize(("noun", "operation", "fault"), cases(MADE_BY))
def test_a_create_hit_by_a_fault_ends_with_exactly_one(world: World, noun: str, operation: str, fault: str) -> None:
    inputs = inputs_of(world, noun)
    world.fault(operation=operation, **FAULTS[fault])
    provider = world.provider(noun)
    with contextlib.suppress(AgentCoreError):
        provider.create(inputs)
    world.clear_faults()
    made = provider.create(inputs)
    assert len(standing(world, noun, inputs)) == 1
    assert made.id.endswith(standing(world, noun, inputs)[0])
    read = provider.read(made.id, made.outs)
    assert provider.diff(made.id, read.outs, inputs).changes is False
    provider.delete(made.id, made.outs)
    assert standing(world, noun, inputs) == []


@pytest.mark.parametrize(("noun", "operation", "fault"), cases(DELETED_BY))
def test_a_delete_hit_by_a_fault_leaves_nothing_the_second_time(
    world: World, noun: str, operation: str, fault: str
) -> None:
    inputs = inputs_of(world, noun)
    provider = world.provider(noun)
    made = provider.create(inputs)
    world.fault(operation=operation, **FAULTS[fault])
    with contextlib.suppress(AgentCoreError):
        provider.delete(made.id, made.outs)
    world.clear_faults()
    provider.delete(made.id, made.outs)
    assert standing(world, noun, inputs) == []


@pytest.mark.parametrize("operation", ["UpdateGateway", "GetGateway", "TagResource", "ListTagsForResource"])
@pytest.mark.parametrize("fault", FAULTS)
def test_an_update_hit_by_a_fault_arrives_the_second_time(world: World, operation: str, fault: str) -> None:
    identifier, outputs, checked = world.made("gateway", world.gateway())
    wanted = {**checked, "description": "another", "tags": {"team": "other"}}
    provider = world.provider("gateway")
    world.fault(operation=operation, **FAULTS[fault])
    with contextlib.suppress(AgentCoreError):
        provider.update(identifier, outputs, wanted)
    world.clear_faults()
    provider.update(identifier, outputs, wanted)
    read = provider.read(identifier, outputs)
    assert (read.inputs["description"], read.inputs["tags"]) == ("another", {"team": "other"})


@pytest.mark.parametrize("operation", ["UpdateGatewayRule", "GetGatewayRule"])
@pytest.mark.parametrize("fault", FAULTS)
def test_an_update_of_a_rule_hit_by_a_fault_arrives(world: World, operation: str, fault: str) -> None:
    """The second time at the latest."""
    identifier, outputs, checked = world.made("gateway_rule", world.inputs("gateway_rule"))
    wanted = {**checked, "priority": 7, "description": "another", "conditions": None}
    provider = world.provider("gateway_rule")
    world.fault(operation=operation, **FAULTS[fault])
    with contextlib.suppress(AgentCoreError):
        provider.update(identifier, outputs, wanted)
    world.clear_faults()
    provider.update(identifier, outputs, wanted)
    read = provider.read(identifier, outputs)
    assert (read.inputs["priority"], read.inputs["description"]) == (7, "another")
    assert read.outs["conditions"] == []


def test_an_execution_role_that_aws_does_not_see_yet_is_waited_for(world: World) -> None:
    gateway_id, outputs, _ = world.made("gateway", world.gateway())
    inputs = world.checked("gateway_target", world.target(gateway_id, outputs["__context"]["owner"]))
    reason = "Gateway execution role lacks permission to invoke the function"
    world.fault(
        operation="CreateGatewayTarget", kind="status", status=400, code="ValidationException", reason=reason, times=3
    )
    assert world.provider("gateway_target").create(inputs).outs["status"] == "READY"


def test_a_target_of_a_gateway_that_is_being_updated_waits_for_it(world: World) -> None:
    gateway_id, _, checked = world.made("gateway", world.gateway())
    world.client("bedrock-agentcore-control").update_gateway(
        gatewayIdentifier=gateway_id,
        name=checked["name"],
        roleArn=checked["role_arn"],
        authorizerType="NONE",
        protocolType="MCP",
        protocolConfiguration={"mcp": {"searchType": "SEMANTIC"}},
    )
    _, outputs, _ = world.made("gateway_target", world.target(gateway_id))
    assert outputs["status"] == "READY"


def test_a_target_that_failed_is_removed_although_the_service_is_busy_at_first(world: World) -> None:
    gateway_id, _, _ = world.made("gateway", world.gateway())
    inputs = world.checked("gateway_target", world.target(gateway_id))
    world.fault(operation="CreateGatewayTarget", kind="fail", reason="no such tool")
    world.fault(operation="DeleteGatewayTarget", kind="status", status=409, code="ConflictException", reason="busy")
    with pytest.raises(ResourceFailed, match="was removed again: no such tool"):
        world.provider("gateway_target").create(inputs)
    assert not world.client("bedrock-agentcore-control").list_gateway_targets(gatewayIdentifier=gateway_id)["items"]


@pytest.mark.parametrize("operation", ["UpdateGatewayRateLimit", "GetGatewayRateLimit", "GetGateway"])
@pytest.mark.parametrize("fault", FAULTS)
def test_an_update_of_a_rate_limit_hit_by_a_fault_arrives(world: World, operation: str, fault: str) -> None:
    """The second time at the latest; a description that is removed is gone."""
    identifier, outputs, checked = world.made("gateway_rate_limit", world.inputs("gateway_rate_limit"))
    entries = [{"dimensions": {"targetName": "*"}, "connections": [{"rate": 5.0, "period": "second"}]}]
    wanted = {**checked, "entries": entries}
    del wanted["description"]
    provider = world.provider("gateway_rate_limit")
    world.fault(operation=operation, **FAULTS[fault])
    with contextlib.suppress(AgentCoreError):
        provider.update(identifier, outputs, wanted)
    world.clear_faults()
    made = provider.update(identifier, outputs, wanted)
    read = provider.read(identifier, made.outs)
    assert (read.inputs["entries"], read.outs.get("description")) == (entries, None)

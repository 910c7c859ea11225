"""What AgentCore keeps, by account and Region, as long as the process lives. It imports nothing above it.

The control plane writes records, under the lock:

    with LOCK:
        store = store_of(account_id, region)
        store.gateways[gateway_id] = GatewayRecord(...)

The data plane reads snapshots, which do not change while a request is answered:

    gateway = find_gateway(gateway_id)
    targets = targets_of(gateway_id)
    target = find_target(gateway_id, name)

A lifecycle (lifecycle.py) makes the status of a record follow the clock.
"""

from __future__ import annotations

from agentcore_provider.local.store.lifecycle import EndedWork
from agentcore_provider.local.store.policy_records import GenerationRecord, PolicyEngineRecord, PolicyRecord
from agentcore_provider.local.store.records import (
    LOCK,
    AccountRegionStore,
    BundleRecord,
    BundleVersion,
    CredentialProviderRecord,
    GatewayRecord,
    PortalRecord,
    RateLimitRecord,
    RuleRecord,
    Secret,
    ServerLists,
    TargetRecord,
    WorkloadIdentityRecord,
    forget,
    new_id,
    now,
    store_of,
)
from agentcore_provider.local.store.registry_records import Registry, RegistryEntry
from agentcore_provider.local.store.snapshots import (
    Gateway,
    Oauth2Client,
    Policies,
    RateLimit,
    Target,
    api_key,
    credential_secret_arn,
    find_gateway,
    find_target,
    gateway_of,
    kind_of,
    oauth2_client,
    policies_of,
    rate_limits_of,
    resource_policy_of,
    rules_of,
    target_of,
    targets_of,
)

__all__ = [
    "LOCK",
    "AccountRegionStore",
    "BundleRecord",
    "BundleVersion",
    "CredentialProviderRecord",
    "EndedWork",
    "Gateway",
    "GatewayRecord",
    "GenerationRecord",
    "Oauth2Client",
    "Policies",
    "PolicyEngineRecord",
    "PolicyRecord",
    "PortalRecord",
    "RateLimit",
    "RateLimitRecord",
    "Registry",
    "RegistryEntry",
    "RuleRecord",
    "Secret",
    "ServerLists",
    "Target",
    "TargetRecord",
    "WorkloadIdentityRecord",
    "api_key",
    "credential_secret_arn",
    "find_gateway",
    "find_target",
    "forget",
    "gateway_of",
    "kind_of",
    "new_id",
    "now",
    "oauth2_client",
    "policies_of",
    "rate_limits_of",
    "resource_policy_of",
    "rules_of",
    "store_of",
    "target_of",
    "targets_of",
]

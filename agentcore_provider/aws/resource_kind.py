"""The table of each kind of AgentCore resource: its operations, and what each of its statuses means.

Operations, members and statuses are those of the service model; a test compares them.
https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/Welcome.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agentcore_provider.aws.documents import Document


@dataclass(frozen=True)
class ResourceKind:
    """One kind of resource. Members and statuses are by the names of properties (snake_case) and of the service."""

    name: str
    """What messages call it."""
    operation: str
    """What its operations are called after Create, Get, Update and Delete."""
    identifier: str
    """The property that identifies it in requests."""
    arn: str
    """The property with its ARN, or for a target with its gateway's: what carries the owner tag. Empty if AWS returns none."""
    reasons: str
    """The property in which AWS states why it failed."""
    arrived: frozenset[str | None]
    """Statuses in which there is nothing left to wait for."""
    failed: frozenset[str]
    """Statuses in which what was asked for last did not succeed."""
    create_failed: str
    """The failed status that no update ends: the resource has to be deleted and created again."""
    on_the_way: frozenset[str]
    """Statuses in which a create or update is still running."""
    delete_failed: frozenset[str]
    """Failed statuses in which a delete ends that does not succeed."""
    deleting: frozenset[str] = frozenset({"DELETING"})
    """Statuses in which a delete is still running."""
    immutable: tuple[str, ...] = ()
    """Paths of properties that no update can change."""
    unique: str = "name"
    """The member of requests that no two of them share, by which an interrupted create is found."""
    ready: str = "READY"
    """The status that a successful create ends in."""
    service: str = "bedrock-agentcore-control"
    """boto3's name of the service whose operations they are."""

    @property
    def settled(self) -> frozenset[str | None]:
        """The statuses that stay until something is asked for."""
        return self.arrived | self.failed

    def needs_update(self, status: str | None) -> bool:
        """Whether a resource that was found in this status has yet to become what the program declares."""
        return status in self.failed or status in self.on_the_way

    def changed_immutable(self, found: Document, wanted: Document) -> list[str]:
        """The immutable members in which a resource differs from what is wanted."""
        return [path.rpartition(".")[2] for path in self.immutable if _at(path, found) != _at(path, wanted)]

    def reason(self, found: Document) -> str:
        """Why AWS states that the resource failed."""
        reasons = found.get(self.reasons) or []
        return "; ".join([reasons] if isinstance(reasons, str) else reasons) or "the service gave no reason"


def _at(path: str, properties: Document) -> object:
    value: object = properties
    for member in path.split("."):
        value = value.get(member) if isinstance(value, Mapping) else None
    return value


GATEWAY = ResourceKind(
    name="gateway",
    operation="Gateway",
    identifier="gateway_id",
    arn="gateway_arn",
    reasons="status_reasons",
    arrived=frozenset({"READY"}),
    failed=frozenset({"FAILED", "UPDATE_UNSUCCESSFUL"}),
    create_failed="FAILED",
    on_the_way=frozenset({"CREATING", "UPDATING"}),
    delete_failed=frozenset({"FAILED"}),
    immutable=("authorizer_type", "protocol_configuration.mcp.searchType"),
)

# A person has to visit a page: there is nothing left to wait for.
PENDING_AUTH = frozenset({"CREATE_PENDING_AUTH", "UPDATE_PENDING_AUTH", "SYNCHRONIZE_PENDING_AUTH"})
GATEWAY_TARGET = ResourceKind(
    name="target",
    operation="GatewayTarget",
    identifier="target_id",
    arn="gateway_arn",
    reasons="status_reasons",
    arrived=frozenset({"READY"}) | PENDING_AUTH,
    failed=frozenset({"FAILED", "UPDATE_UNSUCCESSFUL", "SYNCHRONIZE_UNSUCCESSFUL"}),
    create_failed="FAILED",
    on_the_way=frozenset({"CREATING", "UPDATING", "SYNCHRONIZING"}),
    delete_failed=frozenset({"FAILED"}),
)

# What the statuses of kinds mean that have none in which they failed.
_NEVER_FAILED: dict[str, Any] = {
    "reasons": "status_reasons",
    "arrived": frozenset({"ACTIVE"}),
    "failed": frozenset(),
    "create_failed": "",
    "on_the_way": frozenset({"CREATING", "UPDATING"}),
    "delete_failed": frozenset(),
    "ready": "ACTIVE",
}
GATEWAY_RULE = ResourceKind(
    name="gateway rule",
    operation="GatewayRule",
    identifier="rule_id",
    arn="gateway_arn",
    unique="priority",
    **_NEVER_FAILED,
)

# What the statuses of policy engines and policies mean.
_POLICY_STATUSES: dict[str, Any] = {
    "reasons": "status_reasons",
    "arrived": frozenset({"ACTIVE"}),
    "failed": frozenset({"CREATE_FAILED", "UPDATE_FAILED", "DELETE_FAILED"}),
    "create_failed": "CREATE_FAILED",
    "on_the_way": frozenset({"CREATING", "UPDATING"}),
    "delete_failed": frozenset({"DELETE_FAILED"}),
    "ready": "ACTIVE",
}
POLICY_ENGINE = ResourceKind(
    name="policy engine",
    operation="PolicyEngine",
    identifier="policy_engine_id",
    arn="policy_engine_arn",
    immutable=("encryption_key_arn",),
    **_POLICY_STATUSES,
)
POLICY = ResourceKind(name="policy", operation="Policy", identifier="policy_id", arn="policy_arn", **_POLICY_STATUSES)

GATEWAY_RATE_LIMIT = ResourceKind(
    name="gateway rate limit",
    operation="GatewayRateLimit",
    identifier="rate_limit_id",
    arn="",
    unique="rateLimitId",
    **_NEVER_FAILED,
)


def _credential_provider(operation: str, immutable: tuple[str, ...] = ()) -> ResourceKind:
    return ResourceKind(
        name="credential provider",
        operation=operation,
        identifier="name",
        arn="credential_provider_arn",
        reasons="failure_reason",
        # API-key credential providers have no status: they are there as soon as the answer is.
        arrived=frozenset({"READY", None}),
        failed=frozenset({"CREATE_FAILED", "UPDATE_FAILED", "DELETE_FAILED"}),
        create_failed="CREATE_FAILED",
        on_the_way=frozenset({"CREATING", "UPDATING"}),
        delete_failed=frozenset({"DELETE_FAILED"}),
        immutable=immutable,
    )


# They have no status: they are there as soon as the answer is.
_NO_STATUS: dict[str, Any] = {
    "reasons": "",
    "arrived": frozenset({None}),
    "failed": frozenset(),
    "create_failed": "",
    "on_the_way": frozenset(),
    "delete_failed": frozenset(),
}
WORKLOAD_IDENTITY = ResourceKind(
    name="workload identity",
    operation="WorkloadIdentity",
    identifier="name",
    arn="workload_identity_arn",
    **_NO_STATUS,
)
CONFIGURATION_BUNDLE = ResourceKind(
    name="configuration bundle",
    operation="ConfigurationBundle",
    identifier="bundle_id",
    arn="bundle_arn",
    unique="bundleName",
    **_NO_STATUS,
)

CONSENT_PORTAL = ResourceKind(
    name="consent portal",
    operation="ConsentPortal",
    identifier="consent_portal_id",
    arn="consent_portal_arn",
    reasons="status_reason",
    arrived=frozenset({"ACTIVE"}),
    failed=frozenset({"FAILED", "UPDATE_FAILED"}),
    create_failed="FAILED",
    on_the_way=frozenset({"CREATING", "UPDATING"}),
    delete_failed=frozenset({"FAILED"}),
    ready="ACTIVE",
)

REGISTRY = ResourceKind(
    name="registry",
    operation="Registry",
    identifier="registry_id",
    arn="registry_arn",
    reasons="status_reason",
    arrived=frozenset({"READY"}),
    failed=frozenset({"CREATE_FAILED", "UPDATE_FAILED", "DELETE_FAILED"}),
    create_failed="CREATE_FAILED",
    on_the_way=frozenset({"CREATING", "UPDATING"}),
    delete_failed=frozenset({"DELETE_FAILED"}),
    immutable=("encryption_configuration", "discovery_configuration.authorizerType"),
    service="agent-registry-control",
)
REGISTRY_RECORD = ResourceKind(
    name="registry record",
    operation="RegistryRecord",
    identifier="record_id",
    arn="record_arn",
    reasons="status_reason",
    # What people decide about a record, or a sign-in that waits for them, is nothing to wait for.
    arrived=frozenset({"DRAFT", "PENDING_APPROVAL", "APPROVED", "REJECTED", "DEPRECATED"})
    | {"CREATE_PENDING_AUTH", "UPDATE_PENDING_AUTH"},
    failed=frozenset({"CREATE_FAILED", "UPDATE_FAILED"}),
    create_failed="CREATE_FAILED",
    on_the_way=frozenset({"CREATING", "UPDATING"}),
    delete_failed=frozenset(),
    deleting=frozenset(),
    ready="DRAFT",
    service="agent-registry-control",
)

API_KEY_CREDENTIAL_PROVIDER = _credential_provider(operation="ApiKeyCredentialProvider")
OAUTH2_CREDENTIAL_PROVIDER = _credential_provider(
    operation="Oauth2CredentialProvider", immutable=("credential_provider_vendor",)
)

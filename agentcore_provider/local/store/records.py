"""What AgentCore keeps: gateways, targets, credential providers, workload identities, tags, by account and Region."""

from __future__ import annotations

import secrets
import string
import threading
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from agentcore_provider.local.kept import keep
from agentcore_provider.local.store.lifecycle import Lifecycle
from agentcore_provider.local.store.policy_records import PolicyEngineRecord
from agentcore_provider.local.store.registry_records import Registry
from agentcore_provider.local.tool_schemas.tool_schema import Tool

if TYPE_CHECKING:
    from agentcore_provider.local.store.documents import (
        GatewayDocument,
        OAuthClientConfig,
        RateLimitDocument,
        RuleDocument,
        TargetDocument,
    )
    from agentcore_provider.local.store.snapshots import Gateway, Target

ServerLists = dict[str, list[Tool]]
"""What an MCP server lists: `tools`, `prompts`, `resources`, `resourceTemplates`."""

_NO_CONFIG: OAuthClientConfig = {}

LOCK = threading.RLock()
"""Held while an operation reads or changes the state."""


@dataclass
class TargetRecord:
    """A target. `document` holds the members of the latest create or update.

    updated_at: when the latest operation began. settled_at: when it was first found to be over.
    """

    target_id: str
    name: str
    document: TargetDocument
    tool_schema: str | list[Tool] | None
    lifecycle: Lifecycle
    created_at: datetime
    updated_at: datetime
    settled_at: datetime | None = None
    last_synchronized_at: datetime | None = None
    sign_in: str = ""
    """The name of the latest sign-in that a person is asked for; empty while none is."""
    server_lists: ServerLists = field(default_factory=dict)
    snapshot: tuple[tuple[object, ...], Target] | None = field(default=None, metadata={"kept": False})
    """The latest snapshot, and what it was made of. Members are replaced when they change, never changed in place."""


@dataclass
class RuleRecord:
    """A rule of a gateway. `document` holds the members of the latest create or update."""

    rule_id: str
    document: RuleDocument
    lifecycle: Lifecycle
    created_at: datetime
    updated_at: datetime | None = None


@dataclass
class RateLimitRecord:
    """A rate limit of a gateway. `document` holds the members of the latest create or update, document_before those that
    stay in effect until it has arrived."""

    limit_id: str
    document: RateLimitDocument
    lifecycle: Lifecycle
    created_at: datetime
    updated_at: datetime
    document_before: RateLimitDocument | None = None


@dataclass
class GatewayRecord:
    """A gateway. `document` holds the members of the latest create or update."""

    gateway_id: str
    arn: str
    account_id: str
    region: str
    url: str
    workload_identity_arn: str
    document: GatewayDocument
    lifecycle: Lifecycle
    created_at: datetime
    updated_at: datetime
    _targets: dict[str, TargetRecord] = field(default_factory=dict)
    _rules: dict[str, RuleRecord] = field(default_factory=dict)
    _rate_limits: dict[str, RateLimitRecord] = field(default_factory=dict)
    snapshot: tuple[tuple[object, ...], Gateway] | None = field(default=None, metadata={"kept": False})
    """The latest snapshot, and what it was made of."""

    @property
    def targets(self) -> dict[str, TargetRecord]:
        """Targets by id, in the order of their creation, without those that are gone."""
        for target in [target for target in self._targets.values() if target.lifecycle.gone]:
            del self._targets[target.target_id]
        return self._targets

    @property
    def rules(self) -> dict[str, RuleRecord]:
        """Rules by id, in the order of their creation, without those that are gone."""
        for rule in [rule for rule in self._rules.values() if rule.lifecycle.gone]:
            del self._rules[rule.rule_id]
        return self._rules

    @property
    def rate_limits(self) -> dict[str, RateLimitRecord]:
        """Rate limits by id, in the order of their creation, without those that are gone."""
        for limit in [limit for limit in self._rate_limits.values() if limit.lifecycle.gone]:
            del self._rate_limits[limit.limit_id]
        return self._rate_limits

    def target_named(self, name: str) -> TargetRecord | None:
        """The target of this name, None if there is none or it is gone."""
        found = (target for target in self._targets.values() if target.name == name and not target.lifecycle.gone)
        return next(found, None)


@dataclass
class Secret:
    """The secret of a credential provider.

    source: `MANAGED` or `EXTERNAL`. arn: in Secrets Manager. name: of a managed one. json_key: of an external one.
    """

    value: str
    source: str
    arn: str = ""
    name: str = ""
    json_key: str | None = None


@dataclass
class CredentialProviderRecord:
    """An API-key or OAuth2 credential provider. `secret` is what it issues; the members after it are OAuth2's.

    config_member: the vendor's member of oauth2ProviderConfigInput. config: its value, without the client secret.
    """

    name: str
    arn: str
    created_at: datetime
    updated_at: datetime
    secret: Secret
    vendor: str = ""
    config_member: str = ""
    config: OAuthClientConfig = field(default_factory=_NO_CONFIG.copy)
    callback_url: str = ""


@dataclass
class WorkloadIdentityRecord:
    """A workload identity."""

    name: str
    arn: str
    return_urls: list[str]
    created_at: datetime
    updated_at: datetime


@dataclass
class BundleVersion:
    """A version of a configuration bundle. `document` holds its description, components and key."""

    version_id: str
    document: dict[str, Any]
    branch: str
    parents: list[str]
    commit_message: str | None
    created_by: dict[str, str] | None
    created_at: datetime


@dataclass
class BundleRecord:
    """A configuration bundle and its versions, the oldest first."""

    bundle_id: str
    arn: str
    name: str
    created_at: datetime
    versions: list[BundleVersion] = field(default_factory=list)


@dataclass
class PortalRecord:
    """A consent portal. `document` holds the members of the latest create or update."""

    portal_id: str
    arn: str
    url: str
    document: dict[str, Any]
    lifecycle: Lifecycle
    created_at: datetime
    updated_at: datetime


@dataclass
class TokenVaultRecord:
    """The token vault of an account in a Region. kms_key_arn: None for a key of AWS."""

    kms_key_arn: str | None = None
    updated_at: datetime = field(default_factory=lambda: datetime.now(timezone.utc))


@dataclass
class AccountRegionStore:
    """One account in one Region."""

    account_id: str
    region: str
    _gateways: dict[str, GatewayRecord] = field(default_factory=dict)
    api_key_credential_providers: dict[str, CredentialProviderRecord] = field(default_factory=dict)
    oauth2_credential_providers: dict[str, CredentialProviderRecord] = field(default_factory=dict)
    workload_identities: dict[str, WorkloadIdentityRecord] = field(default_factory=dict)
    _policy_engines: dict[str, PolicyEngineRecord] = field(default_factory=dict)
    tags: dict[str, dict[str, str]] = field(default_factory=dict)
    """By ARN. A key for every resource that can be tagged, and for no other."""
    bundles: dict[str, BundleRecord] = field(default_factory=dict)
    """Configuration bundles by id."""
    _consent_portals: dict[str, PortalRecord] = field(default_factory=dict)
    _registries: dict[str, Registry] = field(default_factory=dict)
    token_vault: TokenVaultRecord = field(default_factory=TokenVaultRecord)
    resource_policies: dict[str, str] = field(default_factory=dict)
    """By the ARN of what they belong to, as texts."""
    client_tokens: dict[tuple[str, str], tuple[object, str]] = field(default_factory=dict)
    """Operation and token -> the request, and the id of what was created."""

    @property
    def gateways(self) -> dict[str, GatewayRecord]:
        """Gateways by id, in the order of their creation, without those that are gone."""
        for gateway in [gateway for gateway in self._gateways.values() if gateway.lifecycle.gone]:
            del self._gateways[gateway.gateway_id]
            self.resource_policies.pop(gateway.arn, None)
            self.tags.pop(gateway.arn, None)
            self.tags.pop(gateway.workload_identity_arn, None)
            self.workload_identities.pop(gateway.gateway_id, None)
        return self._gateways

    def gateway(self, gateway_id: str) -> GatewayRecord | None:
        """The gateway of this id, None if there is none or it is gone."""
        found = self._gateways.get(gateway_id)
        return None if found is None or found.lifecycle.gone else found

    @property
    def policy_engines(self) -> dict[str, PolicyEngineRecord]:
        """Policy engines by id, in the order of their creation, without those that are gone."""
        for engine in [engine for engine in self._policy_engines.values() if engine.lifecycle.gone]:
            del self._policy_engines[engine.engine_id]
            self.tags.pop(engine.arn, None)
        return self._policy_engines

    @property
    def consent_portals(self) -> dict[str, PortalRecord]:
        """Consent portals by id, in the order of their creation, without those that are gone."""
        for portal in [portal for portal in self._consent_portals.values() if portal.lifecycle.gone]:
            del self._consent_portals[portal.portal_id]
            self.tags.pop(portal.arn, None)
        return self._consent_portals

    @property
    def registries(self) -> dict[str, Registry]:
        """Registries by id, in the order of their creation, without those that are gone."""
        for registry in [registry for registry in self._registries.values() if registry.lifecycle.gone]:
            del self._registries[registry.registry_id]
            for arn in (registry.arn, *(it.arn for it in registry.records.values())):
                self.tags.pop(arn, None)
        return self._registries

    @property
    def partition(self) -> str:
        """The partition that ARNs of this Region name."""
        if self.region.startswith("cn-"):
            return "aws-cn"
        return "aws-us-gov" if self.region.startswith("us-gov-") else "aws"

    def arn(self, resource: str) -> str:
        """ARN of an AgentCore resource here."""
        return f"arn:{self.partition}:bedrock-agentcore:{self.region}:{self.account_id}:{resource}"


_stores: dict[tuple[str, str], AccountRegionStore] = keep(__name__, "stores", {})


def forget() -> None:
    """Forget everything, as the end of a process does."""
    with LOCK:
        _stores.clear()


def store_of(account_id: str, region: str) -> AccountRegionStore:
    """The state of one account in one Region."""
    with LOCK:
        return _stores.setdefault((account_id, region), AccountRegionStore(account_id, region))


def all_stores() -> list[AccountRegionStore]:
    """Every account and Region that was used. Hold the lock."""
    return list(_stores.values())


def new_id() -> str:
    """Ten random characters of [0-9a-z]. A target's are in upper case, as on the service."""
    return "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(10))


def now() -> datetime:
    """The time for timestamps in answers."""
    return datetime.now(timezone.utc)

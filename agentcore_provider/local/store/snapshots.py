"""What the data plane reads: gateways, their targets, and credentials, as copies of a moment.

They are found across all accounts and Regions of this process. As long as a record does not change, its snapshot is the
same object: what is read from it can be kept with it.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from agentcore_provider.local.store.policy_records import PolicyEngineRecord
from agentcore_provider.local.store.records import (
    LOCK,
    CredentialProviderRecord,
    GatewayRecord,
    RateLimitRecord,
    ServerLists,
    TargetRecord,
    all_stores,
)

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agentcore_control import type_defs

    from agentcore_provider.local.store.documents import InterceptorConfiguration, OAuthClientConfig, RuleDocument


@dataclass(frozen=True)
class Gateway:
    """A gateway as GetGateway would answer now. `status` follows the clock."""

    gateway_id: str
    gateway_arn: str
    name: str
    status: str
    account_id: str
    region: str
    authorizer_type: str
    authorizer_configuration: type_defs.AuthorizerConfigurationOutputTypeDef
    protocol_configuration: type_defs.GatewayProtocolConfigurationOutputTypeDef
    protocol_type: str | None
    interceptor_configurations: list[InterceptorConfiguration]
    role_arn: str
    exception_level: str | None
    policy_engine: type_defs.GatewayPolicyEngineConfigurationTypeDef | None = None


@dataclass(frozen=True, eq=False)
class Target:
    """A target as GetGatewayTarget would answer now.

    tool_schema: the document that the target's schema came from, as read when it was created, updated or
        synchronized: inline text or list, or the text of the S3 object. None if the target has no schema of its own.
    server_lists: what an MCP server lists besides tools, as read at the same times: `prompts`, `resources`,
        `resourceTemplates`.
    """

    target_id: str
    name: str
    status: str
    target_configuration: type_defs.TargetConfigurationOutputTypeDef
    credential_provider_configurations: list[type_defs.CredentialProviderConfigurationOutputTypeDef]
    metadata_configuration: type_defs.MetadataConfigurationOutputTypeDef
    tool_schema: Any
    server_lists: ServerLists = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The path of the kind in the target's configuration: `mcp.lambda`."""
        return kind_of(self.target_configuration)


@dataclass(frozen=True, eq=False)
class Policies:
    """The policies of an engine that are in effect.

    active: statements of those that decide, by the policy's id. log_only: of those that are only evaluated.
    """

    active: Mapping[str, str]
    log_only: Mapping[str, str]


@dataclass(frozen=True)
class RateLimit:
    """A rate limit that is in effect. now: seconds on the clock that statuses follow."""

    limit_id: str
    created_at: datetime
    keys: Sequence[str]
    entries: Sequence[Mapping[str, Any]]
    now: float


@dataclass(frozen=True)
class Oauth2Client:
    """An OAuth2 credential provider, with what is needed to fetch tokens from its authorization server.

    configuration: the vendor's part of oauth2ProviderConfigInput, without its secret.
    """

    arn: str
    vendor: str
    configuration: OAuthClientConfig
    client_secret: str
    callback_url: str


def find_gateway(gateway_id: str) -> Gateway | None:
    """The gateway with this id in any account and Region; None if there is none, or it is gone."""
    with LOCK:
        record = _find(gateway_id)
        return gateway_of(record) if record else None


def targets_of(gateway_id: str) -> list[Target]:
    """The gateway's targets in the order of their creation."""
    with LOCK:
        record = _find(gateway_id)
        return [target_of(target) for target in record.targets.values()] if record else []


def rules_of(gateway_id: str) -> list[RuleDocument]:
    """The gateway's rules that are in effect, in the order in which they are evaluated."""
    with LOCK:
        record = _find(gateway_id)
        found = [it.document for it in record.rules.values() if it.lifecycle.status != "CREATING"] if record else []
        return copy.deepcopy(sorted(found, key=lambda it: it["priority"]))


def resource_policy_of(arn: str) -> str | None:
    """The resource policy of a gateway, None if it has none."""
    with LOCK:
        return next((it.resource_policies[arn] for it in all_stores() if arn in it.resource_policies), None)


def rate_limits_of(gateway_id: str) -> list[RateLimit]:
    """The gateway's rate limits that are in effect, in the order of their creation."""
    with LOCK:
        record = _find(gateway_id)
        found = [] if record is None or not record.rate_limits else [*record.rate_limits.values()]
        return [it for it in map(_in_effect, found) if it is not None]


def _in_effect(record: RateLimitRecord) -> RateLimit | None:
    status = record.lifecycle.status
    document = record.document_before if status == "UPDATING" and record.document_before else record.document
    if status == "CREATING":
        return None
    # Members are replaced when they change, never changed in place.
    keys, entries = document["dimensionKeys"], document["entries"]
    return RateLimit(record.limit_id, record.created_at, keys, entries, record.lifecycle.monotonic())


def find_target(gateway_id: str, name: str) -> Target | None:
    """The gateway's target of this name; None if there is none, or it is gone."""
    with LOCK:
        gateway = _find(gateway_id)
        record = gateway.target_named(name) if gateway else None
        return target_of(record) if record else None


def policies_of(engine_arn: str) -> Policies | None:
    """The policies of an engine; None if there is no such engine."""
    with LOCK:
        engine_id = engine_arn.rpartition("/")[2]
        found = (it for store in all_stores() if (it := store.policy_engines.get(engine_id)) and it.arn == engine_arn)
        record = next(found, None)
        return _policies_of(record) if record else None


def _policies_of(record: PolicyEngineRecord) -> Policies:
    in_effect = {key: it.document for key, it in record.policies.items() if it.decides}
    sources = tuple(in_effect.values())
    if record.snapshot is None or not _same(record.snapshot[0], sources):
        statements = {key: next(iter(it["definition"].values()))["statement"] for key, it in in_effect.items()}
        log_only = {key for key, it in in_effect.items() if it.get("enforcementMode") == "LOG_ONLY"}
        record.snapshot = (
            sources,
            Policies(
                active={key: it for key, it in statements.items() if key not in log_only},
                log_only={key: it for key, it in statements.items() if key in log_only},
            ),
        )
    return record.snapshot[1]


def gateway_of(record: GatewayRecord) -> Gateway:
    """The gateway as it is now."""
    sources = (record.lifecycle.status, record.document)
    if record.snapshot is None or not _same(record.snapshot[0], sources):
        record.snapshot = sources, _copy_gateway(record)
    return record.snapshot[1]


def _copy_gateway(record: GatewayRecord) -> Gateway:
    document = copy.deepcopy(record.document)
    return Gateway(
        gateway_id=record.gateway_id,
        gateway_arn=record.arn,
        name=document["name"],
        status=record.lifecycle.status,
        account_id=record.account_id,
        region=record.region,
        authorizer_type=document["authorizerType"],
        authorizer_configuration=document.get("authorizerConfiguration", {}),
        protocol_configuration=document.get("protocolConfiguration", {}),
        protocol_type=document.get("protocolType"),
        interceptor_configurations=document.get("interceptorConfigurations", []),
        role_arn=document["roleArn"],
        exception_level=document.get("exceptionLevel"),
        policy_engine=document.get("policyEngineConfiguration"),
    )


def target_of(record: TargetRecord) -> Target:
    """The target as it is now."""
    sources = (record.lifecycle.status, record.name, record.document, record.tool_schema, record.server_lists)
    if record.snapshot is None or not _same(record.snapshot[0], sources):
        record.snapshot = sources, _copy_target(record)
    return record.snapshot[1]


def _same(sources: tuple[object, ...], others: tuple[object, ...]) -> bool:
    return len(sources) == len(others) and all(
        one is other or (isinstance(one, str) and one == other) for one, other in zip(sources, others, strict=True)
    )


def _copy_target(record: TargetRecord) -> Target:
    document = copy.deepcopy(record.document)
    return Target(
        target_id=record.target_id,
        name=record.name,
        status=record.lifecycle.status,
        target_configuration=document["targetConfiguration"],
        credential_provider_configurations=document.get("credentialProviderConfigurations", []),
        metadata_configuration=document.get("metadataConfiguration", {}),
        tool_schema=copy.deepcopy(record.tool_schema),
        server_lists=copy.deepcopy(record.server_lists),
    )


def api_key(provider_arn: str) -> str | None:
    """The key of an API-key credential provider; None if there is no such provider."""
    record = _find_provider(provider_arn)
    return record.secret.value if record else None


def credential_secret_arn(provider_arn: str) -> str | None:
    """The ARN of the secret of a credential provider of either kind; None if there is no such provider."""
    record = _find_provider(provider_arn)
    return record.secret.arn if record else None


def oauth2_client(provider_arn: str) -> Oauth2Client | None:
    """The client that an OAuth2 credential provider is; None if there is no such provider."""
    record = _find_provider(provider_arn)
    if record is None or not record.vendor:
        return None
    return Oauth2Client(
        arn=record.arn,
        vendor=record.vendor,
        configuration=copy.deepcopy(record.config),
        client_secret=record.secret.value,
        callback_url=record.callback_url,
    )


def kind_of(configuration: type_defs.TargetConfigurationOutputTypeDef) -> str:
    """The kind of a target, as the path in its configuration: `mcp.lambda`."""
    (family, kinds), *_ = cast("dict[str, dict[str, object]]", configuration).items()
    return f"{family}.{next(iter(kinds))}"


def _find(gateway_id: str) -> GatewayRecord | None:
    return next((record for store in all_stores() if (record := store.gateway(gateway_id))), None)


def _find_provider(arn: str) -> CredentialProviderRecord | None:
    with LOCK:
        for store in all_stores():
            for records in (store.api_key_credential_providers, store.oauth2_credential_providers):
                for record in records.values():
                    if record.arn == arn:
                        return record
    return None

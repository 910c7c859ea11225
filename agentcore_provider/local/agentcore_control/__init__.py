"""The AgentCore control plane: gateways, targets, rules, limits, policies, tags, credential providers, workload identities;
and AWS Agent Registry.

Small and strict: validated by botocore's service model, and by what the developer guide documents beyond it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.wrappers import Request, Response

from agentcore_provider.local import service_error, service_model, validation
from agentcore_provider.local.agentcore_control import (
    api,
    api_key_credential_provider,
    configuration_bundle,
    consent_portal,
    gateway,
    gateway_rate_limit,
    gateway_rule,
    gateway_target,
    oauth2_credential_provider,
    policy,
    policy_engine,
    policy_generation,
    registry,
    registry_discovery,
    registry_record,
    resource_policy,
    tags,
    token_vault,
    workload_identity,
)
from agentcore_provider.local.agentcore_control.call import (
    Answer,
    Call,
    ListTools,
    ReadServerLists,
    ServerUnreadableError,
)
from agentcore_provider.local.agentcore_control.limits import Limits
from agentcore_provider.local.service_error import ServiceError
from agentcore_provider.local.settings import Settings
from agentcore_provider.local.store import LOCK, AccountRegionStore, store_of

__all__ = [
    "SERVICE",
    "ControlPlane",
    "ListTools",
    "ReadServerLists",
    "ServerUnreadableError",
    "unknown_arn",
    "unknown_operation",
]

SERVICE = api.SERVICE

# What api.py has read is sound by the service model; each handler declares the shape of its own request.
_OPERATIONS: dict[str, Callable[[Call, Any], Answer]] = {
    "CreateGateway": gateway.create,
    "GetGateway": gateway.get,
    "ListGateways": gateway.list_,
    "UpdateGateway": gateway.update,
    "DeleteGateway": gateway.delete,
    "CreateGatewayTarget": gateway_target.create,
    "GetGatewayTarget": gateway_target.get,
    "ListGatewayTargets": gateway_target.list_,
    "UpdateGatewayTarget": gateway_target.update,
    "DeleteGatewayTarget": gateway_target.delete,
    "SynchronizeGatewayTargets": gateway_target.synchronize,
    "CreateGatewayRule": gateway_rule.create,
    "GetGatewayRule": gateway_rule.get,
    "ListGatewayRules": gateway_rule.list_,
    "UpdateGatewayRule": gateway_rule.update,
    "DeleteGatewayRule": gateway_rule.delete,
    "CreatePolicyEngine": policy_engine.create,
    "GetPolicyEngine": policy_engine.get,
    "GetPolicyEngineSummary": policy_engine.get_summary,
    "ListPolicyEngines": policy_engine.list_,
    "ListPolicyEngineSummaries": policy_engine.list_summaries,
    "UpdatePolicyEngine": policy_engine.update,
    "DeletePolicyEngine": policy_engine.delete,
    "CreatePolicy": policy.create,
    "GetPolicy": policy.get,
    "GetPolicySummary": policy.get_summary,
    "ListPolicies": policy.list_,
    "ListPolicySummaries": policy.list_summaries,
    "UpdatePolicy": policy.update,
    "DeletePolicy": policy.delete,
    "StartPolicyGeneration": policy_generation.start,
    "GetPolicyGeneration": policy_generation.get,
    "GetPolicyGenerationSummary": policy_generation.get_summary,
    "ListPolicyGenerations": policy_generation.list_,
    "ListPolicyGenerationSummaries": policy_generation.list_summaries,
    "ListPolicyGenerationAssets": policy_generation.list_assets,
    "CreateConsentPortal": consent_portal.create,
    "GetConsentPortal": consent_portal.get,
    "ListConsentPortals": consent_portal.list_,
    "UpdateConsentPortal": consent_portal.update,
    "DeleteConsentPortal": consent_portal.delete,
    "CreateConfigurationBundle": configuration_bundle.create,
    "GetConfigurationBundle": configuration_bundle.get,
    "GetConfigurationBundleVersion": configuration_bundle.get_version,
    "ListConfigurationBundles": configuration_bundle.list_,
    "ListConfigurationBundleVersions": configuration_bundle.list_versions,
    "UpdateConfigurationBundle": configuration_bundle.update,
    "DeleteConfigurationBundle": configuration_bundle.delete,
    "SetTokenVaultCMK": token_vault.set_key,
    "GetTokenVault": token_vault.get,
    "ResetTokenVaultKeyMaterial": token_vault.reset_key_material,
    "PutResourcePolicy": resource_policy.put,
    "GetResourcePolicy": resource_policy.get,
    "DeleteResourcePolicy": resource_policy.delete,
    "CreateGatewayRateLimit": gateway_rate_limit.create,
    "BatchPutGatewayRateLimits": gateway_rate_limit.batch_put,
    "GetGatewayRateLimit": gateway_rate_limit.get,
    "ListGatewayRateLimits": gateway_rate_limit.list_,
    "UpdateGatewayRateLimit": gateway_rate_limit.update,
    "DeleteGatewayRateLimit": gateway_rate_limit.delete,
    "TagResource": tags.tag,
    "UntagResource": tags.untag,
    "ListTagsForResource": tags.list_,
    "CreateApiKeyCredentialProvider": api_key_credential_provider.PROVIDERS.create,
    "GetApiKeyCredentialProvider": api_key_credential_provider.PROVIDERS.get,
    "ListApiKeyCredentialProviders": api_key_credential_provider.PROVIDERS.list_,
    "UpdateApiKeyCredentialProvider": api_key_credential_provider.PROVIDERS.update,
    "DeleteApiKeyCredentialProvider": api_key_credential_provider.PROVIDERS.delete,
    "CreateOauth2CredentialProvider": oauth2_credential_provider.PROVIDERS.create,
    "GetOauth2CredentialProvider": oauth2_credential_provider.PROVIDERS.get,
    "ListOauth2CredentialProviders": oauth2_credential_provider.PROVIDERS.list_,
    "UpdateOauth2CredentialProvider": oauth2_credential_provider.PROVIDERS.update,
    "DeleteOauth2CredentialProvider": oauth2_credential_provider.PROVIDERS.delete,
    "CreateWorkloadIdentity": workload_identity.create,
    "GetWorkloadIdentity": workload_identity.get,
    "ListWorkloadIdentities": workload_identity.list_,
    "UpdateWorkloadIdentity": workload_identity.update,
    "DeleteWorkloadIdentity": workload_identity.delete,
}

# Operations of other services, some of which have the names of those above.
_OPERATIONS_OF: dict[str, dict[str, Callable[[Call, Any], Answer]]] = {
    SERVICE: _OPERATIONS,
    "agent-registry-control": {
        "CreateRegistry": registry.create,
        "GetRegistry": registry.get,
        "ListRegistries": registry.list_,
        "UpdateRegistry": registry.update,
        "DeleteRegistry": registry.delete,
        "CreateRegistryRecord": registry_record.create,
        "GetRegistryRecord": registry_record.get,
        "ListRegistryRecords": registry_record.list_,
        "UpdateRegistryRecord": registry_record.update,
        "DeleteRegistryRecord": registry_record.delete,
        "SubmitRegistryRecordForApproval": registry_record.submit,
        "UpdateRegistryRecordStatus": registry_record.update_status,
        "TagResource": tags.tag,
        "UntagResource": tags.untag,
        "ListTagsForResource": tags.list_,
    },
    "agent-registry": {
        "SearchDiscoverableRegistryRecords": registry_discovery.search,
        "ListDiscoverableRegistryRecords": registry_discovery.list_,
        "BatchGetDiscoverableRegistryRecord": registry_discovery.batch_get,
    },
}


class ControlPlane:
    """Answers the API's calls."""

    def __init__(self, settings: Settings, read_server_lists: ReadServerLists, list_tools: ListTools) -> None:
        self._settings = settings
        self._read_server_lists = read_server_lists
        self._list_tools = list_tools
        self._limits = Limits(settings)

    def serves(self, operation: str, service: str = SERVICE) -> bool:
        """Whether this control plane has the operation of the service."""
        return operation in _OPERATIONS_OF.get(service, ())

    def serve(
        self,
        request: Request,
        route: service_model.RouteMatch,
        *,
        account_id: str,
        region: str,
        fail_with: str | None,
        service: str = SERVICE,
    ) -> Response:
        """Answer one call. fail_with: have what it starts end in failure, for this reason."""
        operation = service_model.load(service).operation_model(route.operation)
        store = store_of(account_id, region)
        call = self._call(route.operation, store, fail_with)
        try:
            with LOCK:
                self._limits.count(store, route.operation)
                members = api.read(operation, request, route.path_values)
                self._limits.require_free_slot(store, route.operation, members)
                return api.write(operation, _OPERATIONS_OF[service][route.operation](call, members))
        except ServiceError as error:
            return api.write_error(error)

    def call(self, operation: str, members: Mapping[str, Any], *, account_id: str, region: str) -> Answer:
        """The output of an operation that another service of AWS calls. Raises ServiceError."""
        store = store_of(account_id, region)
        with LOCK:
            api.check(service_model.load(SERVICE).operation_model(operation), members)
            return _OPERATIONS[operation](self._call(operation, store), members)

    def _call(self, operation: str, store: AccountRegionStore, fail_with: str | None = None) -> Call:
        return Call(operation, store, self._settings, self._read_server_lists, self._list_tools, fail_with)


def unknown_arn(arn: str) -> Response:
    """The answer to a call about a resource of another service, account or Region."""
    problem = validation.breach("resourceArn", "Member must be the ARN of a resource of this account and Region")
    return api.write_error(service_error.validation(validation.summarize([problem])))


def unknown_operation(what: str) -> Response:
    """The answer to a call that local AWS does not have."""
    return api.write_error(
        ServiceError(
            "UnknownOperationException", f"Local AWS does not have {what}. It has: {', '.join(sorted(_OPERATIONS))}"
        )
    )


def operations(service: str = SERVICE) -> frozenset[str]:
    """The operations of the service that local AWS has."""
    return frozenset(_OPERATIONS_OF.get(service, ()))

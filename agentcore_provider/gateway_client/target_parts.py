"""What a target needs beside itself: the function of its code, permissions of its gateway's role, its credential provider."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from agentcore_provider.aws import credential_provider
from agentcore_provider.aws import lambda_function as functions
from agentcore_provider.gateway_client.account import Account
from agentcore_provider.gateway_client.arguments import require_valid
from agentcore_provider.gateway_client.gateway import Gateway
from agentcore_provider.gateway_client.gateway_role import GatewayRole
from agentcore_provider.gateway_client.target_source import Function, with_function
from agentcore_provider.rules import lambda_function as function_rules
from agentcore_provider.rules.target_credentials import Plan

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agentcore_control.type_defs import (
        CreateGatewayTargetRequestTypeDef,
        CredentialProviderConfigurationUnionTypeDef,
    )

_PROVIDERS = {
    "api_key_credential_provider": credential_provider.API_KEY,
    "oauth2_credential_provider": credential_provider.OAUTH2,
}


@dataclass(frozen=True)
class Target:
    """A target as it is to be, valid as far as that is known without AWS."""

    label: str
    """The user's method, with the target's name."""
    document: CreateGatewayTargetRequestTypeDef
    """CreateGatewayTarget's input; what is created for the target is not known in it yet."""
    code: Function | None = None
    """The function that is created for it."""
    credentials: Plan | None = None
    """The credential provider that is created for it."""
    accept: Sequence[str] = ()
    """Codes of rules whose errors are warnings."""

    @property
    def name(self) -> str:
        """Name of the target."""
        return str(self.document["name"])


class TargetParts:
    """The parts of the targets of one account."""

    def __init__(self, account: Account, role: GatewayRole) -> None:
        self._account, self._role = account, role

    def create(self, gateway: Gateway, target: Target, resources: Sequence[str]) -> CreateGatewayTargetRequestTypeDef:
        """Create or update the parts; returns the target's document. resources: as in create_gateway_target."""
        document = target.document.copy()
        if target.credentials:
            name, kind = self._provider(gateway, target.name), _PROVIDERS[target.credentials.provider]
            operation = self._account.operation(target.credentials.provider, name)
            made = credential_provider.create(operation, kind, {"name": name, **target.credentials.inputs})
            used = target.credentials.credential_provider_configuration(made["credential_provider_arn"])
            document["credentialProviderConfigurations"] = [cast("CredentialProviderConfigurationUnionTypeDef", used)]
        if target.code:
            own, place = self._function(gateway, target.name), self._account.place
            arn = functions.create(
                self._account.operation("function", own),
                own,
                target.code.files,
                settings=target.code.settings,
                trust=function_rules.TRUST_POLICY,
                log=function_rules.log_policy(
                    own, partition=place.partition, region=place.region, account=place.account_id
                ),
            )
            document["targetConfiguration"] = with_function(target.code, arn)
        require_valid(f"target {target.name!r}", self._role.grant(gateway, document, resources))
        return document

    def undo(self, gateway: Gateway, target: Target) -> None:
        """Delete the parts of a target that could not be created."""
        providers = [target.credentials.provider] if target.credentials else []
        self._delete(gateway, target.name, has_function=target.code is not None, providers=providers)

    def delete(self, gateway: Gateway, name: str, properties: Mapping[str, object]) -> None:
        """Delete the parts of a target that was deleted. properties: those that it had in AWS."""
        provider, used = self._provider(gateway, name), str(properties.get("credential_provider_configurations"))
        self._delete(
            gateway,
            name,
            has_function=self._function(gateway, name) in str(properties.get("target_configuration")),
            providers=[
                it for it, kind in _PROVIDERS.items() if f"/{kind.resource.operation.lower()}/{provider}" in used
            ],
        )

    def _delete(self, gateway: Gateway, name: str, *, has_function: bool, providers: Sequence[str]) -> None:
        self._role.revoke(gateway, name)
        if has_function:
            own = self._function(gateway, name)
            functions.delete(self._account.operation("function", own), own)
        for provider in providers:
            own = self._provider(gateway, name)
            credential_provider.delete(self._account.operation(provider, own), _PROVIDERS[provider], own)

    def _function(self, gateway: Gateway, target_name: str) -> str:
        return self._account.name_beside("function", gateway.name, target_name)

    def _provider(self, gateway: Gateway, target_name: str) -> str:
        return self._account.name_beside("credential_provider", gateway.name, target_name)

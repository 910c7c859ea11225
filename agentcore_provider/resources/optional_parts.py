"""Parts of an McpGateway that it has if an argument asks for them: engine, domain, observability, resource policy, portal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources.consent_portal import ConsentPortal
from agentcore_provider.resources.domain_override import DomainOverride
from agentcore_provider.resources.gateway import Gateway
from agentcore_provider.resources.gateway_domain import GatewayDomain
from agentcore_provider.resources.gateway_observability import GatewayObservability
from agentcore_provider.resources.named_parts import require_arguments
from agentcore_provider.resources.policy_engine import PolicyEngine
from agentcore_provider.resources.resource_policy import ResourcePolicy

_PORTAL_NEEDS = {
    "credential_provider_arn": "Pass the OAuth2CredentialProvider that people sign in with",
    "execution_role_arn": "Pass the ARN of the role that reads the gateway",
}


@dataclass(frozen=True)
class OptionalParts:
    """Declares the optional parts of one McpGateway. Each method returns None without its argument, and raises InvalidInput."""

    component: pulumi.ComponentResource
    """The McpGateway."""
    resource_name: str
    """Its logical name."""
    tags: Mapping[str, pulumi.Input[str]] | None
    """Tags of parts that take tags."""

    def policy_engine(self, wanted: object, policies: object) -> Any:
        """The policy engine that is passed, or that the arguments or the policies ask for."""
        if wanted is None and policies is None:
            return None
        if not isinstance(wanted, (Mapping, type(None))):
            # Of another type than PolicyEngine, the gateway reports it.
            return wanted
        settings: Mapping[str, Any] = wanted or {}
        self._require_arguments(PolicyEngine, "policy_engine", settings)
        return PolicyEngine(self.resource_name, opts=self._child(), **{"tags": self.tags, **settings})

    def domain(self, gateway: Gateway, arguments: Mapping[str, Any] | None) -> GatewayDomain | None:
        """The domain in front of the gateway."""
        if arguments is None:
            return None
        settings: dict[str, Any] = {"tags": self.tags, **arguments}
        return GatewayDomain(self.resource_name, gateway=gateway, opts=self._child(), **settings)

    def with_domain(self, gateway_arguments: Mapping[str, Any], domain: object) -> Mapping[str, Any]:
        """The arguments of a gateway that names the domain in front of it."""
        if domain is None:
            return gateway_arguments
        if not isinstance(domain, Mapping) or domain.keys() - {"tags"} != {"domain_name", "zone_id"}:
            raise self._problem(
                "domain",
                "is not a dict of the arguments of a GatewayDomain",
                'Give domain_name and zone_id, such as {"domain_name": "tools.example.com", "zone_id": "Z0123456789ABCDEFGHIJ"}',
            )
        return {"domain_override": DomainOverride(domain["domain_name"]), **gateway_arguments}

    def observability(self, gateway: Gateway, observe: object) -> GatewayObservability | None:
        """The deliveries that `observe` asks for."""
        if not isinstance(observe, (bool, Mapping, type(None))):
            cure = "Write True, False, or the arguments of a GatewayObservability"
            raise self._problem("observe", f"is a {type(observe).__name__}", cure)
        if not isinstance(observe, Mapping) and not observe:
            return None
        settings = {"tags": self.tags, **(observe if isinstance(observe, Mapping) else {})}
        return GatewayObservability(self.resource_name, gateway=gateway, opts=self._child(), **settings)

    def resource_policy(self, gateway: Gateway, arguments: Mapping[str, Any] | None) -> ResourcePolicy | None:
        """Who may call the gateway, and from where."""
        if arguments is None:
            return None
        self._require_arguments(ResourcePolicy, "resource_policy", arguments)
        return ResourcePolicy(self.resource_name, gateway=gateway, opts=self._child(), **arguments)

    def consent_portal(self, gateway: Gateway, arguments: Mapping[str, Any] | None) -> ConsentPortal | None:
        """Where people consent."""
        if arguments is None:
            return None
        self._require_arguments(ConsentPortal, "consent_portal", arguments, _PORTAL_NEEDS)
        settings: dict[str, Any] = {"tags": self.tags, **arguments}
        return ConsentPortal(self.resource_name, gateway=gateway, opts=self._child(), **settings)

    def _child(self) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self.component)

    def _problem(self, path: str, message: str, cure: str) -> InvalidInput:
        return InvalidInput(message, cure, path=path, label=f'McpGateway "{self.resource_name}"')

    def _require_arguments(
        self, resource: type[object], path: str, arguments: object, needed: Mapping[str, str] | None = None
    ) -> None:
        """Raise InvalidInput for what are not the arguments of a part. needed: those it must have, with cures."""
        try:
            require_arguments(resource, path, arguments, needed)
        except InvalidInput as error:
            raise error.labelled(f'McpGateway "{self.resource_name}"') from None

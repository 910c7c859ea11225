"""Gateways with everything that belongs to them: what is not passed is created, and deleted with the gateway."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from agentcore_provider import target_kinds
from agentcore_provider.aws import role as iam_role
from agentcore_provider.errors import AwsRefused
from agentcore_provider.gateway_client import target_source
from agentcore_provider.gateway_client.arguments import warn
from agentcore_provider.gateway_client.gateway import Gateway, Identifier
from agentcore_provider.gateway_client.gateway_role import GatewayRole
from agentcore_provider.gateway_client.gateway_target import GatewayTarget
from agentcore_provider.gateway_client.gateway_targets import GatewayTargets
from agentcore_provider.gateway_client.gateways import Gateways
from agentcore_provider.gateway_client.observability import Observability
from agentcore_provider.gateway_client.sign_in import SignIns
from agentcore_provider.rules import target_credentials


class WholeGateways:
    """The methods have the errors of GatewayClient's."""

    def __init__(
        self,
        gateways: Gateways,
        targets: GatewayTargets,
        *,
        role: GatewayRole,
        sign_ins: SignIns,
        observability: Observability,
    ) -> None:
        self._gateways, self._targets, self._role = gateways, targets, role
        self._sign_ins, self._observability = sign_ins, observability

    def create(
        self,
        name: str,
        role_arn: str | None,
        authorizer_config: Mapping[str, object] | None,
        *,
        label: str,
        semantic_search: bool,
        **members: object,
    ) -> Gateway:
        """An MCP gateway with a JWT authorizer; without a configuration of one, EZ Auth is created for it.

        label: the user's method, with its object. members: further ones of CreateGateway's input.
        """
        self._gateways.require_role(label, role_arn)
        with self._sign_ins.for_gateway(name, authorizer_config) as (authorizer, client_info):
            document = {
                "name": name,
                "roleArn": role_arn,
                "protocolType": "MCP",
                "authorizerType": "CUSTOM_JWT",
                "authorizerConfiguration": dict(authorizer),
                **{member: value for member, value in members.items() if value},
            }
            gateway = self._gateways.create(document, adopt=None, semantic_search=semantic_search)
        gateway.client_info = client_info
        return gateway

    def observe(self, gateway: Gateway, label: str) -> Gateway:
        """The gateway, whose logs and traces are delivered; that they cannot be is a warning."""
        enabled = self._observability.enable(gateway.id, str(gateway["gatewayArn"]))
        if enabled["status"] == "error" and self._observability.is_available:
            warn(f"{label}: no logs and traces: {enabled['error']}")
        gateway["observability"] = enabled
        return gateway

    def setup(
        self,
        name: str,
        role_arn: str | None,
        authorizer_config: Mapping[str, object] | None,
        *,
        target: Mapping[str, object],
        semantic_search: bool,
        description: str | None,
    ) -> Gateway:
        """See setup_gateway. target: CreateGatewayTarget's input."""
        # Otherwise a gateway without its target would be left behind.
        label = f"setup_gateway {name!r}"
        checked = self._targets.check(target, label=label)
        self._targets.require_function(checked)
        gateway = self.create(
            name, role_arn, authorizer_config, label=label, semantic_search=semantic_search, description=description
        )
        self._targets.create(gateway, checked)
        return gateway.refresh()

    def create_target(
        self,
        identifier: Identifier,
        name: str | None,
        target_type: target_kinds.SourcedName,
        payload: object,
        credentials: Mapping[str, object] | None,
    ) -> GatewayTarget:
        """See create_mcp_gateway_target."""
        gateway = self._gateways.get(identifier)
        configuration = target_source.of_payload(payload, target_type, region=self._gateways.region)
        members = {"name": name or f"TestGatewayTarget{random_id()}", "targetConfiguration": configuration}
        plan = None if credentials is None else target_credentials.plan(credentials)
        return self._targets.create(gateway, self._targets.check(members, credentials=plan))

    def fix_permissions(self, gateway: Mapping[str, object]) -> None:
        """See fix_iam_permissions."""
        found, role_arn = self._gateways.get(gateway), str(gateway["roleArn"])
        try:
            targets = [self._targets.get(found, it.id) for it in self._targets.list(found)]
            self._role.fix(role_arn, found, targets)
        except AwsRefused as error:
            why = "IAM does not let you" if error.code in iam_role.DENIED else str(error)
            warn(f"fix_iam_permissions {found.name!r}: role {role_arn} stays as it is: {why}")

    def delete(self, gateway: Gateway, *, with_targets: bool, adopt: bool | None) -> None:
        """Delete the gateway and the role that was created for it."""
        operation = self._gateways.own(gateway, adopt)
        for target in self._targets.list(gateway) if with_targets else ():
            self._targets.delete(gateway, target.id)
        self._gateways.delete(gateway, operation, adopt=adopt)

    def cleanup(self, identifier: Identifier, client_info: Mapping[str, str] | None, *, adopt: bool | None) -> None:
        """See cleanup_gateway."""
        gateway = self._gateways.identify(identifier)
        name = identifier if isinstance(identifier, str) else str(identifier.get("name", ""))
        if gateway:
            name = gateway.name
            self.delete(gateway, with_targets=True, adopt=adopt)
            if self._observability.is_available:
                # Best effort: it is the one part that may not have been created here.
                self._observability.disable(gateway.id)
        self._sign_ins.delete(name, client_info, adopt=adopt)


def random_id() -> str:
    """Eight random characters."""
    return str(uuid.uuid4())[:8]

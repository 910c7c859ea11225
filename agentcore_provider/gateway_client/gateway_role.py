"""The role that a client creates for a gateway if none is passed: least privilege, as GatewayRole's in a program.

It follows the gateway's targets: each adds one policy with what it needs, which is deleted with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from agentcore_provider.aws import role
from agentcore_provider.gateway_client.account import Account
from agentcore_provider.gateway_client.gateway import Gateway
from agentcore_provider.gateway_client.gateway_target import GatewayTarget
from agentcore_provider.problem import Problem
from agentcore_provider.rules import execution_role, iam_policy
from agentcore_provider.target_kinds.role_needs import Statement

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agentcore_control.type_defs import CreateGatewayTargetRequestTypeDef


class GatewayRole:
    """The roles of one account's gateways."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def name(self, gateway_name: str) -> str:
        """Name of the role that this owner creates for the gateway."""
        return self._account.name_beside("role", gateway_name)

    def is_used_by(self, gateway: Mapping[str, object]) -> bool:
        """Whether the gateway has the role that this owner created for it."""
        return str(gateway.get("roleArn")).endswith(f"/{self.name(str(gateway['name']))}")

    def create(self, gateway: Mapping[str, object], *, adopt: bool | None = None) -> str:
        """Create the role, or resume it, and allow it what the gateway itself needs; returns its ARN.

        Raises NameTaken and what a call raises.
        """
        gateway_name = str(gateway["name"])
        operation, name = self._account.operation("role", gateway_name, adopt=adopt), self.name(gateway_name)
        description = f"Assumed by the AgentCore gateway {gateway_name}"
        made = role.create(operation, name, self._trust(gateway_name), description=description)
        # A target's policy has the target's name in it.
        for policy, statements in self._own_policies(gateway).items():
            if statements:
                role.put_policy(operation.connection, name, policy, statements)
        return made.arn

    def delete(self, gateway_name: str, *, adopt: bool | None = None) -> None:
        """Delete the role; gone already is fine."""
        role.delete(self._account.operation("role", gateway_name, adopt=adopt), self.name(gateway_name))

    def grant(
        self, gateway: Gateway, target: CreateGatewayTargetRequestTypeDef, resources: Sequence[str]
    ) -> list[Problem]:
        """Allow the gateway's role what one target needs, if it is the owner's.

        resources: ARNs that the target may access, where its document does not name them. Returns warnings.
        """
        if not self.is_used_by(gateway):
            return []
        name, credentials = self.name(gateway.name), target.get("credentialProviderConfigurations")
        needs = execution_role.needs(
            target["targetConfiguration"],
            credentials,
            self._account.place,
            gateway_name=gateway.name,
            resources=resources,
            with_identity=False,
        )
        policies: dict[str, Sequence[Statement]] = {_policy(str(target.get("name"))): needs.statements}
        if execution_role.takes_credential(credentials):
            # Once for all targets: IAM counts the characters of a role's policies.
            policies["gateway-identity"] = tuple(execution_role.identity_statements(self._account.place, gateway.name))
        for policy, statements in policies.items():
            role.put_policy(self._account.connection, name, policy, statements)
        return execution_role.doubts(needs, resources)

    def revoke(self, gateway: Gateway, target_name: str) -> None:
        """Take from the gateway's role what one target needed, if the role is the owner's."""
        if self.is_used_by(gateway):
            role.delete_policy(self._account.connection, self.name(gateway.name), _policy(target_name))

    def fix(self, role_arn: str, gateway: Gateway, targets: Sequence[GatewayTarget]) -> None:
        """Let the service assume any role for the gateway, and allow it what the gateway's targets need.

        Adds to what the role has and removes nothing. Raises what a call raises.
        """
        connection = self._account.connection
        found = role.find(connection, role_arn)
        if found is None:
            return
        if iam_policy.untrusted(
            found.trust,
            service=execution_role.SERVICE,
            account_id=self._account.place.account_id,
            source_arn=str(gateway["gatewayArn"]),
        ):
            kept = found.trust.get("Statement") or [] if isinstance(found.trust, Mapping) else []
            statements = [*(kept if isinstance(kept, list) else [kept]), *self._trust(gateway.name)["Statement"]]
            role.set_trust(connection, found.name, {"Version": "2012-10-17", "Statement": statements})
        current = role.policies(connection, found)
        place = vars(self._account.place)
        needed = self._own_policies(gateway)
        for target in targets:
            used = target["targetConfiguration"], target.get("credentialProviderConfigurations")
            needed[_policy(target.name)] = execution_role.statements(*used, **place, gateway_name=gateway.name)
        for policy, wanted in needed.items():
            if iam_policy.missing(current, wanted):
                role.put_policy(connection, found.name, policy, wanted)

    def _trust(self, gateway_name: str) -> execution_role.Policy:
        return execution_role.trust_policy(**vars(self._account.place), gateway_name=gateway_name)

    def _own_policies(self, gateway: Mapping[str, object]) -> dict[str, list[Statement]]:
        """By name, what the gateway itself needs."""
        place, name = vars(self._account.place), str(gateway["name"])
        by_part = execution_role.gateway_statements(gateway, **place, gateway_name=name)
        return {f"gateway-{part.replace(' ', '-')}": statements for part, statements in by_part.items()}


def _policy(target_name: str) -> str:
    return f"target-{target_name}"

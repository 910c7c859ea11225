"""What a client does with targets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from agentcore_provider.aws import gateway_target
from agentcore_provider.aws.documents import from_wire
from agentcore_provider.errors import InvalidInput
from agentcore_provider.gateway_client import ownership, shapes
from agentcore_provider.gateway_client.documents import as_boto3, not_found, taken_by_update, with_credentials
from agentcore_provider.gateway_client.gateway_target import GatewayTarget
from agentcore_provider.gateway_client.gateways import Gateways
from agentcore_provider.gateway_client.mistakes import Mistakes, refuse
from agentcore_provider.gateway_client.notebook import Table
from agentcore_provider.rules import gateway_address
from agentcore_provider.rules import gateway_target as target_rules

# Members of ListGatewayTargets' answer, as a notebook shows them.
_COLUMNS = {"name": "name", "id": "targetId", "status": "status", "description": "description"}


class GatewayTargets(Gateways):
    """Create, list, get, find, update and delete targets."""

    def create_gateway_target(
        self,
        gatewayIdentifier: str | Mapping[str, Any],  # noqa: N803 (AWS's name)
        *,
        adopt: bool | None = None,
        **members: Any,
    ) -> GatewayTarget:
        """Put a target on a gateway and wait until it is READY; the same target on an own gateway is taken as made.

        members: CreateGatewayTarget's input by AWS's names: name, targetConfiguration, description,
        credentialProviderConfigurations (default for Lambda functions and Smithy models: the gateway's role). A schema
        in S3 may be written as text: {"openApiSchema": {"s3": "s3://bucket/key"}}; an OpenAPI document or Smithy model
        inside (inlinePayload) may be given as a dict. adopt: as in the client.
        Raises InvalidInput with everything that is wrong, NameTaken, ResourceFailed, WaitTimeout, AwsRefused.
        https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreateGatewayTarget.html
        """
        label = f"create_gateway_target {members['name']!r}" if members.get("name") else "create_gateway_target"
        mistakes = Mistakes(members, "CreateGatewayTarget", "adopt")
        mistakes.needs("name", "Agents see it in front of each tool, such as name='orders'")
        document = with_credentials(members | mistakes.mended("targetConfiguration", shapes.target_configuration))
        # What can be told without the gateway is told before AWS is asked.
        mistakes.refuse(label, target_rules.validate(document))
        gateway = self.get_gateway(gatewayIdentifier)
        refuse(label, target_rules.validate(document, gateway=gateway))
        job = replace(
            self._job("gateway_target", str(document["name"]), adopt=adopt),
            gateway_owner=ownership.mark(self._owner, "gateway", gateway.name),
        )
        properties = {**from_wire(document), "gateway_identifier": gateway.id}
        return GatewayTarget(gateway.id, as_boto3(gateway_target.create(job, properties)))

    def list_gateway_targets(
        self,
        gatewayIdentifier: str | Mapping[str, Any],  # noqa: N803 (AWS's name)
    ) -> Table[GatewayTarget]:
        """The gateway's targets, with the members that ListGatewayTargets tells."""
        gateway_id = gateway_address.parse(gatewayIdentifier).gateway_id
        found = gateway_target.statuses(self._connection, gateway_id).values()
        return Table((GatewayTarget(gateway_id, it) for it in found), f"Targets of {gateway_id}", _COLUMNS)

    def get_gateway_target(
        self,
        gatewayIdentifier: str | Mapping[str, Any],  # noqa: N803 (AWS's name)
        targetId: str,  # noqa: N803 (AWS's name)
    ) -> GatewayTarget:
        """A target by its id. Raises AwsRefused when there is none."""
        gateway_id = gateway_address.parse(gatewayIdentifier).gateway_id
        found = gateway_target.find(self._connection, gateway_id, targetId)
        if found is None:
            raise not_found("GetGatewayTarget", f"Gateway {gateway_id} has no target {targetId}")
        return GatewayTarget(gateway_id, as_boto3(found))

    def find_gateway_target(
        self,
        gatewayIdentifier: str | Mapping[str, Any],  # noqa: N803 (AWS's name)
        name: str,
    ) -> GatewayTarget | None:
        """The gateway's target that bears the name, or None."""
        gateway_id = gateway_address.parse(gatewayIdentifier).gateway_id
        found = gateway_target.find_by_name(self._connection, gateway_id, name)
        return GatewayTarget(gateway_id, as_boto3(found)) if found else None

    def update_gateway_target(
        self,
        gatewayIdentifier: str | Mapping[str, Any],  # noqa: N803 (AWS's name)
        targetId: str,  # noqa: N803 (AWS's name)
        **members: Any,
    ) -> GatewayTarget:
        """Change the members that are given and wait; all others stay as they are.

        Raises InvalidInput, ResourceFailed, WaitTimeout, AwsRefused.
        """
        mistakes = Mistakes(members, "UpdateGatewayTarget")
        document = members | mistakes.mended("targetConfiguration", shapes.target_configuration)
        mistakes.refuse("update_gateway_target", ())
        seen = self.get_gateway_target(gatewayIdentifier, targetId)
        label = f"update_gateway_target {seen.name!r}"
        if target_rules.replaces(seen, document):
            raise InvalidInput(f"{label}: the kind of a target cannot change: delete it and create it anew")
        refuse(label, target_rules.validate({**taken_by_update(seen), **document}))
        job = self._job("gateway_target", seen.name)
        made = gateway_target.update(job, seen.gateway_id, targetId, {}, from_wire(document), synchronize=False)
        return GatewayTarget(seen.gateway_id, as_boto3(made))

    def delete_gateway_target(
        self,
        gatewayIdentifier: str | Mapping[str, Any],  # noqa: N803 (AWS's name)
        targetId: str,  # noqa: N803 (AWS's name)
    ) -> None:
        """Delete the target and wait until it is gone; gone already is fine. Raises AwsRefused, WaitTimeout."""
        gateway_id = gateway_address.parse(gatewayIdentifier).gateway_id
        gateway_target.delete(self._job("gateway_target", targetId), gateway_id, targetId)

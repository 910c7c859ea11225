"""What a GatewayClient does with the targets of gateways."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

from agentcore_provider.gateway_client import results
from agentcore_provider.gateway_client.gateway import Identifier
from agentcore_provider.gateway_client.gateway_target import GatewayTarget
from agentcore_provider.gateway_client.gateway_targets import GatewayTargets
from agentcore_provider.gateway_client.gateways import Gateways
from agentcore_provider.gateway_client.notebook import Listing
from agentcore_provider.gateway_client.progress import Progress, displayed
from agentcore_provider.gateway_client.results import Result


class GatewayTargetMethods:
    """Methods of GatewayClient."""

    _progress: Progress
    _gateways: Gateways
    _targets: GatewayTargets

    @displayed
    def create_gateway_target(
        self,
        gatewayIdentifier: Identifier,
        *,
        resources: Sequence[str] = (),
        adopt: bool | None = None,
        accept: Sequence[str] = (),
        **members: object,
    ) -> GatewayTarget:
        """Put a target on a gateway and wait until it is READY; the same target on an own gateway is taken as made.

        members: CreateGatewayTarget's input by AWS's names: name, targetConfiguration, description,
        credentialProviderConfigurations (default for Lambda functions and Smithy models: the gateway's role). A schema
        in S3 may be written as text: {"openApiSchema": {"s3": "s3://bucket/key"}}; an OpenAPI document or Smithy model
        inside (inlinePayload) may be given as a dict. Code becomes a Lambda function of the target's own:
        {"mcp": {"lambda": {"code": "folder"}}}, with handler, runtime, requirements, environment, timeout, memory_size
        and tools as in stack files. resources: ARNs that the role which the client made for the gateway may touch for this
        target, where it does not name them itself, such as tables of DynamoDB. adopt: as in the client. accept: codes of
        rules whose errors are only to be warned of.

        Raises:
            InvalidInput: The arguments are invalid; lists every problem.
            NameTaken: Another owner created it, and `adopt` is not set.
            ResourceFailed: It ended in a failed status; states the service's reasons.
            WaitTimeout: It took longer than the timeout.
            AwsRefused: AWS answered with an error.

        https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreateGatewayTarget.html
        """
        target = self._targets.check(members, accept)
        return self._targets.create(gatewayIdentifier, target, resources=resources, adopt=adopt)

    @overload
    def list_gateway_targets(self, gatewayIdentifier: Identifier) -> Listing[GatewayTarget]: ...
    @overload
    def list_gateway_targets(
        self,
        *,
        gateway_identifier: str | None = None,
        name: str | None = None,
        gateway_arn: str | None = None,
        max_results: int | None = None,
    ) -> Result: ...
    def list_gateway_targets(
        self,
        gatewayIdentifier: Identifier | None = None,
        *,
        gateway_identifier: str | None = None,
        name: str | None = None,
        gateway_arn: str | None = None,
        max_results: int | None = None,
    ) -> Listing[GatewayTarget] | Result:
        """The gateway's targets, with the members that ListGatewayTargets gives.

        By the starter toolkit's arguments it answers in the toolkit's form: {"status", "gatewayId", "count", "items"},
        or {"status": "error", "message": ...}.
        """
        if gatewayIdentifier is not None:
            return self._targets.list(gatewayIdentifier)

        def listed() -> Result:
            gateway = self._gateways.get(results.gateway(gateway_identifier, gateway_arn, name))
            items = list(self._targets.list(gateway))[:max_results]
            return {"gatewayId": gateway.id, "count": len(items), "items": items}

        return results.of(listed)

    @overload
    def get_gateway_target(self, gatewayIdentifier: Identifier, targetId: str) -> GatewayTarget: ...
    @overload
    def get_gateway_target(
        self,
        *,
        gateway_identifier: str | None = None,
        name: str | None = None,
        gateway_arn: str | None = None,
        target_id: str | None = None,
        target_name: str | None = None,
    ) -> Result: ...
    def get_gateway_target(
        self,
        gatewayIdentifier: Identifier | None = None,
        targetId: str | None = None,
        *,
        gateway_identifier: str | None = None,
        name: str | None = None,
        gateway_arn: str | None = None,
        target_id: str | None = None,
        target_name: str | None = None,
    ) -> GatewayTarget | Result:
        """A target by its id or name.

        By the starter toolkit's arguments it answers in the toolkit's form: {"status", "gatewayId", "target"}, or
        {"status": "error", "message": ...}.

        Raises:
            AwsRefused: It does not exist, or AWS answered with another error.
        """
        if gatewayIdentifier is not None and targetId is not None:
            return self._targets.get(gatewayIdentifier, targetId)

        def found() -> Result:
            gateway = self._gateways.get(results.gateway(gatewayIdentifier, gateway_identifier, gateway_arn, name))
            return {
                "gatewayId": gateway.id,
                "target": self._targets.get(gateway, results.target(target_id, target_name)),
            }

        return results.of(found)

    def find_gateway_target(self, gatewayIdentifier: Identifier, name: str) -> GatewayTarget | None:
        """The gateway's target of this name, or None."""
        return self._targets.find(gatewayIdentifier, name)

    @displayed
    def update_gateway_target(
        self,
        gatewayIdentifier: Identifier,
        targetId: str,
        *,
        resources: Sequence[str] = (),
        accept: Sequence[str] = (),
        **members: object,
    ) -> GatewayTarget:
        """Change the members that are given and wait; all others stay as they are.

        members, resources, accept: as in create_gateway_target. targetId: or the target's name.

        Raises:
            InvalidInput: The arguments are invalid; lists every problem.
            ResourceFailed: It ended in a failed status; states the service's reasons.
            WaitTimeout: It took longer than the timeout.
            AwsRefused: AWS answered with an error.
        """
        return self._targets.update(gatewayIdentifier, targetId, members, resources=resources, accept=accept)

    @displayed
    def delete_gateway_target(
        self,
        gatewayIdentifier: Identifier | None = None,
        targetId: str | None = None,
        *,
        gateway_identifier: str | None = None,
        name: str | None = None,
        gateway_arn: str | None = None,
        target_id: str | None = None,
        target_name: str | None = None,
    ) -> Result:
        """Delete the target, and what was made for it, and wait until it is gone; gone already is fine.

        targetId: or the target's name. Returns {"status": "success", "gatewayId": ..., "targetId": ...};
        by the starter toolkit's arguments it answers {"status": "error", "message": ...} instead of raising.

        Raises:
            AwsRefused: AWS answered with an error.
            WaitTimeout: It took longer than the timeout.
        """
        if gatewayIdentifier is not None and targetId is not None:
            gateway = self._gateways.identify(gatewayIdentifier)
            if gateway is not None:
                self._targets.delete(gateway, targetId)
            gateway_id = str(gatewayIdentifier) if gateway is None else gateway.id
            return {"status": "success", "gatewayId": gateway_id, "targetId": targetId}

        def deleted() -> Result:
            gateway = self._gateways.get(results.gateway(gatewayIdentifier, gateway_identifier, gateway_arn, name))
            target = self._targets.get(gateway, results.target(target_id, targetId, target_name))
            self._targets.delete(gateway, target.id)
            return {"gatewayId": gateway.id, "targetId": target.id}

        return results.of(deleted)

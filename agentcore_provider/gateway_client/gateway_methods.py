"""What a GatewayClient does with gateways."""

from __future__ import annotations

from collections.abc import Mapping
from typing import overload

from agentcore_provider.gateway_client import results
from agentcore_provider.gateway_client.gateway import Gateway, Identifier
from agentcore_provider.gateway_client.gateways import Gateways
from agentcore_provider.gateway_client.notebook import Listing
from agentcore_provider.gateway_client.progress import Progress, displayed
from agentcore_provider.gateway_client.results import Result
from agentcore_provider.gateway_client.whole_gateway import WholeGateways


class GatewayMethods:
    """Methods of GatewayClient."""

    _progress: Progress
    _gateways: Gateways
    _whole: WholeGateways

    @displayed
    def create_gateway(self, *, adopt: bool | None = None, semantic_search: bool = True, **members: object) -> Gateway:
        """Make a gateway and wait until it is READY; one of this name and owner is made what the members say.

        members: CreateGateway's input by AWS's names, such as name, roleArn (a role's name will do; without it a role
        is made, which follows the gateway's targets and goes with it), protocolType, authorizerType,
        authorizerConfiguration. adopt: as in the client. semantic_search: whether tools can be searched, unless
        protocolConfiguration says it. Default: yes; cannot be changed later.

        Raises:
            InvalidInput: The arguments are invalid; lists every problem.
            NameTaken: Another owner created it, and `adopt` is not set.
            ResourceFailed: It ended in a failed status; states the service's reasons.
            WaitTimeout: It took longer than the timeout.
            AwsRefused: AWS answered with an error.

        https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreateGateway.html
        """
        return self._gateways.create(members, adopt=adopt, semantic_search=semantic_search)

    def list_gateways(self, name: str | None = None, max_results: int | None = None) -> Listing[Gateway]:
        """The gateways of the account and Region, with the members that ListGateways gives; refresh() gives all.

        name: only the one of this name. max_results: how many at most. Default: all.
        """
        return self._gateways.list(name, max_results)

    @overload
    def get_gateway(self, gatewayIdentifier: Identifier) -> Gateway: ...
    @overload
    def get_gateway(
        self, *, gateway_identifier: str | None = None, name: str | None = None, gateway_arn: str | None = None
    ) -> Result: ...
    def get_gateway(
        self,
        gatewayIdentifier: Identifier | None = None,
        *,
        gateway_identifier: str | None = None,
        name: str | None = None,
        gateway_arn: str | None = None,
    ) -> Gateway | Result:
        """A gateway by id, ARN, MCP URL or name.

        By the starter toolkit's arguments it answers in the toolkit's form and raises nothing:
        {"status": "success", "gateway": ...} or {"status": "error", "message": ...}.

        Raises:
            AwsRefused: It does not exist, or AWS answered with another error.
        """
        if gatewayIdentifier is not None:
            return self._gateways.get(gatewayIdentifier)
        passed = (gateway_identifier, gateway_arn, name)
        return results.of(lambda: {"gateway": self._gateways.get(results.gateway(*passed))})

    def find_gateway(self, name: str) -> Gateway | None:
        """The gateway of this name, or None."""
        return self._gateways.find(name)

    @displayed
    def wait_for_gateway(self, gatewayIdentifier: Identifier, *, timeout: float | None = None) -> Gateway:
        """Wait until the gateway is READY, and return it. timeout: seconds. Default: the client's.

        Raises:
            ResourceFailed: It ended in a failed status; states the service's reasons.
            WaitTimeout: It took longer than the timeout.
        """
        return self._gateways.wait(gatewayIdentifier, timeout)

    @displayed
    def update_gateway(
        self,
        gatewayIdentifier: Identifier | None = None,
        *,
        gateway_identifier: str | None = None,
        policy_engine_config: Mapping[str, object] | None = None,
        adopt: bool | None = None,
        **members: object,
    ) -> Gateway:
        """Change the members that are given and wait; all others stay as they are.

        members: UpdateGateway's input by AWS's names. gateway_identifier, policy_engine_config: the starter toolkit's
        names of the gateway and its policyEngineConfiguration.

        Raises:
            InvalidInput: The arguments are invalid; lists every problem.
            NameTaken: Another owner created it, and `adopt` is not set.
            ResourceFailed: It ended in a failed status; states the service's reasons.
            WaitTimeout: It took longer than the timeout.
            AwsRefused: AWS answered with an error.
        """
        policy = {} if policy_engine_config is None else {"policyEngineConfiguration": dict(policy_engine_config)}
        identifier = results.gateway(gatewayIdentifier, gateway_identifier)
        return self._gateways.update(identifier, {**members, **policy}, adopt=adopt)

    def update_gateway_policy_engine(
        self, gateway_identifier: str, policy_engine_arn: str, mode: str = "ENFORCE"
    ) -> Gateway:
        """Attach a policy engine to the gateway. mode: ENFORCE or LOG_ONLY.

        Raises:
            AgentCoreError: As update_gateway.
        """
        policy = {"arn": policy_engine_arn, "mode": mode}
        return self.update_gateway(gateway_identifier, policyEngineConfiguration=policy)

    @displayed
    def delete_gateway(
        self,
        gatewayIdentifier: Identifier | None = None,
        *,
        gateway_identifier: str | None = None,
        name: str | None = None,
        gateway_arn: str | None = None,
        skip_resource_in_use: bool = False,
        adopt: bool | None = None,
    ) -> Result:
        """Delete the gateway, and the role that was made for it, and wait until they are gone; gone already is fine.

        Its targets have to be gone first, unless skip_resource_in_use=True deletes them too. Returns {"status":
        "success", "gatewayId": ...}; by the starter toolkit's arguments gateway_identifier, name and gateway_arn it answers
        {"status": "error", "message": ...} instead of raising.

        Raises:
            NameTaken: Another owner created it, and `adopt` is not set.
            AwsRefused: It has targets, or AWS answered with another error.
            WaitTimeout: It took longer than the timeout.
        """

        def delete(gateway: Gateway | None) -> Result:
            if gateway is not None:
                self._whole.delete(gateway, with_targets=skip_resource_in_use, adopt=adopt)
            return {"gatewayId": str(gatewayIdentifier) if gateway is None else gateway.id}

        if gatewayIdentifier is not None:
            return {"status": "success", **delete(self._gateways.identify(gatewayIdentifier))}
        passed = (gateway_identifier, gateway_arn, name)
        return results.of(lambda: delete(self._gateways.get(results.gateway(*passed))))

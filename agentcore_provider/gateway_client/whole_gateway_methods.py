"""What a GatewayClient does with a gateway and all that belongs to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agentcore_provider.gateway_client.gateway import Gateway
from agentcore_provider.gateway_client.gateway_target import GatewayTarget
from agentcore_provider.gateway_client.observability import Observability
from agentcore_provider.gateway_client.progress import Progress, displayed
from agentcore_provider.gateway_client.results import Result
from agentcore_provider.gateway_client.target_source import configuration
from agentcore_provider.gateway_client.whole_gateway import WholeGateways, random_id
from agentcore_provider.target_kinds import SourcedName


class WholeGatewayMethods:
    """Methods of GatewayClient."""

    _progress: Progress
    _whole: WholeGateways
    _observability: Observability

    @displayed
    def setup_gateway(
        self,
        gateway_name: str,
        target_source: str | Mapping[str, object],
        execution_role_arn: str | None = None,
        *,
        authorizer_config: Mapping[str, object] | None = None,
        target_type: SourcedName | None = None,
        target_name: str | None = None,
        tools: object = None,
        credentials: Sequence[Mapping[str, object]] | None = None,
        description: str | None = None,
        enable_semantic_search: bool = True,
    ) -> Gateway:
        """A gateway with one target, in one call. How to sign in is in the gateway's client_info.

        Args:
            gateway_name: Name of the gateway: letters, digits and single hyphens, 48 at most.
            target_source: ARN of a Lambda function, folder or Python file to make one of, JSON or YAML file, s3:// URI
                of one, https:// address of an MCP server, or AWS's targetConfiguration.
            execution_role_arn: Role that the gateway assumes, by ARN or name. Default: one is made, which follows the
                targets and goes with the gateway.
            authorizer_config: AWS's authorizerConfiguration. Default: EZ Auth, made for the gateway.
            target_type: As in create_mcp_gateway_target. Default: by the form of the source.
            target_name: Name of the target, 100 characters at most. Default: `<gateway_name>-target`.
            tools: Tools of a Lambda function: definitions, a file, an s3:// URI. Default: what TOOLS of the code lists; for
                an ARN those of the quick start.
            credentials: AWS's credentialProviderConfigurations. Default: what this kind usually takes.
            description: What the gateway is for, 1 to 200 characters.
            enable_semantic_search: Whether tools can be searched. Default: yes; cannot be changed later.

        The same call again resumes what it created.

        Raises:
            InvalidInput: The arguments are invalid; lists every problem.
            NameTaken: Another owner created it, and `adopt` is not set.
            ResourceFailed: It ended in a failed status; states the service's reasons.
            WaitTimeout: It took longer than the timeout.
            AwsRefused: AWS answered with an error.
        """
        document = (
            target_source
            if isinstance(target_source, Mapping)
            else configuration(target_source, target_type, tools=tools)
        )
        target: dict[str, object] = {"name": target_name or f"{gateway_name}-target", "targetConfiguration": document}
        if credentials is not None:
            target["credentialProviderConfigurations"] = list(credentials)
        return self._whole.setup(
            gateway_name,
            execution_role_arn,
            authorizer_config,
            target=target,
            semantic_search=enable_semantic_search,
            description=description,
        )

    @displayed
    def cleanup_gateway(
        self,
        gateway_id: str | Mapping[str, object],
        client_info: Mapping[str, str] | None = None,
        *,
        adopt: bool | None = None,
    ) -> None:
        """Delete a gateway with all its targets, its sign-in and what was made for them; whatever is gone already is fine.

        gateway_id: the gateway, or its id, ARN, MCP URL or name. client_info: of the sign-in. Default: the sign-in that
        this owner made for the gateway's name, if any.

        Raises:
            NameTaken: Another owner created it, and `adopt` is not set.
            AwsRefused: AWS answered with an error.
            WaitTimeout: It took longer than the timeout.
        """
        self._whole.cleanup(gateway_id, client_info, adopt=adopt)

    @displayed
    def create_mcp_gateway(
        self,
        name: str | None = None,
        role_arn: str | None = None,
        authorizer_config: Mapping[str, object] | None = None,
        enable_semantic_search: bool = True,
        enable_observability: bool = True,
        policy_engine_config: Mapping[str, object] | None = None,
    ) -> Gateway:
        """A gateway of protocol MCP with a JWT authorizer, READY; what is not given is made.

        Args:
            name: Name of the gateway. Default: TestGateway and eight random characters.
            role_arn: Role that the gateway assumes, by ARN or name. Default: one is made, which follows its targets.
            authorizer_config: AWS's authorizerConfiguration. Default: EZ Auth, made for the gateway.
            enable_semantic_search: Whether tools can be searched. Default: yes; cannot be changed later.
            enable_observability: Whether logs and traces go to CloudWatch, which costs what is stored there; what came
                of it is under "observability". Default: yes; local AWS has none.
            policy_engine_config: AWS's policyEngineConfiguration, {"arn": ..., "mode": ...}.

        Raises:
            AgentCoreError: As create_gateway.
        """
        name = name or f"TestGateway{random_id()}"
        gateway = self._whole.create(
            name,
            role_arn,
            authorizer_config,
            label=f"create_mcp_gateway {name!r}",
            semantic_search=enable_semantic_search,
            exceptionLevel="DEBUG",
            policyEngineConfiguration=policy_engine_config,
        )
        return self._whole.observe(gateway, f"create_mcp_gateway {name!r}") if enable_observability else gateway

    @displayed
    def create_mcp_gateway_target(
        self,
        gateway: str | Mapping[str, object],
        name: str | None = None,
        target_type: SourcedName = "lambda",
        target_payload: object = None,
        credentials: Mapping[str, object] | None = None,
    ) -> GatewayTarget:
        """A target of the gateway, READY; what is not given is made.

        Args:
            gateway: The gateway, or its id, ARN, MCP URL or name.
            name: Name of the target. Default: TestGatewayTarget and eight random characters.
            target_type: lambda, openApiSchema, smithyModel or mcpServer. Default: lambda.
            target_payload: AWS's document of this type, such as {"s3": {"uri": ...}}; or the ARN, folder of code, file,
                s3:// URI or address itself. Default for lambda: a function is made that answers get_weather and
                get_time; for smithyModel: Amazon DynamoDB.
            credentials: {"api_key": ..., "credential_location": ..., "credential_parameter_name": ...} or
                {"oauth2_provider_config": ..., "scopes": [...]}: a credential provider is made of it, and goes with the
                target. Default: the gateway's role, or none where the kind takes none.

        Raises:
            AgentCoreError: As create_gateway_target.
        """
        return self._whole.create_target(gateway, name, target_type, target_payload, credentials)

    @displayed
    def fix_iam_permissions(self, gateway: Mapping[str, object] | None) -> None:
        """Let AgentCore assume the gateway's role, and allow the role what the gateway's targets need.

        It adds what is missing and takes nothing away. What it may not do is a warning, as in the toolkit.
        """
        if gateway and gateway.get("roleArn"):
            self._whole.fix_permissions(gateway)

    @displayed
    def enable_observability(
        self, gateway_id: str, gateway_arn: str | None = None, enable_logs: bool = True, enable_traces: bool = True
    ) -> Result:
        """Deliver the gateway's logs to CloudWatch Logs and its traces to X-Ray.

        Returns {"status": "success", "log_group": ..., "logs_enabled": ..., "traces_enabled": ..., "deliveries": ...}, or
        {"status": "error", "error": ...} with what was done until then; raises nothing, as in the toolkit.
        """
        return self._observability.enable(gateway_id, gateway_arn, logs=enable_logs, traces=enable_traces)

    @displayed
    def disable_observability(self, gateway_id: str, delete_log_group: bool = False) -> Result:
        """Deliver the gateway's logs and traces no longer. delete_log_group: delete what was logged too.

        Returns {"status": "success" or "error", "deleted": [...], "errors": [...]}; raises nothing, as in the toolkit.
        """
        return self._observability.disable(gateway_id, delete_log_group=delete_log_group)

    @staticmethod
    def generate_random_id() -> str:
        """Eight random characters, for names."""
        return random_id()

"""GatewayClient: create, change and delete gateways from a script or a notebook."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, overload

from agentcore_provider.aws.connection import Settings
from agentcore_provider.aws.request_signature import RequestSignature
from agentcore_provider.gateway_client import notebook, results
from agentcore_provider.gateway_client.account import Account
from agentcore_provider.gateway_client.gateway import Calls, Gateway, Identifier
from agentcore_provider.gateway_client.gateway_role import GatewayRole
from agentcore_provider.gateway_client.gateway_target import GatewayTarget
from agentcore_provider.gateway_client.gateway_targets import GatewayTargets
from agentcore_provider.gateway_client.gateways import Gateways
from agentcore_provider.gateway_client.notebook import Listing
from agentcore_provider.gateway_client.observability import Observability
from agentcore_provider.gateway_client.progress import Progress, displayed
from agentcore_provider.gateway_client.results import Result
from agentcore_provider.gateway_client.sign_in import SignIn, SignIns
from agentcore_provider.gateway_client.target_parts import TargetParts
from agentcore_provider.gateway_client.target_source import configuration
from agentcore_provider.gateway_client.whole_gateway import WholeGateways, random_id
from agentcore_provider.target_kinds import SourcedName

if TYPE_CHECKING:
    import boto3
    from mypy_boto3_bedrock_agentcore_control import BedrockAgentCoreControlClient

_LOGGER = "agentcore_provider"


class GatewayClient:
    """Gateways of one account and Region, created and removed by a script.

    Takes and returns AWS's own documents, by AWS's names. What it creates has the tag of its owner: the same name again
    is the same gateway again, and a gateway that somebody else created is changed only with adopt=True.
    For infrastructure that lasts, declare the same with Gateway and GatewayTarget under `pulumi up`.

    Example:
        ```python
        client = GatewayClient("us-west-2")
        gateway = client.create_gateway(name="shop", protocolType="MCP", authorizerType="AWS_IAM")
        client.create_gateway_target(
            gateway, name="orders", targetConfiguration={"mcp": {"lambda": {"code": "order_desk"}}}
        )
        print(gateway.list_tools())
        ```
    """

    def __init__(
        self,
        region_name: str | None = None,
        *,
        endpoint_url: str | None = None,
        profile_name: str | None = None,
        owner: str | None = None,
        adopt: bool = False,
        timeout: float = 600.0,
    ) -> None:
        """
        Args:
            region_name: AWS Region. Default: as boto3 finds it.
            endpoint_url: Another address for AWS, such as local AWS's. Default: as boto3 finds it, such as
                AWS_ENDPOINT_URL.
            profile_name: Profile of the AWS configuration. Default: as boto3 finds it.
            owner: Whose things these are; scripts that pass the same share them. Default: AGENTCORE_OWNER, else user
                and machine.
            adopt: Whether to take over what has the name although somebody else made it. Default: no.
            timeout: Seconds that each create, update or delete may take. Default: 600.
        """
        self.logger = logging.getLogger(_LOGGER)
        """Progress is displayed on the terminal or below the notebook's cell: `setLevel(logging.WARNING)` turns it off;
        with logging configured at INFO it is logged instead."""
        self._progress = Progress(self.logger)
        settings = Settings(region=region_name, endpoint_url=endpoint_url, profile=profile_name)
        self._account = account = Account(settings, self._progress, owner=owner, adopt=adopt, timeout=timeout)
        role = GatewayRole(account)
        self._gateways = gateways = Gateways(account, role, lambda document: Gateway(calls, document))
        self._targets = targets = GatewayTargets(account, gateways, TargetParts(account, role))
        self._sign_ins = sign_ins = SignIns(account)
        self._observability = observability = Observability(account, gateways)
        self._whole = WholeGateways(gateways, targets, role=role, sign_ins=sign_ins, observability=observability)
        calls = Calls(
            get=gateways.get,
            wait=lambda gateway_id, timeout: self.wait_for_gateway(gateway_id, timeout=timeout),
            targets=targets.list,
            credentials=sign_ins.credentials,
        )

    @property
    def region(self) -> str:
        """The Region in use."""
        return self._account.region

    @property
    def session(self) -> boto3.Session:
        """boto3's session that this client signs in with.

        Raises:
            AwsUnreachable: The profile does not exist.
        """
        return self._account.connection.session

    @property
    def client(self) -> BedrockAgentCoreControlClient:
        """boto3's client of `bedrock-agentcore-control`, for what this client has no method for.

        Raises:
            AwsUnreachable: There are no credentials, or there is no Region.
        """
        client: BedrockAgentCoreControlClient = self._account.connection.client()
        return client

    def __repr__(self) -> str:
        return f"GatewayClient({', '.join(f'{name}={it!r}' for name, it in self._account.described().items())})"

    def _repr_html_(self) -> str:
        return notebook.card("GatewayClient", self._account.described())

    @displayed
    def create_oauth_authorizer_with_cognito(self, gateway_name: str) -> SignIn:
        """EZ Auth: a Cognito sign-in for agents, made or found by its name.

        Returns {"authorizer_config": for create_gateway's authorizerConfiguration, "client_info": {client_id,
        client_secret, user_pool_id, token_endpoint, scope, domain_prefix}}. It does not wait for the token endpoint,
        which takes up to a minute to come up: the first token does.

        Raises:
            NameTaken: Another owner created it, and `adopt` is not set.
            AwsRefused: AWS answered with an error.
        """
        return self._sign_ins.create(gateway_name)

    def get_access_token_for_cognito(self, client_info: Mapping[str, str]) -> str:
        """An access token, for `Authorization: Bearer`; waits for an endpoint that this client made a moment ago.

        client_info: of create_oauth_authorizer_with_cognito.

        Raises:
            NotSignedIn: No token could be had.
            WaitTimeout: The endpoint did not come up in time.
        """
        return self._sign_ins.access_token(client_info)

    def get_test_token_for_cognito(self, client_info: Mapping[str, str]) -> str:
        """The same as get_access_token_for_cognito, under the name that the quick start has for it too."""
        return self._sign_ins.access_token(client_info)

    def get_sigv4_auth(self) -> RequestSignature:
        """Signs requests to gateways whose authorizer is AWS_IAM, as whom this client signs in to AWS.

        It goes wherever httpx takes `auth=`, so also into the client that the official MCP client speaks through.

        Raises:
            AwsUnreachable: There are no credentials, or there is no Region.
        """
        return self._sign_ins.signature()

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

"""The calls of the starter toolkit's GatewayClient (0.3.14) that AWS's API has no name for, with its result forms.

https://github.com/aws/bedrock-agentcore-starter-toolkit
"""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from agentcore_provider import target_kinds
from agentcore_provider.aws import credential_provider, ez_auth, observability
from agentcore_provider.aws import role as iam_role
from agentcore_provider.errors import (
    AgentCoreError,
    AwsRefused,
    AwsUnreachable,
    InvalidInput,
    NameTaken,
    ResourceFailed,
)
from agentcore_provider.gateway_client import function, gateway_role, role
from agentcore_provider.gateway_client.argument_check import warn
from agentcore_provider.gateway_client.gateway import Gateway
from agentcore_provider.gateway_client.gateway_target import GatewayTarget
from agentcore_provider.gateway_client.gateway_targets import PROVIDERS, GatewayTargets
from agentcore_provider.gateway_client.progress import shown
from agentcore_provider.gateway_client.target_configuration import of_source
from agentcore_provider.rules import target_credentials
from agentcore_provider.target_kinds import SourcedName

_PREDEFINED_MODEL = "dynamodb"


class StarterToolkit(GatewayTargets):
    """The toolkit's calls."""

    def create_oauth_authorizer_with_cognito(self, gateway_name: str) -> dict[str, Any]:
        """EZ Auth; see GatewayClient."""
        raise NotImplementedError

    @shown
    def create_mcp_gateway(  # noqa: PLR0917 (in the toolkit's order)
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
        name = name or f"TestGateway{self.generate_random_id()}"
        self._require_role(f"create_mcp_gateway {name!r}", role_arn)
        members: dict[str, Any] = {"roleArn": role_arn} if role_arn else {}
        if policy_engine_config:
            members["policyEngineConfiguration"] = dict(policy_engine_config)
        with self._sign_in_for(name, authorizer_config) as made:
            gateway = self.create_gateway(
                name=name,
                protocolType="MCP",
                authorizerType="CUSTOM_JWT",
                authorizerConfiguration=made["authorizer_config"],
                exceptionLevel="DEBUG",
                semantic_search=enable_semantic_search,
                **members,
            )
        gateway.client_info = made.get("client_info")
        if enable_observability:
            gateway["observability"] = self.enable_observability(gateway.id, gateway["gatewayArn"])
            if gateway["observability"]["status"] == "error" and not self._connection.is_on_this_machine:
                warn(f"create_mcp_gateway {name!r}: no logs and traces: {gateway['observability']['error']}")
        return gateway

    @shown
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
        found = self._found(gateway)
        name = name or f"TestGatewayTarget{self.generate_random_id()}"
        members: dict[str, Any] = {
            "name": name,
            "targetConfiguration": self._configuration(target_type, target_payload),
        }
        if credentials is None:
            return self.create_gateway_target(found, **members)
        planned = target_credentials.plan(credentials)
        own, kind = self._provider_name(found, name), PROVIDERS[planned.provider]
        operation = self._operation(planned.provider, own)
        made = credential_provider.create(operation, kind, {"name": own, **planned.inputs})
        used = planned.credential_provider_configuration(made["credential_provider_arn"])
        try:
            return self.create_gateway_target(found, **members, credentialProviderConfigurations=[used])
        except Exception:
            if self.find_gateway_target(found, name) is None:
                credential_provider.delete(operation, kind, own)
            raise

    @shown
    def fix_iam_permissions(self, gateway: Mapping[str, object] | None) -> None:
        """Let AgentCore assume the gateway's role, and allow the role what the gateway's targets need.

        It adds what is missing and takes nothing away. What it may not do is a warning, as in the toolkit.
        """
        if not gateway or not gateway.get("roleArn"):
            return
        found = self._found(gateway)
        role_arn = str(gateway["roleArn"])
        try:
            targets = [self._target(found.id, it.id) for it in found.targets]
            gateway_role.fix(self._connection, role_arn, self._caller, found, targets)
        except AwsRefused as error:
            why = "IAM does not let you" if error.code in iam_role.DENIED else str(error)
            warn(f"fix_iam_permissions {found.name!r}: role {role_arn} stays as it is: {why}")

    def update_gateway_policy_engine(
        self, gateway_identifier: str, policy_engine_arn: str, mode: str = "ENFORCE"
    ) -> Gateway:
        """Attach a policy engine to the gateway. mode: ENFORCE or LOG_ONLY.

        Raises:
            AgentCoreError: As update_gateway.
        """
        return self.update_gateway(
            gateway_identifier, policyEngineConfiguration={"arn": policy_engine_arn, "mode": mode}
        )

    @shown
    def enable_observability(
        self, gateway_id: str, gateway_arn: str | None = None, enable_logs: bool = True, enable_traces: bool = True
    ) -> dict[str, Any]:
        """Deliver the gateway's logs to CloudWatch Logs and its traces to X-Ray.

        Returns {"status": "success", "log_group": ..., "logs_enabled": ..., "traces_enabled": ..., "deliveries": ...}, or
        {"status": "error", "error": ...} with what was done until then; raises nothing, as in the toolkit.
        """
        done: dict[str, Any] = {"resource_id": gateway_id, "resource_type": "gateway", "resource_arn": gateway_arn}
        done |= {"logs_enabled": False, "traces_enabled": False, "deliveries": {}}
        done["log_group"] = observability.log_group(gateway_id)
        try:
            if self._connection.is_on_this_machine:
                raise InvalidInput(
                    "local AWS delivers no logs and traces", "GET /_local/requests, which lists what it was asked"
                )
            arn = gateway_arn or str(self._found(gateway_id)["gatewayArn"])
            for kind, wanted in (("logs", enable_logs), ("traces", enable_traces)):
                if wanted:
                    done["deliveries"][kind] = observability.enable(self._connection, gateway_id, arn, kind)
                    done[f"{kind}_enabled"] = True
        except AgentCoreError as error:
            return {**done, "status": "error", "error": str(error)}
        return {**done, "resource_arn": arn, "status": "success"}

    @shown
    def disable_observability(self, gateway_id: str, delete_log_group: bool = False) -> dict[str, Any]:
        """Deliver the gateway's logs and traces no longer. delete_log_group: delete what was logged too.

        Returns {"status": "success" or "error", "deleted": [...], "errors": [...]}; raises nothing, as in the toolkit.
        """
        deleted: list[str] = []
        errors: list[str] = []
        steps: list[Callable[[], list[str]]] = [
            functools.partial(observability.disable, self._connection, gateway_id, kind) for kind in ("logs", "traces")
        ]
        if delete_log_group:
            steps.append(functools.partial(observability.delete_log_group, self._connection, gateway_id))
        for step in steps:
            try:
                deleted += step()
            except AgentCoreError as error:
                errors.append(str(error))
        return {"status": "error" if errors else "success", "deleted": deleted, "errors": errors}

    def _require_role(self, label: str, given: str | None) -> None:
        """Raises InvalidInput if a role that is given is known not to exist, before a sign-in is made in vain."""
        with suppress(AwsRefused):
            arn = role.role_arn(self._connection, given) if given else None
            missing = iam_role.missing(self._connection, arn) if arn else None
            if missing:
                raise InvalidInput.of_problems([missing], label)

    @contextmanager
    def _sign_in_for(
        self, gateway_name: str, authorizer_config: Mapping[str, object] | None
    ) -> Iterator[Mapping[str, Any]]:
        """How agents sign in to a gateway that is made within; a sign-in made for it goes again if the gateway fails."""
        if authorizer_config:
            yield {"authorizer_config": dict(authorizer_config)}
            return
        operation = self._operation("ez_auth", gateway_name)
        stood = ez_auth.find_by_name(self._connection, gateway_name, operation.owner)
        made = self.create_oauth_authorizer_with_cognito(gateway_name)
        try:
            yield made
        except (AwsRefused, InvalidInput, NameTaken, ResourceFailed) as error:
            if stood is None and not isinstance(error, AwsUnreachable):
                ez_auth.delete(operation, made["client_info"]["user_pool_id"])
            raise

    @staticmethod
    def generate_random_id() -> str:
        """Eight random characters, for names."""
        return str(uuid.uuid4())[:8]

    def _configuration(self, target_type: SourcedName, payload: object) -> dict[str, Any]:
        if isinstance(payload, str):
            return of_source(payload, target_type)
        kind = target_kinds.SOURCED[target_type]
        if payload:
            return kind.configuration(payload)
        if kind is target_kinds.LAMBDA:
            from agentcore_provider.schemas import default

            return kind.configuration({"code": str(function.SAMPLE), "toolSchema": {"inlinePayload": default.tools()}})
        if kind is target_kinds.SMITHY:
            from agentcore_provider.schemas.builtins import catalogue

            hosted = catalogue.entry(_PREDEFINED_MODEL).hosted_s3.get(self.region)
            inline = {} if hosted else catalogue.document(_PREDEFINED_MODEL, settings={}, operations=None)
            return kind.configuration({"s3": {"uri": hosted}} if hosted else {"inlinePayload": inline})
        raise InvalidInput(
            "create_mcp_gateway_target: target_payload: is missing", f"Pass the {kind.name}, such as a file"
        )

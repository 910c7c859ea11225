"""What a client does with targets."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, overload

from agentcore_provider.aws import credential_provider, gateway_target
from agentcore_provider.aws import lambda_function as functions
from agentcore_provider.aws.documents import from_wire
from agentcore_provider.errors import AwsRefused, InvalidInput, NameTaken, ResourceFailed
from agentcore_provider.gateway_client import function, gateway_role, notebook, ownership, result, target_configuration
from agentcore_provider.gateway_client.argument_check import ArgumentCheck, require_valid
from agentcore_provider.gateway_client.documents import as_boto3, not_found, taken_by_update, with_credentials
from agentcore_provider.gateway_client.gateway import Gateway
from agentcore_provider.gateway_client.gateway_target import GatewayTarget
from agentcore_provider.gateway_client.gateways import Gateways, Identifier
from agentcore_provider.gateway_client.listing import Listing
from agentcore_provider.gateway_client.progress import shown
from agentcore_provider.rules import gateway_target as target_rules
from agentcore_provider.rules import lambda_function as function_rules

# Members of ListGatewayTargets' answer, as a notebook shows them.
_COLUMNS = notebook.members(name="name", id="targetId", status="status", description="description")
_ID = re.compile(r"[0-9a-zA-Z]{10}")
# Of credentials that the starter toolkit's form gives, by what is made of them.
PROVIDERS = {
    "api_key_credential_provider": credential_provider.API_KEY,
    "oauth2_credential_provider": credential_provider.OAUTH2,
}


class GatewayTargets(Gateways):
    """Create, list, get, find, update and delete targets."""

    @shown
    def create_gateway_target(
        self,
        gatewayIdentifier: Identifier,  # noqa: N803 (AWS's name)
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
        label = f"create_gateway_target {members['name']!r}" if members.get("name") else "create_gateway_target"
        document, code = self._checked_target(label, members, accept)
        gateway = self._found(gatewayIdentifier)
        require_valid(label, target_rules.validate(document, gateway=gateway, accept=accept))
        if not code:
            function.require(self._connection, label, document)
        operation = replace(
            self._operation("gateway_target", str(document["name"]), adopt=adopt),
            gateway_owner=ownership.mark(self._owner, "gateway", gateway.name),
        )
        try:
            self._furnish(gateway, document, code, resources)
            properties = {**from_wire(document), "gateway_identifier": gateway.id}
            return GatewayTarget(gateway.id, as_boto3(gateway_target.create(operation, properties)))
        except (AwsRefused, ResourceFailed, NameTaken):
            if self.find_gateway_target(gateway, str(document["name"])) is None:
                self._unfurnish(gateway, str(document["name"]))
            raise

    @overload
    def list_gateway_targets(self, gatewayIdentifier: Identifier) -> Listing[GatewayTarget]: ...  # noqa: N803
    @overload
    def list_gateway_targets(
        self,
        *,
        gateway_identifier: str | None = None,
        name: str | None = None,
        gateway_arn: str | None = None,
        max_results: int | None = None,
    ) -> dict[str, Any]: ...
    def list_gateway_targets(
        self,
        gatewayIdentifier: Identifier | None = None,  # noqa: N803 (AWS's name)
        *,
        gateway_identifier: str | None = None,
        name: str | None = None,
        gateway_arn: str | None = None,
        max_results: int | None = None,
    ) -> Any:
        """The gateway's targets, with the members that ListGatewayTargets gives.

        By the starter toolkit's arguments it answers in the toolkit's form: {"status", "gatewayId", "count", "items"},
        or {"status": "error", "message": ...}.
        """
        if gatewayIdentifier is not None:
            return self._targets(self._gateway_id(gatewayIdentifier))

        def ask() -> dict[str, Any]:
            listed = self._targets(self._found(result.gateway(gateway_identifier or gateway_arn or name)).id)
            items = list(listed)[:max_results]
            return {"gatewayId": listed["gatewayId"], "count": len(items), "items": items}

        return result.of(ask)

    @overload
    def get_gateway_target(self, gatewayIdentifier: Identifier, targetId: str) -> GatewayTarget: ...  # noqa: N803
    @overload
    def get_gateway_target(
        self,
        *,
        gateway_identifier: str | None = None,
        name: str | None = None,
        gateway_arn: str | None = None,
        target_id: str | None = None,
        target_name: str | None = None,
    ) -> dict[str, Any]: ...
    def get_gateway_target(
        self,
        gatewayIdentifier: Identifier | None = None,  # noqa: N803 (AWS's name)
        targetId: str | None = None,  # noqa: N803 (AWS's name)
        *,
        gateway_identifier: str | None = None,
        name: str | None = None,
        gateway_arn: str | None = None,
        target_id: str | None = None,
        target_name: str | None = None,
    ) -> Any:
        """A target by its id or name.

        By the starter toolkit's arguments it answers in the toolkit's form: {"status", "gatewayId", "target"}, or
        {"status": "error", "message": ...}.

        Raises:
            AwsRefused: It does not exist, or AWS answered with another error.
        """
        if gatewayIdentifier is not None and targetId is not None:
            return self._target(self._gateway_id(gatewayIdentifier), targetId)

        def ask() -> dict[str, Any]:
            given = gatewayIdentifier or gateway_identifier or gateway_arn or name
            gateway_id = self._found(result.gateway(given)).id
            return {"gatewayId": gateway_id, "target": self._target(gateway_id, _named(target_id, target_name))}

        return result.of(ask)

    def find_gateway_target(
        self,
        gatewayIdentifier: Identifier,  # noqa: N803 (AWS's name)
        name: str,
    ) -> GatewayTarget | None:
        """The gateway's target of this name, or None."""
        gateway_id = self._gateway_id(gatewayIdentifier)
        found = gateway_target.find_by_name(self._connection, gateway_id, name)
        return GatewayTarget(gateway_id, as_boto3(found)) if found else None

    @shown
    def update_gateway_target(
        self,
        gatewayIdentifier: Identifier,  # noqa: N803 (AWS's name)
        targetId: str,  # noqa: N803 (AWS's name)
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
        check = ArgumentCheck(members, "UpdateGatewayTarget", "accept")
        code = check.part(self._code, members.get("targetConfiguration"))
        given = {"targetConfiguration": function.with_function(code)} if code else {}
        document = members | (given or check.fixed("targetConfiguration", target_configuration.completed))
        check.require_valid("update_gateway_target", ())
        gateway = self._found(gatewayIdentifier)
        current = self._target(gateway.id, targetId)
        label = f"update_gateway_target {current.name!r}"
        if target_rules.replaces(current, document):
            raise InvalidInput("the kind of a target cannot change", "Delete it and create it again", path=f"{label}")
        whole = {**taken_by_update(current), **document}
        require_valid(label, target_rules.validate(whole, gateway=gateway, accept=accept))
        self._furnish(gateway, whole, code, resources)
        if code:
            document["targetConfiguration"] = whole["targetConfiguration"]
        operation = self._operation("gateway_target", current.name)
        made = gateway_target.update(operation, gateway.id, current.id, {}, from_wire(document), synchronize=False)
        return GatewayTarget(gateway.id, as_boto3(made))

    @shown
    def delete_gateway_target(
        self,
        gatewayIdentifier: Identifier | None = None,  # noqa: N803 (AWS's name)
        targetId: str | None = None,  # noqa: N803 (AWS's name)
        *,
        gateway_identifier: str | None = None,
        name: str | None = None,
        gateway_arn: str | None = None,
        target_id: str | None = None,
        target_name: str | None = None,
    ) -> dict[str, Any]:
        """Delete the target, and what was made for it, and wait until it is gone; gone already is fine.

        targetId: or the target's name. Returns {"status": "success", "gatewayId": ..., "targetId": ...};
        by the starter toolkit's arguments it answers {"status": "error", "message": ...} instead of raising.

        Raises:
            AwsRefused: AWS answered with an error.
            WaitTimeout: It took longer than the timeout.
        """
        if gatewayIdentifier is not None and targetId is not None:
            gateway = self._meant(gatewayIdentifier)
            if gateway is not None:
                self._delete_target(gateway, targetId)
            return {
                "status": "success",
                "gatewayId": gateway.id if gateway else str(gatewayIdentifier),
                "targetId": targetId,
            }

        def ask() -> dict[str, Any]:
            given = gatewayIdentifier or gateway_identifier or gateway_arn or name
            found = self._found(result.gateway(given))
            target = self._target(found.id, _named(target_id or targetId, target_name))
            self._delete_target(found, target.id)
            return {"gatewayId": found.id, "targetId": target.id}

        return result.of(ask)

    def _checked_target(
        self, label: str, members: Mapping[str, object], accept: Sequence[str] = ()
    ) -> tuple[dict[str, object], function.Function | None]:
        """CreateGatewayTarget's input, and the function that is to be made for it.

        Raises InvalidInput with every problem that is known without the gateway and AWS.
        """
        check = ArgumentCheck(members, "CreateGatewayTarget", "adopt", "accept")
        check.needs("name", "Agents see it in front of each tool, such as name='orders'")
        code = check.part(self._code, members.get("targetConfiguration"))
        given = {"targetConfiguration": function.with_function(code)} if code else {}
        document = with_credentials(
            dict(members) | (given or check.fixed("targetConfiguration", target_configuration.completed))
        )
        check.require_valid(label, target_rules.validate(document, accept=accept))
        return document, code

    def _targets(self, gateway_id: str) -> Listing[GatewayTarget]:
        found = gateway_target.statuses(self._connection, gateway_id).values()
        made = (GatewayTarget(gateway_id, it) for it in found)
        return Listing(made, f"Targets of {gateway_id}", _COLUMNS, gatewayId=gateway_id)

    def _target(self, gateway_id: str, target: str) -> GatewayTarget:
        """The target of this id or name. Raises AwsRefused when there is none."""
        found = gateway_target.find(self._connection, gateway_id, target) if _ID.fullmatch(target) else None
        if found is None:
            found = gateway_target.find_by_name(self._connection, gateway_id, target)
        if found is None:
            known = ", ".join(it.name for it in self._targets(gateway_id))
            there = f"; there are {known}" if known else "; it has none"
            raise not_found("GetGatewayTarget", f"Gateway {gateway_id} has no target {target}{there}")
        return GatewayTarget(gateway_id, as_boto3(found))

    def _delete_target(self, gateway: Gateway, target_id: str) -> None:
        found = gateway_target.find(self._connection, gateway.id, target_id) if _ID.fullmatch(target_id) else None
        if found is None:
            found = gateway_target.find_by_name(self._connection, gateway.id, target_id)
        if found is None:
            return
        name = str(found.get("name", target_id))
        gateway_target.delete(self._operation("gateway_target", name), gateway.id, found["target_id"])
        self._unfurnish(gateway, name, found)

    def _code(self, configuration: object) -> function.Function | None:
        # Where AWS is matters for code alone.
        is_code = "code" in str(configuration)
        return function.of(configuration, runs_here=is_code and self._connection.is_on_this_machine)

    def _furnish(
        self,
        gateway: Gateway,
        document: dict[str, object],
        code: function.Function | None,
        resources: Sequence[str] = (),
    ) -> None:
        """Make what a target needs beside itself: its function, and what its gateway's role has to be allowed."""
        name = str(document["name"])
        if code:
            own = self._function_name(gateway, name)
            place = {"partition": self._caller.arn.split(":")[1], "region": self.region}
            arn = functions.create(
                self._operation("function", own),
                own,
                code.files,
                settings=code.settings,
                trust=function_rules.TRUST_POLICY,
                log=function_rules.log_policy(own, **place, account=self._caller.account_id),
            )
            document["targetConfiguration"] = function.with_function(code, arn)
        if self._has_own_role(gateway):
            role_name = self._role_name(gateway.name)
            doubts = gateway_role.grant(
                self._connection, role_name, self._caller, gateway.name, document, resources=resources
            )
            require_valid(f"target {name!r}", doubts)

    def _unfurnish(self, gateway: Gateway, name: str, target: Mapping[str, object] | None = None) -> None:
        """Take away what was made for a target. target: as AWS had it; None if it was never made."""
        if self._has_own_role(gateway):
            gateway_role.revoke(self._connection, self._role_name(gateway.name), name)
        own = self._function_name(gateway, name)
        if target is None or own in str(target.get("target_configuration")):
            functions.delete(self._operation("function", own), own)
        provider = self._provider_name(gateway, name)
        used = str((target or {}).get("credential_provider_configurations"))
        for noun, kind in PROVIDERS.items():
            if f"/{kind.resource.operation.lower()}/{provider}" in used:
                credential_provider.delete(self._operation(noun, provider), kind, provider)

    def _function_name(self, gateway: Gateway, target_name: str) -> str:
        return ownership.made_name(self._owner, "function", gateway.name, target_name)

    def _provider_name(self, gateway: Gateway, target_name: str) -> str:
        return ownership.made_name(self._owner, "credential_provider", gateway.name, target_name)

    def _has_own_role(self, gateway: Gateway) -> bool:
        return str(gateway.get("roleArn")).endswith(f"/{self._role_name(gateway.name)}")


def _named(target_id: str | None, target_name: str | None) -> str:
    named = target_id or target_name
    if not named:
        raise InvalidInput("target_id or target_name is required", "Give one of them")
    return named

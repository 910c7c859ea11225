"""What a client does with gateways."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, overload

from agentcore_provider.aws import gateway as gateways
from agentcore_provider.aws import role as iam_role
from agentcore_provider.aws import tags
from agentcore_provider.aws.documents import from_wire
from agentcore_provider.aws.operation import OWNER_TAG, Operation
from agentcore_provider.aws.resource_kind import GATEWAY
from agentcore_provider.errors import AwsRefused, InvalidInput, NameTaken, ResourceFailed
from agentcore_provider.gateway_client import gateway_role, notebook, ownership, result, role
from agentcore_provider.gateway_client.account import Account
from agentcore_provider.gateway_client.argument_check import ArgumentCheck, require_valid
from agentcore_provider.gateway_client.documents import as_boto3, not_found, searchable, taken_by_update
from agentcore_provider.gateway_client.gateway import Gateway
from agentcore_provider.gateway_client.listing import Listing
from agentcore_provider.gateway_client.progress import shown
from agentcore_provider.rules import gateway as gateway_rules
from agentcore_provider.rules import gateway_address, service_model
from agentcore_provider.rules.unknown import UNKNOWN

# Members of ListGateways' answer, as a notebook shows them.
_COLUMNS = notebook.members(
    name="name", id="gatewayId", status="status", authorizer="authorizerType", description="description"
)
Identifier = str | Mapping[str, Any]
"""A gateway: its id, ARN, MCP URL, name, or the gateway itself."""


class Gateways(Account, ABC):
    """Create, list, get, find, wait for, update and delete gateways."""

    @shown
    def create_gateway(self, *, adopt: bool | None = None, semantic_search: bool = True, **members: Any) -> Gateway:
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
        if members.get("roleArn", "") is None:
            del members["roleArn"]
        document = searchable(members) if semantic_search else dict(members)
        label = f"create_gateway {document['name']!r}" if document.get("name") else "create_gateway"
        later = service_model.update_only("CreateGateway", "UpdateGateway")
        check = ArgumentCheck(document, "CreateGateway", "adopt", "semantic_search", *later)
        check.needs("name", "Give the gateway a name, such as name='my-gateway'")
        makes_role = not check.means("roleArn")
        given = {"roleArn": UNKNOWN} if makes_role else check.fixed("roleArn", role.form)
        problems = gateway_rules.validate(document | given)
        check.require_valid(label, problems)
        require_valid(label, [*problems, *gateway_rules.functions_elsewhere(document, self.region)])
        operation = self._operation("gateway", document["name"], adopt=adopt)
        if not makes_role:
            document["roleArn"] = role.role_arn(self._connection, document["roleArn"])
        self._refuse_to_replace(operation, document)
        if not makes_role:
            return self._gateway(as_boto3(gateways.create(operation, from_wire(document))))
        return self._with_role(operation, document)

    def list_gateways(self, name: str | None = None, max_results: int | None = None) -> Listing[Gateway]:
        """The gateways of the account and Region, with the members that ListGateways gives; refresh() gives all.

        name: only the one of this name. max_results: how many at most. Default: all.
        """
        found = [self._gateway(item) for item in self._connection.pages("ListGateways", "items", maxResults=100)]
        kept = [gateway for gateway in found if name in (None, gateway.name)]
        return Listing(kept[:max_results], f"Gateways in {self.region}", _COLUMNS)

    @overload
    def get_gateway(self, gatewayIdentifier: Identifier) -> Gateway: ...  # noqa: N803 (AWS's name)
    @overload
    def get_gateway(
        self, *, gateway_identifier: str | None = None, name: str | None = None, gateway_arn: str | None = None
    ) -> dict[str, Any]: ...
    def get_gateway(
        self,
        gatewayIdentifier: Identifier | None = None,  # noqa: N803 (AWS's name)
        *,
        gateway_identifier: str | None = None,
        name: str | None = None,
        gateway_arn: str | None = None,
    ) -> Any:
        """A gateway by id, ARN, MCP URL or name.

        By the starter toolkit's arguments it answers in the toolkit's form and raises nothing:
        {"status": "success", "gateway": ...} or {"status": "error", "message": ...}.

        Raises:
            AwsRefused: It does not exist, or AWS answered with another error.
        """
        if gatewayIdentifier is None:
            meant = gateway_identifier or gateway_arn or name
            return result.of(lambda: {"gateway": self._found(result.gateway(meant))})
        return self._found(gatewayIdentifier)

    def find_gateway(self, name: str) -> Gateway | None:
        """The gateway of this name, or None."""
        found = gateways.find_by_name(self._connection, name)
        return self._gateway(as_boto3(found)) if found else None

    @shown
    def wait_for_gateway(
        self,
        gatewayIdentifier: Identifier,  # noqa: N803 (AWS's name)
        *,
        timeout: float | None = None,
    ) -> Gateway:
        """Wait until the gateway is READY, and return it. timeout: seconds. Default: the client's.

        Raises:
            ResourceFailed: It ended in a failed status; states the service's reasons.
            WaitTimeout: It took longer than the timeout.
        """
        gateway_id = self._gateway_id(gatewayIdentifier)
        operation = self._operation("gateway", gateway_id)
        current = gateways.wait(operation if timeout is None else replace(operation, timeout=timeout), gateway_id)
        if current["status"] not in GATEWAY.arrived:
            reasons = "; ".join(current.get("status_reasons") or []) or "the service gave no reason"
            raise ResourceFailed(f"gateway {gateway_id} is {current['status']}: {reasons}")
        return self._gateway(as_boto3(current))

    @shown
    def update_gateway(
        self,
        gatewayIdentifier: Identifier | None = None,  # noqa: N803 (AWS's name)
        *,
        gateway_identifier: str | None = None,
        policy_engine_config: Mapping[str, Any] | None = None,
        adopt: bool | None = None,
        **members: Any,
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
        if policy_engine_config is not None:
            members["policyEngineConfiguration"] = dict(policy_engine_config)
        check = ArgumentCheck(members, "UpdateGateway", "adopt")
        form = check.fixed("roleArn", role.form)
        check.require_valid("update_gateway", ())
        current = self.get_gateway(result.gateway(gatewayIdentifier or gateway_identifier))
        label = f"update_gateway {current.name!r}"
        changed = [name for name in gateway_rules.replaces(current, {**current, **members}) if name in members]
        if changed:
            raise InvalidInput(
                f"{', '.join(changed)} cannot change in place",
                "Delete the gateway and create it again",
                path=f"{label}",
            )
        require_valid(label, gateway_rules.validate({**taken_by_update(current), **members, **form}))
        operation = self._own(current, adopt)
        if isinstance(members.get("roleArn"), str):
            members["roleArn"] = role.role_arn(self._connection, members["roleArn"])
        if current["roleArn"].endswith(f"/{self._role_name(current.name)}"):
            own = {**current, **members}
            gateway_role.create(
                self._operation("role", current.name, adopt=adopt), self._role_name(current.name), self._caller, own
            )
        return self._gateway(as_boto3(gateways.update(operation, current.id, {}, from_wire(members))))

    @shown
    def delete_gateway(
        self,
        gatewayIdentifier: Identifier | None = None,  # noqa: N803 (AWS's name)
        *,
        gateway_identifier: str | None = None,
        name: str | None = None,
        gateway_arn: str | None = None,
        skip_resource_in_use: bool = False,
        adopt: bool | None = None,
    ) -> dict[str, Any]:
        """Delete the gateway, and the role that was made for it, and wait until they are gone; gone already is fine.

        Its targets have to be gone first, unless skip_resource_in_use=True deletes them too. Returns {"status":
        "success", "gatewayId": ...}; by the starter toolkit's arguments gateway_identifier, name and gateway_arn it answers
        {"status": "error", "message": ...} instead of raising.

        Raises:
            NameTaken: Another owner created it, and `adopt` is not set.
            AwsRefused: It has targets, or AWS answered with another error.
            WaitTimeout: It took longer than the timeout.
        """
        if gatewayIdentifier is not None:
            return self._deleted(gatewayIdentifier, skip_resource_in_use, adopt)
        meant = gateway_identifier or gateway_arn or name
        return result.of(lambda: self._deleted(self._found(result.gateway(meant)), skip_resource_in_use, adopt))

    def _deleted(self, given: Identifier, with_targets: bool, adopt: bool | None) -> dict[str, object]:
        found = self._meant(given)
        if found is None:
            return {"status": "success", "gatewayId": str(given)}
        operation = self._own(found, adopt)
        if with_targets:
            for target in found.targets:
                self._delete_target(found, target.id)
        gateways.delete(operation, found.id)
        role_name = self._role_name(found.name)
        if str(found["roleArn"]).endswith(f"/{role_name}"):
            iam_role.delete(self._operation("role", found.name, adopt=adopt), role_name)
        return {"status": "success", "gatewayId": found.id}

    @abstractmethod
    def _delete_target(self, gateway: Gateway, target_id: str) -> None:
        """Delete a target and what was created for it."""

    def _with_role(self, operation: Operation, document: dict[str, Any]) -> Gateway:
        """The gateway with a role of its own, which goes again if the gateway cannot be made."""
        name = self._role_name(document["name"])
        role_operation = self._operation("role", document["name"], adopt=operation.adopt)
        document["roleArn"] = gateway_role.create(role_operation, name, self._caller, document)
        try:
            return self._gateway(as_boto3(gateways.create(operation, from_wire(document))))
        except (AwsRefused, ResourceFailed, NameTaken):
            if gateways.find_by_name(self._connection, document["name"]) is None:
                iam_role.delete(role_operation, name)
            raise

    def _role_name(self, gateway_name: str) -> str:
        """Name of the role that this owner makes for the gateway."""
        return ownership.made_name(self._owner, "role", gateway_name)

    def _found(self, given: Identifier) -> Gateway:
        found = self._meant(given)
        if found is None:
            known = [it.name for it in self.list_gateways()]
            there = f"; there are {', '.join(known[:10])}" if known else "; there is none: see the Region"
            raise not_found("GetGateway", f"There is no gateway {given} in {self.region}{there}")
        return found

    def _meant(self, given: Identifier) -> Gateway | None:
        """The gateway of an id, ARN, MCP URL or name, or None. Raises InvalidInput for what is none of them."""
        try:
            address = gateway_address.parse(given)
        except InvalidInput:
            if not isinstance(given, str) or not gateway_rules.is_name(given):
                raise
            return self.find_gateway(given)
        if address.region not in (None, self.region):
            raise InvalidInput(
                f"{given} is a gateway in {address.region}, and this client works in {self.region}",
                f"Give GatewayClient(region_name={address.region!r})",
            )
        found = gateways.find(self._connection, address.gateway_id)
        if found is None:
            # A name may look like an id.
            return self.find_gateway(given) if isinstance(given, str) and gateway_rules.is_name(given) else None
        return self._gateway(as_boto3(found))

    def _gateway_id(self, given: Identifier) -> str:
        """The id that is meant, asked for only where a name is given."""
        if isinstance(given, str) and not gateway_address.is_id(given) and gateway_rules.is_name(given):
            return self._found(given).id
        return gateway_address.parse(given).gateway_id

    @abstractmethod
    def _gateway(self, members: Mapping[str, object]) -> Gateway:
        """The gateway that AWS's document describes."""

    def _own(self, current: Gateway, adopt: bool | None) -> Operation:
        """What to change the gateway with. Raises NameTaken when somebody else made it and it is not to be adopted."""
        operation = self._operation("gateway", current.name, adopt=adopt)
        if not operation.adopt and tags.read(self._connection, current["gatewayArn"]).get(OWNER_TAG) != operation.owner:
            raise NameTaken(
                f"gateway {current.id} was not made by owner {self._owner!r}",
                "Change it where it was made, or take it over with adopt=True",
            )
        return operation

    def _refuse_to_replace(self, operation: Operation, document: Mapping[str, Any]) -> None:
        """A resource is replaced when the program says so; a script that names a gateway does not mean to lose it."""
        taken = gateways.find_by_name(self._connection, document["name"])
        if taken is None or taken["status"] in ("DELETING", "FAILED"):
            return
        current = as_boto3(taken)
        changed = gateway_rules.replaces(
            {"protocolConfiguration": {}, **current}, {"protocolConfiguration": {}, **document}
        )
        if changed and tags.read(self._connection, taken["gateway_arn"]).get(OWNER_TAG) == operation.owner:
            raise InvalidInput(
                f"{operation.label} exists ({taken['gateway_id']}) with another {' and '.join(changed)}, which AWS cannot change",
                f"Run cleanup_gateway({document['name']!r}) first, or give another name",
            )

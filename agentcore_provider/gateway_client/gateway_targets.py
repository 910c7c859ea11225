"""Targets of one account's gateways: created, found, changed and deleted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from agentcore_provider.aws import gateway_target
from agentcore_provider.aws.documents import Properties, from_wire
from agentcore_provider.errors import AwsRefused, InvalidInput, NameTaken, ResourceFailed
from agentcore_provider.gateway_client import notebook
from agentcore_provider.gateway_client.account import Account
from agentcore_provider.gateway_client.arguments import (
    ArgumentCheck,
    as_boto3,
    require_valid,
    taken_by_update,
    with_credentials,
)
from agentcore_provider.gateway_client.gateway import Gateway, Identifier
from agentcore_provider.gateway_client.gateway_target import GatewayTarget
from agentcore_provider.gateway_client.gateways import Gateways
from agentcore_provider.gateway_client.notebook import Listing
from agentcore_provider.gateway_client.target_parts import Target, TargetParts
from agentcore_provider.gateway_client.target_source import (
    Function,
    function_of,
    require_function,
    with_function,
)
from agentcore_provider.rules import gateway_target as target_rules
from agentcore_provider.rules.target_credentials import Plan
from agentcore_provider.rules.unknown import UNKNOWN
from agentcore_provider.schemas import inline_payload

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agentcore_control.type_defs import CreateGatewayTargetRequestTypeDef

# Members of ListGatewayTargets' answer, as a notebook displays them.
_COLUMNS = notebook.members(name="name", id="targetId", status="status", description="description")
_ID = re.compile(r"[0-9a-zA-Z]{10}")


class GatewayTargets:
    """The methods have the arguments, results and errors of those of GatewayClient."""

    def __init__(self, account: Account, gateways: Gateways, parts: TargetParts) -> None:
        self._account, self._gateways, self._parts = account, gateways, parts

    def check(
        self,
        members: Mapping[str, object],
        accept: Sequence[str] = (),
        *,
        label: str = "",
        credentials: Plan | None = None,
    ) -> Target:
        """The target of CreateGatewayTarget's input. Raises InvalidInput with every problem that is known without AWS.

        label: the user's method, if it is not create_gateway_target. credentials: for which a provider is created.
        """
        if not label:
            label = f"create_gateway_target {members['name']!r}" if members.get("name") else "create_gateway_target"
        if credentials:
            used = [credentials.credential_provider_configuration(UNKNOWN)]
            members = {**members, "credentialProviderConfigurations": used}
        check = ArgumentCheck(members, "CreateGatewayTarget", "adopt", "accept")
        check.needs("name", "Agents see it in front of each tool, such as name='orders'")
        configuration, code = self._configuration(check, members)
        document = with_credentials({**members, **configuration})
        check.require_valid(label, target_rules.validate(document, accept=accept))
        return Target(label, cast("CreateGatewayTargetRequestTypeDef", document), code, credentials, accept)

    def require_function(self, target: Target) -> None:
        """Raises InvalidInput if the target's function is known not to exist."""
        if not target.code:
            require_function(self._account.connection, target.label, target.document)

    def create(
        self, identifier: Identifier, target: Target, *, resources: Sequence[str] = (), adopt: bool | None = None
    ) -> GatewayTarget:
        gateway = self._gateways.get(identifier)
        require_valid(target.label, target_rules.validate(target.document, gateway=gateway, accept=target.accept))
        self.require_function(target)
        operation = replace(
            self._account.operation("gateway_target", target.name, adopt=adopt),
            gateway_owner=self._account.owner_tag("gateway", gateway.name),
        )
        try:
            document = self._parts.create(gateway, target, resources)
            properties = {**from_wire(document), "gateway_identifier": gateway.id}
            return _made(gateway.id, gateway_target.create(operation, properties))
        except (AwsRefused, ResourceFailed, NameTaken):
            if self.find(gateway, target.name) is None:
                self._parts.undo(gateway, target)
            raise

    def list(self, identifier: Identifier) -> Listing[GatewayTarget]:
        gateway_id = self._gateways.id_of(identifier)
        found = gateway_target.statuses(self._account.connection, gateway_id).values()
        made = (GatewayTarget(gateway_id, it) for it in found)
        return Listing(made, f"Targets of {gateway_id}", _COLUMNS, gatewayId=gateway_id)

    def get(self, identifier: Identifier, target: str) -> GatewayTarget:
        """The target of this id or name. Raises AwsRefused if there is none."""
        gateway_id = self._gateways.id_of(identifier)
        found = self._read(gateway_id, target)
        if found is None:
            known = ", ".join(it.name for it in self.list(gateway_id))
            raise AwsRefused(
                f"Gateway {gateway_id} has no target {target}; {f'there are {known}' if known else 'it has none'}",
                operation="GetGatewayTarget",
                code="ResourceNotFoundException",
            )
        return _made(gateway_id, found)

    def find(self, identifier: Identifier, name: str) -> GatewayTarget | None:
        gateway_id = self._gateways.id_of(identifier)
        found = gateway_target.find_by_name(self._account.connection, gateway_id, name)
        return _made(gateway_id, found) if found else None

    def update(
        self,
        identifier: Identifier,
        target: str,
        members: Mapping[str, object],
        *,
        resources: Sequence[str],
        accept: Sequence[str],
    ) -> GatewayTarget:
        check = ArgumentCheck(members, "UpdateGatewayTarget", "accept")
        configuration, code = self._configuration(check, members)
        check.require_valid("update_gateway_target", ())
        gateway = self._gateways.get(identifier)
        current = self.get(gateway, target)
        label, changes = f"update_gateway_target {current.name!r}", {**members, **configuration}
        if target_rules.replaces(current, changes):
            raise InvalidInput("the kind of a target cannot change", "Delete it and create it again", path=label)
        whole = {**taken_by_update(current), **changes}
        require_valid(label, target_rules.validate(whole, gateway=gateway, accept=accept))
        updated = Target(label, cast("CreateGatewayTargetRequestTypeDef", whole), code)
        document = self._parts.create(gateway, updated, resources)
        operation = self._account.operation("gateway_target", current.name)
        properties = from_wire({name: it for name, it in document.items() if name in changes})
        return _made(
            gateway.id,
            gateway_target.update(operation, gateway.id, current.id, {}, properties, synchronize=False),
        )

    def delete(self, gateway: Gateway, target: str) -> None:
        """Delete the target of this id or name with what was created for it; gone already is fine."""
        found = self._read(gateway.id, target)
        if found is not None:
            name = str(found.get("name", target))
            operation = self._account.operation("gateway_target", name)
            gateway_target.delete(operation, gateway.id, found["target_id"])
            self._parts.delete(gateway, name, found)

    def _read(self, gateway_id: str, target: str) -> Properties | None:
        connection = self._account.connection
        found = gateway_target.find(connection, gateway_id, target) if _ID.fullmatch(target) else None
        return found or gateway_target.find_by_name(connection, gateway_id, target)

    def _configuration(
        self, check: ArgumentCheck, members: Mapping[str, object]
    ) -> tuple[dict[str, object], Function | None]:
        """{"targetConfiguration": AWS's document}, {} if none is passed, and the function that is to be created for it."""
        passed = members.get("targetConfiguration")
        # Where AWS is matters for code alone.
        runs_here = "code" in str(passed) and self._account.connection.is_on_this_machine
        code = check.made(lambda it: function_of(it, runs_here=runs_here), passed, invalid=None)
        if code:
            return {"targetConfiguration": with_function(code)}, code
        return check.fixed("targetConfiguration", inline_payload.completed), None


def _made(gateway_id: str, properties: Mapping[str, object]) -> GatewayTarget:
    return GatewayTarget(gateway_id, as_boto3(properties))

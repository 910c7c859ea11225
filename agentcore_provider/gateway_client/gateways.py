"""Gateways of one account: created, found, changed and deleted."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from agentcore_provider.aws import gateway as gateways
from agentcore_provider.aws import role, tags
from agentcore_provider.aws.documents import from_wire
from agentcore_provider.aws.operation import Operation
from agentcore_provider.aws.resource_kind import GATEWAY
from agentcore_provider.errors import AwsRefused, InvalidInput, NameTaken, ResourceFailed
from agentcore_provider.gateway_client import notebook
from agentcore_provider.gateway_client.account import Account
from agentcore_provider.gateway_client.arguments import (
    ArgumentCheck,
    as_boto3,
    require_valid,
    searchable,
    taken_by_update,
)
from agentcore_provider.gateway_client.gateway import Gateway, Identifier
from agentcore_provider.gateway_client.gateway_role import GatewayRole
from agentcore_provider.gateway_client.notebook import Listing
from agentcore_provider.rules import gateway as gateway_rules
from agentcore_provider.rules import gateway_address, service_model
from agentcore_provider.rules.unknown import UNKNOWN

# Members of ListGateways' answer, as a notebook displays them.
_COLUMNS = notebook.members(
    name="name", id="gatewayId", status="status", authorizer="authorizerType", description="description"
)


class Gateways:
    """The methods have the arguments, results and errors of GatewayClient's.

    new: makes a gateway of AWS's document.
    """

    def __init__(self, account: Account, role: GatewayRole, new: Callable[[Mapping[str, object]], Gateway]) -> None:
        self._account, self._role, self._new = account, role, new

    @property
    def region(self) -> str:
        """The Region in use."""
        return self._account.region

    def create(self, members: Mapping[str, object], *, adopt: bool | None, semantic_search: bool) -> Gateway:
        """See create_gateway. members: CreateGateway's input."""
        passed = {name: it for name, it in members.items() if name != "roleArn" or it is not None}
        document = searchable(passed) if semantic_search else passed
        name = str(document.get("name") or "")
        label = f"create_gateway {name!r}" if name else "create_gateway"
        later = service_model.update_only("CreateGateway", "UpdateGateway")
        check = ArgumentCheck(document, "CreateGateway", "adopt", "semantic_search", *later)
        check.needs("name", "Give the gateway a name, such as name='my-gateway'")
        needs_role = not check.means("roleArn")
        known = {"roleArn": UNKNOWN} if needs_role else check.fixed("roleArn", _role_form)
        problems = gateway_rules.validate(document | known)
        check.require_valid(label, problems)
        require_valid(label, [*problems, *gateway_rules.functions_elsewhere(document, self.region)])
        operation = self._account.operation("gateway", name, adopt=adopt)
        document = self._with_role_arn(document)
        self._refuse_to_replace(operation, document)
        if not needs_role:
            return self._made(gateways.create(operation, from_wire(document)))
        document["roleArn"] = self._role.create(document, adopt=adopt)
        try:
            return self._made(gateways.create(operation, from_wire(document)))
        except (AwsRefused, ResourceFailed, NameTaken):
            if self.find(name) is None:
                self._role.delete(name, adopt=adopt)
            raise

    def list(self, name: str | None = None, max_results: int | None = None) -> Listing[Gateway]:
        pages = self._account.connection.pages("ListGateways", "items", maxResults=100)
        found = [gateway for gateway in map(self._new, pages) if name in (None, gateway.name)]
        return Listing(found[:max_results], f"Gateways in {self.region}", _COLUMNS)

    def get(self, identifier: Identifier) -> Gateway:
        """The gateway of an id, ARN, MCP URL or name. Raises AwsRefused if there is none."""
        found = self.identify(identifier)
        if found is None:
            known = [it.name for it in self.list()]
            there = f"there are {', '.join(known[:10])}" if known else "there is none: check the Region"
            raise AwsRefused(
                f"There is no gateway {identifier} in {self.region}; {there}",
                operation="GetGateway",
                code="ResourceNotFoundException",
            )
        return found

    def find(self, name: str) -> Gateway | None:
        found = gateways.find_by_name(self._account.connection, name)
        return self._made(found) if found else None

    def identify(self, identifier: Identifier) -> Gateway | None:
        """The gateway of an id, ARN, MCP URL or name, or None. Raises InvalidInput for what is none of them."""
        # A name may look like an id.
        name = identifier if isinstance(identifier, str) and gateway_rules.is_name(identifier) else None
        try:
            address = gateway_address.parse(identifier)
        except InvalidInput:
            if name is None:
                raise
            return self.find(name)
        if address.region not in (None, self.region):
            raise InvalidInput(
                f"{identifier} is a gateway in {address.region}, and this client works in {self.region}",
                f"Use GatewayClient(region_name={address.region!r})",
            )
        found = gateways.find(self._account.connection, address.gateway_id)
        if found is None:
            return self.find(name) if name else None
        return self._made(found)

    def id_of(self, identifier: Identifier) -> str:
        """The id of a gateway; AWS is asked only for that of a name."""
        if isinstance(identifier, str) and not gateway_address.is_id(identifier) and gateway_rules.is_name(identifier):
            return self.get(identifier).id
        return gateway_address.parse(identifier).gateway_id

    def wait(self, identifier: Identifier, timeout: float | None) -> Gateway:
        gateway_id = self.id_of(identifier)
        current = gateways.wait(self._account.operation("gateway", gateway_id, timeout=timeout), gateway_id)
        if current["status"] not in GATEWAY.arrived:
            raise ResourceFailed(f"gateway {gateway_id} is {current['status']}: {GATEWAY.reason(current)}")
        return self._made(current)

    def update(self, identifier: Identifier, members: Mapping[str, object], *, adopt: bool | None) -> Gateway:
        """See update_gateway. members: those of UpdateGateway's input that change."""
        check = ArgumentCheck(members, "UpdateGateway", "adopt")
        known = check.fixed("roleArn", _role_form)
        check.require_valid("update_gateway", ())
        current = self.get(identifier)
        label = f"update_gateway {current.name!r}"
        changed = [it for it in gateway_rules.replaces(current, {**current, **members}) if it in members]
        if changed:
            cure = "Delete the gateway and create it again"
            raise InvalidInput(f"{', '.join(changed)} cannot change in place", cure, path=label)
        require_valid(label, gateway_rules.validate({**taken_by_update(current), **members, **known}))
        operation = self.own(current, adopt)
        document = self._with_role_arn(members)
        if self._role.is_used_by(current):
            self._role.create({**current, **document}, adopt=adopt)
        return self._made(gateways.update(operation, current.id, {}, from_wire(document)))

    def delete(self, gateway: Gateway, operation: Operation, *, adopt: bool | None) -> None:
        """Delete a gateway without targets, and the role that was created for it. operation: of `own`."""
        gateways.delete(operation, gateway.id)
        if self._role.is_used_by(gateway):
            self._role.delete(gateway.name, adopt=adopt)

    def own(self, gateway: Gateway, adopt: bool | None) -> Operation:
        """An operation on the gateway. Raises NameTaken if another owner created it and it is not to be adopted."""
        operation = self._account.operation("gateway", gateway.name, adopt=adopt)
        if not operation.adopt and not self._owns(gateway):
            raise NameTaken(
                f"gateway {gateway.id} was not made by owner {self._account.owner!r}",
                "Change it where it was made, or take it over with adopt=True",
            )
        return operation

    def require_role(self, label: str, role_arn: str | None) -> None:
        """Raises InvalidInput if a role is known not to exist, before a sign-in is created in vain."""
        try:
            arn = role.arn_of(self._account.connection, role_arn) if role_arn else None
            missing = role.missing(self._account.connection, arn) if arn else None
        except AwsRefused:
            return
        if missing:
            raise InvalidInput.of_problems([missing], label)

    def _owns(self, gateway: Gateway) -> bool:
        found = tags.read(self._account.connection, gateway["gatewayArn"])
        return self._account.owns(found, "gateway", gateway.name)

    def _made(self, properties: Mapping[str, object]) -> Gateway:
        return self._new(as_boto3(properties))

    def _with_role_arn(self, document: Mapping[str, object]) -> dict[str, object]:
        """The document with the ARN of its role, which may be passed by its name."""
        named = document.get("roleArn")
        arn = {"roleArn": role.arn_of(self._account.connection, named)} if isinstance(named, str) else {}
        return {**document, **arn}

    def _refuse_to_replace(self, operation: Operation, document: Mapping[str, object]) -> None:
        """A program declares a replacement; a script that names a gateway does not mean to lose it."""
        current = self.find(str(document["name"]))
        if current is None or current.status in ("DELETING", "FAILED"):
            return
        changed = gateway_rules.replaces(
            {"protocolConfiguration": {}, **current}, {"protocolConfiguration": {}, **document}
        )
        if changed and self._owns(current):
            raise InvalidInput(
                f"{operation.label} exists ({current.id}) with another {' and '.join(changed)}, which AWS cannot change",
                f"Run cleanup_gateway({current.name!r}) first, or choose another name",
            )


def _role_form(value: object) -> object:
    """For the rules, which know roles by ARN only: an ARN as it is, a name as not known yet. Raises InvalidInput."""
    if not isinstance(value, str) or value.startswith("arn:"):
        return value
    try:
        role.check_name(value)
    except InvalidInput as error:
        raise error.below("roleArn") from None
    return UNKNOWN

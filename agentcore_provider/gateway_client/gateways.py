"""What a client does with gateways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from agentcore_provider.aws import gateway as gateways
from agentcore_provider.aws import tags
from agentcore_provider.aws.documents import from_wire
from agentcore_provider.aws.job import OWNER_TAG, Job
from agentcore_provider.aws.status import GATEWAY
from agentcore_provider.errors import InvalidInput, NameTaken, ResourceFailed
from agentcore_provider.gateway_client import role
from agentcore_provider.gateway_client.account import Account
from agentcore_provider.gateway_client.documents import as_boto3, not_found, searchable, taken_by_update
from agentcore_provider.gateway_client.gateway import Gateway
from agentcore_provider.gateway_client.mistakes import Mistakes, refuse
from agentcore_provider.gateway_client.notebook import Table
from agentcore_provider.rules import gateway as gateway_rules
from agentcore_provider.rules import gateway_address

if TYPE_CHECKING:
    from agentcore_provider.gateway_client.client import GatewayClient

# Members of ListGateways' answer, as a notebook shows them.
_COLUMNS = {
    **{"name": "name", "id": "gatewayId", "status": "status"},
    **{"authorizer": "authorizerType", "description": "description"},
}


class Gateways(Account):
    """Create, list, get, find, wait for, update and delete gateways."""

    def create_gateway(self, *, adopt: bool | None = None, semantic_search: bool = True, **members: Any) -> Gateway:
        """Make a gateway and wait until it is READY; one of this name and owner is made what the members say.

        members: CreateGateway's input by AWS's names, such as name, roleArn (a role's name will do), protocolType,
        authorizerType, authorizerConfiguration. adopt: as in the client. semantic_search: whether tools can be
        searched, unless protocolConfiguration says it. Default: yes; cannot be changed later.
        Raises InvalidInput with everything that is wrong, NameTaken, ResourceFailed, WaitTimeout, AwsRefused.
        https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreateGateway.html
        """
        document = searchable(members) if semantic_search else dict(members)
        label = f"create_gateway {document['name']!r}" if document.get("name") else "create_gateway"
        mistakes = Mistakes(document, "CreateGateway", "adopt", "semantic_search")
        mistakes.needs("name", "Give the gateway a name, such as name='my-gateway'")
        problems = gateway_rules.validate(document | mistakes.mended("roleArn", role.form))
        mistakes.refuse(label, problems)
        refuse(label, problems)
        document["roleArn"] = role.role_arn(self._connection, document["roleArn"])
        job = self._job("gateway", document["name"], adopt=adopt)
        self._refuse_to_replace(job, document)
        return self._gateway(as_boto3(gateways.create(job, from_wire(document))))

    def list_gateways(self) -> Table[Gateway]:
        """The gateways of the account and Region, with the members that ListGateways tells; refresh() tells all."""
        found = [self._gateway(item) for item in self._pages("ListGateways", "items", maxResults=100)]
        return Table(found, f"Gateways in {self.region}", _COLUMNS)

    def get_gateway(self, gatewayIdentifier: str | Mapping[str, Any]) -> Gateway:  # noqa: N803 (AWS's name)
        """A gateway by id, ARN or MCP URL. Raises AwsRefused when there is none."""
        gateway_id = gateway_address.parse(gatewayIdentifier).gateway_id
        found = gateways.find(self._connection, gateway_id)
        if found is None:
            raise not_found("GetGateway", f"There is no gateway {gateway_id} in {self.region}")
        return self._gateway(as_boto3(found))

    def find_gateway(self, name: str) -> Gateway | None:
        """The gateway that bears the name, or None."""
        found = gateways.find_by_name(self._connection, name)
        return self._gateway(as_boto3(found)) if found else None

    def wait_for_gateway(
        self,
        gatewayIdentifier: str | Mapping[str, Any],  # noqa: N803 (AWS's name)
        *,
        timeout: float | None = None,
    ) -> Gateway:
        """Wait until the gateway is READY, and return it. timeout: seconds. Default: the client's.

        Raises ResourceFailed with the service's reasons, WaitTimeout.
        """
        gateway_id = gateway_address.parse(gatewayIdentifier).gateway_id
        job = self._job("gateway", gateway_id)
        seen = gateways.wait(job if timeout is None else replace(job, timeout=timeout), gateway_id)
        if seen["status"] not in GATEWAY.arrived:
            reasons = "; ".join(seen.get("status_reasons") or []) or "the service gave no reason"
            raise ResourceFailed(f"gateway {gateway_id} is {seen['status']}: {reasons}")
        return self._gateway(as_boto3(seen))

    def update_gateway(
        self,
        gatewayIdentifier: str | Mapping[str, Any],  # noqa: N803 (AWS's name)
        *,
        adopt: bool | None = None,
        **members: Any,
    ) -> Gateway:
        """Change the members that are given and wait; all others stay as they are.

        Raises InvalidInput, NameTaken, ResourceFailed, WaitTimeout, AwsRefused.
        """
        mistakes = Mistakes(members, "UpdateGateway", "adopt")
        mistakes.mended("roleArn", role.form)
        mistakes.refuse("update_gateway", ())
        seen = self.get_gateway(gatewayIdentifier)
        job = self._own(seen, adopt)
        if isinstance(members.get("roleArn"), str):
            members["roleArn"] = role.role_arn(self._connection, members["roleArn"])
        whole = {name: seen[name] for name in ("name", "roleArn", "authorizerType", "protocolType") if name in seen}
        changed = [name for name in gateway_rules.replaces(whole, whole | members) if name in members]
        if changed:
            raise InvalidInput(
                f"update_gateway {seen.name!r}: {', '.join(changed)} cannot change in place: "
                "delete the gateway and create it anew"
            )
        later = {name: value for name, value in members.items() if name != "wafConfiguration"}
        refuse(f"update_gateway {seen.name!r}", gateway_rules.validate({**taken_by_update(seen), **later}))
        return self._gateway(as_boto3(gateways.update(job, seen.id, {}, from_wire(members))))

    def delete_gateway(
        self,
        gatewayIdentifier: str | Mapping[str, Any],  # noqa: N803 (AWS's name)
        *,
        adopt: bool | None = None,
    ) -> None:
        """Delete the gateway and wait until it is gone; gone already is fine. Its targets have to be gone first.

        Raises NameTaken, AwsRefused, WaitTimeout.
        """
        gateway_id = gateway_address.parse(gatewayIdentifier).gateway_id
        found = gateways.find(self._connection, gateway_id)
        if found is not None:
            gateways.delete(self._own(self._gateway(as_boto3(found)), adopt), gateway_id)

    def _gateway(self, members: Mapping[str, Any]) -> Gateway:
        return Gateway(cast("GatewayClient", self), members)

    def _own(self, seen: Gateway, adopt: bool | None) -> Job:
        """What to change the gateway with. Raises NameTaken when somebody else made it and it is not to be adopted."""
        job = self._job("gateway", seen.name, adopt=adopt)
        if not job.adopt and tags.read(self._connection, seen["gatewayArn"]).get(OWNER_TAG) != job.owner:
            raise NameTaken(
                f"gateway {seen.id} was not made by owner {self._owner!r}: change it where it was made, or take it over "
                "with adopt=True"
            )
        return job

    def _refuse_to_replace(self, job: Job, document: Mapping[str, Any]) -> None:
        """A resource is replaced when the program says so; a script that names a gateway does not mean to lose it."""
        taken = gateways.find_by_name(self._connection, document["name"])
        if taken is None or taken["status"] in ("DELETING", "FAILED"):
            return
        seen = as_boto3(taken)
        changed = gateway_rules.replaces(
            {"protocolConfiguration": {}, **seen}, {"protocolConfiguration": {}, **document}
        )
        if changed and tags.read(self._connection, taken["gateway_arn"]).get(OWNER_TAG) == job.owner:
            raise InvalidInput(
                f"{job.label} exists ({taken['gateway_id']}) with another {' and '.join(changed)}, which AWS cannot "
                f"change: cleanup_gateway({document['name']!r}) first, or give another name"
            )

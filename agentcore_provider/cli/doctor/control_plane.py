"""The layers that AWS tells: Region, credentials, the gateway, its status and its targets'."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from agentcore_provider.cli.doctor.layer import Layer, NotChecked, Unwell, look
from agentcore_provider.cli.doctor.service_texts import explain
from agentcore_provider.cli.doctor.visit import Visit
from agentcore_provider.cli.gateway_choice import connect
from agentcore_provider.errors import AwsRefused, AwsUnreachable
from agentcore_provider.loopback import is_loopback

_SIGN_IN = "sign in to AWS again: `aws sso login`, `aws configure`, or the right AWS_PROFILE"
_FAILED = ("FAILED", "UPDATE_UNSUCCESSFUL", "SYNCHRONIZE_UNSUCCESSFUL")


def see_region(visit: Visit) -> str:
    """A Region is set."""
    from agentcore_provider.aws import caller

    chosen = visit.chosen
    if chosen.by_url and not chosen.aws_id:
        raise NotChecked(f"{chosen.mcp_url} does not name a gateway of AWS: it is asked as a client would")
    if chosen.is_deployed and not chosen.aws_id:
        raise NotChecked("the stack knows no gateway_id and gateway_arn of an AWS: AWS is not asked")
    connection = connect(chosen)
    try:
        region = caller.region(connection)
    except AwsUnreachable as error:
        if chosen.by_url:
            raise NotChecked(f"AWS is not asked, only the URL: {error}") from None
        cure = "set AWS_REGION, or `pulumi config set aws:region us-west-2`"
        raise Unwell(str(error), cure if "Region" in error.code else _SIGN_IN) from None
    visit.connection = connection
    return region


def see_credentials(visit: Visit) -> str:
    """AWS knows who asks."""
    from agentcore_provider.aws import caller

    connection = visit.aws()
    try:
        identity = caller.find(connection)
    except AwsRefused as error:
        if visit.chosen.by_url:
            visit.connection = None
            raise NotChecked(f"AWS is not asked, only the URL: {error}") from None
        local = connection.settings.endpoint_url
        if local is not None and isinstance(error, AwsUnreachable):
            cure = f"`agentcore local start`, then {visit.chosen.refresh}: it starts empty"
            raise Unwell(f"Local AWS at {local} does not answer", cure, unreachable=True) from None
        if isinstance(error, AwsUnreachable):
            raise
        raise Unwell(str(error), _SIGN_IN) from None
    visit.account_id = identity.account_id
    if is_loopback(connection.endpoint_url):
        # The ARN there is that of a user whom nobody made.
        return f"account {identity.account_id} of local AWS, which takes any credentials"
    return f"account {identity.account_id} as {identity.arn}"


def see_gateway(visit: Visit) -> str:
    """AWS knows the gateway."""
    connection, chosen = visit.aws(), visit.chosen
    try:
        found = chosen.find(connection)
    except AwsRefused as error:
        if isinstance(error, AwsUnreachable):
            raise
        if chosen.by_url:
            raise NotChecked(f"AWS is not asked, only the URL: {error}") from None
        raise Unwell(
            str(error), "allow the caller bedrock-agentcore:GetGateway, and see account and Region above"
        ) from None
    if found is None:
        place = f"account {visit.account_id}, Region {connection.region}"
        if chosen.by_url:
            raise NotChecked(f"{chosen.gateway_id} is not in {place}: it is asked as a client would")
        cure = (
            f"{chosen.refresh} creates it again" if chosen.is_deployed else "see its name, AWS_REGION and AWS_PROFILE"
        )
        raise Unwell(f"There is no gateway {chosen.gateway_id or chosen.name} in {place}", cure)
    visit.gateway = found
    return str(found["gateway_arn"])


def see_status(visit: Visit) -> str:
    """The gateway is READY."""
    gateway = visit.known()
    if gateway["status"] == "READY":
        return "READY"
    raise _not_ready(f"Gateway {gateway['gateway_id']}", gateway)


def see_targets(visit: Visit) -> Iterator[Layer]:
    """The gateway has targets, and each is READY."""
    gateway = visit.known()
    targets = read_targets(visit)
    if not targets:
        raise Unwell(
            f"Gateway {gateway['gateway_id']} has no targets",
            "add one: `agentcore create_mcp_gateway_target`, or agentcore:gateways and `pulumi up`",
        )
    return (look(f"target {target['name']}", partial(_see_target, target)) for target in targets)


def read_targets(visit: Visit) -> list[dict[str, Any]]:
    """The gateway's targets, whole, as AWS has them; read once in a visit."""
    from agentcore_provider.aws import gateway_target

    if not visit.targets:
        gateway_id = str(visit.known()["gateway_id"])
        listed = gateway_target.statuses(visit.aws(), gateway_id)
        found = (gateway_target.find(visit.aws(), gateway_id, target_id) for target_id in listed)
        visit.targets = [{"name": target["target_id"]} | target for target in found if target is not None]
    return visit.targets


def _see_target(target: Mapping[str, Any]) -> str:
    status = str(target["status"])
    if status == "READY":
        return "READY"
    if status.endswith("PENDING_AUTH"):
        url = ((target.get("authorization_data") or {}).get("oauth2") or {}).get("authorizationUrl")
        raise Unwell(
            f"{status}: somebody has to grant access",
            f"open {url} in a browser and sign in (the URL is valid for 10 minutes)"
            if url
            else "synchronize the target for a new authorization URL",
        )
    raise _not_ready(f"Target {target['name']} ({target['target_id']})", target)


def _not_ready(what: str, seen: Mapping[str, Any]) -> Unwell:
    status = str(seen["status"])
    reasons = "; ".join(str(reason).rstrip(".") for reason in seen.get("status_reasons") or [])
    if status in _FAILED:
        again = "`pulumi up --refresh` (without a stack: update it with the same document)"
        known = explain(reasons)
        return Unwell(
            f"{what} is {status} ({reasons or 'the service gave no reason'})" + (f": {known.cause}" if known else ""),
            f"{known.cure}; then {again}" if known else f"mend the cause, then {again}",
        )
    return Unwell(f"{what} is {status}", "wait a moment, then ask again")

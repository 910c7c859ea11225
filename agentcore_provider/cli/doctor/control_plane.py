"""The layers that AWS reports: Region, credentials, the gateway, its status and its targets'."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from agentcore_provider.cli.doctor.findings import Findings
from agentcore_provider.cli.doctor.layer import Failure, Layer, NotChecked, run_check
from agentcore_provider.cli.doctor.service_texts import explain
from agentcore_provider.cli.gateway import read_targets
from agentcore_provider.cli.gateway_choice import connect
from agentcore_provider.documents.json_types import JsonDict, JsonObject
from agentcore_provider.errors import AwsRefused, AwsUnreachable
from agentcore_provider.loopback import is_loopback

_SIGN_IN = "sign in to AWS again: `aws sso login`, `aws configure`, or the right AWS_PROFILE"
_FAILED = ("FAILED", "UPDATE_UNSUCCESSFUL", "SYNCHRONIZE_UNSUCCESSFUL")


def check_region(findings: Findings) -> str:
    """A Region is set."""
    from agentcore_provider.aws import caller

    chosen = findings.chosen
    if chosen.by_url and not chosen.aws_id:
        raise NotChecked(f"{chosen.mcp_url} does not name a gateway of AWS: only the client's layers are checked")
    if chosen.is_deployed and not chosen.aws_id:
        raise NotChecked("the stack has no gateway_id and gateway_arn: AWS is not asked")
    connection = connect(chosen)
    try:
        region = caller.region(connection)
    except AwsUnreachable as error:
        if chosen.by_url:
            raise NotChecked(f"AWS is not asked, only the URL: {error.message}") from None
        cure = "set AWS_REGION, or `pulumi config set aws:region us-west-2`"
        raise Failure(error.message, cure if "Region" in error.code else _SIGN_IN) from None
    findings.connection = connection
    return region


def check_credentials(findings: Findings) -> str:
    """AWS accepts the credentials."""
    from agentcore_provider.aws import caller

    connection = findings.aws()
    try:
        identity = caller.find(connection)
    except AwsRefused as error:
        if findings.chosen.by_url:
            findings.connection = None
            raise NotChecked(f"AWS is not asked, only the URL: {error.message}") from None
        local = connection.settings.endpoint_url
        if local is not None and isinstance(error, AwsUnreachable):
            cure = f"`agentcore local start`; if it starts empty, {findings.chosen.refresh}"
            raise Failure(f"Local AWS at {local} does not answer", cure, unreachable=True) from None
        if isinstance(error, AwsUnreachable):
            raise
        raise Failure(error.message, _SIGN_IN) from None
    findings.account_id = identity.account_id
    if is_loopback(connection.endpoint_url):
        # Its user ARN is made up.
        return f"account {identity.account_id} of local AWS, which accepts any credentials"
    return f"account {identity.account_id} as {identity.arn}"


def check_gateway(findings: Findings) -> str:
    """The gateway exists."""
    connection, chosen = findings.aws(), findings.chosen
    try:
        found = chosen.find(connection)
    except AwsRefused as error:
        if isinstance(error, AwsUnreachable):
            raise
        if chosen.by_url:
            raise NotChecked(f"AWS is not asked, only the URL: {error.message}") from None
        raise Failure(
            error.message, "allow the caller bedrock-agentcore:GetGateway, and check account and Region above"
        ) from None
    if found is None:
        place = f"account {findings.account_id}, Region {connection.region}"
        if chosen.by_url:
            raise NotChecked(f"{chosen.gateway_id} is not in {place}: only the client's layers are checked")
        cure = (
            f"{chosen.refresh} creates it again" if chosen.is_deployed else "check its name, AWS_REGION and AWS_PROFILE"
        )
        raise Failure(f"There is no gateway {chosen.gateway_id or chosen.name} in {place}", cure)
    findings.gateway = found
    return str(found["gateway_arn"])


def check_status(findings: Findings) -> str:
    """The gateway is READY."""
    gateway = findings.known()
    if gateway["status"] == "READY":
        return "READY"
    raise _not_ready(f"Gateway {gateway['gateway_id']}", gateway)


def check_targets(findings: Findings) -> Iterator[Layer]:
    """The gateway has targets, and each is READY."""
    gateway = findings.known()
    targets = targets_of(findings)
    if not targets:
        raise Failure(
            f"Gateway {gateway['gateway_id']} has no targets",
            "add one: `agentcore create_mcp_gateway_target`, or agentcore:gateways and `pulumi up`",
        )
    return (run_check(f"target {target['name']}", partial(_check_target, target)) for target in targets)


def targets_of(findings: Findings) -> list[JsonDict]:
    """The gateway's targets, with all members, as AWS has them; read once."""
    if not findings.targets:
        found = read_targets(findings.aws(), str(findings.known()["gateway_id"]))
        findings.targets = [{"name": target["target_id"]} | target for target in found]
    return findings.targets


def _check_target(target: JsonObject) -> str:
    status = str(target["status"])
    if status == "READY":
        return "READY"
    if status.endswith("PENDING_AUTH"):
        url = ((target.get("authorization_data") or {}).get("oauth2") or {}).get("authorizationUrl")
        raise Failure(
            f"{status}: someone has to grant access",
            f"open {url} in a browser and sign in (the URL is valid for 10 minutes)"
            if url
            else "synchronize the target for a new authorization URL",
        )
    raise _not_ready(f"Target {target['name']} ({target['target_id']})", target)


def _not_ready(what: str, resource: JsonObject) -> Failure:
    status = str(resource["status"])
    reasons = "; ".join(str(reason).rstrip(".") for reason in resource.get("status_reasons") or [])
    if status in _FAILED:
        again = "`pulumi up --refresh` (without a stack: update it with the same document)"
        known = explain(reasons)
        return Failure(
            f"{what} is {status} ({reasons or 'the service gave no reason'})" + (f": {known.cause}" if known else ""),
            f"{known.cure}; then {again}" if known else f"fix the cause, then {again}",
        )
    return Failure(f"{what} is {status}", "wait a moment, then run this again")

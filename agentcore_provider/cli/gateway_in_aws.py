"""What AWS itself says about a deployed gateway and its targets, for `agentcore doctor`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from agentcore_provider.cli.finding import Finding, look
from agentcore_provider.cli.stack_outputs import DeployedGateway
from agentcore_provider.errors import ResourceFailed
from agentcore_provider.mcp.token import is_loopback

if TYPE_CHECKING:
    from agentcore_provider.aws.connection import Connection


def examine_in_aws(gateway: DeployedGateway) -> Iterator[Finding]:
    """The gateway's status, and that of each target, with the service's reasons."""
    layer = f"{gateway.name}: gateway"
    if not gateway.gateway_id or gateway.gateway_arn.count(":") < 5:
        yield Finding(layer, "skipped", "the stack exports no gateway_id and gateway_arn: its status is not known")
        return
    connection = _connect(gateway)

    def see_gateway() -> str:
        from agentcore_provider.aws.gateway import find

        seen = find(connection, gateway.gateway_id)
        if seen is None:
            raise ResourceFailed(f"{gateway.gateway_id} is gone: `pulumi up --refresh` makes it again")
        return _arrived(gateway.gateway_id, seen["status"], seen.get("status_reasons"))

    found = look(layer, see_gateway)
    yield found
    if found.state == "ok":
        yield look(f"{gateway.name}: targets", lambda: _see_targets(connection, gateway.gateway_id))


def _connect(gateway: DeployedGateway) -> Connection:
    from agentcore_provider.aws.connection import Connection, Settings

    region = gateway.gateway_arn.split(":")[3]
    address = urlsplit(gateway.mcp_url)
    if is_loopback(address.hostname or ""):
        base = f"{address.scheme}://{address.netloc}"
        local = Settings(region=region, endpoint_url=base, access_key="local", secret_key="local")  # noqa: S106
        return Connection(local)
    return Connection(Settings(region=region))


def _see_targets(connection: Connection, gateway_id: str) -> str:
    from agentcore_provider.aws import gateway_target

    targets = gateway_target.statuses(connection, gateway_id)
    if not targets:
        raise ResourceFailed(f"{gateway_id} has no targets: add one under agentcore:gateways and run `pulumi up`")
    names = {target_id: str(target.get("name", target_id)) for target_id, target in targets.items()}
    failing = []
    for target_id, target in targets.items():
        if target["status"] in gateway_target.ARRIVED:
            continue
        whole = gateway_target.find(connection, gateway_id, target_id) or {}
        reasons = "; ".join(whole.get("status_reasons") or []) or "no reason given"
        failing.append(f"{names[target_id]} is {target['status']} ({reasons})")
    if failing:
        raise ResourceFailed(f"{', '.join(failing)}: mend the cause, then `pulumi up --refresh`")
    pending = [names[key] for key, target in targets.items() if target["status"] in gateway_target.PENDING_AUTH]
    asking = f"; waiting for somebody to grant access: {', '.join(pending)}" if pending else ""
    return f"{len(targets)} there: {', '.join(names.values())}{asking}"


def _arrived(gateway_id: str, status: str, reasons: Any) -> str:
    if status != "READY":
        why = "; ".join(reasons or []) or "no reason given"
        raise ResourceFailed(f"{gateway_id} is {status} ({why}): mend the cause, then `pulumi up --refresh`")
    return f"{gateway_id} is READY"

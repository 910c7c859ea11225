"""`agentcore import`: take a gateway that was made elsewhere, with its targets, under the care of a stack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from agentcore_provider.cli import authorizer_flags, gateway_entry
from agentcore_provider.cli.chosen_stack import ProjectFolder, Region, StackName, choose_stack
from agentcore_provider.cli.sign_in import Json
from agentcore_provider.cli.stack_file import StackFile
from agentcore_provider.cli.terminal import progress, say
from agentcore_provider.errors import InvalidInput

if TYPE_CHECKING:
    from agentcore_provider.aws.connection import Connection

# Members that a stack file has under the same name.
_SAME = (
    *("name", "description", "role_arn", "protocol_configuration", "interceptor_configurations"),
    *("policy_engine_configuration", "kms_key_arn", "exception_level", "domain_override", "waf_configuration"),
)
_TARGET_SAME = (
    *("description", "target_configuration", "credential_provider_configurations"),
    *("metadata_configuration", "private_endpoint", "certificate_configurations"),
)


def add_commands(app: typer.Typer) -> None:
    """Put the command into the root."""
    app.command(
        "import",
        epilog="Example: agentcore import arn:aws:bedrock-agentcore:us-west-2:123456789012:gateway/shop-0a1b2c3d4e",
    )(import_gateway)


def import_gateway(
    gateway: Annotated[str, typer.Argument(help="ARN, id or MCP URL of the gateway.")],
    *,
    region: Region = None,
    stack: StackName = None,
    project: ProjectFolder = None,
    as_json: Json = False,
) -> None:
    """Describe a gateway and its targets in the stack's file, as they are, and let Pulumi manage them from now on.

    Nothing about them changes but the mark of their owner. `agentcore delete` then deletes the gateway itself. To put
    targets on a gateway without managing it, use create_mcp_gateway_target.
    """
    from agentcore_provider.rules import gateway_address

    meant = gateway_address.parse(gateway)
    if region is not None and meant.region not in (None, region):
        raise InvalidInput(f"--region {region}: the gateway is in {meant.region}: leave --region out")
    chosen = choose_stack(project, stack, region or meant.region)
    with progress("Reading the gateway and its targets"):
        said = _described(chosen.connect(), meant.gateway_id, chosen.region)
    key = gateway_entry.key_for(said["name"])
    standing = StackFile(chosen.file).gateways().get(key)
    if standing is not None and standing.get("name") != said["name"]:
        raise InvalidInput(
            f"{chosen.file} has another gateway {key!r} already: choose another --stack, or rename that entry"
        )
    say(f"Taking over gateway {meant.gateway_id} with targets {', '.join(said['targets']) or 'none'}")
    gateway_entry.finish(chosen, gateway_entry.GatewayEntry(key, {**said, "adopt": True}), as_json)


def _described(connection: Connection, gateway_id: str, region: str) -> dict[str, Any]:
    from agentcore_provider.aws import gateway as gateways
    from agentcore_provider.aws import gateway_target, tags
    from agentcore_provider.aws.job import OWNER_TAG

    found = gateways.find(connection, gateway_id)
    if found is None:
        raise InvalidInput(f"There is no gateway {gateway_id} in {region}: see the ARN and --region")
    said = {key: found[key] for key in _SAME if found.get(key) is not None}
    said["authorizer"] = authorizer_flags.of_gateway(found)
    mcp = (found.get("protocol_configuration") or {}).get("mcp") or {}
    said["search"] = mcp.get("searchType") == "SEMANTIC"
    if found.get("protocol_type") != "MCP":
        said["protocol_type"] = None
    kept = {key: value for key, value in tags.read(connection, found["gateway_arn"]).items() if key != OWNER_TAG}
    said |= {"tags": kept} if kept else {}
    targets: dict[str, Any] = {}
    for target_id in gateway_target.statuses(connection, gateway_id):
        target = gateway_target.find(connection, gateway_id, target_id)
        if target is not None:
            targets[target["name"]] = {key: target[key] for key in _TARGET_SAME if target.get(key)}
    return {**said, "targets": targets}

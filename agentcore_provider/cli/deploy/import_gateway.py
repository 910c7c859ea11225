"""`agentcore import`: let a stack manage an existing gateway with its targets, or what belongs to no gateway."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from agentcore_provider.cli.options import Json, ProjectFolder, Region, StackName, Yes
from agentcore_provider.cli.terminal import progress, say
from agentcore_provider.documents.json_types import JsonDict, JsonObject
from agentcore_provider.errors import InvalidInput

if TYPE_CHECKING:
    from agentcore_provider.aws.connection import Connection
    from agentcore_provider.cli.deploy.imported_files import ImportedFiles
    from agentcore_provider.cli.stack import ChosenStack

_OF_THE_PORTAL = (
    "name",
    "description",
    "credential_provider_arn",
    "execution_role_arn",
    "scopes",
    "audience",
    "tags",
)
# Arguments that a stack file has in another form.
_OTHERWISE = ("authorizer_type", "authorizer_configuration", "protocol_type", "protocol_configuration", "tags")


def import_gateway(
    gateway: Annotated[
        str, typer.Argument(help="ARN, id or MCP URL of the gateway, or the ARN of what belongs to none.")
    ],
    *,
    region: Region = None,
    stack: StackName = None,
    project: ProjectFolder = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Describe a gateway and its parts in the stack's file, as they are, and let Pulumi manage them from now on.

    Schemas go into files beside it. Only the gateway's owner tag changes. `agentcore delete` then
    deletes the gateway itself. To put targets on a gateway without managing it, use create_mcp_gateway_target.

    By its ARN also a registry with its records, a workload identity, a configuration bundle, or the token vault's key.
    """
    from agentcore_provider.cli.deploy import import_beside

    if import_beside.run(gateway, region=region, stack=stack, project=project, yes=yes, as_json=as_json):
        return
    from agentcore_provider.aws.operation import OWNER_TAG
    from agentcore_provider.cli import engine
    from agentcore_provider.cli.deploy import gateway_entry
    from agentcore_provider.cli.deploy.imported_files import ImportedFiles
    from agentcore_provider.cli.project.stack_file import StackFile
    from agentcore_provider.cli.stack_lock import changed_stack
    from agentcore_provider.rules import gateway_address

    meant = gateway_address.parse(gateway)
    if region is not None and meant.region not in (None, region):
        raise InvalidInput(f"--region {region}: the gateway is in {meant.region}", "Leave --region out")
    with changed_stack(project, stack, region or meant.region, elsewhere=True) as chosen:
        place = region or meant.region or chosen.region
        with progress("Reading the gateway and its targets"):
            read, owner = _read(chosen.connect(place), meant.gateway_id, place)
            found, targets = read.gateway, read.targets
            managed = [key for key, it in engine.managed_gateways(chosen).items() if it == meant.gateway_id]
        entries = StackFile(chosen.file).gateways()
        if managed and managed[0] in entries:
            # Describing it as AWS has it would remove the sign-in and the role that the stack created for it.
            say(f"Gateway {meant.gateway_id} is managed by this stack already, as {managed[0]}: its description stays")
            gateway_entry.finish(chosen, gateway_entry.GatewayEntry(managed[0], {}), as_json, yes=yes)
            return
        key = gateway_entry.key_for(found["name"])
        _require_free(chosen, entries, key, found["name"], meant.gateway_id)
        if owner is not None and key not in entries:
            say(f"Note: the gateway has the owner tag of another stack ({OWNER_TAG}): let only one stack manage it")
        say(f"Adopting gateway {meant.gateway_id} with targets {', '.join(it['name'] for it in targets) or 'none'}")
        files = ImportedFiles(chosen.project.folder, key)
        members = described(found, targets, files, read.rules, read.rate_limits)
        members |= {"region": place} if place != chosen.region else {}
        members = _beyond_defaults(chosen, key, members)
        with files.written(chosen.file):
            gateway_entry.finish(chosen, gateway_entry.GatewayEntry(key, {**members, "adopt": True}), as_json, yes=yes)


def _require_free(chosen: ChosenStack, entries: JsonObject, key: str, name: str, gateway_id: str) -> None:
    """Raises InvalidInput if the key is another gateway's, or this one's without being managed."""
    from agentcore_provider.cli.deploy import existing_gateway

    for other, entry in entries.items():
        if existing_gateway.is_for(entry, gateway_id):
            raise InvalidInput(
                f"{chosen.file} has it already, as {other!r}, to add targets to it without managing it",
                f"`agentcore delete {other} --stack {chosen.name}` removes those, then import it",
            )
    standing = entries.get(key)
    if standing is not None and (not isinstance(standing, Mapping) or standing.get("name") != name):
        raise InvalidInput(
            f"{chosen.file} has another gateway {key!r} already", "Choose another --stack, or rename that entry"
        )


def _beyond_defaults(stack: ChosenStack, key: str, members: JsonDict) -> JsonDict:
    """The members that agentcore:defaults does not set. Raises InvalidInput if the defaults set others."""
    from agentcore_provider import stack_config
    from agentcore_provider.cli.project.stack_file import StackFile, stack_defaults
    from agentcore_provider.stack_config import description

    shared = stack_defaults(stack.project, StackFile(stack.file))
    described = description.shared(shared or {}, stack.project.folder)
    own = description.beyond(described.get(key) if isinstance(described, Mapping) else None, members)
    meant = stack_config.merged({key: own}, shared, stack.project.folder)[key]
    if meant != members:
        more = ", ".join(sorted(name for name in meant if meant[name] != members.get(name)))
        raise InvalidInput(
            f"agentcore:defaults sets for gateway {key} what it does not have in AWS ({more}), and would change it",
            "Take that out of the defaults, or choose another --stack",
        )
    return own


@dataclass(frozen=True)
class _Read:
    """A gateway and its parts as AWS has them, the gateway with its own tags, resource policy, portal, engine and policies."""

    gateway: JsonDict
    targets: list[JsonDict]
    rules: list[JsonDict]
    rate_limits: list[JsonDict]


def _read(connection: Connection, gateway_id: str, region: str) -> tuple[_Read, str | None]:
    """The gateway and its parts, and its owner tag."""
    from agentcore_provider.aws import gateway as gateways
    from agentcore_provider.aws import tags
    from agentcore_provider.aws.operation import OWNER_TAG
    from agentcore_provider.cli.gateway import (
        read_policies,
        read_rate_limits,
        read_resource_policy,
        read_rules,
        read_targets,
    )

    found = gateways.find(connection, gateway_id)
    if found is None:
        raise InvalidInput(f"There is no gateway {gateway_id} in {region}", "Check the ARN and --region")
    kept = dict(tags.read(connection, found["gateway_arn"]))
    owner = kept.pop(OWNER_TAG, None)
    targets, rules = read_targets(connection, gateway_id), read_rules(connection, gateway_id)
    policy = read_resource_policy(connection, found["gateway_arn"])
    found = {**found, "tags": kept, "resource_policy": policy}
    engine = _read_engine(connection, found.get("policy_engine_configuration") or {})
    policies = read_policies(connection, engine["policy_engine_arn"]) if engine else []
    found |= {"consent_portal": _read_portal(connection, found), "policy_engine": engine, "policies": policies}
    return _Read(found, targets, rules, read_rate_limits(connection, gateway_id)), owner


def _read_engine(connection: Connection, configuration: JsonObject) -> JsonDict | None:
    """The engine that a gateway asks, with its own tags; None without one, or for one that is gone."""
    from agentcore_provider.aws import policy_engine

    arn = str(configuration.get("arn") or "")
    found = policy_engine.find(connection, arn.rpartition("/")[2]) if arn else None
    return None if found is None else {**found, "tags": _own_tags(connection, arn)}


def _read_portal(connection: Connection, gateway: JsonObject) -> JsonDict | None:
    """The consent portal of a gateway, with its own tags; None without one."""
    from agentcore_provider.cli.gateway import read_consent_portal

    found = read_consent_portal(connection, gateway)
    return None if found is None else {**found, "tags": _own_tags(connection, found["consent_portal_arn"])}


def _own_tags(connection: Connection, arn: str) -> dict[str, str]:
    """The tags of a resource without the owner tag."""
    from agentcore_provider.aws import tags
    from agentcore_provider.aws.operation import OWNER_TAG

    return {key: it for key, it in tags.read(connection, arn).items() if key != OWNER_TAG}


def described(
    found: JsonObject,
    targets: Sequence[JsonObject],
    files: ImportedFiles,
    rules: Sequence[JsonObject] = (),
    rate_limits: Sequence[JsonObject] = (),
) -> JsonDict:
    """The stack file's entry for the gateway and its parts, without defaults."""
    from agentcore_provider.arguments import gateway as gateway_documents
    from agentcore_provider.arguments import table
    from agentcore_provider.cli.deploy import (
        authorizer_flags,
        imported_policies,
        imported_rate_limit,
        imported_rule,
        imported_target,
    )
    from agentcore_provider.resources.gateway import Gateway
    from agentcore_provider.stack_config import references

    members = {it: found[it] for it in table.arguments(Gateway) if it not in _OTHERWISE and found.get(it)}
    if found.get("web_acl_arn"):
        members["web_acl"] = found["web_acl_arn"]
    members["authorizer"] = authorizer_flags.of_gateway(found)
    protocol = dict(found.get("protocol_configuration") or {})
    mcp = dict(protocol.pop("mcp", None) or {})
    if found.get("protocol_type") != "MCP":
        members["protocol_type"] = None
    elif mcp.pop("searchType", None) != "SEMANTIC":
        members["search"] = False
    short, mcp = gateway_documents.mcp_members(mcp)
    members |= short
    protocol |= {"mcp": mcp} if mcp else {}
    members |= {"protocol_configuration": protocol} if protocol else {}
    members |= {"tags": found["tags"]} if found["tags"] else {}
    policy = found.get("resource_policy")
    members |= {"resource_policy": {"policy": policy}} if policy else {}
    listed = {it["name"]: imported_target.described(it, partial(files.put, it["name"])) for it in targets}
    # What manages a rule itself, such as an A/B test, changes and removes it.
    own = {f"rule-{it['priority']}": imported_rule.described(it) for it in rules if not it.get("system")}
    members |= {"rules": own} if own else {}
    limits = {f"limit-{number}": imported_rate_limit.described(it) for number, it in enumerate(rate_limits, 1)}
    members |= {"rate_limits": limits} if limits else {}
    if found.get("policy_engine"):
        del members["policy_engine_configuration"]
        members |= imported_policies.described(found)
    if portal := found.get("consent_portal"):
        members["consent_portal"] = {**{it: portal[it] for it in _OF_THE_PORTAL if portal.get(it)}, "adopt": True}
    plain: JsonDict = references.escaped({**members, "targets": listed})
    return plain

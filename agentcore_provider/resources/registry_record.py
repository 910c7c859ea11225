"""RegistryRecord: how people and agents find a gateway, another MCP server, or an agent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal

import pulumi

from agentcore_provider.arguments.members import further
from agentcore_provider.errors import InvalidInput
from agentcore_provider.providers.registry_record import Provider
from agentcore_provider.resources import aws_access, gateway_argument
from agentcore_provider.resources.aws_access import AnyRole
from agentcore_provider.resources.declaration import Problems
from agentcore_provider.resources.dynamic_resource import DynamicResource
from agentcore_provider.resources.gateway import Gateway
from agentcore_provider.resources.registry import Registry

# https://github.com/modelcontextprotocol/registry/blob/main/docs/reference/server-json/generic-server-json.md
_NAMESPACE = "com.amazonaws.bedrock-agentcore"
_FIRST_VERSION = "1.0.0"


class RegistryRecord(DynamicResource, module="agentcore", name="RegistryRecord"):
    """What a registry knows of one gateway, other MCP server, agent or skill, and by what it is found.

    Its id is its ARN. A change makes a new revision, which has to be approved again; until then searches find the last
    approved one.

    Example:
        ```python
        RegistryRecord("shop", registry=catalogue, gateway=gateway, description="Orders and refunds")
        ```

    https://docs.aws.amazon.com/agent-registry-control/latest/APIReference/API_CreateRegistryRecord.html
    """

    record_arn: pulumi.Output[str]
    """ARN of the record; also the resource's id. Known once it is created."""
    record_id: pulumi.Output[str]
    """Id of the record in its registry. Known once it is created."""
    registry_id: pulumi.Output[str]
    """Id of the registry. Known at preview if the registry exists."""
    registry_arn: pulumi.Output[str]
    """ARN of the registry. Known once the record is created."""
    status: pulumi.Output[str]
    """DRAFT, PENDING_APPROVAL or APPROVED after a successful `pulumi up`; later what the last refresh found, also REJECTED
    and DEPRECATED. Known once it is created."""
    status_reason: pulumi.Output[str | None]
    """Why it failed, or why a curator decided so, as the last refresh found. Known once it is created."""
    name: pulumi.Output[str]
    """Name in the registry, also where it is generated. Known at preview if the registry exists."""
    display_name: pulumi.Output[str | None]
    """The argument, or what a refresh found in AWS. Known at preview."""
    description: pulumi.Output[str | None]
    """The argument, or what a refresh found in AWS. Known at preview."""
    record_type: pulumi.Output[str]
    """MCP, AGENT, SKILL, CUSTOM, GATEWAY or WEB_BOT. Known at preview."""
    descriptors: pulumi.Output[dict[str, Any]]
    """AWS's document of what the record describes. Known at preview unless the gateway is new."""
    record_version: pulumi.Output[str | None]
    """The argument, or what AWS set. Known at preview if it is set."""
    custom_metadata: pulumi.Output[dict[str, Any] | None]
    """Metadata that the registry's schema allows. Known at preview."""
    created_by: pulumi.Output[str | None]
    """Account that created the record. Known once it is created."""
    tags: pulumi.Output[dict[str, str] | None]
    """The argument; the owner tag is not among them. Known at preview."""
    created_at: pulumi.Output[str]
    """Time of creation in ISO 8601. Known once it is created."""
    updated_at: pulumi.Output[str]
    """Time of the last change in ISO 8601. Known once it is created."""

    aws_name = "RegistryRecord"
    aws_service = "agent-registry-control"
    _required = MappingProxyType({"registry_id": "", "record_type": "", "descriptors": ""})

    def __init__(
        self,
        resource_name: str,
        *,
        registry: Registry | None = None,
        registry_id: pulumi.Input[str] | None = None,
        gateway: Gateway | None = None,
        record_type: pulumi.Input[str] | None = None,
        descriptors: pulumi.Input[Mapping[str, object]] | None = None,
        approval: Literal["DRAFT", "SUBMIT", "APPROVE"] = "SUBMIT",
        name: pulumi.Input[str] | None = None,
        display_name: pulumi.Input[str] | None = None,
        description: pulumi.Input[str] | None = None,
        record_version: pulumi.Input[str] | None = None,
        custom_metadata: pulumi.Input[Mapping[str, object]] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        more: Mapping[str, object] | None = None,
        adopt: bool | None = None,
        region: pulumi.Input[str] | None = None,
        profile: pulumi.Input[str] | None = None,
        assume_role: AnyRole | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """
        Args:
            resource_name: Logical name; the name in the registry begins with it.
            registry: The registry. Changing it replaces.
            registry_id: Id or ARN of a registry that this program does not declare, instead of `registry`. Changing it replaces.
            gateway: The gateway that the record describes, as an MCP server at its address. Updates in place.
            record_type: What else the record describes, instead of `gateway`: MCP, AGENT, SKILL, CUSTOM or WEB_BOT. Updates in
                place.
            descriptors: AWS's document of it, with one descriptor, which fits the type. Updates in place.
            approval: What a deployment does once the record is created or changed: "DRAFT" nothing, "SUBMIT" submits it to
                the curators of the registry, "APPROVE" also approves it. Default: "SUBMIT". Updates in place.
            name: Name in the registry: letters, digits, hyphens, underscores, dots and slashes, 255 at most, unique there.
                Default: the logical name and a short hash. Updates in place.
            display_name: Name for people, up to 255 characters. Updates in place.
            description: What it is for, up to 4096 characters; searches look in it. Updates in place.
            record_version: Version of what the record describes, such as "1.2.0". Default: AWS's choice. Updates in place.
            custom_metadata: Strings and booleans that the registry's schema allows. Updates in place.
            tags: Up to 50. Updates in place.
            more: Members of the API that have no argument here yet, in snake_case. Updates in place.
            adopt: Take over a record of this `name` that something else made. Default: the stack's agentcore:adopt.
            region: AWS Region. Default: that of the registry, of the parent, of an aws.Provider in `opts`, or of the stack.
                Changing it replaces.
            profile: AWS profile to sign in with, in place of what the stack signs in with. One of another account replaces.
            assume_role: Role to assume, by ARN or as an AssumeRole; not with `profile`. One of another account replaces.
            opts: Pulumi's resource options.

        Raises:
            InvalidInput: Arguments contradict each other. All other problems are reported at preview.
        """
        label = f'RegistryRecord "{resource_name}"'
        _require_one(label, registry, registry_id)
        if gateway is not None:
            gateway_argument.require_one(label, gateway, record_type, argument="record_type", form="a type")
            if descriptors is not None:
                raise InvalidInput(
                    "cannot be combined with gateway",
                    "Pass either gateway= or descriptors=",
                    path="descriptors",
                    label=label,
                )
            record_type, descriptors = "MCP", _descriptors(gateway, record_version)
        elif record_type is None or descriptors is None:
            raise InvalidInput(
                "needs gateway, or record_type and descriptors", "Pass gateway=, or both of the others", label=label
            )
        problems = Problems()
        access = aws_access.find(
            RegistryRecord,
            resource_name,
            opts,
            region=region,
            profile=profile,
            assume_role=assume_role,
            inherited=registry.aws_access if registry else None,
        )
        if registry is not None:
            cure = "Leave region= and provider= out: a record is where its registry is"
            problems.lines += aws_access.other_region("region", "the registry", registry.aws_access, access, cure)
        inputs = {
            "registry_id": registry.registry_id if registry is not None else registry_id,
            "record_type": record_type,
            "descriptors": descriptors,
            "approval": approval,
            "name": name,
            "display_name": display_name,
            "description": description,
            "record_version": record_version,
            "custom_metadata": custom_metadata,
            "tags": tags,
            **further(more),
        }
        super().__init__(
            Provider(),
            resource_name,
            inputs,
            access.own(opts),
            access=access,
            adopt=adopt,
            problems=problems,
            scope=registry or registry_id,
        )


def _require_one(label: str, registry: object, registry_id: object) -> None:
    if not isinstance(registry, (Registry, type(None))):
        raise InvalidInput(
            f"is of type {type(registry).__name__}",
            "Pass a Registry, or an id as registry_id=",
            path="registry",
            label=label,
        )
    if (registry is None) == (registry_id is None):
        cure = "Pass either registry= or registry_id="
        raise InvalidInput("needs exactly one of registry and registry_id", cure, label=label)


def _descriptors(gateway: Gateway, version: pulumi.Input[str] | None) -> pulumi.Output[dict[str, Any]]:
    """A server.json of the MCP registry: a server that is reached at an address."""

    def build(known: list[Any]) -> dict[str, Any]:
        name, url, declared = known
        server = {
            "name": f"{_NAMESPACE}/{name}",
            "description": f"AgentCore gateway {name}"[:100],
            "version": declared or _FIRST_VERSION,
            "remotes": [{"type": "streamable-http", "url": url}],
        }
        return {"mcpServer": {"data": json.dumps(server)}}

    return pulumi.Output.all(gateway.name, gateway.gateway_url, version).apply(build)

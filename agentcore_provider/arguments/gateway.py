"""Gateways: the properties of the resource, and with them CreateGateway's input, from the arguments of `Gateway`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Literal, Protocol

from agentcore_provider.arguments import members
from agentcore_provider.arguments.members import Properties
from agentcore_provider.rules.unknown import UNKNOWN

AuthorizerType = Literal["CUSTOM_JWT", "AWS_IAM", "NONE", "AUTHENTICATE_ONLY"]

MCP_MEMBERS: Mapping[str, tuple[str, ...]] = {
    "instructions": ("instructions",),
    "supported_versions": ("supportedVersions",),
    "session_timeout": ("sessionConfiguration", "sessionTimeoutInSeconds"),
    "response_streaming": ("streamingConfiguration", "enableResponseStreaming"),
}
"""Arguments that are members of MCP's part of protocolConfiguration, by their path in it."""


class Authorizer(Protocol):
    """A record that builds AWS's document of an inbound authorizer."""

    def authorizer_configuration(self) -> dict[str, Any]:
        """AWS's authorizerConfiguration."""
        ...


def _now(build: Callable[..., object], *values: object) -> object:
    return build(*values)


def properties(
    *,
    protocol_type: object = "MCP",
    protocol_configuration: object = None,
    semantic_search: object = True,
    more: Mapping[str, object] | None = None,
    call: Callable[..., object] = _now,
    **others: object,
) -> Properties:
    """The properties of a gateway, those that are None included.

    Args:
        protocol_type: "MCP", or None for a gateway of HTTP targets.
        protocol_configuration: AWS's document, which wins over `semantic_search` and MCP_MEMBERS.
        semantic_search: Whether the tools of an MCP gateway can be searched.
        more: Members of the API without an argument.
        call: Calls a function with values of which some may be known later, such as with the help of `Output.apply`.
        others: MCP_MEMBERS, and further members by property name.
    """
    short = {name: others.pop(name, None) for name in MCP_MEMBERS}
    configuration = call(with_mcp, protocol_configuration, protocol_type, semantic_search, short)
    protocol = {"protocol_type": protocol_type, "protocol_configuration": configuration}
    return {**others, **protocol, **members.further(more)}


def document(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """CreateGateway's input, with the members that only UpdateGateway takes. arguments: those of `properties`."""
    return members.document({name: it for name, it in properties(**arguments).items() if it is not None})


def declared(properties: Properties) -> dict[str, Any]:
    """The members of CreateGateway's input on which it depends what targets the gateway can have."""
    deciding = ("authorizer_type", "protocol_type", "protocol_configuration")
    return members.document({name: properties[name] for name in deciding if properties.get(name) is not None})


def with_mcp(
    configuration: object,
    protocol_type: object,
    semantic_search: object,
    short: Mapping[str, object] = MappingProxyType({}),
) -> Any:
    """AWS's protocolConfiguration with what the short arguments add to MCP's part of it; None if nothing is set.

    configuration: the document so far, which wins. What is not a document stays as it is, for validation.
    short: MCP_MEMBERS; None for what is not set.
    """
    # Validation does not depend on the search, so one that is not known yet is left out.
    searches = semantic_search is not UNKNOWN and bool(semantic_search)
    added: dict[str, object] = {"searchType": "SEMANTIC"} if searches and protocol_type == "MCP" else {}
    for name, value in short.items():
        if value is not None:
            *structure, member = MCP_MEMBERS[name]
            added |= {structure[0]: {member: value}} if structure else {member: value}
    mcp = configuration.get("mcp") or {} if isinstance(configuration, Mapping) else {}
    if not added or not isinstance(configuration, (Mapping, type(None))) or not isinstance(mcp, Mapping):
        return configuration
    return {**(configuration or {}), "mcp": {**added, **mcp}}


def mcp_members(mcp: Mapping[str, object]) -> tuple[dict[str, object], dict[str, object]]:
    """The reverse: MCP_MEMBERS of MCP's part of a protocolConfiguration, and what it has besides."""
    found, rest = {}, dict(mcp)
    for name, (member, *below) in MCP_MEMBERS.items():
        value = rest.get(member)
        if not below and value is not None:
            found[name] = rest.pop(member)
        elif isinstance(value, Mapping) and value.keys() == set(below):
            found[name] = value[below[0]]
            del rest[member]
    return found, rest


def authorizer(authorizer: Authorizer | str) -> tuple[str, dict[str, Any] | None]:
    """AWS's authorizerType and authorizerConfiguration of an authorizer: a record, or a type without configuration."""
    return (authorizer, None) if isinstance(authorizer, str) else ("CUSTOM_JWT", authorizer.authorizer_configuration())

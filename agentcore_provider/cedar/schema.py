"""The Cedar schema of a gateway's tools: what a policy may name.

Names of tools and arguments are in quotes wherever Cedar demands it, so none is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from agentcore_provider import target_kinds
from agentcore_provider.cedar import requests, types
from agentcore_provider.cedar.types import NAMESPACE, Type
from agentcore_provider.documents import cedar_policy
from agentcore_provider.documents.json_types import JsonDict, JsonObject
from agentcore_provider.schemas import listed_tools

_CALLERS = """\
  entity OAuthUser { id: String } tags String;
  entity IamEntity { id: String };
  entity Gateway;
  entity Null enum ["null"];
  entity Unknown;
  action Mcp;
  action CallTool in [Mcp];
"""


class CedarSchema:
    """The tools that policies can name, each with the types of its arguments."""

    def __init__(self, tools: Mapping[str, Type], forwarding: Iterable[str] = ()) -> None:
        self.tools = tools
        """The record of arguments of each tool, by TARGET___TOOL."""
        self.forwarding = frozenset(forwarding)
        """Targets of HTTP and inference, whose actions are TARGET___METHOD:/path."""

    @cached_property
    def text(self) -> str:
        """The schema in Cedar's own notation, tools in the order of their names."""
        blocks = [_CALLERS, *(f"  action {cedar_policy.quoted(it)} in [CallTool];\n" for it in sorted(self.targets))]
        for name, arguments in sorted(self.tools.items()):
            groups = ", ".join(map(cedar_policy.quoted, self.groups(name)))
            blocks.append(
                f"  action {cedar_policy.quoted(name)} in [{groups}] appliesTo {{\n"
                "    principal: [OAuthUser, IamEntity],\n"
                "    resource: [Gateway],\n"
                f"    context: {{input: {arguments}, system: {{now: datetime}}}},\n"
                "  };\n"
            )
        parts = [f"namespace {NAMESPACE} {{\n" + "".join(blocks) + "}\n"]
        for namespace, entities in self._enumerations().items():
            lines = (
                f"  entity {name} enum [{', '.join(map(cedar_policy.quoted, values))}];\n"
                for name, values in sorted(entities.items())
            )
            parts.append(f"namespace {namespace} {{\n{''.join(lines)}}}\n")
        return "\n".join(parts)

    @cached_property
    def targets(self) -> frozenset[str]:
        """The targets of these tools: a policy may name one for all of its tools (devguide policy-scope)."""
        return frozenset(it for name in self.tools for it in self.groups(name)) - {"CallTool"}

    def groups(self, tool: str) -> list[str]:
        """The groups that the action of a tool is in."""
        target, separator, _ = tool.partition("___")
        return [target, "CallTool"] if separator and target not in ("CallTool", "Mcp") else ["CallTool"]

    def enumerations(self) -> dict[str, tuple[str, ...]]:
        """The values of each type of an enumeration."""
        found = (it for arguments in self.tools.values() for it in arguments.inside() if it.kind == "Enum")
        return {it.entity: it.values for it in found}

    def _enumerations(self) -> dict[str, dict[str, tuple[str, ...]]]:
        by_namespace: dict[str, dict[str, tuple[str, ...]]] = {}
        for entity, values in sorted(self.enumerations().items()):
            namespace, _, name = entity.rpartition("::")
            by_namespace.setdefault(namespace, {})[name] = values
        return by_namespace


def of_targets(tools: Mapping[str, Iterable[JsonObject]], *, forwarding: Iterable[str] = ()) -> CedarSchema:
    """The schema of the tools of targets: by name of the target, each tool with name and inputSchema.

    forwarding: names of targets of HTTP and inference.
    """
    found = {}
    for target, listed in tools.items():
        for tool in listed:
            name = f"{target}___{tool.get('name')}"
            found[name] = types.of_tool(name, tool.get("inputSchema"))
    return CedarSchema(found, forwarding)


def of_configurations(configurations: Iterable[tuple[str, object]]) -> tuple[CedarSchema, list[str]]:
    """The schema of the tools of targets, and the names of those targets whose tools are not known here.

    configurations: name and targetConfiguration of each target. Targets of two gateways may have the same name.
    """
    known: dict[str, list[JsonDict]] = {}
    elsewhere, forwarding = [], []
    for name, configuration in configurations:
        listed = listed_tools.of_schema(*target_kinds.inline_schema(configuration))
        if target_kinds.branch(configuration)[0] in requests.FAMILIES:
            forwarding.append(name)
        if listed is None:
            elsewhere.append(name)
        else:
            known.setdefault(name, []).extend(listed)
    return of_targets(known, forwarding=forwarding), elsewhere

"""The Cedar schema of tools."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from agentcore_provider.local.cedar import types
from agentcore_provider.local.cedar.types import NAMESPACE, Type

if TYPE_CHECKING:
    from cedarpy import Schema

    from agentcore_provider.local.tool_schemas.tool_schema import Tool

LARGEST_BYTES = 400 * 1024  # devguide policy-limitations-section

SEPARATOR = "___"
GROUPS = ("CallTool", "Mcp")
"""Actions that all tools are in, from the inside out."""

_FIXED = f"""\
namespace {NAMESPACE} {{
entity OAuthUser {{ id: String }} tags String;
entity IamEntity {{ id: String }};
entity Gateway;
entity Null enum ["null"];
entity Unknown;
action Mcp;
action CallTool in [Mcp];
"""


def groups_of(tool: str) -> list[str]:
    """The groups that the action of a tool is in: that of its target (devguide policy-scope), and that of all tools."""
    target, separator, _ = tool.partition(SEPARATOR)
    return [target, GROUPS[0]] if separator and target not in GROUPS else [GROUPS[0]]


class ToolSchema:
    """The schema of some tools. arguments: the record of each by its whole name, `<target>___<tool>`."""

    def __init__(self, tools: Iterable[Tool]) -> None:
        self.arguments: dict[str, Type] = {
            it["name"]: types.of_arguments(it["name"], it.get("inputSchema")) for it in tools
        }

    @cached_property
    def text(self) -> str:
        """In Cedar's own notation."""
        groups = (f"action {types.quoted(it)} in [CallTool];\n" for it in self._targets())
        actions = (
            f"action {types.quoted(name)} in [{', '.join(map(types.quoted, groups_of(name)))}] appliesTo {{ principal: [OAuthUser, IamEntity], "
            f"resource: [Gateway], context: {{ input: {it.notation}, system: {{ now: datetime }} }} }};\n"
            for name, it in self.arguments.items()
        )
        enums = (
            f"namespace {namespace} {{\n{''.join(map(_enum, named.items()))}}}\n"
            for namespace, named in self._enums().items()
        )
        return f"{_FIXED}{''.join(groups)}{''.join(actions)}}}\n{''.join(enums)}"

    @cached_property
    def parsed(self) -> Schema:
        """As the engine takes it. Raises ValueError for one that it does not take, which would be a defect."""
        from cedarpy import Schema

        return Schema.from_str(self.text)

    def _targets(self) -> list[str]:
        found = (name.partition(SEPARATOR)[0] for name in self.arguments if SEPARATOR in name)
        return [it for it in dict.fromkeys(found) if it not in GROUPS]

    def _enums(self) -> dict[str, dict[str, list[str]]]:
        """The values of each enumeration, by namespace and name."""
        found: dict[str, dict[str, list[str]]] = {}
        for it in (enum for arguments in self.arguments.values() for enum in arguments.enums):
            namespace, _, name = it.entity.rpartition("::")
            # Names that differ in other characters than Cedar's become one: it has the values of all.
            values = found.setdefault(namespace, {}).setdefault(name, [])
            values += [value for value in it.values if value not in values]
        return found


def _enum(named: tuple[str, list[str]]) -> str:
    name, values = named
    return f"entity {name} enum [{', '.join(map(types.quoted, values))}];\n"

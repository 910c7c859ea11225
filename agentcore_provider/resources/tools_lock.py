"""Which tools of an MCP server a program accepts."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from agentcore_provider import target_kinds
from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources.declaration import Problems
from agentcore_provider.resources.targets.mcp_server import McpServer
from agentcore_provider.schemas.locked_tools import is_fingerprint

CONFIG = "toolLocks"
"""Key of the stack's configuration, below `agentcore:`, that `agentcore tools accept` writes: fingerprints by the names of
targets' resources."""


def accepted_tools(resource_name: str, wanted: object, document: object, problems: Problems) -> bool | str:
    """What the program accepts: a fingerprint, True for what the server lists first, False for everything.

    wanted: the argument tools_lock. document: AWS's document of the target; None if it has a problem.
    """
    if wanted is False:
        return False
    if wanted is not True and not is_fingerprint(wanted):
        found = f"is {wanted!r}" if isinstance(wanted, (str, int, float)) else f"is a {type(wanted).__name__}"
        problems.add(InvalidInput(found, "Write True, or a fingerprint of 32 hexadecimal digits", path="tools_lock"))
        return False
    unlockable = _unlockable(document)
    if unlockable:
        problems.add(unlockable)
    return wanted if isinstance(wanted, str) else _of_stack(resource_name, problems) or True


def is_lockable(target: object) -> bool:
    """Whether a target, a record or AWS's document, is an MCP server whose tools AWS itself asks for."""
    document = target
    if isinstance(target, McpServer):
        try:
            document = target.target_configuration()
        except InvalidInput:
            # The target itself reports it.
            return False
    return target_kinds.of(document) is target_kinds.MCP_SERVER and _unlockable(document) is None


def _unlockable(document: object) -> InvalidInput | None:
    """Why the tools of a target cannot be locked; None if they can, or if its kind is not known."""
    kind = target_kinds.of(document)
    if kind is None:
        return None
    server = kind.content(document) if kind is target_kinds.MCP_SERVER else None
    if not isinstance(server, Mapping):
        return InvalidInput(
            f"is for MCP servers, and this is a target of kind {kind.label}, whose tools the program has itself",
            "Leave it out; protect_tools= refuses changes that break callers",
            path="tools_lock",
        )
    if server.get("mcpToolSchema") is not None:
        return InvalidInput("tool_schema fixes the tools already", "Leave one of both out", path="tools_lock")
    if server.get("listingMode") == "DYNAMIC":
        return InvalidInput(
            "with DYNAMIC the gateway passes on what the server lists at the moment",
            "Leave listing_mode or tools_lock out",
            path="tools_lock",
        )
    return None


def _of_stack(resource_name: str, problems: Problems) -> str:
    """The fingerprint that the stack's configuration accepts; empty if it names none."""
    try:
        accepted = pulumi.Config("agentcore").get_object(CONFIG)
    except pulumi.ConfigTypeError:
        accepted = CONFIG
    found = accepted.get(resource_name) if isinstance(accepted, Mapping) else accepted
    if found is None:
        return ""
    if not is_fingerprint(found):
        problems.add(
            InvalidInput(
                f"agentcore:{CONFIG} of the stack does not map names of targets to fingerprints",
                "Write the file again with `agentcore tools accept`",
                path="tools_lock",
            )
        )
        return ""
    return str(found)

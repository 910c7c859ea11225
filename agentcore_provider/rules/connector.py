"""Connectors that AWS runs: the names of their tools, where they are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from agentcore_provider.problem import Problem, joined
from agentcore_provider.rules.service_model import guess
from agentcore_provider.target_kinds.connector import TOOLS

_SOURCE = "devguide gateway-add-target-api-target-config"
_DROPPED = "bedrock-agentcore 1.25.0, GatewayClient.create_web_search_target"


def validate(content: Mapping[str, Any], path: str) -> Iterator[Problem]:
    """Warnings: tools that the connector is not known to have, and what a tool's configuration lacks.

    content: AWS's document, at this path.
    """
    yield from _dropped(content, path)
    source = content.get("source")
    connector = source.get("connectorId") if isinstance(source, Mapping) else None
    known = TOOLS.get(connector) if isinstance(connector, str) else None
    if known is None:
        return
    enabled, configurations = content.get("enabled"), content.get("configurations")
    named = [
        (f"enabled[{index}]", it) for index, it in enumerate(enabled if isinstance(enabled, (list, tuple)) else ())
    ]
    for index, it in enumerate(configurations if isinstance(configurations, (list, tuple)) else ()):
        if isinstance(it, Mapping):
            named.append((f"configurations[{index}].name", it.get("name")))
    for member, name in named:
        if isinstance(name, str) and name not in known:
            meant = next((it for it in known if it.lower() == name.lower()), None) or guess(name, known)
            cure = f"Write {meant}." if meant else f"Known are {', '.join(known)}."
            message = f"{name} is no tool that {connector} is known to have"
            yield Problem(joined(path, member), message, cure, _SOURCE, severity="warning")


def _dropped(content: Mapping[str, Any], path: str) -> Iterator[Problem]:
    """Configurations without parameterValues: the service drops them, and refuses a target that has no others."""
    listed = content.get("configurations")
    listed = listed if isinstance(listed, (list, tuple)) else ()
    bare = [index for index, it in enumerate(listed) if isinstance(it, Mapping) and "parameterValues" not in it]
    refused = len(bare) == len(listed)
    for index in bare:
        message = "has no parameterValues, so the service drops it"
        message += " and answers: Connector configurations must not be empty" if refused else ""
        where = joined(path, f"configurations[{index}]")
        cure = "Give it parameterValues, {} if none are fixed."
        yield Problem(where, message, cure, _DROPPED, severity="error" if refused else "warning")

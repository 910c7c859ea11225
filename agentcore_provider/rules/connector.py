"""Connectors that AWS runs: the names of their tools, where they are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from agentcore_provider.rules.problem import Problem, joined
from agentcore_provider.rules.service_model import guess

TOOLS: Mapping[str, tuple[str, ...]] = {
    "bedrock-knowledge-bases": ("AgenticRetrieveStream", "Retrieve"),
    "web-search": ("WebSearch",),
}
"""By connector. Capitals count: in all public deployments tools are named so."""
_SOURCE = "devguide gateway-add-target-api-target-config"
_REPORTED = "devguide gateway-target-connector-web-search-tool; a public deployment script of 2026"


def validate(content: Mapping[str, Any], path: str) -> Iterator[Problem]:
    """Warnings: tools that the connector is not known to have, and what a tool's configuration lacks.

    content: AWS's document, at this path.
    """
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
            if connector == "web-search" and "parameterValues" not in it:
                message = "a configuration of web-search without parameterValues was seen to be refused"
                fix = "Give it parameterValues, {} if none are fixed."
                yield Problem("warning", joined(path, f"configurations[{index}]"), message, fix, _REPORTED)
    for member, name in named:
        if isinstance(name, str) and name not in known:
            meant = next((it for it in known if it.lower() == name.lower()), None) or guess(name, known)
            fix = f"Write {meant}." if meant else f"Known are {', '.join(known)}."
            message = f"{name} is no tool that {connector} is known to have"
            yield Problem("warning", joined(path, member), message, fix, _SOURCE)

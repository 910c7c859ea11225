"""AWS's search of the web as a tool.

https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-target-connector-web-search-tool.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

import pulumi

from agentcore_provider.resources.target_record import Record, listed
from agentcore_provider.resources.targets.connector import ConnectorTool
from agentcore_provider.target_kinds import CONNECTOR
from agentcore_provider.target_kinds.connector import FILTERED_FROM
from agentcore_provider.target_kinds.target_kind import TargetKind


@dataclass(frozen=True)
class WebSearch(Record):
    """The web, searched by the tool WebSearch: no address, no API key.

    The gateway's role is the only way to authorize, and GatewayRole has its permissions. Agents can narrow the domains that are
    set here, and cannot widen them.

    Example:
        McpGateway("research", targets={"web": targets.WebSearch(exclude_domains=["example.com"])})
    """

    kind: ClassVar[TargetKind] = CONNECTOR

    _: KW_ONLY
    include_domains: Sequence[pulumi.Input[str]] | None = None
    """Domains, with their subdomains, from which results come, up to 100. Default: any. Updates in place."""
    exclude_domains: Sequence[pulumi.Input[str]] | None = None
    """Domains from which no results come, up to 100. Default: none. Updates in place."""
    description: pulumi.Input[str] | None = None
    """When to search the web, up to 2000 characters: agents read it as the tool's description. Default: the connector's. Updates in
    place."""
    version: pulumi.Input[str] | None = None
    """Version of the connector. Default: the latest; with `include_domains` 1.2.0, the first that knows them. Updates in place."""

    def values(self) -> dict[str, object]:
        """What AWS's document is built of, by the keys of a connector."""
        domains = {"include": listed(self.include_domains), "exclude": listed(self.exclude_domains)}
        chosen = {name: value for name, value in domains.items() if value is not None}
        tool = ConnectorTool(
            "WebSearch",
            description=self.description,
            parameter_values={"domainFilter": chosen} if chosen else {},
        )
        first = FILTERED_FROM if self.include_domains is not None else None
        return {
            "connector_id": "web-search",
            "version": self.version if self.version is not None else first,
            "enabled": [tool.name],
            "configurations": [tool.document()],
        }

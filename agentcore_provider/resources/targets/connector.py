"""Connectors that AWS runs: to services of its own, to LLM providers, to HTTP resources.

https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_ConnectorTargetConfiguration.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any

import pulumi

from agentcore_provider.resources.accepting import Accepting
from agentcore_provider.resources.targets.target import gateway_role, given, listed


@dataclass(frozen=True)
class ConnectorTool:
    """How one tool of a connector is offered."""

    name: pulumi.Input[str]
    """Name of the tool, such as Retrieve: a letter, then letters, digits, _ and -, 64 characters at most."""
    _: KW_ONLY
    description: pulumi.Input[str] | None = None
    """What agents read instead of the connector's own words, up to 2000 characters."""
    parameter_values: Mapping[str, Any] | None = None
    """Values that are fixed, or defaults, by parameter. Default: none."""
    parameter_overrides: Sequence[Mapping[str, Any]] = ()
    """Which parameters agents see, and how they are described: {"path": "/filter", "visible": True, ...}."""

    def document(self) -> dict[str, Any]:
        """AWS's document."""
        return given(
            name=self.name,
            description=self.description,
            # Without it the service drops the whole configuration (bedrock-agentcore 1.25.0).
            parameterValues={} if self.parameter_values is None else self.parameter_values,
            parameterOverrides=[dict(one) for one in self.parameter_overrides] or None,
        )


@dataclass(frozen=True)
class Connector(Accepting):
    """A connector to AWS services and other tools."""

    connector_id: pulumi.Input[str]
    """Id of the connector, such as bedrock-knowledge-bases. Changing it updates in place."""
    _: KW_ONLY
    version: pulumi.Input[str] | None = None
    """Version such as 1.1.0. Default: the latest. Updates in place."""
    enabled: Sequence[pulumi.Input[str]] | None = None
    """Names of the tools to offer, 1 to 50. Default: all. Updates in place."""
    configurations: Sequence[ConnectorTool | Mapping[str, Any]] = ()
    """How single tools are offered; AWS's documents do too. Updates in place."""

    def target_configuration(self) -> dict[str, Any]:
        """AWS's document."""
        configured = [one.document() if isinstance(one, ConnectorTool) else dict(one) for one in self.configurations]
        connector = given(
            source=given(connectorId=self.connector_id, version=self.version),
            enabled=listed(self.enabled),
            configurations=configured or None,
        )
        return {"mcp": {"connector": connector}}

    def credential_provider_configurations(self) -> list[dict[str, Any]]:
        """The gateway's role."""
        return gateway_role()


@dataclass(frozen=True)
class HttpConnector(Accepting):
    """A connector to an HTTP resource, for a gateway without protocol_type."""

    connector_id: pulumi.Input[str]
    """Id of the connector, 1 to 256 characters. Changing it updates in place."""
    _: KW_ONLY
    parameters: Mapping[str, pulumi.Input[str]] | None = None
    """Which resource, such as {"memoryId": ...}: up to 10, each value up to 1024 characters. Updates in place."""

    def target_configuration(self) -> dict[str, Any]:
        """AWS's document."""
        parameters = None if self.parameters is None else dict(self.parameters)
        return {"http": {"connector": given(source={"connectorId": self.connector_id}, parameters=parameters)}}

    def credential_provider_configurations(self) -> list[dict[str, Any]]:
        """The gateway's role."""
        return gateway_role()


@dataclass(frozen=True)
class InferenceConnector(Accepting):
    """A connector to a provider of language models, with rules that AWS keeps."""

    connector_id: pulumi.Input[str]
    """Id of the connector, such as bedrock-mantle, openai or anthropic. Changing it updates in place."""

    def target_configuration(self) -> dict[str, Any]:
        """AWS's document."""
        return {"inference": {"connector": {"source": {"connectorId": self.connector_id}}}}

    def credential_provider_configurations(self) -> list[dict[str, Any]]:
        """The gateway's role."""
        return gateway_role()

"""Connectors that AWS runs: to services of its own, to LLM providers, to HTTP resources.

https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_ConnectorTargetConfiguration.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

import pulumi

from agentcore_provider.resources.target_record import Record
from agentcore_provider.target_kinds import CONNECTOR, HTTP_CONNECTOR, INFERENCE_CONNECTOR
from agentcore_provider.target_kinds.target_kind import TargetKind


@dataclass(frozen=True)
class ConnectorTool:
    """How one tool of a connector is offered."""

    name: pulumi.Input[str]
    """Name of the tool, such as Retrieve: a letter, then letters, digits, _ and -, 64 characters at most."""
    _: KW_ONLY
    description: pulumi.Input[str] | None = None
    """What agents read instead of the connector's own words, up to 2000 characters."""
    parameter_values: Mapping[str, object] | None = None
    """Values that are fixed, or defaults, by parameter. Default: none."""
    parameter_overrides: Sequence[Mapping[str, object]] = ()
    """Which parameters agents see, and how they are described: {"path": "/filter", "visible": True, ...}."""

    def document(self) -> dict[str, object]:
        """AWS's document."""
        overrides = [dict(one) for one in self.parameter_overrides]
        return CONNECTOR.part("configurations", {**vars(self), "parameter_overrides": overrides})


@dataclass(frozen=True)
class Connector(Record):
    """A connector to AWS services and other tools."""

    kind: ClassVar[TargetKind] = CONNECTOR

    connector_id: pulumi.Input[str]
    """Id of the connector, such as bedrock-knowledge-bases. Changing it updates in place."""
    _: KW_ONLY
    version: pulumi.Input[str] | None = None
    """Version such as 1.1.0. Default: the latest. Updates in place."""
    enabled: Sequence[pulumi.Input[str]] | None = None
    """Names of the tools to offer, 1 to 50. Default: all. Updates in place."""
    configurations: Sequence[ConnectorTool | Mapping[str, object]] = ()
    """How single tools are offered; AWS's documents do too. Updates in place."""


@dataclass(frozen=True)
class HttpConnector(Record):
    """A connector to an HTTP resource, for a gateway without protocol_type."""

    kind: ClassVar[TargetKind] = HTTP_CONNECTOR

    connector_id: pulumi.Input[str]
    """Id of the connector, 1 to 256 characters. Changing it updates in place."""
    _: KW_ONLY
    parameters: Mapping[str, pulumi.Input[str]] | None = None
    """Which resource, such as {"memoryId": ...}: up to 10, each value up to 1024 characters. Updates in place."""


@dataclass(frozen=True)
class InferenceConnector(Record):
    """A connector to a provider of language models, with rules that AWS keeps."""

    kind: ClassVar[TargetKind] = INFERENCE_CONNECTOR

    connector_id: pulumi.Input[str]
    """Id of the connector, such as bedrock-mantle, openai or anthropic. Changing it updates in place."""

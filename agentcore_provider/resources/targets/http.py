"""HTTP targets: agent runtimes and endpoints that requests are passed on to, for a gateway without protocol_type.

https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_HttpTargetConfiguration.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal

import pulumi

from agentcore_provider.resources.target_record import Record, listed
from agentcore_provider.resources.targets.schema_source import Schema, schema_source
from agentcore_provider.resources.targets.target import project_folder
from agentcore_provider.schemas import openapi
from agentcore_provider.target_kinds import AGENT_RUNTIME, PASSTHROUGH
from agentcore_provider.target_kinds.target_kind import TargetKind


@dataclass(frozen=True)
class AgentRuntime(Record):
    """An AgentCore Runtime that the gateway calls over HTTP."""

    kind: ClassVar[TargetKind] = AGENT_RUNTIME

    arn: pulumi.Input[str]
    """ARN of the runtime. Changing it updates in place."""
    _: KW_ONLY
    qualifier: pulumi.Input[str] | None = None
    """Endpoint or version of the runtime. Default: its default endpoint. Updates in place."""
    schema: Schema | None = None
    """OpenAPI document of what the runtime serves, in every form that OpenApi takes. Default: none. Updates in
    place."""
    upload: bool = False
    """Whether the schema travels through S3 even when it is short. Updates in place."""
    bucket_owner: pulumi.Input[str] | None = None
    """Account that owns the bucket of an s3:// URI, 12 digits. Default: the gateway's account. Updates in place."""
    reference_folders: Sequence[str | Path] = ()
    """Folders with files that the document may refer to by `$ref`; relative ones begin at the project's folder.
    Default: those of the project and of the document, and what is below them. Updates in place."""

    def values(self) -> dict[str, object]:
        """As in Record. Raises InvalidInput."""
        return {**super().values(), "schema": _schema(self.schema, self.bucket_owner, self.reference_folders)}


@dataclass(frozen=True)
class Stickiness:
    """Requests of one session go to the same place."""

    identifier: pulumi.Input[str]
    """Where a request has the id of its session, such as $context.header.x-session-id; 1 to 256 characters."""
    _: KW_ONLY
    timeout: pulumi.Input[int] | None = None
    """Seconds without a request after which a session ends, 1 to 86400. Default: chosen by AWS."""
    composite: Sequence[pulumi.Input[str]] | None = None
    """Further headers that have to be the same, 1 to 5."""

    def document(self) -> dict[str, object]:
        """AWS's document."""
        return PASSTHROUGH.part("stickiness", {**vars(self), "composite": listed(self.composite)})


@dataclass(frozen=True)
class Passthrough(Record):
    """An HTTPS endpoint that requests are passed on to as they are."""

    kind: ClassVar[TargetKind] = PASSTHROUGH

    endpoint: pulumi.Input[str]
    """Address that begins with https://, up to 2048 characters. Changing it updates in place."""
    protocol_type: Literal["MCP", "A2A", "INFERENCE", "CUSTOM"] | pulumi.Output[str]
    """What the endpoint speaks. Updates in place."""
    _: KW_ONLY
    schema: Schema | None = None
    """OpenAPI document of what the endpoint serves, in every form that OpenApi takes. Default: none. Updates in
    place."""
    stickiness: Stickiness | Mapping[str, object] | None = None
    """How requests of a session stay together. Default: they do not. Updates in place."""
    static_query_parameters: Mapping[str, pulumi.Input[str]] | None = None
    """Query parameters that every request gets. Updates in place."""
    static_query_parameter_conflict_resolution: Literal["CLIENT_OVERRIDE", "STATIC_OVERRIDE"] | None = None
    """Whose value counts when a client sends the same parameter. Default: the client's. Updates in place."""
    upload: bool = False
    """Whether the schema travels through S3 even when it is short. Updates in place."""
    bucket_owner: pulumi.Input[str] | None = None
    """Account that owns the bucket of an s3:// URI, 12 digits. Default: the gateway's account. Updates in place."""
    reference_folders: Sequence[str | Path] = ()
    """Folders with files that the document may refer to by `$ref`; relative ones begin at the project's folder.
    Default: those of the project and of the document, and what is below them. Updates in place."""

    def values(self) -> dict[str, object]:
        """As in Record. Raises InvalidInput."""
        return {**super().values(), "schema": _schema(self.schema, self.bucket_owner, self.reference_folders)}


def _schema(schema: Schema | None, bucket_owner: object, reference_folders: Sequence[str | Path]) -> Any:
    if schema is None:
        return None
    return schema_source(
        schema,
        lambda known: openapi.load(known, folder=project_folder(), reference_folders=reference_folders),
        bucket_owner=bucket_owner,
    )

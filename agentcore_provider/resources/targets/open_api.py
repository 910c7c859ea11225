"""REST APIs that an OpenAPI document describes.

https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-schema-openapi.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from pathlib import Path
from typing import Any, ClassVar

import pulumi

from agentcore_provider.documents import openapi_fixing
from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources.target_record import Record, Selecting
from agentcore_provider.resources.targets.schema_source import Schema, built_late, compact, schema_source
from agentcore_provider.resources.targets.target import holds_output, project_folder
from agentcore_provider.schemas import openapi, selected_openapi
from agentcore_provider.target_kinds import OPEN_API
from agentcore_provider.target_kinds.target_kind import TargetKind


@dataclass(frozen=True)
class OpenApi(Record, Selecting):
    """A REST API, one tool for each operation of its OpenAPI document."""

    kind: ClassVar[TargetKind] = OPEN_API

    schema: Schema
    """OpenAPI 3.0 or 3.1: a document, its text in JSON or YAML, the path of a file (a relative one begins at the
    project's folder; `$ref`s to other files are put into one document), an s3:// URI, or an Output of one of these.
    Up to 10 MB; over 1 MB it travels through S3. Updates in place."""
    _: KW_ONLY
    fix: bool = False
    """Whether to fix what the service would refuse and what can be fixed without loss: alternatives become one schema,
    operations get their missing operationIds, security is dropped and so on; the preview lists each change. Not for
    s3:// URIs. Default: False. Updates in place."""
    server: pulumi.Input[str] | None = None
    """Address of the API, such as https://api.example.com, in place of the document's own: one document serves several
    environments. A relative address of the document, such as /v1, is a path below it. Not for s3:// URIs. Default: the
    document's own. Updates in place."""
    upload: bool = False
    """Whether the document travels through S3 even when it is short. Updates in place."""
    bucket_owner: pulumi.Input[str] | None = None
    """Account that owns the bucket of an s3:// URI, 12 digits. Default: the gateway's account. Updates in place."""
    reference_folders: Sequence[str | Path] = ()
    """Folders with files that the document may refer to by `$ref`; relative ones begin at the project's folder.
    Default: those of the project and of the document, and what is below them. Updates in place."""

    def values(self) -> dict[str, object]:
        """As in Record. Raises InvalidInput."""
        if holds_output(self.server):
            known = pulumi.Output.from_input(self.server)
            return {"schema": known.apply(lambda server: built_late(lambda: self._source(server)))}
        return {"schema": self._source(self.server)}

    def _source(self, server: Any) -> Any:
        if (self.fix or server is not None) and isinstance(self.schema, str) and self.schema.startswith("s3://"):
            raise InvalidInput(
                "go only with a document that is read here, and AWS reads the one in S3",
                "Give its file, or change it in S3",
                path="fix, server",
            )
        return schema_source(
            self.schema,
            lambda schema: self._text(schema, server),
            bucket_owner=self.bucket_owner,
            selects=bool(self.selection),
        )

    def _text(self, schema: Any, server: str | None) -> str:
        text = openapi.load(schema, folder=project_folder(), reference_folders=self.reference_folders)
        document = self.selected(text, lambda it: openapi.parsed(it, "OpenAPI document"), selected_openapi.select)
        text = document if isinstance(document, str) else compact(document)
        try:
            fixed = (
                openapi_fixing.fix(text, server=server)
                if self.fix
                else openapi_fixing.with_server(text, server)
                if server
                else None
            )
        except ValueError:
            # What cannot be read is reported with everything else that is wrong.
            return text
        if fixed is None or not fixed.changes:
            return text
        name = str(schema) if openapi.is_path(schema) else "OpenAPI document"
        for change in fixed.changes:
            pulumi.log.info(f"{name}: {change}")
        return compact(fixed.document)

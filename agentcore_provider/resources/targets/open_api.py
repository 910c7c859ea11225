"""REST APIs that an OpenAPI document describes.

https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-schema-openapi.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from pathlib import Path
from typing import Any

import pulumi

from agentcore_provider.resources.selecting import Selecting
from agentcore_provider.resources.targets.schema_source import Schema, compact, schema_source
from agentcore_provider.resources.targets.target import project_folder
from agentcore_provider.rules import openapi as rules
from agentcore_provider.schemas import openapi, selected_openapi


@dataclass(frozen=True)
class OpenApi(Selecting):
    """A REST API, one tool for each operation of its OpenAPI document."""

    schema: Schema
    """OpenAPI 3.0 or 3.1: a document, its text in JSON or YAML, the path of a file (a relative one begins at the
    project's folder; `$ref`s to other files are put into one document), an s3:// URI, or an Output of one of these.
    Up to 10 MB; over 1 MB it travels through S3. Updates in place."""
    _: KW_ONLY
    mend: bool = False
    """Whether to correct what the service would refuse and an agent does not need: drops security on top, makes
    operationIds and so on; the preview says what was done. Not for s3:// URIs. Updates in place."""
    upload: bool = False
    """Whether the document travels through S3 even when it is short. Updates in place."""
    bucket_owner: pulumi.Input[str] | None = None
    """Account that owns the bucket of an s3:// URI, 12 digits. Default: the gateway's account. Updates in place."""
    reference_folders: Sequence[str | Path] = ()
    """Folders with files that the document may refer to by `$ref`; relative ones begin at the project's folder.
    Default: those of the project and of the document, and what is below them. Updates in place."""

    def target_configuration(self) -> dict[str, Any]:
        """AWS's document. Raises InvalidInput."""
        return {
            "mcp": {
                "openApiSchema": schema_source(
                    self.schema, self._text, bucket_owner=self.bucket_owner, selects=bool(self.selection)
                )
            }
        }

    def credential_provider_configurations(self) -> list[dict[str, Any]]:
        """None: the API is called without a sign-in."""
        return []

    def _text(self, schema: Any) -> str:
        text = openapi.load(schema, folder=project_folder(), reference_folders=self.reference_folders)
        document = self.selected(text, lambda it: openapi.parsed(it, "OpenAPI document"), selected_openapi.select)
        text = document if isinstance(document, str) else compact(document)
        if not self.mend:
            return text
        try:
            mended = rules.mend(text)
        except ValueError:
            # What cannot be read is told with everything else that is wrong.
            return text
        name = str(schema) if openapi.is_path(schema) else "OpenAPI document"
        for one in mended.done:
            pulumi.log.info(f"{name} mended: {one}")
        return compact(mended.document) if mended.done else text

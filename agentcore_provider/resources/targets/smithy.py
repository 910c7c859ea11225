"""Services that a Smithy model describes.

https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-building-smithy-targets.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar

import pulumi

from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources.target_record import Record, Selecting
from agentcore_provider.resources.targets.schema_source import Schema, compact, schema_source
from agentcore_provider.resources.targets.target import project_folder
from agentcore_provider.schemas import openapi, selected_smithy
from agentcore_provider.target_kinds import SMITHY
from agentcore_provider.target_kinds.target_kind import TargetKind


@dataclass(frozen=True)
class Smithy(Record, Selecting):
    """A service of REST JSON protocol, one tool for each operation of its Smithy model. AWS's own are `Builtin`."""

    kind: ClassVar[TargetKind] = SMITHY

    model: Schema
    """Smithy model as JSON AST: a document, its text, the path of a file (a relative one begins at the project's
    folder), an s3:// URI, or an Output of one of these. Up to 10 MB; over 1 MB it travels through S3. Updates in
    place."""
    _: KW_ONLY
    upload: bool = False
    """Whether the model travels through S3 even when it is short. Updates in place."""
    bucket_owner: pulumi.Input[str] | None = None
    """Account that owns the bucket of an s3:// URI, 12 digits. Default: the gateway's account. Updates in place."""

    def values(self) -> dict[str, object]:
        """As in Record. Raises InvalidInput."""
        return {
            "model": schema_source(
                self.model, self._selected, bucket_owner=self.bucket_owner, selects=bool(self.selection)
            )
        }

    def _selected(self, model: Any) -> str:
        selected = self.selected(_text(model), lambda it: openapi.parsed(it, "Smithy model"), selected_smithy.select)
        return selected if isinstance(selected, str) else compact(selected)


def _text(model: Any) -> str:
    if isinstance(model, Mapping):
        return compact(model)
    text = openapi.text_of(model, folder=project_folder(), what="Smithy model")
    if not text.lstrip().startswith("{"):
        name = str(model) if openapi.is_path(model) else "Smithy model"
        raise InvalidInput("is not a JSON AST", "Make one of .smithy files with `smithy ast`", path=name)
    return text

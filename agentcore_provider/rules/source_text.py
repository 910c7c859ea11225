"""`documents.source_text` as rules use it: values that are not known yet are accepted."""

from __future__ import annotations

from collections.abc import Mapping

from agentcore_provider.documents import source_text
from agentcore_provider.rules.unknown import UNKNOWN


class SourceText(source_text.SourceText):
    """A text, or a document that may hold UNKNOWN."""

    def __init__(self, source: str | Mapping[str, object], *, yaml: bool = True) -> None:
        super().__init__(source, yaml=yaml, accepts=lambda value: value is UNKNOWN)

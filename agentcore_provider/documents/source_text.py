"""A document with the lines of its text."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from agentcore_provider.documents.json_types import JsonObject
from agentcore_provider.documents.limits import check
from agentcore_provider.documents.reading import read

if TYPE_CHECKING:
    from agentcore_provider.documents.lines import Lines
    from agentcore_provider.documents.yaml_reader import PlainWord


class SourceText:
    """A JSON or YAML text, or a document that never was text and so has no lines.

    document: its content. size: bytes of the text, or of the document as
    compact JSON. words: plain words of YAML that are text, unless read by version 1.1.
    """

    def __init__(
        self,
        source: str | JsonObject,
        *,
        yaml: bool = True,
        accepts: Callable[[object], bool] = lambda value: False,
    ) -> None:
        """yaml: whether a text may be YAML. accepts: whether a value of a document that JSON does not have is accepted.

        Raises Unreadable.
        """
        self._lines: Lines | None = None
        if isinstance(source, str):
            reading = read(source, yaml=yaml)
            self.document: Any = reading.content
            self.words: Sequence[PlainWord] = reading.words
            # In one line, as documents travel, every part is on line 1.
            self._lines = reading.lines if "\n" in source.strip() else None
            compact = source
        else:
            check(source, accepts=accepts)
            self.document = source
            self.words = ()
            compact = json.dumps(source, separators=(",", ":"), default=str)
        self.size = len(compact.encode())

    def line(self, pointer: str) -> int | None:
        """The line of what a JSON pointer points to, or of the nearest part around it; None without lines."""
        return self._lines.line(pointer) if self._lines else None

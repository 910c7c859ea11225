"""What records of targets have whose document lists operations: which of them become tools."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any

from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources.accepting import Accepting
from agentcore_provider.schemas.selection import Selection


@dataclass(frozen=True)
class Selecting(Accepting):
    """A target of which a part may be deployed."""

    _: KW_ONLY
    only: Sequence[str] | None = None
    """The operations that become tools: names, `tag:NAME`, methods such as GET, paths such as /orders/*, both as in
    "GET /orders/*"; `*` stands for any text, and what matches nothing is an error. Only what is left is judged.
    Default: all. Updates in place."""
    without: Sequence[str] | None = None
    """The operations that become no tools, written as in `only`. Default: none. Updates in place."""

    @property
    def selection(self) -> Selection:
        """Which operations are chosen."""
        return Selection(self.only, self.without)

    def selected(
        self, text: str, read: Callable[[str], Any], select: Callable[[Mapping[str, Any], Selection], dict[str, Any]]
    ) -> Any:
        """The document of a text with the chosen operations; the text where all are, or where it cannot be read.

        Raises InvalidInput.
        """
        if not self.selection:
            return text
        try:
            document = read(text)
        except InvalidInput:
            # The judge says what is wrong with it, and where.
            return text
        return select(document, self.selection) if isinstance(document, Mapping) else text

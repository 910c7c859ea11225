"""How things look in a notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Any, TypeVar

Item = TypeVar("Item")

Column = Callable[[Item], Any]
"""What stands in a column, of an item."""

_LEFT = 'style="text-align:left"'


class Table(list[Item]):
    """A list that a notebook shows as a table."""

    def __init__(self, items: Iterable[Item], title: str, columns: Mapping[str, Column[Item]]) -> None:
        """columns: what stands above each column, and what of each item stands below."""
        super().__init__(items)
        self._title, self._columns = title, columns

    def _repr_html_(self) -> str:
        if not self:
            return f"<p>{escape(self._title)}: none</p>"
        head = _row("th", list(self._columns))
        rows = [_row("td", [shown(item) for shown in self._columns.values()]) for item in self]
        return _table(self._title, f"<thead>{head}</thead><tbody>{''.join(rows)}</tbody>")


def members(**columns: str) -> dict[str, Column[Mapping[str, Any]]]:
    """Columns by the members of the items; what an item lacks is left empty."""
    return {title: lambda item, member=member: item.get(member, "") for title, member in columns.items()}  # type: ignore[misc]


def card(title: str, shown: Mapping[str, str | None]) -> str:
    """A small table as HTML; everything is escaped, what is empty left out."""
    rows = (
        f"<tr><th {_LEFT}>{escape(name)}</th><td {_LEFT}>{escape(str(value))}</td></tr>"
        for name, value in shown.items()
        if value
    )
    return _table(title, f"<tbody>{''.join(rows)}</tbody>")


def _row(cell: str, values: Sequence[object]) -> str:
    return f"<tr>{''.join(f'<{cell} {_LEFT}>{escape(str(value))}</{cell}>' for value in values)}</tr>"


def _table(title: str, contents: str) -> str:
    return f"<table><caption>{escape(title)}</caption>{contents}</table>"

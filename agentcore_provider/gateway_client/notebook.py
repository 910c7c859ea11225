"""How results are displayed in a notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any, SupportsIndex, TypeVar, overload

Item = TypeVar("Item")

Column = Callable[[Item], object]
"""What a column has of an item."""

_LEFT = 'style="text-align:left"'


class Table(list[Item]):
    """A list that a notebook displays as a table."""

    def __init__(self, items: Iterable[Item], title: str, columns: Mapping[str, Column[Item]]) -> None:
        """columns: by their heads."""
        super().__init__(items)
        self._title, self._columns = title, columns

    def _repr_html_(self) -> str:
        if not self:
            return f"<p>{escape(self._title)}: none</p>"
        rows = [_row("td", [value(item) for value in self._columns.values()]) for item in self]
        return _table(self._title, f"<thead>{_row('th', self._columns)}</thead><tbody>{''.join(rows)}</tbody>")


class Listing(Table[Item]):
    """A list; `["status"]`, `["count"]` and `["items"]` read it as the toolkit's result."""

    def __init__(self, items: Iterable[Item], title: str, columns: Mapping[str, Column[Item]], **more: object) -> None:
        """more: further members of the toolkit's result, such as gatewayId."""
        super().__init__(items, title, columns)
        self._more = more

    def __call__(self) -> Listing[Item]:
        """The list itself: what used to be a method is a property, and both forms work."""
        return self

    @overload
    def __getitem__(self, place: SupportsIndex, /) -> Item: ...
    @overload
    def __getitem__(self, place: slice, /) -> list[Item]: ...
    @overload
    def __getitem__(self, place: str, /) -> Any: ...
    def __getitem__(self, place: SupportsIndex | slice | str, /) -> object:
        """An item by its index, some by a slice, or a member of the toolkit's result by its name."""
        if not isinstance(place, str):
            return super().__getitem__(place)
        return {"status": "success", "count": len(self), "items": list(self), **self._more}[place]

    def get(self, member: str, default: object = None) -> object:
        """A member of the toolkit's result, as `["..."]` gives it, or the default."""
        try:
            return self[member]
        except KeyError:
            return default


def members(**columns: str) -> dict[str, Column[Mapping[str, object]]]:
    """Columns by the members of the items; what an item lacks is left empty."""

    def column(member: str) -> Column[Mapping[str, object]]:
        return lambda item: item.get(member, "")

    return {title: column(member) for title, member in columns.items()}


def card(title: str, values: Mapping[str, object]) -> str:
    """A small table as HTML; everything is escaped, what is empty left out."""
    rows = (
        f"<tr><th {_LEFT}>{escape(name)}</th><td {_LEFT}>{escape(str(value))}</td></tr>"
        for name, value in values.items()
        if value
    )
    return _table(title, f"<tbody>{''.join(rows)}</tbody>")


def status(document: Mapping[str, object]) -> str:
    """The status in AWS's document of a gateway or target, with its reasons."""
    reasons = document.get("statusReasons")
    return " ".join([str(document["status"]), *(f"({it})" for it in (reasons if isinstance(reasons, list) else ()))])


def _row(cell: str, values: Iterable[object]) -> str:
    return f"<tr>{''.join(f'<{cell} {_LEFT}>{escape(str(value))}</{cell}>' for value in values)}</tr>"


def _table(title: str, contents: str) -> str:
    return f"<table><caption>{escape(title)}</caption>{contents}</table>"

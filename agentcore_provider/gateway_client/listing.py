"""A list of gateways or targets, which is also the result that the starter toolkit's calls have for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, SupportsIndex, TypeVar, overload

from agentcore_provider.gateway_client.notebook import Column, Table

Item = TypeVar("Item")


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
    def __getitem__(self, place: Any, /) -> Any:
        """An item by its index, some by a slice, or a member of the toolkit's result by its name."""
        if not isinstance(place, str):
            return super().__getitem__(place)
        return {"status": "success", "count": len(self), "items": list(self), **self._more}[place]

    def get(self, member: str, default: object = None) -> Any:
        """A member of the toolkit's result, as `["..."]` gives it, or the default."""
        try:
            return self[member]
        except KeyError:
            return default

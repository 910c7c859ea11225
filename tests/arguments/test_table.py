"""The table of arguments: what constructors and records state about each, once."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from agentcore_provider.arguments import table

if TYPE_CHECKING:
    from decimal import Decimal


@dataclass(frozen=True)
class Shared:
    """What records have in common."""

    _: KW_ONLY
    codes: Sequence[str] = ()
    """Codes of
    rules."""
    size: int = 0
    """Not this one."""


@dataclass(frozen=True)
class Record(Shared):
    """A record with fields of its own."""

    address: str
    """Where it is."""
    _: KW_ONLY
    price: Decimal | None = None
    size: int = 3
    """How large it is. Default: 3."""


class Resource:
    """A resource with a constructor."""

    def __init__(self, resource_name: str, *, colour: str, opts: object = None, **others: object) -> None:
        """
        Args:
            resource_name: Logical name.
            colour: Of the whole
                thing.
            opts: Pulumi's.
            others: Whatever.
        """


def test_a_record_lists_its_own_fields_first() -> None:
    """A field that a record declares again is described as the record does."""
    found = table.parameters(Record)
    assert [*found] == ["address", "price", "size", "codes"]
    assert {name: it.description for name, it in found.items()} == {
        "address": "Where it is.",
        "price": "",
        "size": "How large it is. Default: 3.",
        "codes": "Codes of rules.",
    }
    assert [it.default for it in found.values()] == [table.REQUIRED, None, 3, ()]


def test_a_type_that_only_checkers_import_is_any_object() -> None:
    found = table.parameters(Record)
    assert (found["address"].annotation, found["price"].annotation) == (str, object | None)


def test_pulumis_own_arguments_are_not_listed() -> None:
    (colour,) = table.parameters(Resource).values()
    assert colour == table.Parameter("colour", "Of the whole thing.", str, table.REQUIRED)


def test_a_record_without_its_source_has_no_descriptions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as one that is installed as compiled files alone."""
    monkeypatch.setitem(sys.modules, "compiled", ModuleType("compiled"))
    record = type("Compiled", (), {"__annotations__": {"name": "str"}, "__module__": "compiled"})
    found = table.parameters(dataclass(record))
    assert found["name"] == table.Parameter("name", "", str, table.REQUIRED)

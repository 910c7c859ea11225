"""Schemas of type hints: what the types of parameters, their limits and their members become."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import ipaddress
import json
import os
import subprocess
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, NamedTuple, TypedDict, TypeVar

import docstring_parser
import pydantic
import pytest
import typing_extensions

from agentcore_provider.schemas import functions
from tests import pythons


def test_limits_in_annotations_are_reported() -> None:
    """annotated-types and Pydantic's Field limit values: the service has no keyword for that, so it is reported."""

    def order(
        amount: Annotated[int, pydantic.Field(ge=1, le=9, description="How many")],
        tags: Annotated[list[str], pydantic.Field(max_length=3)],
        code: Annotated[str, pydantic.Field(pattern="^[A-Z]+$")] = "A",
    ) -> None:
        """Order."""

    properties = functions.tool(order)["inputSchema"]["properties"]
    assert properties["amount"]["description"] == "How many. At least 1. At most 9."
    assert properties["tags"]["description"] == "At most 3 items."
    assert properties["code"]["description"] == "Matches the regular expression ^[A-Z]+$. Default: A."


def _inputs(function: Any) -> dict[str, Any]:
    properties: dict[str, Any] = functions.tool(function)["inputSchema"]["properties"]
    return properties


class Place(typing_extensions.TypedDict):
    city: str
    zip: typing_extensions.NotRequired[str]


class Change(TypedDict, total=False):
    id: typing_extensions.Required[int]
    name: str


def test_members_of_typed_dicts_are_required_as_they_say() -> None:
    """Also where annotations are postponed, as here, and the class itself cannot tell."""

    def ship(to: Place, change: Change) -> None:
        """Ship."""

    found = _inputs(ship)
    assert found["to"]["required"] == ["city"]
    assert found["change"]["required"] == ["id"]


class Point(NamedTuple):
    lat: float
    lon: float


@dataclasses.dataclass
class Parcel:
    """A parcel.

    Attributes:
        weight: In kilograms.
    """

    secret: dataclasses.InitVar[str]
    weight: float
    number: int = dataclasses.field(init=False, default=1)


T = TypeVar("T")


@dataclasses.dataclass
class Box(Generic[T]):
    content: T


class Amount(pydantic.BaseModel):
    value: decimal.Decimal
    currency: str = ""


class Card(pydantic.BaseModel):
    """A card."""

    kind: Literal["card"]
    number: str


class Sepa(pydantic.BaseModel):
    kind: Literal["sepa"]
    iban: str


Name = typing_extensions.TypeAliasType("Name", Annotated[str, "Full name"])
_BOX = {"type": "object", "properties": {"content": {"type": "integer"}}, "required": ["content"]}


@pytest.mark.parametrize(
    ("hint", "schema"),
    [
        (Point, {"type": "array", "items": {"type": "number"}, "description": "lat (type number)"}),
        (Box[int], _BOX),
        (list[Box[int]], {"type": "array", "items": _BOX}),
        (Name, {"type": "string", "description": "Full name"}),
        (datetime.timedelta, {"type": "string", "description": "Format: duration."}),
        (datetime.datetime, {"type": "string", "description": "Format: date-time."}),
        (ipaddress.IPv4Address, {"type": "string", "description": "Format: ipv4."}),
        (bytes, {"type": "string", "description": "Encoded as base64."}),
        (tuple[int, ...], {"type": "array", "items": {"type": "integer"}}),
        (tuple[int, int], {"type": "array", "items": {"type": "integer"}, "description": "At least 2 items."}),
        (set[str], {"type": "array", "items": {"type": "string"}, "description": "Items differ."}),
        (int | float, {"type": "number"}),
        (decimal.Decimal, {"type": "number"}),
        (dict[str, int], {"type": "object", "description": "Any keys, each with a value of type integer."}),
        (dict[str, Box[int]], {"type": "object", "description": "Any keys, each with a value of JSON Schema {"}),
        (
            Amount,
            {
                "type": "object",
                "properties": {"value": {"type": "number"}, "currency": {"type": "string"}},
                "required": ["value"],
            },
        ),
        (
            Parcel,
            {
                "type": "object",
                "description": "A parcel.",
                "properties": {
                    "secret": {"type": "string"},
                    "weight": {"type": "number", "description": "In kilograms."},
                },
                "required": ["secret", "weight"],
            },
        ),
        (
            Card | Sepa,
            {
                "type": "object",
                "description": "One of these: Card (A card) with kind card, number; or Sepa with kind sepa, iban.",
                "properties": {
                    "kind": {"type": "string", "description": "One of: card, sepa."},
                    "number": {"type": "string"},
                    "iban": {"type": "string"},
                },
                "required": ["kind"],
            },
        ),
    ],
    ids=str,
)
def test_a_type_hint_becomes_a_schema(hint: Any, schema: dict[str, Any]) -> None:
    """What the service has no keyword for stands in the description, which is compared by its beginning or part."""

    def find(query: object) -> None:
        """Find."""

    find.__annotations__ = {"query": hint}
    found = _inputs(find)["query"]
    description = schema.pop("description", "")
    assert description in found.pop("description", "") if description else "description" not in found
    assert found == schema


def test_field_as_a_default_describes_its_parameter() -> None:
    """As FastAPI and FastMCP take it."""

    def find(
        query: str = pydantic.Field(description="What to look for"),
        limit: int = pydantic.Field(10, ge=1, description="How many"),
    ) -> None:
        """Find."""

    schema = functions.tool(find)["inputSchema"]
    assert schema["required"] == ["query"]
    assert schema["properties"]["query"] == {"type": "string", "description": "What to look for"}
    assert schema["properties"]["limit"]["description"] == "How many. At least 1. Default: 10."


# Modules whose only file has no compiled parts, so that every Python can read those of this one.
_PLAIN_MODULES = (typing_extensions.__file__, str(Path(docstring_parser.__file__).parent))
_NEWER_SYNTAX = '''
import dataclasses, json
from agentcore_provider.schemas import functions

type Sku = str
type Pair[T] = tuple[T, T]

@dataclasses.dataclass
class Page[T]:
    items: list[T]
    total: int = 0

def find[N: int](sku: Sku, between: Pair[int], pages: Page[Sku], most: N = 9) -> Page[int]:
    """Find."""

print(json.dumps(functions.tool(find)))
'''


@pytest.mark.parametrize("version", ["3.12", "3.13"])
def test_aliases_and_generics_in_newer_syntax_are_read(version: str, tmp_path: Path) -> None:
    """`type`, `class Page[T]` and `def find[N]` of PEP 695, on each Python of this machine that has them."""
    python = pythons.find(version)
    if python is None:
        pytest.skip(f"there is no Python {version} on this machine")
    for module in map(Path, _PLAIN_MODULES):
        (tmp_path / module.name).symlink_to(module)
    script = tmp_path / "newer.py"
    script.write_text(_NEWER_SYNTAX)
    path = os.pathsep.join([str(tmp_path), str(Path(functions.__file__).parents[2])])
    answer = subprocess.run(
        [python, str(script)], env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, timeout=60
    )
    assert answer.returncode == 0, answer.stderr
    tool = json.loads(answer.stdout)
    text, whole = {"type": "string"}, {"type": "integer"}
    page = {"items": {"type": "array", "items": text}, "total": {"type": "integer", "description": "Default: 0."}}
    assert tool["inputSchema"] == {
        "type": "object",
        "properties": {
            "sku": text,
            "between": {"type": "array", "items": whole, "description": "At least 2 items. At most 2 items."},
            "pages": {"type": "object", "properties": page, "required": ["items"]},
            "most": {"type": "integer", "description": "Default: 9."},
        },
        "required": ["sku", "between", "pages"],
    }
    assert tool["outputSchema"]["properties"]["items"] == {"type": "array", "items": whole}

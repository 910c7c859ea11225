"""Tools from Python functions."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable
from typing import Annotated, Any, Literal, TypedDict

import pydantic
import pytest

from agentcore_provider.errors import InvalidInput
from agentcore_provider.rules import tool_schema
from agentcore_provider.schemas import functions


class Size(enum.Enum):
    SMALL = "small"
    LARGE = "large"


@dataclasses.dataclass
class Item:
    """One line of an order.

    Attributes:
        sku: Number of the article.
    """

    sku: str
    count: int = 1


class Address(TypedDict, total=False):
    street: str


@dataclasses.dataclass
class Tree:
    left: Tree | None = None


def place_order(  # noqa: PLR0917 - as many kinds of types as there are
    items: list[Item],
    to: Address,
    size: Size = Size.SMALL,
    mode: Literal["fast", "cheap"] = "cheap",
    note: str | None = None,
    counts: dict[str, int] | None = None,
    weight: Annotated[float, "Weight in kilograms"] = 1.5,
) -> dict[str, Any]:
    """Place an order.

    It is sent at once.

    Args:
        items: What to order,
            piece by piece.
        to (Address): Where it goes.
        size: Of the parcel.

    Returns:
        The order.
    """
    raise NotImplementedError


def test_a_function_becomes_a_tool() -> None:
    """Types become types; what the service has no keyword for is said in the description."""
    assert functions.tool(place_order) == {
        "name": "place_order",
        "description": "Place an order.\n\nIt is sent at once.",
        "inputSchema": {
            "type": "object",
            "properties": {
                "items": {
                    "type": "array",
                    "description": "What to order, piece by piece.",
                    "items": {
                        "type": "object",
                        "description": "One line of an order.",
                        "properties": {
                            "sku": {"type": "string", "description": "Number of the article."},
                            "count": {"type": "integer", "description": "Default: 1."},
                        },
                        "required": ["sku"],
                    },
                },
                "to": {
                    "type": "object",
                    "description": "Where it goes.",
                    "properties": {"street": {"type": "string"}},
                },
                "size": {"type": "string", "description": "Of the parcel. One of: small, large. Default: small."},
                "mode": {"type": "string", "description": "One of: fast, cheap. Default: cheap."},
                "note": {"type": "string"},
                "counts": {"type": "object", "description": "Any keys, each with a value of type integer."},
                "weight": {"type": "number", "description": "Weight in kilograms. Default: 1.5."},
            },
            "required": ["items", "to"],
        },
    }


def test_the_service_takes_what_a_function_becomes() -> None:
    """The rules find nothing in it."""
    assert tool_schema.validate([functions.tool(place_order)]) == []


def test_a_function_without_parameters_is_a_tool() -> None:
    def ping() -> str:
        """Answer."""
        raise NotImplementedError

    assert functions.tool(ping)["inputSchema"] == {"type": "object", "properties": {}}


@pytest.mark.parametrize(
    "style",
    [
        "Find.\n\nParameters\n----------\nquery : str\n    What to find.\nlimit : int\n    How many.\n\nReturns\n-------\nlist",
        "Find.\n\n:param query: What to find.\n:param int limit: How many.\n:returns: all",
        "Find.\n\nArgs:\n    query: What to find.\n    limit: How many.\n\nRaises:\n    ValueError: never",
    ],
)
def test_three_styles_of_docstrings_are_read(style: str) -> None:
    """Google's, NumPy's and Sphinx's."""

    def find(query: str, limit: int) -> list[str]:
        raise NotImplementedError

    find.__doc__ = style
    tool = functions.tool(find)
    assert tool["description"] == "Find."
    assert tool["inputSchema"]["properties"]["query"] == {"type": "string", "description": "What to find."}
    assert tool["inputSchema"]["properties"]["limit"] == {"type": "integer", "description": "How many."}


def undocumented(query: str) -> None:
    raise NotImplementedError


def untyped(query) -> None:  # type: ignore[no-untyped-def]
    """Find."""


def variadic(*queries: str) -> None:
    """Find."""


def keywords(**queries: str) -> None:
    """Find."""


def several(query: int | str) -> None:
    """Find."""


def anything(query: Any) -> None:
    """Find."""


def recursive(tree: Tree) -> None:
    """Find."""


def callback(query: Callable[[], None]) -> None:
    """Find."""


def numbered(query: dict[int, str]) -> None:
    """Find."""


def misspelt(query: str) -> None:
    """Find.

    Args:
        qeury: What to find.
    """


@pytest.mark.parametrize(
    ("function", "place"),
    [
        (undocumented, "undocumented: has no docstring"),
        (untyped, "untyped(query): has no type hint"),
        (variadic, "variadic(queries)"),
        (keywords, "keywords(queries)"),
        (several, "several(query)"),
        (anything, "anything(query)"),
        (recursive, "recursive(tree).left"),
        (callback, "callback(query)"),
        (numbered, "numbered(query)"),
        (misspelt, "misspelt: the docstring describes qeury"),
    ],
)
def test_an_error_names_function_and_parameter(function: Any, place: str) -> None:
    """What cannot be a tool is told where it stands."""
    with pytest.raises(InvalidInput) as refused:
        functions.tool(function)
    assert str(refused.value).startswith(place)


def test_limits_in_annotations_are_said() -> None:
    """annotated-types and Pydantic's Field limit values: the service has no keyword for that, so it is said."""

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

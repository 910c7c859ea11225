"""Tools from Python functions."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal, TypedDict

import pytest
import typing_extensions

from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem
from agentcore_provider.rules import tool_schema
from agentcore_provider.schemas import functions, tools


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
    """Types become types; what the service has no keyword for is reported in the description."""
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
    """What cannot be a tool is reported where it stands."""
    with pytest.raises(InvalidInput) as refused:
        functions.tool(function)
    assert str(refused.value).startswith(place)


def test_a_return_type_with_members_becomes_the_output_schema() -> None:
    """What has no names of its own says nothing to an agent; what cannot be reported is left out with a note."""

    class Mixed(typing_extensions.TypedDict):
        content: str | list[str]

    def stock() -> Item:
        """Count."""
        raise NotImplementedError

    def plain() -> dict[str, int]:
        """Count."""
        raise NotImplementedError

    def mixed() -> object:
        """Count."""

    mixed.__annotations__ = {"return": Mixed}
    notes: list[Problem] = []
    assert functions.tool(stock, notes)["outputSchema"]["properties"]["count"]["type"] == "integer"
    assert "outputSchema" not in functions.tool(plain, notes)
    assert notes == []
    assert "outputSchema" not in functions.tool(mixed, notes)
    assert len(notes) == 1
    assert notes[0].path == "mixed -> Mixed.content"


@pytest.mark.parametrize(
    "entries",
    ["    - query: What to find.\n    - limit (int): How many.", "* `query`: What to find.\n* `limit`: How many."],
)
def test_lists_of_bullets_describe_parameters(entries: str) -> None:
    """Indented below the section's title or not."""

    def find(query: str, limit: int) -> None:
        raise NotImplementedError

    find.__doc__ = f"Find.\n\nArgs:\n{entries}\n"
    found = functions.tool(find)
    assert found["description"] == "Find."
    assert [it["description"] for it in found["inputSchema"]["properties"].values()] == ["What to find.", "How many."]


class Decorated:
    """What a framework makes of a function: an object that has it, a name and a description."""

    def __init__(self, **members: Any) -> None:
        self.__dict__.update(members)


@pytest.mark.parametrize("attribute", ["fn", "func", "coroutine", "_tool_func"])
def test_a_decorated_function_is_a_tool(attribute: str) -> None:
    """strands, langchain and FastMCP keep it under these names; name and description may be the decorator's."""

    def find(query: str) -> None:
        """Find.

        Args:
            query: What to find.
        """

    found = functions.tool(Decorated(**{attribute: find, "name": "search", "description": "Search for it."}))
    assert (found["name"], found["description"]) == ("search", "Search for it.")
    assert found["inputSchema"]["properties"] == {"query": {"type": "string", "description": "What to find."}}
    assert functions.tool(Decorated(**{attribute: find}))["description"] == "Find."


@pytest.mark.parametrize("attribute", ["fn", "func", "coroutine", "_tool_func"])
def test_a_decorated_function_is_a_tool_wherever_functions_are(attribute: str) -> None:
    """Alone or in a list, although the object itself may not be callable."""

    def find(query: str) -> None:
        """Find."""

    decorated: Any = Decorated(**{attribute: find})
    assert tools.load(decorated, folder=Path()) == tools.load([decorated], folder=Path()) == [functions.tool(find)]


def test_what_a_framework_hands_over_is_not_a_parameter() -> None:
    """A context of a running agent is not the caller's to give."""
    from mcp import ClientSession

    def find(query: str, session: ClientSession) -> None:
        """Find."""

    find.__annotations__ = {"query": str, "session": ClientSession | None}
    assert list(functions.tool(find)["inputSchema"]["properties"]) == ["query"]


def test_every_problem_of_a_function_is_reported_at_once() -> None:
    def find(query, *more: str, limit: int | str) -> None:  # type: ignore[no-untyped-def]
        raise NotImplementedError

    with pytest.raises(InvalidInput) as refused:
        functions.tool(find)
    assert [problem.path for problem in refused.value.problems] == [
        "find",
        "find(query)",
        "find(more)",
        "find(limit)",
    ]

"""Top-level names: snake_case in programs, the service model's own in documents.

The model's top-level members are all plain camelCase, so no model has to be read for this (a test goes through
them all).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem

Properties = dict[str, Any]
"""A document by property names on top; below them AWS's own names."""


def member_name(property_name: str) -> str:
    """`role_arn` -> `roleArn`."""
    first, *others = property_name.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in others)


def property_name(member: str) -> str:
    """`roleArn` -> `role_arn`."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda capital: f"_{capital[0].lower()}", member)


def document(properties: Mapping[str, object]) -> dict[str, Any]:
    """Properties as the service's document."""
    return {member_name(name): value for name, value in properties.items()}


def further(more: object) -> dict[str, Any]:
    """Members of the API without an argument, by property name; AWS's own names are taken as well. Raises InvalidInput."""
    if more is None:
        return {}
    if not isinstance(more, Mapping):
        cure = 'Pass a dict of name to value, such as {"foo_bar": 1}'
        raise InvalidInput(f"is a {type(more).__name__}", cure, path="more")
    return {property_name(str(name)): value for name, value in more.items()}


def with_property(problem: Problem) -> Problem:
    """A problem of a document, with the path by the name of the property."""
    top, rest = re.fullmatch(r"([A-Za-z0-9]*)(.*)", problem.path, re.DOTALL).groups()  # type: ignore[union-attr]
    return replace(problem, path=property_name(top) + rest)

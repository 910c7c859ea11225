"""docs/coverage.md mentions every operation of AWS's models, and every member of those that have a resource here."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from docs import coverage

WRITE = ".venv/bin/python docs/coverage.py"
CONTROL = "bedrock-agentcore-control"


def test_every_operation_and_member_is_mentioned() -> None:
    """A new one fails here, by name, until docs/coverage.yaml or an argument accounts for it."""
    assert coverage.unmentioned() == []


def test_the_page_is_the_one_that_its_script_writes() -> None:
    """A new member of a structure that a request contains fails here."""
    assert coverage.PAGE.read_text(encoding="utf-8") == coverage.page(), f"run {WRITE}"


class TestAnotherModel:
    """What a newer release of boto3 shows; the entries are changed here, since the model cannot be."""

    @pytest.fixture
    def groups(self) -> dict[str, list[dict[str, Any]]]:
        return copy.deepcopy(coverage.GROUPS)

    def test_a_new_operation(self, groups: dict[str, list[dict[str, Any]]]) -> None:
        """An operation that no group has is named."""
        group(groups, "Tags")["operations"].remove("TagResource")
        assert coverage.unmentioned(groups) == [f"{CONTROL} TagResource: in no group"]

    def test_a_new_member(self, groups: dict[str, list[dict[str, Any]]]) -> None:
        """A member without argument, output or text is named."""
        del group(groups, "Gateways")["members"]["items"]
        assert coverage.unmentioned(groups) == ["Gateway.items: no argument, output or text"]

    def test_an_operation_that_no_model_has(self, groups: dict[str, list[dict[str, Any]]]) -> None:
        """An entry without an operation is named."""
        group(groups, "Tags")["operations"].append("SetTags")
        assert coverage.unmentioned(groups) == [f"{CONTROL} SetTags: in no model"]

    def test_a_member_that_has_become_an_argument(self, groups: dict[str, list[dict[str, Any]]]) -> None:
        """A text that is out of date is named."""
        group(groups, "Gateways")["members"]["description"] = "not yet"
        assert coverage.unmentioned(groups) == ["Gateway.description: has a text without need"]


def group(groups: dict[str, list[dict[str, Any]]], title: str) -> dict[str, Any]:
    return next(it for it in groups[CONTROL] if it["title"] == title)

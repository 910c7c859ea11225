"""Mixins and applied traits of Smithy models become parts of the shapes that they are for."""

from __future__ import annotations

from typing import Any

import pytest

from agentcore_provider.documents.limits import MAX_DEPTH, Unreadable
from agentcore_provider.documents.smithy_model import declaring, flattened

MIXIN: dict[str, Any] = {"smithy.api#mixin": {}}


def _mixed(*names: str) -> list[dict[str, str]]:
    return [{"target": name} for name in names]


def _member(target: str = "smithy.api#String", **traits: Any) -> dict[str, Any]:
    return {"target": target, "traits": {f"smithy.api#{name}": value for name, value in traits.items()}}


def test_a_model_without_mixins_stays_as_it_is() -> None:
    """No copy is made where there is nothing to do."""
    shapes = {"a#S": {"type": "string"}}
    assert flattened(shapes) is shapes


def test_members_come_in_the_order_of_the_specification() -> None:
    """Those of mixins first, from left to right; a member that is defined again keeps its place and adds its traits."""
    shapes = {
        "a#One": {"type": "structure", "members": {"x": _member(required={}, documentation="of One")}, "traits": MIXIN},
        "a#Two": {"type": "structure", "members": {"y": _member()}, "traits": MIXIN},
        "a#Both": {
            "type": "structure",
            "mixins": _mixed("a#One", "a#Two"),
            "members": {"z": _member(), "x": _member(documentation="of Both")},
        },
    }
    both = flattened(shapes)["a#Both"]
    assert list(both["members"]) == ["x", "y", "z"]
    assert both["members"]["x"]["traits"] == {"smithy.api#required": {}, "smithy.api#documentation": "of Both"}
    assert set(flattened(shapes)) == {"a#Both"}, "mixins are no shapes of their own"
    assert [declaring(shapes, "a#Both", it) for it in "xyz"] == ["a#Both", "a#Two", "a#Both"]


def test_later_mixins_and_the_shape_itself_are_stronger() -> None:
    """Traits go from the first mixin to the last, to the shape; local ones of a mixin stay with it."""
    local = {"smithy.api#mixin": {"localTraits": ["smithy.api#private"]}, "smithy.api#private": {}}
    shapes = {
        "a#A": {"type": "string", "traits": {**local, "a#n": 1, "a#kept": 1}},
        "a#B": {"type": "string", "traits": {**MIXIN, "a#n": 2, "smithy.api#documentation": "B"}},
        "a#C": {"type": "string", "mixins": _mixed("a#A", "a#B"), "traits": MIXIN},
        "a#D": {"type": "string", "mixins": _mixed("a#C"), "traits": {"smithy.api#documentation": "D"}},
    }
    assert flattened(shapes)["a#D"]["traits"] == {"a#kept": 1, "a#n": 2, "smithy.api#documentation": "D"}


def test_traits_are_applied_to_what_is_inherited() -> None:
    """To members of structures and enums, to the member of a list, to a mixin for all that use it, and to one user."""
    shapes = {
        "a#Key": {"type": "structure", "members": {"id": _member()}, "traits": MIXIN},
        "a#Key$id": {"type": "apply", "traits": {"smithy.api#required": {}}},
        "a#In": {"type": "structure", "mixins": _mixed("a#Key"), "members": {}},
        "a#In$id": {"type": "apply", "traits": {"smithy.api#httpLabel": {}}},
        "a#Other": {"type": "structure", "mixins": _mixed("a#Key"), "members": {}},
        "a#Names": {"type": "list", "member": _member(), "traits": MIXIN},
        "a#Own": {"type": "list", "mixins": _mixed("a#Names")},
        "a#Own$member": {"type": "apply", "traits": {"smithy.api#timestampFormat": "date-time"}},
        "a#Kinds": {"type": "enum", "members": {"A": _member("smithy.api#Unit", enumValue="a")}, "traits": MIXIN},
        "a#Kind": {"type": "enum", "mixins": _mixed("a#Kinds"), "members": {"B": _member("smithy.api#Unit")}},
        "a#Kind$B": {"type": "apply", "traits": {"smithy.api#enumValue": "b"}},
    }
    whole = flattened(shapes)
    assert whole["a#In"]["members"]["id"]["traits"] == {"smithy.api#required": {}, "smithy.api#httpLabel": {}}
    assert whole["a#Other"]["members"]["id"]["traits"] == {"smithy.api#required": {}}
    assert whole["a#Own"]["member"]["traits"] == {"smithy.api#timestampFormat": "date-time"}
    kinds = whole["a#Kind"]["members"].values()
    assert [it["traits"]["smithy.api#enumValue"] for it in kinds] == ["a", "b"]


def test_services_and_operations_inherit_lists() -> None:
    """Operations, resources and errors of mixins come first; what is reported twice comes once; one version counts."""
    shapes = {
        "a#Base": {"type": "service", "version": "1", "operations": _mixed("a#Ping"), "traits": MIXIN},
        "a#S": {
            "type": "service",
            "version": "2",
            "mixins": _mixed("a#Base"),
            "operations": _mixed("a#Get", "a#Ping"),
            "rename": {"a#X": "Y"},
        },
        "a#Failing": {"type": "operation", "errors": _mixed("a#E"), "traits": {**MIXIN, "smithy.api#readonly": {}}},
        "a#Get": {"type": "operation", "mixins": _mixed("a#Failing"), "input": {"target": "smithy.api#Unit"}},
    }
    whole = flattened(shapes)
    assert whole["a#S"]["operations"] == _mixed("a#Ping", "a#Get")
    assert whole["a#S"]["version"] == "2"
    assert whole["a#Get"]["errors"] == _mixed("a#E")
    assert whole["a#Get"]["traits"] == {"smithy.api#readonly": {}}


def test_mixins_end() -> None:
    """Those in a circle add nothing; a long chain of them, and members without number, are refused in one line."""
    circle = {
        "a#A": {"type": "structure", "mixins": _mixed("a#B"), "members": {"a": _member()}},
        "a#B": {"type": "structure", "mixins": _mixed("a#A"), "members": {"b": _member()}},
    }
    assert set(flattened(circle)["a#A"]["members"]) == {"a", "b"}
    chain = {
        f"a#S{it}": {"type": "structure", "mixins": _mixed(f"a#S{it + 1}"), "members": {}}
        for it in range(MAX_DEPTH + 5)
    }
    with pytest.raises(Unreadable, match="mixins nested more than"):
        flattened(chain)
    wide = {"a#M": {"type": "structure", "traits": MIXIN, "members": {f"m{it}": _member() for it in range(1000)}}}
    wide |= {f"a#S{it}": {"type": "structure", "mixins": _mixed("a#M")} for it in range(600)}
    with pytest.raises(Unreadable, match="members once mixins are copied"):
        flattened(wide)

"""The rows: what the real service was observed to do, how each is checked here, and whether this project does the same.

They are the YAML files of the folder `rows`, one for each area. README.md of this folder documents their form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

FOLDER = Path(__file__).with_name("rows")

Verdict = Literal["same", "differs", "unchecked"]
Weight = Literal["measured", "retold", "documented"]


@dataclass(frozen=True)
class Absent:
    """Expected: no such member."""


@dataclass(frozen=True)
class Matches:
    """Expected: a text in which this pattern is found."""

    pattern: str


@dataclass(frozen=True)
class Contains:
    """Expected: a list that has all of these items, or a text that has all of these in it."""

    items: tuple[Any, ...]


@dataclass(frozen=True)
class JsonText:
    """In a request: this value as JSON text. Expected: a text whose JSON has this form."""

    value: Any


@dataclass(frozen=True)
class Check:
    """One experiment. given: what has to be there; when: what is done; then: the form that the answer has on AWS."""

    given: dict[str, Any]
    when: dict[str, Any]
    then: Any


@dataclass(frozen=True)
class Row:
    """One observation.

    verdict: "same" if every check gives what was observed, "differs" if one does not, "unchecked" if no machine can
    tell. why: the reason of any other verdict than "same".
    """

    id: str
    observed: str
    source: str
    date: str
    weight: Weight
    verdict: Verdict
    why: str
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class Area:
    """A file of rows."""

    title: str
    rows: tuple[Row, ...]


class _Loader(yaml.SafeLoader):
    """YAML with the tags of expected forms."""


def _value(loader: _Loader, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return yaml.safe_load(node.value)


_Loader.add_constructor("!absent", lambda _, __: Absent())
_Loader.add_constructor("!matches", lambda loader, node: Matches(loader.construct_scalar(node)))
_Loader.add_constructor("!contains", lambda loader, node: Contains(tuple(_value(loader, node))))
_Loader.add_constructor("!json", lambda loader, node: JsonText(_value(loader, node)))


def areas() -> list[Area]:
    """Every area in its order. Raises ValueError where a file has another form than README.md says."""
    found = [_area(file) for file in sorted(FOLDER.glob("*.yaml"))]
    ids = [row.id for area in found for row in area.rows]
    doubled = sorted({it for it in ids if ids.count(it) > 1})
    if doubled:
        raise ValueError(f"rows with the same id: {', '.join(doubled)}")
    return found


def _area(file: Path) -> Area:
    document = yaml.load(file.read_text(encoding="utf-8"), _Loader)
    return Area(document["title"], tuple(_row(one) for one in document["rows"]))


def _row(one: dict[str, Any]) -> Row:
    where = f"row {one.get('id')}"
    unknown = set(one) - {"id", "observed", "source", "date", "weight", "verdict", "why", "checks"}
    if unknown:
        raise ValueError(f"{where}: no such members: {', '.join(sorted(unknown))}")
    for member in ("id", "observed", "source", "date", "weight", "verdict"):
        if not one.get(member):
            raise ValueError(f"{where}: {member} is missing")
    verdict = one["verdict"]
    if verdict not in get_args(Verdict) or one["weight"] not in get_args(Weight):
        raise ValueError(f"{where}: verdict or weight is unknown")
    if not re.fullmatch(r"20\d\d(-\d\d(-\d\d)?)?", str(one["date"])):
        raise ValueError(f"{where}: date is YYYY, YYYY-MM or YYYY-MM-DD")
    if bool(one.get("why")) != (verdict != "same"):
        raise ValueError(f"{where}: `why` goes with every verdict but `same`")
    if bool(one.get("checks")) != (verdict != "unchecked"):
        raise ValueError(f"{where}: `checks` go with every verdict but `unchecked`")
    checks = tuple(Check(it.get("given") or {}, it["when"], it["then"]) for it in one.get("checks") or ())
    texts = {it: " ".join(str(one.get(it) or "").split()) for it in ("observed", "source", "why")}
    return Row(one["id"], date=str(one["date"]), weight=one["weight"], verdict=verdict, checks=checks, **texts)

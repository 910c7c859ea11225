"""The documents that swagger-parser and our rules are both asked about."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import corpus
import yaml

FAULTS = Path(__file__).parent / "faults.yaml"


def texts() -> dict[str, str]:
    """Every document as text: those with one fault, and those of the corpora."""
    described = yaml.safe_load(FAULTS.read_text(encoding="utf-8"))
    found: dict[str, str] = {}
    for case in described["faults"]:
        found[case["fault"]] = case["text"] if "text" in case else json.dumps(_changed(described["bases"], case))
    for name, document in corpus.good("openapi").items():
        found[f"good: {name}"] = json.dumps(document, default=str)
    for bad in corpus.bad("openapi"):
        found[f"bad: {bad.broken}"] = json.dumps(bad.document, default=str)
    for real in corpus.real("openapi"):
        found[f"real: {real.name}"] = real.text
    return found


def _changed(bases: dict[str, Any], case: dict[str, Any]) -> Any:
    document = copy.deepcopy(bases[case.get("of", "shop")])
    for pointer, value in case.get("set", {}).items():
        owner, member = _owner(document, pointer)
        if isinstance(owner, list) and member == "-":
            owner.append(value)
        else:
            owner[int(member) if isinstance(owner, list) else member] = value
    for pointer in case.get("unset", ()):
        owner, member = _owner(document, pointer)
        del owner[int(member) if isinstance(owner, list) else member]
    return document


def _owner(document: Any, pointer: str) -> tuple[Any, str]:
    steps = [it.replace("~1", "/").replace("~0", "~") for it in pointer.split("/")[1:]]
    for step in steps[:-1]:
        document = document[int(step)] if isinstance(document, list) else document[step]
    return document, steps[-1]

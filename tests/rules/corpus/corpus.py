"""The corpora: documents made for the tests, good and with one broken rule each, excerpts of real ones, generated ones."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

OPERATIONS = {
    "policy_engines": "CreatePolicyEngine",
    "workload_identities": "CreateWorkloadIdentity",
    "token_vault_keys": "SetTokenVaultCMK",
    "configuration_bundles": "CreateConfigurationBundle",
    "registries": "CreateRegistry",
}
"""What creates the resources that belong to no gateway."""
NOUNS = (
    *("gateways", "targets", "rules", "rate_limits", "policies", "resource_policies", "consent_portals"),
    *("tools", "openapi", "smithy"),
    *OPERATIONS,
    "registry_records",
)
_FOLDER = Path(__file__).parent
_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Bad:
    """A good document with one change: where the problem is to be found, how grave it is, words of its line.

    of: the name of the good document.
    """

    broken: str
    of: str
    document: Any
    path: str
    severity: str
    says: str
    options: dict[str, Any]


@dataclass(frozen=True)
class Real:
    """An excerpt of a real API description.

    refused: the rules that it breaks, and where. server: the address to fix it with. left: what fixing leaves.
    """

    name: str
    text: str
    source: str
    refused: dict[str, list[str]] = field(default_factory=dict)
    server: str | None = None
    left: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Generated:
    """What a generator writes by default of the API in tests/generators/openapi: packages pinned, the generator first."""

    generator: str
    packages: list[str]
    command: str
    document: dict[str, Any]


@cache
def good(noun: str) -> dict[str, Any]:
    """Good documents by name."""
    documents: dict[str, Any] = _read(f"{noun}_good.yaml")
    return documents


@cache
def bad(noun: str) -> list[Bad]:
    """Every bad document."""
    return [_case(case, good(noun)) for case in _read(f"{noun}_bad.yaml")]


@cache
def real(noun: str) -> list[Real]:
    """Every excerpt of a real document: "openapi" or "smithy"."""
    return [
        Real(name, (_FOLDER / "real" / entry.pop("file")).read_text(), **entry)
        for name, entry in _read("real/index.yaml")[noun].items()
    ]


@cache
def generated() -> list[Generated]:
    """Every generator's document, by its name."""
    return [Generated(**json.loads(it.read_text())) for it in sorted((_FOLDER / "generators").glob("*.json"))]


def _read(name: str) -> Any:
    return yaml.load((_FOLDER / name).read_text(), _LOADER)


def _case(case: dict[str, Any], bases: dict[str, Any]) -> Bad:
    document = copy.deepcopy(bases[case["of"]])
    for path, value in case.get("set", {}).items():
        _set(document, path, value)
    for path in case.get("unset", ()):
        _unset(document, path)
    known = {"broken", "of", "set", "unset", "path", "severity", "says"}
    return Bad(
        broken=case["broken"],
        of=case["of"],
        document=document,
        path=case["path"],
        severity=case.get("severity", "error"),
        says=case.get("says", ""),
        options={name: value for name, value in case.items() if name not in known},
    )


def _steps(path: str) -> list[str | int]:
    if path.startswith("#/"):
        return [step.replace("~1", "/").replace("~0", "~") for step in path[2:].split("/")]
    return [int(index) if index else name for index, name in _STEP.findall(path)]


def _parent(document: Any, path: str) -> tuple[Any, str | int]:
    *above, last = _steps(path)
    for step in above:
        document = document.setdefault(step, {}) if isinstance(document, dict) else document[int(step)]
    return document, last


def _set(document: Any, path: str, value: Any) -> None:
    parent, last = _parent(document, path)
    if isinstance(parent, list):
        parent[int(last) : int(last) + 1] = [value]
    else:
        parent[last] = value


def _unset(document: Any, path: str) -> None:
    parent, last = _parent(document, path)
    del parent[int(last) if isinstance(parent, list) else last]

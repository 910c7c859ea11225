"""The catalogue of built-in schemas: their names, what each needs, and the document of each.

AWS offers its templates in the console only; here each name of the quick start becomes a document of our own.
https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-target-integrations.html
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources

import yaml

from agentcore_provider.documents.json_types import JsonDict, JsonObject
from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem
from agentcore_provider.schemas.builtins import openapi, smithy
from agentcore_provider.schemas.builtins.entry import Credential, Entry, Operation, Setting
from agentcore_provider.schemas.selection import Operation as Choice
from agentcore_provider.schemas.selection import Selection

PREDEFINED_MODEL = "dynamodb"
"""What a target of a Smithy model is in the quick start if no model is passed."""

_SERVER_URL = Setting(
    "server_url",
    "Address to use instead of the vendor's, such as https://sandbox.example.com/api",
    required=False,
    pattern=r"https?://[^\s{}?#]+",
)


@cache
def names() -> tuple[str, ...]:
    """Every name, sorted without regard to case."""
    files = (resources.files(__package__) / "data").iterdir()
    return tuple(sorted((one.name[:-5] for one in files if one.name.endswith(".yaml")), key=str.lower))


@cache
def entry(name: object) -> Entry:
    """What is known about a name. Raises InvalidInput if there is no such name."""
    if not isinstance(name, str):
        raise InvalidInput(f"is a {type(name).__name__}", "Pass the name of a built-in schema", path="name")
    if name not in names():
        raise InvalidInput("there is none", _suggestion(name, names()), label=f"built-in schema {name}")
    data = yaml.safe_load((resources.files(__package__) / "data" / f"{name}.yaml").read_text("utf-8"))
    return Entry(
        name=name,
        title=data["title"],
        kind=data["kind"],
        outbound_auth=tuple(data["outbound_auth"]),
        settings=_settings(data),
        operations=tuple(_operations(data)),
        source=tuple(data["source"]),
        hosted_s3=data.get("hosted_s3", {}),
        credential=_credential(data["credential"]),
        note=data.get("note", ""),
        data=data,
    )


def document(
    name: str, *, settings: Mapping[str, str] | None = None, operations: Sequence[str] | None = None
) -> JsonDict:
    """The OpenAPI or Smithy document of a name.

    settings: values of the entry's settings by name; a hyphen counts as an underscore.
    operations: names of the operations to offer. Default: all.
    Raises InvalidInput with every problem: an unknown, wrong or missing setting, an unknown operation.
    """
    known = entry(name)
    values, problems = _checked_settings(known, settings or {})
    chosen, unknown = _chosen_operations(known, operations)
    problems += unknown
    if problems:
        raise InvalidInput.of_problems(problems, f"built-in schema {name}")
    if known.kind == "smithy":
        return smithy.document(known, [one.name for one in chosen], region=values.get("region"))
    return openapi.document(known, _server_url(known, values), chosen)


def selected(name: str, selection: Selection) -> list[str]:
    """Names of the operations of a name that are chosen. Raises InvalidInput."""
    known = entry(name)
    # Operations of AWS services have no method and path of their own here.
    rest = known.kind == "openapi"
    offered = [Choice(it.name, it.method.upper() if rest else "", it.path if rest else "") for it in known.operations]
    chosen = selection(offered)
    return [it.name for it, is_chosen in zip(known.operations, chosen, strict=True) if is_chosen]


def _settings(data: JsonObject) -> tuple[Setting, ...]:
    own = tuple(
        Setting(
            name,
            one["does"],
            required=one.get("required", "default" not in one),
            default=one.get("default"),
            pattern=one.get("pattern", r"[A-Za-z0-9._-]+"),
        )
        for name, one in data.get("settings", {}).items()
    )
    if data["kind"] == "smithy" or any(one.name == _SERVER_URL.name for one in own):
        return own
    return (*own, _SERVER_URL)


def _operations(data: JsonObject) -> Iterable[Operation]:
    for name, one in data["operations"].items():
        if one is None:
            yield Operation(name, "POST", "/", "")
            continue
        method, path = one["call"].split(" ", 1)
        yield Operation(name, method, path, one["does"])


def _credential(data: JsonObject) -> Credential:
    return Credential(**{**data, "scopes": tuple(data.get("scopes", ()))})


def _checked_settings(known: Entry, given: Mapping[str, str]) -> tuple[dict[str, str], list[Problem]]:
    by_name = {one.name: one for one in known.settings}
    values = {one.name: one.default for one in known.settings if one.default is not None}
    problems: list[Problem] = []
    for typed, value in given.items():
        name = typed.replace("-", "_") if typed not in by_name else typed
        setting = by_name.get(name)
        if setting is None:
            problems.append(Problem("", f"there is no setting {typed}", _suggestion(typed, by_name)))
        elif setting.pattern and not re.fullmatch(setting.pattern, str(value)):
            problems.append(Problem("", f"setting {name} cannot be {value!r}", setting.description))
        else:
            values[name] = str(value)
    if _SERVER_URL.name not in values:
        typed_wrong = {typed.replace("-", "_") for typed in given}
        problems += [
            Problem("", f"setting {one.name} is missing", one.description)
            for one in known.settings
            if one.required and one.name not in values and one.name not in typed_wrong
        ]
    return values, problems


def _chosen_operations(known: Entry, wanted: Sequence[str] | None) -> tuple[list[Operation], list[Problem]]:
    if wanted is None:
        return list(known.operations), []
    if not wanted:
        return [], [Problem("operations", "is empty", "Name at least one, or leave it out for all")]
    by_name = {one.name: one for one in known.operations}
    problems = [
        Problem("", f"there is no operation {name}", _suggestion(name, by_name))
        for name in wanted
        if name not in by_name
    ]
    return [one for one in known.operations if one.name in set(wanted)], problems


def _server_url(known: Entry, values: Mapping[str, str]) -> str:
    if _SERVER_URL.name in values:
        return values[_SERVER_URL.name].rstrip("/")
    return str(known.data["server"]).format(**values)


def _suggestion(wrong: str, known: Iterable[str]) -> str:
    """`Did you mean X?` or, when nothing is near, all that is known."""
    plain = {re.sub(r"[-_ ]", "", one).lower(): one for one in known}
    near = difflib.get_close_matches(re.sub(r"[-_ ]", "", wrong).lower(), plain, n=1, cutoff=0.6)
    if near:
        return f"Did you mean {plain[near[0]]}?"
    return f"Known: {', '.join(plain.values()) or 'none'}"

"""Mistakes of `agentcore:gateways`, each as one line: where, what, and how to mend it."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from agentcore_provider.stack_config.places import shown as path
from agentcore_provider.stack_config.places import walked

_KINDS = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
}


@cache
def schema() -> dict[str, Any]:
    """The JSON schema of `agentcore:gateways`."""
    text = resources.files(__package__).joinpath("gateways.schema.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def mistakes(gateways: Any) -> list[str]:
    """Everything in which the value of `agentcore:gateways` breaks its schema, in the order of the file."""
    found = [line for error in Draft202012Validator(schema()).iter_errors(gateways) for line in _lines(error)]
    return in_order(found, gateways)


def in_order(lines: Iterable[str], gateways: Any) -> list[str]:
    """The lines in the order in which what they tell of is met in the file, each once."""
    places = {path(place): number for number, (place, _) in enumerate(walked(gateways))}
    return sorted(dict.fromkeys(lines), key=lambda line: places.get(line.split(": ", 1)[0], len(places)))


def suggestion(wrong: str, known: Iterable[str]) -> str:
    """`; did you mean X?` or, when nothing is near, all that is known."""
    known = sorted(known)
    alike = {one.lower(): one for one in known}
    near = difflib.get_close_matches(wrong.lower().replace("-", "_"), alike, n=1, cutoff=0.6)
    return f"did you mean {alike[near[0]]}?" if near else f"known here: {', '.join(known)}."


def _lines(error: ValidationError) -> Iterator[str]:
    if error.validator == "anyOf":
        yield from _alternative(error)
        return
    tell = _TELLERS.get(str(error.validator))
    where: list[Any] = list(error.absolute_path)
    if "propertyNames" in error.absolute_schema_path:
        where.append(error.instance)  # jsonschema's path ends at the mapping whose key is wrong
    if tell is None:
        yield f"{path(where)}: {error.message}."
        return
    for below, text in tell(error):
        yield f"{path([*where, *below])}: {text}"


Mistake = Any  # a ValidationError, of which jsonschema types every member as possibly unset
Told = Iterator[tuple[list[str | int], str]]


def _unknown_keys(error: Mistake) -> Told:
    known = error.schema["properties"]
    for key in error.instance:
        if key not in known:
            yield [str(key)], f"unknown key; {suggestion(str(key), known)}"


def _missing_keys(error: Mistake) -> Told:
    for key in error.validator_value:
        if key not in error.instance:
            yield [], f"{key} is missing; add `{key}:`{_about(error.schema['properties'][key])}."


def _one_of_keys(error: Mistake) -> Told:
    keys = [branch["required"][0] for branch in error.validator_value]
    given = [key for key in keys if key in error.instance]
    if given:
        yield [], f"has {' and '.join(given)}; keep one of them."
    else:
        yield [], f"has neither {' nor '.join(keys)}; add one of them."


def _goes_only_with(error: Mistake) -> Told:
    for key, needed in error.validator_value.items():
        if key in error.instance and not set(needed) <= error.instance.keys():
            why = ": a function that exists keeps its own" if needed[0] == "code" else ""
            yield [key], f"goes only with {needed[0]}{why}; remove {key}."


def _wrong_kind(error: Mistake) -> Told:
    wanted, given = error.validator_value, error.instance
    text = f"must be {_KINDS[wanted]}, not {_kind(given)}"
    if given is None:
        cure = "write a value or remove the key"
    elif {"environment", "credentials"} & set(error.absolute_path):
        # Environment variables and credentials may be secrets, so none is ever shown.
        text, cure = f"must be {_KINDS[wanted]}", "put it in quotes"
    elif wanted == "string" and not isinstance(given, (Mapping, list)):
        cure = f'put it in quotes: "{_yaml(given)}"'
    elif wanted == "array" and not isinstance(given, Mapping):
        cure = f"write [{_yaml(given)}]"
    elif wanted in ("integer", "number", "boolean") and isinstance(given, str):
        cure = "write it without quotes" if _is(wanted, given) else f"write {_KINDS[wanted]}"
    else:
        cure = f"write {_KINDS[wanted]}{_about(error.schema)}"
    yield [], f"{text}; {cure}."


def _wrong_choice(error: Mistake) -> Told:
    if "dependentSchemas" in error.absolute_schema_path:
        yield [], "goes not with gateway_id: a gateway that something else made only gets targets; remove it."
        return
    yield [], f"{_yaml(error.instance)} is not a choice; {suggestion(str(error.instance), error.validator_value)}"


def _wrong_form(error: Mistake) -> Told:
    mended = re.sub(r"[^0-9a-zA-Z]+", "-", str(error.instance)).strip("-")
    fits = re.search(error.schema["pattern"], mended) is not None
    example = mended if fits and mended else error.schema["examples"][0]
    meaning = error.schema.get("title", "what is wanted here")
    yield [], f'"{error.instance}" is not {meaning}; write {"" if fits else "something like "}{example}.'


def _wrong_size(error: Mistake) -> Told:
    limit, given = error.validator_value, error.instance
    if error.validator == "maximum":
        yield [], f"{given} is too much; write at most {limit}."
    elif error.validator == "minimum":
        yield [], f"{given} is too little; write at least {limit}."
    elif error.validator == "maxLength":
        yield [], f"has {len(given)} characters; shorten it to {limit}."
    elif error.validator in ("maxItems", "maxProperties"):
        yield [], f"has {len(given)} entries; keep at most {limit}."
    else:
        yield [], "is empty; fill it in or remove the key."


_TELLERS: dict[str, Callable[[Mistake], Told]] = {
    "additionalProperties": _unknown_keys,
    "required": _missing_keys,
    "oneOf": _one_of_keys,
    "dependentRequired": _goes_only_with,
    "type": _wrong_kind,
    "enum": _wrong_choice,
    "pattern": _wrong_form,
    **dict.fromkeys(
        (
            *("maxLength", "minLength", "maximum", "minimum"),
            *("minItems", "maxItems", "minProperties", "maxProperties"),
        ),
        _wrong_size,
    ),
}


def _alternative(error: Mistake) -> Iterator[str]:
    """The mistakes of the alternative that the value was meant to be: the one of its own kind."""
    branches: dict[Any, list[ValidationError]] = {}
    for below in error.context or ():
        branches.setdefault(below.schema_path[0], []).append(below)
    for errors in branches.values():
        if not any(below.validator == "type" and not below.path for below in errors):
            for below in errors:
                yield from _lines(below)
            return
    yield f"{path(error.absolute_path)}: {_yaml(error.instance)} is not {error.schema['title']}; write one of these."


def _about(schema: Mapping[str, Any]) -> str:
    about = schema.get("description")
    return f" ({about[0].lower()}{about[1:].rstrip('.')})" if about else ""


def _kind(value: Any) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return _yaml(value)
    if isinstance(value, (int, float)):
        return f"the number {value}"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, list) else "a mapping"


def _is(wanted: str, text: str) -> bool:
    try:
        value = json.loads(text)
    except ValueError:
        return False
    return isinstance(value, bool) if wanted == "boolean" else isinstance(value, int)


def _yaml(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)

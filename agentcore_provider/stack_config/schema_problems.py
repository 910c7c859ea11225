"""Where the configuration of a stack breaks its schema: place, message and cure."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from agentcore_provider.stack_config.json_schema import configuration_schema
from agentcore_provider.stack_config.places import Place, PlacedProblem

_KINDS = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
}

# Keys of what exists already, and why most others cannot be combined with them.
_EXISTING = {
    "gateway_id": "an existing gateway only gets targets",
    "registry_id": "an existing registry only gets records",
}
# How many keys, of which one is needed, are named; the schema lists the usual ones first.
_FEW = 4


def problems(described: object) -> list[PlacedProblem]:
    """Everything in which the configuration of a stack breaks its schema, one problem for each value.

    described: values by their keys, such as gateways.
    """
    found: list[PlacedProblem] = []
    values: set[Place] = set()
    for one in (
        it for error in Draft202012Validator(configuration_schema()).iter_errors(described) for it in _problems(error)
    ):
        if one.place in (*one.unknown, *one.ignored):
            if one.place in values:
                continue
            values.add(one.place)
        found.append(one)
    return found


def near(wrong: str, known: Iterable[str]) -> str | None:
    """The key or value that was probably meant."""
    alike = {one.lower(): one for one in known}
    found = difflib.get_close_matches(wrong.lower().replace("-", "_"), alike, n=1, cutoff=0.6)
    return alike[found[0]] if found else None


def suggestion(wrong: str, known: Iterable[str]) -> str:
    """`did you mean X?` or, when nothing is near, all that is known."""
    known = sorted(known)
    meant = near(wrong, known)
    return f"did you mean {meant}?" if meant else f"known here: {', '.join(known)}"


def _problems(error: Error) -> Found:
    if error.validator == "anyOf":
        yield from _alternative(error)
        return
    where: Place = tuple(error.absolute_path)
    check = _KEYWORDS.get(str(error.validator))
    found = check(error) if check is not None else _wrong(error.message, "")
    if "propertyNames" in error.absolute_schema_path:
        # jsonschema's path ends at the mapping whose key is wrong.
        key = (*where, error.instance)
        yield from (replace(it.below(key), unknown=() if it.ignored else ((*key, "name"),)) for it in found)
    else:
        yield from (it.below(where) for it in found)


Error = Any  # a ValidationError, of which jsonschema types every member as possibly unset
Found = Iterator[PlacedProblem]


def _wrong(message: str, cure: str) -> Found:
    """The value itself is wrong."""
    yield PlacedProblem((), message, cure, unknown=((),))


def _misspelt(error: Error) -> dict[str, str]:
    """Unknown keys of a mapping, and the missing ones that they probably mean."""
    known, given = error.schema["properties"], error.instance
    meant = {key: near(str(key), known) for key in given if key not in known}
    return {key: it for key, it in meant.items() if it is not None and it not in given}


def _unknown_keys(error: Error) -> Found:
    known, misspelt = error.schema["properties"], _misspelt(error)
    for key in error.instance:
        if key not in known:
            meant = ((misspelt[key],),) if key in misspelt else ()
            cure = suggestion(str(key), known)
            yield PlacedProblem((str(key),), "unknown key", cure, unknown=meant, ignored=((key,),))


def _missing_keys(error: Error) -> Found:
    for key in error.validator_value:
        if key not in error.instance and key not in _misspelt(error).values():
            about = _about(error.schema["properties"][key])
            yield PlacedProblem((), f"{key} is missing", f"add `{key}:`{about}", unknown=((key,),))


def _one_of_keys(error: Error) -> Found:
    if not isinstance(error.instance, Mapping):
        return
    keys = [branch["required"][0] for branch in error.validator_value]
    given = [key for key in keys if key in error.instance]
    if given:
        yield PlacedProblem(
            (), f"has {' and '.join(given)}", "keep one of them", ignored=tuple((key,) for key in given)
        )
    elif set(keys).isdisjoint(_misspelt(error).values()):
        if len(keys) > _FEW:
            usual = f"{', '.join(keys[: _FEW - 1])} or {keys[_FEW - 1]}"
            yield PlacedProblem(
                (), "does not say which kind of target it is", f"add {usual}, or another one of docs/stack-files.md"
            )
        else:
            yield PlacedProblem((), f"has neither {' nor '.join(keys)}", "add one of them")


def _not_together(error: Error) -> Found:
    if isinstance(error.instance, Mapping):
        keys = error.validator_value["required"]
        yield PlacedProblem(
            (), f"has {' and '.join(keys)}", "keep one of them", ignored=tuple((key,) for key in keys[1:])
        )


def _goes_only_with(error: Error) -> Found:
    choices = {branch["required"][0] for branch in error.schema.get("oneOf", ())}
    if choices and choices.isdisjoint(error.instance):
        return  # what is missing is reported, and this depends on it
    for key, needed in error.validator_value.items():
        if key in error.instance and not set(needed) <= error.instance.keys():
            why = ": a function that exists keeps its own" if needed[0] == "code" else ""
            yield PlacedProblem((key,), f"goes only with {needed[0]}{why}", f"remove {key}", ignored=((key,),))


def _wrong_kind(error: Error) -> Found:
    wanted, given = error.validator_value, error.instance
    kind = " or ".join(_KINDS[it] for it in ([wanted] if isinstance(wanted, str) else wanted))
    text = f"must be {kind}, not {_kind(given)}"
    if given is None:
        cure = "write a value or remove the key"
    elif {"environment", "credentials"} & set(error.absolute_path):
        # Environment variables and credentials may be secrets, so none is ever displayed.
        text, cure = f"must be {kind}", "put it in quotes"
    elif wanted == "string" and not isinstance(given, (Mapping, list)):
        cure = f'put it in quotes: "{_yaml(given)}"'
    elif wanted == "array" and not isinstance(given, Mapping):
        cure = f"write [{_yaml(given)}]"
    elif wanted in ("integer", "number", "boolean") and isinstance(given, str):
        cure = "write it without quotes" if _is(wanted, given) else f"write {kind}"
    else:
        cure = f"write {kind}{_about(error.schema)}"
    yield from _wrong(text, cure)


def _wrong_choice(error: Error) -> Found:
    if "dependentSchemas" in error.absolute_schema_path:
        key = next(it for it in _EXISTING if it in error.absolute_schema_path)
        text = f"cannot be combined with {key}: {_EXISTING[key]}"
        yield PlacedProblem((), text, "remove it", ignored=((),))
        return
    choices = map(_yaml, error.validator_value)
    yield from _wrong(f"{_yaml(error.instance)} is not a choice", suggestion(_yaml(error.instance), choices))


def _wrong_form(error: Error) -> Found:
    if "examples" not in error.schema:
        return  # a pattern of AWS's model, which the rules report with their source
    fixed = _nearest(error)
    cure = f"write {fixed}" if fixed else f"write something like {error.schema['examples'][0]}"
    yield from _wrong(f'"{error.instance}" is not {error.schema["title"]}', cure)


def _nearest(error: Error) -> str | None:
    """The nearest text of the form that is wanted, if hyphens and a shorter text are all that it takes."""
    hyphens = re.sub(r"[^0-9a-zA-Z]+", "-", str(error.instance)).strip("-")
    fixed = hyphens[: error.schema.get("maxLength")].rstrip("-")
    return fixed if fixed and re.search(error.schema["pattern"], fixed) else None


def _wrong_size(error: Error) -> Found:
    limit, given = error.validator_value, error.instance
    if error.validator == "maximum":
        text, cure = f"{given} is too much", f"write at most {limit}"
    elif error.validator == "minimum":
        text, cure = f"{given} is too little", f"write at least {limit}"
    elif error.validator == "exclusiveMinimum":
        text, cure = f"{given} is too little", f"write more than {limit}"
    elif error.validator == "maxLength":
        pattern = error.schema.get("pattern")
        if pattern and not re.search(pattern, given):
            return  # reported by its form
        shorter = _nearest(error) if pattern else None
        text, cure = f"has {len(given)} characters", f"shorten it to {limit}{f': {shorter}' if shorter else ''}"
    elif error.validator in ("maxItems", "maxProperties"):
        text, cure = f"has {len(given)} entries", f"keep at most {limit}"
    elif given:
        unit = ("character", "characters") if error.validator == "minLength" else ("entry", "entries")
        text, cure = f"has {len(given)} {unit[len(given) > 1]}", f"write at least {limit}"
    else:
        text, cure = "is empty", "fill it in or remove the key"
    yield from _wrong(text, cure)


_KEYWORDS: dict[str, Callable[[Error], Found]] = {
    "additionalProperties": _unknown_keys,
    "required": _missing_keys,
    "oneOf": _one_of_keys,
    "not": _not_together,
    "dependentRequired": _goes_only_with,
    "type": _wrong_kind,
    "enum": _wrong_choice,
    "pattern": _wrong_form,
    **dict.fromkeys(
        (
            *("maxLength", "minLength", "maximum", "minimum", "exclusiveMinimum"),
            *("minItems", "maxItems", "minProperties", "maxProperties"),
        ),
        _wrong_size,
    ),
}


def _alternative(error: Error) -> Found:
    """The problems of the alternative that was meant: the one of the value's own type."""
    branches: dict[object, list[ValidationError]] = {}
    for below in error.context or ():
        branches.setdefault(below.schema_path[0], []).append(below)
    for errors in branches.values():
        if not any(below.validator == "type" and not below.path for below in errors):
            for below in errors:
                yield from _problems(below)
            return
    wrong = _wrong(f"{_yaml(error.instance)} is not {error.schema['title']}", "write one of these")
    yield from (it.below(tuple(error.absolute_path)) for it in wrong)


def _about(schema: Mapping[str, Any]) -> str:
    about = schema.get("description", "").rstrip(".")
    if about[:1] and not about[:2].isupper():
        about = about[0].lower() + about[1:]
    return f" ({about})" if about else ""


def _kind(value: object) -> str:
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


def _yaml(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)

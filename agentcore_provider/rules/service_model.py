"""Documents against botocore's service model: members, types, enums, patterns, lengths, ranges, unions."""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from agentcore_provider.problem import Problem, joined
from agentcore_provider.rules.unknown import UNKNOWN

CONTROL = "bedrock-agentcore-control"

# Looking for what was meant takes long: nobody misspells fifty members, or a name longer than any there is.
_MOST_GUESSES = 50
_LONGEST_NAME = 200
_LARGE = 10**300

# Java's Unicode classes, of which Python's re knows none. Only those that AWS's models use.
_PROPERTY = re.compile(r"\\p\{[A-Za-z]+\}")


@lru_cache(maxsize=8)
def load(service: str) -> Mapping[str, Any]:
    """The service's model as it ships with botocore, read once in a process."""
    # botocore's own loader imports urllib3 and lists the files of all services: longer than a preview takes otherwise.
    found = None if _has_own_models() else _shipped(service)
    if found is not None:
        return found
    from botocore.loaders import Loader

    model: Mapping[str, Any] = Loader().load_service_model(service, "service-2")
    return model


def _has_own_models() -> bool:
    """Whether the user has models that botocore prefers to its own."""
    return "AWS_DATA_PATH" in os.environ or os.path.isdir(os.path.expanduser("~/.aws/models"))


def _shipped(service: str) -> Mapping[str, Any] | None:
    """The newest model among botocore's files; None if it is packed in another way."""
    spec = find_spec("botocore")
    for folder in (spec and spec.submodule_search_locations) or ():
        for version in sorted(Path(folder, "data", service).glob("*"), reverse=True):
            files = sorted(it.name for it in version.glob("service-2.*"))
            if files != ["service-2.json.gz"]:
                return None
            model: Mapping[str, Any] = json.loads(gzip.decompress((version / files[0]).read_bytes()))
            return model
    return None


def input_shape(name: str, *, service: str = CONTROL) -> str:
    """The shape of an operation's input, or the shape of this name."""
    model = load(service)
    operation = model["operations"].get(name)
    if operation is not None:
        return str(operation["input"]["shape"])
    if name not in model["shapes"]:
        raise LookupError(f"{service} has neither an operation nor a shape {name}")
    return name


def members(name: str, *, service: str = CONTROL) -> list[str]:
    """The members of an operation's input or of a structure."""
    return list(load(service)["shapes"][input_shape(name, service=service)].get("members", {}))


def member_shapes(name: str, *, service: str = CONTROL) -> dict[str, str]:
    """The shape of each member of an operation's input or of a structure."""
    found = load(service)["shapes"][input_shape(name, service=service)].get("members", {})
    return {member: str(it["shape"]) for member, it in found.items()}


def shape_at(name: str, *path: str, service: str = CONTROL) -> str | None:
    """The shape at a path below an operation's input or a shape, through lists; None if there is no such member."""
    shapes = load(service)["shapes"]
    found = input_shape(name, service=service)
    for member in path:
        while "member" in shapes[found]:
            found = shapes[found]["member"]["shape"]
        if member not in shapes[found].get("members", {}):
            return None
        found = shapes[found]["members"][member]["shape"]
    return str(found)


def is_sensitive(shape: str, *, service: str = CONTROL) -> bool:
    """Whether values of the shape are secrets."""
    return bool(load(service)["shapes"][shape].get("sensitive"))


def update_only(create: str, update: str, *, service: str = CONTROL) -> frozenset[str]:
    """Members that only the update takes, without the identifiers that it requires."""
    required = load(service)["shapes"][input_shape(update, service=service)].get("required", ())
    return frozenset(members(update, service=service)).difference(members(create, service=service), required)


def changed(immutable: Iterable[str], old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    """Those of the members that change. A value not known yet counts as changed, one that is not set does not."""
    return [it for it in immutable if it in old and it in new and (new[it] is UNKNOWN or old[it] != new[it])]


@lru_cache(maxsize=512)
def expression(pattern: str) -> re.Pattern[str] | None:
    """A model's pattern, a regular expression of Java, for a whole value; None if Python's re cannot read it."""
    if _PROPERTY.search(pattern):
        return None
    try:
        # Java's \w, \d and \s are ASCII by default.
        return re.compile(pattern, re.ASCII)
    except re.error:
        return None


def enum(name: str, *, service: str = CONTROL) -> list[str]:
    """The values that an enumeration of the model takes."""
    return list(load(service)["shapes"][name].get("enum", ()))


def validate(
    document: Any, name: str, *, service: str = CONTROL, path: str = "", absent: Collection[str] = ()
) -> list[Problem]:
    """Everything about the document that the model of an operation's input, or of a shape, does not allow.

    path: where the document is, for the problems' paths. absent: required members on top that are set later.
    """
    return list(Validator(service).shape(document, input_shape(name, service=service), path, frozenset(absent)))


class Validator:
    """Walks one document along one service's shapes."""

    def __init__(self, service: str = CONTROL) -> None:
        self._shapes = load(service)["shapes"]
        self._source = f"botocore model {service}"

    def shape(self, value: Any, name: str, path: str, absent: frozenset[str] = frozenset()) -> Iterator[Problem]:
        shape = self._shapes[name]
        kind = shape["type"]
        if value is UNKNOWN:
            return
        if value is None:
            yield self._problem(path, name, "is null", "Leave it out or give it a value.")
        elif shape.get("document"):
            yield from self._free_document(value, name, path)
        elif kind == "structure":
            yield from self._structure(value, name, path, absent)
        elif kind == "list":
            yield from self._list(value, name, path)
        elif kind == "map":
            yield from self._map(value, name, path)
        elif kind == "string":
            yield from self._string(value, name, path)
        elif kind in ("integer", "long"):
            yield from self._number(value, name, path, whole=True)
        elif kind in ("float", "double"):
            yield from self._number(value, name, path, whole=False)
        elif kind == "boolean" and not isinstance(value, bool):
            yield self.wrong_type(value, name, path, "true or false")

    def _structure(self, value: Any, name: str, path: str, absent: frozenset[str]) -> Iterator[Problem]:
        shape = self._shapes[name]
        if not isinstance(value, Mapping):
            yield self.wrong_type(value, name, path, f"an object with {_listed(shape['members'])}")
            return
        known = shape["members"]
        unknown = [member for member in value if member not in known]
        misspelt = {member: self._meant(member, value[member], known) for member in unknown[:_MOST_GUESSES]}
        misspelt |= dict.fromkeys(unknown[_MOST_GUESSES:])
        for member in shape.get("required", ()):
            if member not in value and member not in absent and member not in misspelt.values():
                yield self._problem(joined(path, member), name, "is required", f"Give {member} a value.")
        if shape.get("union"):
            yield from self._union(value, name, path)
        for member, meant in misspelt.items():
            yield self.unknown_member(joined(path, str(member)), name, str(member), meant)
        for member, content in value.items():
            if member in known:
                yield from self.shape(content, known[member]["shape"], joined(path, str(member)))

    def unknown_member(self, path: str, name: str, member: str, meant: str | None) -> Problem:
        """The problem of a member that the shape does not have. meant: the known one that was probably meant."""
        cure = f"Did you mean {meant}?" if meant else f"Known members: {_listed(self._shapes[name]['members'])}."
        return self._problem(path, name, "is not a member here", cure)

    def _meant(self, wrong: Any, value: Any, known: Mapping[str, Any]) -> str | None:
        """The known name that was probably meant: a near one that has what the value has, else the nearest."""
        near = _near(str(wrong), known)
        content = value if isinstance(value, Mapping) else {}
        own = {name: self._shapes[known[name]["shape"]].get("members", {}) for name in near}
        fitting = [name for name in near if any(member in own[name] for member in content)]
        return next(iter(fitting or near), None)

    def _union(self, value: Mapping[str, Any], name: str, path: str) -> Iterator[Problem]:
        known = self._shapes[name]["members"]
        given = [member for member in value if member in known]
        if len(given) > 1:
            yield self._problem(
                path,
                name,
                f"has {_listed(given)} where exactly one is allowed",
                "Keep one and remove the rest.",
            )
        elif not value:
            yield self._problem(path, name, "is empty", f"Give exactly one of {_listed(known)}.")

    def _list(self, value: Any, name: str, path: str) -> Iterator[Problem]:
        shape = self._shapes[name]
        if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Sequence):
            yield self.wrong_type(value, name, path, "a list")
            return
        if not value and shape.get("min", 0) > 0:
            yield self._problem(path, name, "is an empty list", "Leave it out, or give it at least one item.")
        else:
            yield from self._size(len(value), name, path, "items")
        for index, item in enumerate(value):
            yield from self.shape(item, shape["member"]["shape"], joined(path, index))

    def _map(self, value: Any, name: str, path: str) -> Iterator[Problem]:
        shape = self._shapes[name]
        if not isinstance(value, Mapping):
            yield self.wrong_type(value, name, path, "an object")
            return
        yield from self._size(len(value), name, path, "entries")
        for key, content in value.items():
            below = joined(path, str(key))
            yield from self.shape(key, shape["key"]["shape"], below)
            yield from self.shape(content, shape["value"]["shape"], below)

    def _string(self, value: Any, name: str, path: str) -> Iterator[Problem]:
        shape = self._shapes[name]
        if not isinstance(value, str):
            is_document = isinstance(value, (Mapping, list, tuple))
            cure = (
                "Give text; of a document its JSON, such as json.dumps makes it."
                if is_document
                else "Put it in quotes."
            )
            yield self.wrong_type(value, name, path, "a string", cure)
            return
        if "enum" in shape:
            if value not in shape["enum"]:
                meant = guess(value, shape["enum"])
                yield self._problem(
                    path,
                    name,
                    f"is {self._shown(value, name)}, not one of {_listed(shape['enum'])}",
                    f"Did you mean {meant}?" if meant else "Use one of these.",
                )
            return
        size = list(self._size(len(value), name, path, "characters"))
        yield from size
        pattern = shape.get("pattern")
        form = expression(pattern) if pattern and not size else None
        if form is not None and not form.fullmatch(value):
            yield self._problem(
                path,
                name,
                f"is {self._shown(value, name)}, which does not match {pattern}",
                "Give a value of this form.",
            )

    def _number(self, value: Any, name: str, path: str, *, whole: bool) -> Iterator[Problem]:
        shape = self._shapes[name]
        # Pulumi sends every number as a float, so 900.0 is the integer 900.
        fit = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not fit or (whole and isinstance(value, float) and not value.is_integer()):
            yield self.wrong_type(value, name, path, "a whole number" if whole else "a number")
            return
        low, high = shape.get("min"), shape.get("max")
        if (low is not None and value < low) or (high is not None and value > high):
            shown = f"{value:.15g}" if abs(value) < _LARGE else "too large"
            yield self._problem(path, name, f"is {shown}", f"Give a value {_range(low, high)}.")

    def _free_document(self, value: Any, name: str, path: str) -> Iterator[Problem]:
        if isinstance(value, Mapping):
            for key, content in value.items():
                yield from self._free_document(content, name, joined(path, str(key)))
        elif isinstance(value, (list, tuple)):
            for index, item in enumerate(value):
                yield from self._free_document(item, name, joined(path, index))
        elif value is not UNKNOWN and not isinstance(value, (str, int, float, bool, type(None))):
            yield self.wrong_type(value, name, path, "JSON")

    def _size(self, size: int, name: str, path: str, unit: str) -> Iterator[Problem]:
        low, high = self._shapes[name].get("min"), self._shapes[name].get("max")
        if (low is not None and size < low) or (high is not None and size > high):
            yield self._problem(path, name, f"has {_counted(size, unit)}", f"Give it {_range(low, high)} {unit}.")

    def _shown(self, value: str, name: str) -> str:
        if self._shapes[name].get("sensitive"):
            return "a value not shown here"
        return repr(value if len(value) <= 80 else value[:77] + "...")

    def wrong_type(self, value: Any, name: str, path: str, wanted: str, cure: str = "") -> Problem:
        """The problem of a value of another type than the shape's."""
        return self._problem(path, name, f"is {_kind(value)}, not {wanted}", cure or f"Give {wanted}.")

    def _problem(self, path: str, name: str, message: str, cure: str) -> Problem:
        return Problem(path, message, cure, f"{self._source}, {name}")


def _kind(value: Any) -> str:
    for types, text in (
        (bool, "a boolean"),
        ((int, float), "a number"),
        (str, "a string"),
        (Mapping, "an object"),
        ((list, tuple), "a list"),
    ):
        if isinstance(value, types):
            return text
    return f"a {type(value).__name__}"


def _listed(names: Collection[str], limit: int = 12) -> str:
    shown = list(names)
    return ", ".join(shown[:limit]) + (" ..." if len(shown) > limit else "")


def _range(low: int | None, high: int | None) -> str:
    if low is not None and high is not None:
        return f"{low} to {high}" if low != high else f"exactly {low}"
    return f"at least {low}" if high is None else f"at most {high}"


def _counted(number: int, unit: str) -> str:
    singular = {"entries": "entry"}.get(unit, unit.removesuffix("s"))
    return f"{number} {singular if number == 1 else unit}"


def guess(wrong: str, known: Collection[str]) -> str | None:
    """The known name that was probably meant, if any."""
    return next(iter(_near(wrong, known)), None)


def _near(wrong: str, known: Collection[str]) -> list[str]:
    """The known names that may be meant, nearest first; three at most."""
    from difflib import get_close_matches

    if len(wrong) > _LONGEST_NAME:
        return []
    plain = {name.replace("_", "").replace("-", "").lower(): name for name in known}
    close = get_close_matches(wrong.replace("_", "").replace("-", "").lower(), list(plain), n=3, cutoff=0.75)
    return [plain[it] for it in close]

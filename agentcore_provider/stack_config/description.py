"""All that the configuration of a stack describes: merged with what environments share, references filled in, validated.

What environments share is under `agentcore:defaults`; each stack's own file states what is different there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar, cast

import pulumi

from agentcore_provider import credential_kinds
from agentcore_provider.documents import files as documents
from agentcore_provider.documents.limits import Unreadable
from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem
from agentcore_provider.rules.unknown import UNKNOWN
from agentcore_provider.stack_config import keys, places, references, schema_problems, validation
from agentcore_provider.stack_config.json_schema import has_own_keys, secrecy
from agentcore_provider.stack_config.keys import GatewayDescription
from agentcore_provider.stack_config.places import (
    DEFAULTS,
    GATEWAYS,
    KEY,
    Place,
    PlacedProblem,
    SourceFiles,
    replaced,
    walked,
)

_T = TypeVar("_T")

_LATE = "comes as a whole from another resource, and its keys have to be known before it is made"
_LATE_CURE = "write the keys in the program; values below them may come from other resources"

_HIDDEN = "[secret]"
_SHORTEST_HIDDEN = 3

# Keys for which null is a value of its own, so that it takes nothing away.
_NULL_IS_A_VALUE = ("protocol_type",)

# Keys of which one excludes the others, and what goes only with one: to choose one takes the others away.
_ONE_OF = (
    dict.fromkeys(("ez_auth", "jwt"), ()),
    dict.fromkeys(credential_kinds.BY_KEY, ()),
    dict.fromkeys(("key", "key_from_environment", "secret", "provider"), ()),
    dict.fromkeys(("profile", "assume_role"), ()),
    dict.fromkeys(("client_secret", "client_secret_from_environment"), ()),
    dict.fromkeys(("credentials", "credential_provider_configurations"), ()),
    # How the gateway signs in at one kind of target says nothing about another.
    dict.fromkeys(keys.KINDS, ("credentials", "credential_provider_configurations")),
    {"arn": ("bucket_owner",), "code": ("handler", "runtime", "requirements", "environment", "timeout", "memory_size")},
)


@dataclass(frozen=True)
class Description:
    """Valid gateways, and what is beside them."""

    values: dict[str, Any]
    """Descriptions by their key in the stack's configuration; a value of Secrets Manager is still a reference."""
    secrets: frozenset[Place]
    """Places of the values that are secrets."""
    stack: str
    """Name of the stack."""
    files: SourceFiles
    """The files that describe them."""

    @property
    def gateways(self) -> dict[str, GatewayDescription]:
        """The gateways by name."""
        return cast(dict[str, GatewayDescription], self.values.get(GATEWAYS, {}))

    def with_secrets(self) -> Description:
        """The same for declaring resources: secrets are secret Outputs, those of Secrets Manager are looked up.

        Raises InvalidInput.
        """
        late, found = references.from_secrets_manager(self.values)
        if found:
            raise _invalid(self.stack, found, self.files)
        plain = replaced(self.values, references.unescaped(self.values))
        known = {place: pulumi.Output.secret(value) for place, value in walked(plain) if place in self.secrets}
        return replace(self, values=replaced(plain, {**known, **late}))


def merged(gateways: _T, defaults: object, folder: Path) -> _T:
    """The value of `agentcore:gateways` above that of `agentcore:defaults`, as both are written. Raises InvalidInput."""
    return with_defaults(shared(defaults or {}, folder), gateways)


def shared(defaults: object, folder: Path) -> object:
    """The descriptions that agentcore:defaults stands for.

    defaults: its value: descriptions, or the path of a file that is written as a stack file is. folder: what a relative
    path begins at. Raises InvalidInput.
    """
    if not isinstance(defaults, str):
        return defaults
    path = folder / defaults
    if not path.exists():
        raise InvalidInput(
            f"there is no file {defaults}",
            "Give its path from the folder of Pulumi.yaml, or the descriptions themselves",
            path=DEFAULTS,
        )
    try:
        document = documents.parse(documents.text(path), name=defaults)
    except Unreadable as error:
        raise InvalidInput(f"{defaults} cannot be read ({error.message})", error.cure, path=DEFAULTS) from None
    config = document.get("config") if isinstance(document, Mapping) else None
    gateways = config.get(KEY) if isinstance(config, Mapping) else None
    if not isinstance(gateways, Mapping):
        raise InvalidInput(f"{defaults} describes no gateways", f"Write them under config, {KEY}", path=DEFAULTS)
    return gateways


def with_defaults(defaults: object, gateways: _T) -> _T:
    """The gateways of one environment above what all share: mappings are merged, everything else is replaced.

    Null takes away what the defaults say, and so does a choice of something else: a target of another kind, another
    sign-in, a function that exists instead of a folder. A gateway that only the defaults describe is not made.
    """
    if not isinstance(defaults, Mapping) or not isinstance(gateways, Mapping):
        return gateways
    return cast(_T, {name: _merged(defaults.get(name), gateway) for name, gateway in gateways.items()})


def beyond(shared: object, own: _T) -> _T:
    """The part of a description that the defaults do not have."""
    if not isinstance(shared, Mapping) or not isinstance(own, Mapping):
        return own
    more = {name: it for name, it in own.items() if name not in shared or shared[name] != it}
    return cast(_T, {name: beyond(shared.get(name), it) for name, it in more.items()})


def _merged(shared: object, own: object) -> object:
    if not isinstance(shared, Mapping) or not isinstance(own, Mapping):
        return own
    dropped = {it for it, value in own.items() if value is None and it in shared and it not in _NULL_IS_A_VALUE}
    dropped |= set(_excluded(shared, own))
    return {
        name: _merged(shared.get(name), own.get(name, shared.get(name)))
        for name in [*shared, *(it for it in own if it not in shared)]
        if name not in dropped
    }


def _excluded(shared: Mapping[str, object], own: Mapping[str, object]) -> Iterator[str]:
    for group in _ONE_OF:
        chosen = {name for name in group if own.get(name) is not None}
        for name in group if chosen else ():
            if name in shared and name not in own:
                yield name
                yield from (it for it in group[name] if it in shared and it not in own)


def checked(
    gateways: object,
    *,
    folder: Path,
    stack: str,
    defaults: object = None,
    others: Mapping[str, object] | None = None,
) -> dict[str, dict[str, Any]]:
    """The value of `agentcore:gateways`, above that of `agentcore:defaults`, validated.

    folder: what relative paths begin at. stack: name of the stack, for the message. defaults: what all environments
    share, in the same form, or the path of a file with it. others: values of the keys beside agentcore:gateways. Raises
    InvalidInput with every problem.
    """
    values = {GATEWAYS: gateways, **(others or {})}
    found = described(values, folder=folder, stack=stack, defaults=defaults, files=SourceFiles()).gateways
    return cast(dict[str, dict[str, Any]], found)


def described(
    written: Mapping[str, object],
    *,
    folder: Path,
    stack: str,
    defaults: object,
    files: SourceFiles,
    has_secrets: bool = False,
    late: frozenset[Place] = frozenset(),
) -> Description:
    """The same of all keys of the configuration that describe resources, together with what is secret in them.

    written: their values, by key. files: those that have them. has_secrets: whether the engine knows of secrets, which it passes on in
    clear without their places. late: places of values that other resources have, and that are not known yet.
    """
    gateways = {GATEWAYS: merged(written[GATEWAYS], defaults, folder)} if GATEWAYS in written else {}
    above = files.arranged({**written, **gateways})
    filled, found = references.from_environment(above, references.environment())
    unreadable = _unreadable(above)
    whole = replaced(above, {**filled, **{it.place: _HIDDEN for it in unreadable}})
    encrypted = frozenset(files.secrets)
    secrets, wrong = _secrets(whole, encrypted, frozenset(filled), everything=has_secrets and not encrypted)
    found += [*wrong, *unreadable]
    known = {*late, *(it.place for it in found)}
    found += [PlacedProblem(it, _LATE, _LATE_CURE) for it in late if has_own_keys(it)]
    found += [it for it in schema_problems.problems(whole) if it.place not in known]
    known_part = replaced(references.unknown_secrets(places.without(found, whole)), dict.fromkeys(late, UNKNOWN))
    found += validation.problems(cast(dict[str, object], known_part), folder)
    if found:
        hidden = {value for place, value in walked(whole) if place in secrets and isinstance(value, str)}
        raise _invalid(stack, places.in_order(found, whole), files, hidden)
    return Description(cast(dict[str, Any], whole), secrets, stack, files)


def _invalid(
    stack: str, found: Sequence[PlacedProblem], files: SourceFiles, hidden: Collection[str] = ()
) -> InvalidInput:
    problems = [_located(it, files, hidden) for it in found]
    is_located = len(problems) == 1 and files.line(found[0].place)
    return InvalidInput.of_problems(problems, "" if is_located else f"Pulumi.{stack}.yaml")


def _located(found: PlacedProblem, files: SourceFiles, hidden: Collection[str]) -> Problem:
    """The problem with file and line, and without secrets."""
    problem = found.problem
    message, cure = _without(hidden, problem.message), _without(hidden, problem.cure)
    return replace(problem, path=f"{files.line(found.place)}{problem.path}", message=message, cure=cure)


def _secrets(
    described: object, encrypted: frozenset[Place], filled: frozenset[Place], *, everything: bool
) -> tuple[frozenset[Place], list[PlacedProblem]]:
    """Places of secrets, and a problem for each that cannot be one."""
    secrets: set[Place] = set()
    wrong: list[PlacedProblem] = []
    for place, value in walked(described):
        if isinstance(value, (Mapping, list, tuple)):
            continue
        may = secrecy(place)
        is_encrypted = any(place[:length] in encrypted for length in range(1, len(place) + 1))
        if is_encrypted and may is None:
            wrong.append(
                PlacedProblem(place, "cannot be a secret, as anybody sees it in AWS or Pulumi", "write it plain")
            )
            secrets.add(place)
        elif may == "always" or (may and (is_encrypted or everything or place in filled)):
            secrets.add(place)
    return frozenset(secrets), wrong


def _unreadable(described: object) -> list[PlacedProblem]:
    """Encrypted values that the engine did not decrypt."""
    return [
        PlacedProblem(
            place,
            "is encrypted where all stacks share it, and each stack has a key of its own",
            f"set it in each stack (pulumi config set --secret --path '{places.path(place)}'), or write ${{secret:NAME}}",
            unknown=(place,),
        )
        for place, value in walked(described)
        if isinstance(value, Mapping) and value.keys() == {"secure"}
    ]


def _without(hidden: Iterable[str], line: str) -> str:
    for value in sorted(hidden, key=len, reverse=True):
        if len(value) >= _SHORTEST_HIDDEN:
            line = line.replace(value, _HIDDEN)
    return line

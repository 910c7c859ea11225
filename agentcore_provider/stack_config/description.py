"""All gateways of a stack: merged with what environments share, references filled in, validated."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pulumi

from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem
from agentcore_provider.stack_config import references, schema_problems, validation
from agentcore_provider.stack_config.defaults import shared, with_defaults
from agentcore_provider.stack_config.json_schema import secrecy
from agentcore_provider.stack_config.places import Place, PlacedProblem, in_order, path, replaced, walked, without
from agentcore_provider.stack_config.source_files import SourceFiles

_HIDDEN = "[secret]"
_SHORTEST_HIDDEN = 3


@dataclass(frozen=True)
class Description:
    """Valid gateways."""

    gateways: dict[str, dict[str, Any]]
    """Name to description; a value of Secrets Manager is still a reference."""
    secrets: frozenset[Place]
    """Places of the values that are secrets."""
    stack: str
    """Name of the stack."""
    files: SourceFiles
    """The files that describe them."""

    def with_secrets(self) -> dict[str, dict[str, Any]]:
        """The same for declaring resources: secrets are secret Outputs, those of Secrets Manager are looked up.

        Raises InvalidInput.
        """
        late, found = references.from_secrets_manager(self.gateways)
        if found:
            raise _invalid(self.stack, found, self.files)
        plain = replaced(self.gateways, references.unescaped(self.gateways))
        known = {place: pulumi.Output.secret(value) for place, value in walked(plain) if place in self.secrets}
        gateways: dict[str, dict[str, Any]] = replaced(plain, {**known, **late})
        return gateways


def merged(gateways: object, defaults: object, folder: Path) -> Any:
    """The value of `agentcore:gateways` above that of `agentcore:defaults`, as both are written. Raises InvalidInput."""
    return with_defaults(shared(defaults or {}, folder), gateways)


def checked(gateways: object, *, folder: Path, stack: str, defaults: object = None) -> dict[str, dict[str, Any]]:
    """The value of `agentcore:gateways`, above that of `agentcore:defaults`, validated.

    folder: what relative paths begin at. stack: name of the stack, for the message. defaults: what all environments
    share, in the same form, or the path of a file with it. Raises InvalidInput with every problem.
    """
    return described(gateways, folder=folder, stack=stack, defaults=defaults, files=SourceFiles()).gateways


def described(
    gateways: object, *, folder: Path, stack: str, defaults: object, files: SourceFiles, has_secrets: bool = False
) -> Description:
    """The same, together with what is secret in it.

    files: those that describe the gateways. has_secrets: whether the engine knows of secrets, which it passes on in
    clear without their places.
    """
    above = files.arranged(merged(gateways, defaults, folder))
    filled, found = references.from_environment(above, references.environment())
    unreadable = _unreadable(above)
    whole = replaced(above, {**filled, **{it.place: _HIDDEN for it in unreadable}})
    encrypted = frozenset(files.secrets)
    secrets, wrong = _secrets(whole, encrypted, frozenset(filled), everything=has_secrets and not encrypted)
    found += [*wrong, *unreadable]
    places = {it.place for it in found}
    found += [it for it in schema_problems.problems(whole) if it.place not in places]
    found += validation.problems(references.unknown_secrets(without(found, whole)), folder)
    if found:
        hidden = {value for place, value in walked(whole) if place in secrets and isinstance(value, str)}
        raise _invalid(stack, in_order(found, whole), files, hidden)
    return Description(dict(whole), secrets, stack, files)


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
    gateways: object, encrypted: frozenset[Place], filled: frozenset[Place], *, everything: bool
) -> tuple[frozenset[Place], list[PlacedProblem]]:
    """Places of secrets, and a problem for each that cannot be one."""
    secrets: set[Place] = set()
    wrong: list[PlacedProblem] = []
    for place, value in walked(gateways):
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


def _unreadable(gateways: object) -> list[PlacedProblem]:
    """Encrypted values that the engine did not decrypt."""
    return [
        PlacedProblem(
            place,
            "is encrypted where all stacks share it, and each stack has a key of its own",
            f"set it in each stack (pulumi config set --secret --path '{path(place)}'), or write ${{secret:NAME}}",
            unknown=(place,),
        )
        for place, value in walked(gateways)
        if isinstance(value, Mapping) and value.keys() == {"secure"}
    ]


def _without(hidden: Iterable[str], line: str) -> str:
    for value in sorted(hidden, key=len, reverse=True):
        if len(value) >= _SHORTEST_HIDDEN:
            line = line.replace(value, _HIDDEN)
    return line

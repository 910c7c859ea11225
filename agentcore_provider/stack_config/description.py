"""All gateways of a stack as they are meant: merged with what environments share, references filled in, judged."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pulumi

from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem
from agentcore_provider.stack_config import references
from agentcore_provider.stack_config.defaults import shared, with_defaults
from agentcore_provider.stack_config.json_schema import schema
from agentcore_provider.stack_config.mistake import Mistake, in_order, without
from agentcore_provider.stack_config.mistakes import mistakes
from agentcore_provider.stack_config.places import Place, replaced, secrecy, shown, walked
from agentcore_provider.stack_config.refusals import refusals
from agentcore_provider.stack_config.written import Written

_HIDDEN = "[secret]"
_SHORTEST_HIDDEN = 3


@dataclass(frozen=True)
class Description:
    """Gateways with nothing wrong in them."""

    gateways: dict[str, dict[str, Any]]
    """Name to description; what lies in Secrets Manager is still a reference."""
    secrets: frozenset[Place]
    """Places of the values that are secrets."""
    stack: str
    """Name of the stack."""
    told: Written
    """What its files say beside the values."""

    def with_secrets(self) -> dict[str, dict[str, Any]]:
        """The same for declaring resources: secrets are secret Outputs, those of Secrets Manager are looked up.

        Raises InvalidInput.
        """
        late, mistaken = references.from_secrets_manager(self.gateways)
        if mistaken:
            raise _refused(self.stack, mistaken, self.told)
        plain = replaced(self.gateways, references.unescaped(self.gateways))
        known = {place: pulumi.Output.secret(value) for place, value in walked(plain) if place in self.secrets}
        gateways: dict[str, dict[str, Any]] = replaced(plain, {**known, **late})
        return gateways


def merged(gateways: Any, defaults: Any, folder: Path) -> Any:
    """The value of `agentcore:gateways` above that of `agentcore:defaults`, as both are written. Raises InvalidInput."""
    return with_defaults(shared(defaults or {}, folder), gateways)


def checked(gateways: Any, *, folder: Path, stack: str, defaults: Any = None) -> dict[str, dict[str, Any]]:
    """The value of `agentcore:gateways`, above what `agentcore:defaults` says, if nothing is wrong in it.

    folder: what relative paths begin at. stack: name of the stack, for the message. defaults: what all environments
    share, in the same form, or the path of a file that says it. Raises InvalidInput that lists everything that is
    wrong, one line each.
    """
    return described(gateways, folder=folder, stack=stack, defaults=defaults, told=Written()).gateways


def described(
    gateways: Any, *, folder: Path, stack: str, defaults: Any, told: Written, has_secrets: bool = False
) -> Description:
    """The same, together with what is secret in it.

    told: what the stack's files say beside the values. has_secrets: whether the engine knows of secrets, which it
    hands out in clear without saying which they are.
    """
    above = told.arranged(merged(gateways, defaults, folder))
    filled, found = references.from_environment(above, schema(), references.environment())
    unreadable = _unreadable(above)
    whole = replaced(above, {**filled, **{it.place: _HIDDEN for it in unreadable}})
    encrypted = frozenset(told.secrets)
    secrets, wrong = _secrets(whole, encrypted, frozenset(filled), everything=has_secrets and not encrypted)
    found += [*wrong, *unreadable]
    told_already = {it.place for it in found}
    found += [it for it in mistakes(whole) if it.place not in told_already]
    found += refusals(references.unknown_secrets(without(found, whole)), folder)
    if found:
        hidden = {value for place, value in walked(whole) if place in secrets and isinstance(value, str)}
        raise _refused(stack, in_order(found, whole), told, hidden)
    return Description(dict(whole), secrets, stack, told)


def _refused(stack: str, mistaken: Sequence[Mistake], told: Written, hidden: Collection[str] = ()) -> InvalidInput:
    problems = [_located(it, told, hidden) for it in mistaken]
    is_located = len(problems) == 1 and told.source(mistaken[0].place)
    return InvalidInput.of_problems(problems, "" if is_located else f"Pulumi.{stack}.yaml")


def _located(mistake: Mistake, told: Written, hidden: Collection[str]) -> Problem:
    """The problem with file and line, and without what is secret."""
    problem = mistake.problem
    message, cure = _without(hidden, problem.message), _without(hidden, problem.cure)
    return replace(problem, path=f"{told.source(mistake.place)}{problem.path}", message=message, cure=cure)


def _secrets(
    gateways: Any, encrypted: frozenset[Place], filled: frozenset[Place], *, everything: bool
) -> tuple[frozenset[Place], list[Mistake]]:
    """Places of secrets, and what is wrong with each that cannot be one."""
    secrets: set[Place] = set()
    wrong: list[Mistake] = []
    for place, value in walked(gateways):
        if isinstance(value, (Mapping, list, tuple)):
            continue
        may = secrecy(schema(), place)
        is_encrypted = any(place[:length] in encrypted for length in range(1, len(place) + 1))
        if is_encrypted and may is None:
            wrong.append(Mistake(place, "cannot be a secret, as anybody sees it in AWS or Pulumi", "write it plain"))
            secrets.add(place)
        elif may == "always" or (may and (is_encrypted or everything or place in filled)):
            secrets.add(place)
    return frozenset(secrets), wrong


def _unreadable(gateways: Any) -> list[Mistake]:
    """Encrypted values that the engine did not decrypt."""
    return [
        Mistake(
            place,
            "is encrypted where all stacks share it, and each stack has a key of its own",
            f"set it in each stack (pulumi config set --secret --path '{shown(place)}'), or write ${{secret:NAME}}",
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

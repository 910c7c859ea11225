"""All gateways of a stack as they are meant: merged with what environments share, references filled in, judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi

from agentcore_provider.errors import InvalidInput
from agentcore_provider.stack_config import references
from agentcore_provider.stack_config.defaults import shared, with_defaults
from agentcore_provider.stack_config.mistakes import in_order, mistakes, schema
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
        late, lines = references.from_secrets_manager(self.gateways)
        if lines:
            raise _refused(self.stack, lines, self.told)
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
    above = merged(gateways, defaults, folder)
    filled, lines = references.from_environment(above, schema(), references.environment())
    unreadable = _unreadable(above)
    whole = replaced(above, {**filled, **dict.fromkeys(unreadable, _HIDDEN)})
    encrypted = frozenset(told.secrets)
    secrets, wrong = _secrets(whole, encrypted, frozenset(filled), everything=has_secrets and not encrypted)
    lines += [*wrong, *unreadable.values()]
    known = {line.split(": ", 1)[0] for line in lines}
    lines += [line for line in mistakes(whole) if line.split(": ", 1)[0] not in known]
    if not lines:
        judged = references.unknown_secrets(whole)
        lines = [line for name, gateway in judged.items() for line in refusals(name, gateway, folder)]
    if lines:
        hidden = {value for place, value in walked(whole) if place in secrets and isinstance(value, str)}
        raise _refused(stack, [_without(hidden, line) for line in in_order(lines, whole)], told)
    return Description(dict(whole), secrets, stack, told)


def _refused(stack: str, mistaken: Iterable[str], told: Written) -> InvalidInput:
    lines = [f"{line}{told.source(line)}" for line in mistaken]
    count = "a mistake" if len(lines) == 1 else f"{len(lines)} mistakes"
    text = "\n  ".join(lines)
    return InvalidInput(f"Pulumi.{stack}.yaml has {count}:\n  {text}", tuple(lines))


def _secrets(
    gateways: Any, encrypted: frozenset[Place], filled: frozenset[Place], *, everything: bool
) -> tuple[frozenset[Place], list[str]]:
    """Places of secrets, and a line for each that cannot be one."""
    secrets: set[Place] = set()
    lines: list[str] = []
    for place, value in walked(gateways):
        if isinstance(value, (Mapping, list, tuple)):
            continue
        may = secrecy(schema(), place)
        is_encrypted = any(place[:length] in encrypted for length in range(1, len(place) + 1))
        if is_encrypted and may is None:
            lines.append(f"{shown(place)}: cannot be a secret, as anybody sees it in AWS or Pulumi; write it plain.")
            secrets.add(place)
        elif may == "always" or (may and (is_encrypted or everything or place in filled)):
            secrets.add(place)
    return frozenset(secrets), lines


def _unreadable(gateways: Any) -> dict[Place, str]:
    """Places of encrypted values that the engine did not decrypt, and what is told of each."""
    return {
        place: f"{shown(place)}: is encrypted where all stacks share it, and each stack has a key of its own; set it in "
        f"each stack (pulumi config set --secret --path '{shown(place)}'), or write ${{secret:NAME}}."
        for place, value in walked(gateways)
        if isinstance(value, Mapping) and value.keys() == {"secure"}
    }


def _without(hidden: Iterable[str], line: str) -> str:
    for value in sorted(hidden, key=len, reverse=True):
        if len(value) >= _SHORTEST_HIDDEN:
            line = line.replace(value, _HIDDEN)
    return line

"""Physical names for resources that the program does not name: `<logical name>-<7 hex digits>`.

The digits come from the seed that the engine keeps for the resource, and a name once generated stays in the inputs.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from .resource import Naming
from .wire import UNKNOWN, Properties

DEFAULTED = "__defaults"
"""The key under which inputs remember which properties were filled in here (hidden in previews, as with pulumi-aws)."""


@dataclass(frozen=True)
class Proposal:
    """What the engine passes for the name of one resource."""

    urn: str
    seed: bytes
    name: str = ""
    """The engine's own proposal, when the project configures autonaming."""
    disabled: bool = False

    @property
    def logical_name(self) -> str:
        """The name the program gave, the last part of the URN."""
        return self.urn.split("::", 3)[-1]

    def digits(self, count: int) -> str:
        """Hex digits that are the same as long as the engine's seed is."""
        return hashlib.sha256(self.seed + self.urn.encode()).hexdigest()[:count]


def named(naming: Naming, old: Properties, new: Properties, proposal: Proposal) -> Properties:
    """The inputs with a physical name in them, unless autonaming is off."""
    if naming.property in new:
        return new
    remembered = old.get(DEFAULTED, [])
    prefix = new.get(naming.prefix_property) if naming.prefix_property else None
    if naming.property in remembered and prefix == old.get(naming.prefix_property):
        name = old[naming.property]
    elif prefix is UNKNOWN:
        name = UNKNOWN
    elif prefix is not None:
        name = f"{prefix}{proposal.digits(26)}"[: naming.limit]
    elif naming.logical_name_alone:
        name = proposal.logical_name
    elif proposal.disabled:
        return new
    else:
        name = proposal.name or _made(naming, proposal)
    if naming.lower_case and name is not UNKNOWN:
        name = name.lower()
    return {**new, naming.property: name, DEFAULTED: [naming.property]}


def is_given(naming: Naming | None, inputs: Properties) -> bool:
    """Whether the program chose the name itself, so that a replacement cannot exist beside the old one."""
    return naming is not None and naming.property in inputs and naming.property not in inputs.get(DEFAULTED, [])


def _made(naming: Naming, proposal: Proposal) -> str:
    room = naming.limit - 8
    return f"{proposal.logical_name[:room]}-{proposal.digits(7)}"

"""The table of a resource's arguments: its constructor, whose signature and `Args:` name and describe each once.

What else there is to know of an argument follows from AWS's model of the operations that create and update the
resource. From the table follow the keys of stack files with their JSON Schema and what `agentcore import` describes, so
that a new argument is one line of a signature and one of a docstring.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import ClassVar, Protocol

from agentcore_provider.arguments.members import member_name
from agentcore_provider.rules import service_model


class Resource(Protocol):
    """A class whose constructor takes arguments."""

    aws_name: ClassVar[str]
    """AWS's name of it: what its operations are called after Create and Update."""


@dataclass(frozen=True)
class Argument:
    """A keyword argument for one member of AWS's document."""

    name: str
    """As in the signature, such as `kms_key_arn`."""
    description: str
    """Meaning, unit, limit, default, and what a change does."""
    member: str
    """AWS's name, such as `kmsKeyArn`."""
    shape: str
    """The member's shape in AWS's model."""
    update_only: bool
    """Whether only the update takes it: it is set once the resource exists."""
    sensitive: bool
    """Whether AWS's model calls the value sensitive."""


@cache
def arguments(resource: type[Resource]) -> Mapping[str, Argument]:
    """The arguments of a resource that are members of AWS's document themselves, by name."""
    create, update = (service_model.member_shapes(f"{verb}{resource.aws_name}") for verb in ("Create", "Update"))
    known = {**update, **create}
    text = descriptions(resource)
    found = {
        name: Argument(
            name,
            text.get(name, ""),
            member,
            known[member],
            update_only=member not in create,
            sensitive=service_model.is_sensitive(known[member]),
        )
        for name in inspect.signature(resource).parameters
        if (member := member_name(name)) in known
    }
    return MappingProxyType(found)


def descriptions(resource: type[object]) -> dict[str, str]:
    """The entries below `Args:` of the constructor's docstring; none where Python has dropped docstrings (`-OO`)."""
    section = (inspect.getdoc(resource.__init__) or "").partition("Args:\n")[2].partition("\n\n")[0]
    entries = re.findall(r"^ {4}(\w+): (.*(?:\n {5,}.*)*)", section, re.MULTILINE)
    return {name: " ".join(text.split()) for name, text in entries}

"""Physical names: made once, in check, so that a preview shows them and a second try finds what the first one left."""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable

HASH_LENGTH = 7


def logical_name(urn: str) -> str:
    """The name of the resource in the program."""
    return urn.rsplit("::", 1)[-1]


def physical_name(urn: str, immutable: Iterable[object], *, longest: int) -> str:
    """`<logical name>-<hash>`, fit for a gateway: letters, digits and single hyphens.

    immutable: inputs that cannot change in place; a change of them makes another name, so that the new resource can
    exist beside the old one. longest: characters at most.
    """
    digest = hashlib.sha256(json.dumps([urn, *immutable], sort_keys=True, default=str).encode()).hexdigest()
    words = re.sub(r"[^0-9A-Za-z]+", "-", logical_name(urn)).strip("-")
    return f"{words[: longest - HASH_LENGTH - 1].rstrip('-') or 'gateway'}-{digest[:HASH_LENGTH]}"


def domain_prefix(name: str) -> str:
    """A Cognito domain prefix out of a name: lower case, without the words that Cognito keeps for itself."""
    prefix = re.sub(r"aws|amazon|cognito", "", name.lower())
    return re.sub(r"-{2,}", "-", prefix).strip("-")[:63].strip("-")


def local_user(ask: Callable[[], str] = getpass.getuser) -> str:
    """The name of whoever works on this machine, or their number: a container may run under one that has no name.

    It is part of what distinguishes people whose stacks or scripts have the same names.
    """
    try:
        return ask()
    except (KeyError, OSError):
        return str(os.getuid())


def words(name: object) -> object:
    """A generated name with underscores in place of hyphens and a letter in front; what is not known yet as it is."""
    if not isinstance(name, str):
        return name
    plain = name.replace("-", "_")
    return plain if plain[0].isalpha() else f"n{plain}"

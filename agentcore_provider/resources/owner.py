"""Whose a resource is: the owner tag, which differs for each resource of each stack, also among those of one name.

An interrupted create is found again by its mark, on whichever machine the next `pulumi up` runs; what has another
mark is left alone. So the mark has to follow from what belongs to the stack and to no other.
"""

from __future__ import annotations

import hashlib
import os
import re
import socket
from functools import lru_cache
from pathlib import Path

import pulumi

from agentcore_provider.providers.naming import local_user

# What a backend without organizations says instead of one.
_NO_ORGANIZATION = "organization"


def mark(urn: str | pulumi.Output[str]) -> str | pulumi.Output[str]:
    """The mark of one resource of one stack, stored as a tag on everything that takes tags."""
    # Where nothing belongs to the stack alone, the place has to tell two people apart.
    parts = _stack() or [_NO_ORGANIZATION, local_user(), socket.gethostname(), os.getcwd()]

    def of(known: str) -> str:
        return hashlib.sha256("\n".join([*parts, known]).encode()).hexdigest()[:32]

    return of(urn) if isinstance(urn, str) else urn.apply(of)


def named_after() -> str | None:
    """What generated names contain of the stack, so that two of one name do not meet in one account, nor the sign-in
    domains of all accounts; None where nothing belongs to the stack alone."""
    parts = _stack()
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16] if parts else None


def _stack() -> list[str] | None:
    """What this stack has and no other of its name: `agentcore:owner`, else the organization, else the salt or key
    that Pulumi made for the secrets of this stack, and wrote into its file."""
    organization = pulumi.get_organization() or _NO_ORGANIZATION
    chosen = pulumi.Config("agentcore").get("owner")
    if chosen:
        return [organization, chosen]
    if organization != _NO_ORGANIZATION:
        return [organization]
    salt = _salt(pulumi.runtime.get_root_directory() or "", pulumi.get_stack())
    return [organization, salt] if salt else None


@lru_cache
def _salt(project: str, stack: str) -> str | None:
    """The salt, or the encrypted key, of the stack's secrets: random, as old as the stack, and the same for everybody
    who deploys it. None when the file is elsewhere (`--config-file`) or has none."""
    root = Path(project)
    folder = _value(root / "Pulumi.yaml", "stackConfigDir") or ""
    file = root / folder / f"Pulumi.{stack.rpartition('/')[2]}.yaml"
    return _value(file, "encryptionsalt") or _value(file, "encryptedkey")


def _value(file: Path, key: str) -> str | None:
    """A text at the top of a YAML file, without reading the rest of it."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None
    found = re.search(rf"^{key}:\s*(?:[>|][+-]?\s+)?[\"']?([^\s\"'#]+)", text, re.MULTILINE)
    return found.group(1) if found else None

"""What the `target` of a GatewayTarget accepts, and how its values are read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import pulumi

from agentcore_provider.documents import limits


class Target(Protocol):
    """What the `target` of a GatewayTarget takes."""

    def target_configuration(self) -> dict[str, object]:
        """AWS's document. Raises InvalidInput."""
        ...

    def credential_provider_configurations(self) -> list[dict[str, object]]:
        """How the gateway signs in if the program does not say."""
        ...


def given(**members: object) -> dict[str, object]:
    """The members that have a value."""
    return {name: value for name, value in members.items() if value is not None}


def holds_output(document: object, name: str = "") -> bool:
    """Whether the document is an Output, or holds one at any depth.

    name: what errors call the document. Raises Unreadable if it is too large or too deep to look through.
    """
    try:
        limits.check(document, accepts=lambda _: True)
    except limits.Unreadable as error:
        raise error.of(name) from None
    ahead = [document]
    while ahead:
        found = ahead.pop()
        if isinstance(found, pulumi.Output):
            return True
        if isinstance(found, Mapping):
            ahead += found.values()
        elif isinstance(found, (list, tuple)):
            ahead += found
    return False


def project_folder() -> Path:
    """What relative paths begin at: the folder of Pulumi.yaml."""
    return Path(pulumi.runtime.get_root_directory() or ".")

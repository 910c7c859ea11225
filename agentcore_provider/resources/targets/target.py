"""What every record of a target has: AWS's document of it, and how the gateway signs in by default."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import pulumi


class Target(Protocol):
    """What the `target` of a GatewayTarget takes."""

    def target_configuration(self) -> dict[str, Any]:
        """AWS's document. Raises InvalidInput."""
        ...

    def credential_provider_configurations(self) -> list[dict[str, Any]]:
        """How the gateway signs in if the program does not say."""
        ...


def gateway_role() -> list[dict[str, Any]]:
    """AWS's document of signing in with the gateway's own role."""
    return [{"credentialProviderType": "GATEWAY_IAM_ROLE"}]


def given(**members: Any) -> dict[str, Any]:
    """The members that have a value."""
    return {name: value for name, value in members.items() if value is not None}


def listed(items: Any) -> Any:
    """What came as a sequence as a list; anything else as it is, so that check can say what is wrong with it."""
    return list(items) if isinstance(items, (list, tuple)) else items


def holds_output(document: Any) -> bool:
    """Whether the document is an Output, or holds one at any depth."""
    if isinstance(document, Mapping):
        return any(map(holds_output, document.values()))
    if isinstance(document, (list, tuple)):
        return any(map(holds_output, document))
    return isinstance(document, pulumi.Output)


def project_folder() -> Path:
    """What relative paths begin at: the folder of Pulumi.yaml."""
    return Path(pulumi.runtime.get_root_directory() or ".")

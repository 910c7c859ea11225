"""The domains under which clients know a gateway that is behind a proxy of yours.

https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_DomainOverride.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from agentcore_provider.resources import documents


@dataclass(frozen=True)
class DomainOverride:
    """The domains that a gateway names to its clients, in what it answers about signing in.

    Example:
        `DomainOverride("tools.example.com")`
    """

    default_domain: pulumi.Input[str]
    """The domain named to a request that chooses none, 1 to 253 characters. Updates in place."""
    alternate_domains: Sequence[pulumi.Input[str]] | None = None
    """Further domains, up to 10; a request chooses one with the header x-amzn-bedrock-agentcore-gateway-domain. Default: none.
    Updates in place."""

    def document(self) -> dict[str, object]:
        """AWS's document."""
        return documents.of_record(self)

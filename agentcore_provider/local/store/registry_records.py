"""Registries and their records."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from agentcore_provider.local.store.lifecycle import Lifecycle


@dataclass
class RegistryEntry:
    """A record of a registry. `document` holds the members of the latest revision, `approved` those of the one that searches
    find; None while none is approved."""

    record_id: str
    arn: str
    document: dict[str, Any]
    lifecycle: Lifecycle
    created_at: datetime
    updated_at: datetime
    created_by: str
    approved: dict[str, Any] | None = None
    reason: str | None = None
    """What a curator gave as the reason of the latest decision."""


@dataclass
class Registry:
    """A registry. `document` holds the members of the latest create or update."""

    registry_id: str
    arn: str
    document: dict[str, Any]
    lifecycle: Lifecycle
    created_at: datetime
    updated_at: datetime
    records: dict[str, RegistryEntry] = field(default_factory=dict)
    """By id, in the order of their creation."""

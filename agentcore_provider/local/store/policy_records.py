"""What AgentCore keeps of policy engines, their policies and their generations."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from agentcore_provider.local.store.lifecycle import Lifecycle

if TYPE_CHECKING:
    from agentcore_provider.local.store.documents import PolicyDocument, PolicyEngineDocument, StartGeneration
    from agentcore_provider.local.store.snapshots import Policies


@dataclass
class PolicyRecord:
    """A policy of an engine. `document` holds the members of the latest create or update that succeeded."""

    policy_id: str
    arn: str
    document: PolicyDocument
    lifecycle: Lifecycle
    created_at: datetime
    updated_at: datetime

    @property
    def decides(self) -> bool:
        """Whether the policy is in effect. Assumed: while it changes, too, and after a change that failed."""
        return self.lifecycle.status not in ("CREATING", "CREATE_FAILED", "DELETING")


@dataclass
class GenerationRecord:
    """A generation of policies from text, and its one asset."""

    generation_id: str
    arn: str
    request: StartGeneration
    asset_id: str
    lifecycle: Lifecycle
    created_at: datetime
    updated_at: datetime


@dataclass
class PolicyEngineRecord:
    """A policy engine. `document` holds the members of the latest create or update."""

    engine_id: str
    arn: str
    document: PolicyEngineDocument
    lifecycle: Lifecycle
    created_at: datetime
    updated_at: datetime
    generations: dict[str, GenerationRecord] = field(default_factory=dict)
    _policies: dict[str, PolicyRecord] = field(default_factory=dict)
    snapshot: tuple[tuple[object, ...], Policies] | None = field(default=None, metadata={"kept": False})
    """The latest snapshot, and what it was made of."""

    @property
    def policies(self) -> dict[str, PolicyRecord]:
        """Policies by id, in the order of their creation, without those that are gone."""
        for policy in [policy for policy in self._policies.values() if policy.lifecycle.gone]:
            del self._policies[policy.policy_id]
        return self._policies

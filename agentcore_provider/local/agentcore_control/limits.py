"""The service's quotas on the rate of calls. Source: AgentCore developer guide, bedrock-agentcore-limits."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping

from agentcore_provider.local.service_error import ServiceError
from agentcore_provider.local.settings import Settings
from agentcore_provider.local.store import AccountRegionStore
from agentcore_provider.local.store.lifecycle import TRANSITIONAL

_WRITES_PER_SECOND = 5
_READS_PER_SECOND = 10
_TARGET_OPERATIONS_AT_ONCE = 5
_TARGET_OPERATIONS = ("CreateGatewayTarget", "UpdateGatewayTarget", "DeleteGatewayTarget")


class Limits:
    """Refuses calls with ThrottlingException, if the settings ask for it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._calls: dict[tuple[str, str, str], deque[float]] = defaultdict(deque)

    def count(self, store: AccountRegionStore, operation: str) -> None:
        """Each operation has a rate of its own: 10 a second for Get and List, 5 for all others."""
        if not self._settings.enforce_limits:
            return
        most = _READS_PER_SECOND if operation.startswith(("Get", "List")) else _WRITES_PER_SECOND
        now = self._settings.monotonic()
        calls = self._calls[store.account_id, store.region, operation]
        while calls and calls[0] <= now - 1:
            calls.popleft()
        if len(calls) >= most:
            raise _throttled(f"Rate exceeded: {operation} takes {most} calls a second")
        calls.append(now)

    def require_free_slot(self, store: AccountRegionStore, operation: str, request: Mapping[str, object]) -> None:
        """At most five target operations run in a gateway at once."""
        if not self._settings.enforce_limits or operation not in _TARGET_OPERATIONS:
            return
        gateway_id = str(request["gatewayIdentifier"])
        gateway = store.gateways.get(gateway_id)
        running = (
            []
            if gateway is None
            else [target for target in gateway.targets.values() if target.lifecycle.status in TRANSITIONAL]
        )
        if len(running) >= _TARGET_OPERATIONS_AT_ONCE:
            raise _throttled(f"Gateway {gateway_id} has {len(running)} target operations running, as many as it may")


def _throttled(message: str) -> ServiceError:
    return ServiceError("ThrottlingException", message)

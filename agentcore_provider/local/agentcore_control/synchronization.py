"""Reads the tools of an MCP server while its target is CREATING, UPDATING or SYNCHRONIZING.

In the background: the server may be slow, and it may be another gateway of this local AWS, which must not find the
control plane locked.
"""

from __future__ import annotations

import threading

from agentcore_provider.local.agentcore_control import target_schema
from agentcore_provider.local.agentcore_control.call import Call, ServerUnreadableError
from agentcore_provider.local.kept import changed
from agentcore_provider.local.outbound import Caller
from agentcore_provider.local.store import LOCK, EndedWork, GatewayRecord, TargetRecord, gateway_of, now, target_of

_MOST_AT_ONCE = 8

_INTERRUPTED = "Local AWS ended while it read the tools of the server. Synchronize the target, or update it."

_slots = threading.BoundedSemaphore(_MOST_AT_ONCE)


class TurnedAway:
    """A reading that is over before it began: the server does not see a permission of the gateway's role yet."""

    done = True

    def __init__(self) -> None:
        self.reasons = [
            "Failed to connect and fetch tools from the provided MCP target server. Error - Authorization error when "
            "sending message"
        ]


class Synchronization:
    """One reading, from construction until `done`."""

    def __init__(self, call: Call, gateway: GatewayRecord, target: TargetRecord, *, user: str | None = None) -> None:
        """user: whose token goes to the server, where somebody had to sign in for it."""
        self._call = call
        self._gateway = gateway_of(gateway)
        self._target = target_of(target)
        self._record = target
        self._user = user
        self._done = threading.Event()
        self.reasons: list[str] = []
        """Why it failed; empty if it did not."""
        threading.Thread(target=self._run, name=f"synchronize-{target.target_id}", daemon=True).start()

    @property
    def done(self) -> bool:
        """Whether it is over."""
        return self._done.is_set()

    def __reduce__(self) -> tuple[object, ...]:
        # As it is kept on disk: nobody reads any more when local AWS has ended.
        return EndedWork, (self.reasons if self.done else [_INTERRUPTED],)

    def _run(self) -> None:
        caller = Caller(signed_in_as=self._user)
        try:
            with _slots:
                lists = self._call.read_server_lists(self._gateway, self._target, self._call.settings.base_url, caller)
            tools = lists.pop("tools")
            self.reasons = list(target_schema.server_tool_problems(tools, self._target.name))
            if not self.reasons:
                with LOCK:
                    self._record.tool_schema, self._record.server_lists = tools, lists
                    self._record.last_synchronized_at = now()
        except ServerUnreadableError as error:
            self.reasons = [f"Failed to connect and fetch tools from the provided MCP target server. Error - {error}"]
        except Exception as error:  # a defect of local AWS: the target fails, and the trace goes to the log
            self.reasons = [f"Local AWS failed to read the tools of {self._target.name}: {error!r}"]
            raise
        finally:
            self._done.set()
            changed()

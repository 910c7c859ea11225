"""Resources whose update is a patch: a request has what differs, and an empty wrapper removes a member.

https://docs.aws.amazon.com/agent-registry-control/latest/APIReference/API_UpdateRegistry.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from agentcore_provider.aws.documents import Document, Properties, carry_over, same, to_wire
from agentcore_provider.aws.lifecycle import Lifecycle

if TYPE_CHECKING:
    from botocore.model import OperationModel, Shape

_VALUE = "optionalValue"


class PatchedLifecycle(Lifecycle):
    """What is done to one resource of the Agent Registry."""

    def send(self, operation: str, request: Document) -> Properties:
        answer = super().send(operation, request)
        arn = answer.get(f"{self.kind.arn.removesuffix('_arn')}Arn")
        # A create answers with the ARN alone.
        known = {self.kind.identifier: str(arn).rpartition("/")[2]} if operation.startswith("Create") else {}
        return {**answer, **known}

    def resume(self, found: Properties, wanted: Document) -> Properties:
        return self.update(found[self.kind.identifier], {}, wanted)

    def update(self, identifier: str, old: Document, new: Document) -> Properties:
        """Send what differs, wait, and set the tags. Raises ResourceFailed, WaitTimeout and what a call raises."""
        current = self.wait(identifier)
        create = self.connection.operation_model(f"Create{self.kind.operation}", self.kind.service)
        update = self.connection.operation_model(f"Update{self.kind.operation}", self.kind.service)
        now, before, wanted = (to_wire(it, create) for it in (current, old, new))
        request = changes(update, now, carry_over(before, wanted, now, create.input_shape))
        if request or current["status"] in self.kind.failed:
            self.operation.report(f"updating the {self.kind.name}")
            current = self.change(identifier, {**request, **self.key(identifier)}, current["status"])
        self.set_tags(current, old, new)
        return self.finish(self.arrived(current), new)


def changes(operation: OperationModel, current: Document, wanted: Document) -> Properties:
    """The members of a patch that makes current what is wanted, both by AWS's names; empty when it is that already."""
    members = operation.input_shape.members
    return {
        name: _patch(shape, current.get(name), wanted.get(name))
        for name, shape in members.items()
        if not same(current.get(name), wanted.get(name)) and (wanted.get(name) is not None or _is_wrapper(shape))
    }


def _is_wrapper(shape: Shape) -> bool:
    return set(getattr(shape, "members", ())) == {_VALUE}


def _patch(shape: Any, current: Any, wanted: Any) -> Any:
    if _is_wrapper(shape):
        return {} if wanted is None else {_VALUE: _patch(shape.members[_VALUE], current, wanted)}
    members = getattr(shape, "members", {})
    if not (isinstance(wanted, Mapping) and any(_is_wrapper(it) for it in members.values())):
        return wanted
    before = current if isinstance(current, Mapping) else {}
    return {
        name: _patch(below, before.get(name), wanted.get(name))
        for name, below in members.items()
        if not same(before.get(name), wanted.get(name))
    }

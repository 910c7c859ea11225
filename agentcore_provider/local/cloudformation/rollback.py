"""What becomes of a stack whose request failed: moto leaves it as it was at the failure.

A new stack is deleted, a changed one gets its last template again, one that could not be deleted stays with what is left.
AWS does this some time after the request was answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from moto.cloudformation.models import CloudFormationBackend, Stack
from moto.cloudformation.parsing import ResourceMap


@dataclass(frozen=True)
class Request:
    """A request that may change a stack, before it is served. stack_name: its name or id."""

    backend: CloudFormationBackend
    stack_name: str
    stack: Stack | None
    status: str
    template: str | dict[str, Any]
    parameters: Mapping[str, Any]
    events: int


def begin(backend: CloudFormationBackend, stack_name: str) -> Request:
    """Note what the stack of a request is before it."""
    stack = _find(backend, stack_name)
    if stack is None:
        return Request(backend, stack_name, None, "", {}, {}, 0)
    parameters = dict(stack.resource_map.input_parameters)
    return Request(backend, stack_name, stack, stack.status, stack.template, parameters, len(stack.events))


class _ForgettingMap(ResourceMap):
    """moto keeps the resources that an update deletes, and a template that has one of them again would not create it. It
    deletes those that are to be retained, too.

    A class, since a stack may be written to disk while it is updated.
    """

    def _delete_resource(self, parsed_resource: Any, resource_json: dict[str, Any]) -> None:
        if resource_json.get("DeletionPolicy") not in ("Retain", "RetainExceptOnCreate"):
            super()._delete_resource(parsed_resource, resource_json)
        for name in [name for name, it in self._parsed_resources.items() if it is parsed_resource]:
            del self._parsed_resources[name]


@contextmanager
def forgetting_deleted(request: Request) -> Iterator[None]:
    """Have the stack forget the resources that an update of it deletes."""
    resources = request.stack.resource_map if request.stack is not None else None
    if resources is not None:
        resources.__class__ = _ForgettingMap
    try:
        yield
    finally:
        if resources is not None:
            resources.__class__ = ResourceMap


def undo(request: Request) -> None:
    """Undo what a request did that failed."""
    backend, stack = request.backend, request.stack or _find(request.backend, request.stack_name)
    if stack is None:
        return
    if stack.stack_id not in backend.stacks and stack.status != "DELETE_COMPLETE":
        _keep(backend, stack, "DELETE_FAILED")
    elif request.stack is None or (request.status == "REVIEW_IN_PROGRESS" and _has_begun(request, "CREATE")):
        _delete(backend, stack)
    elif _has_begun(request, "UPDATE"):
        _restore(stack, request)


def _find(backend: CloudFormationBackend, name: str) -> Stack | None:
    return next((it for it in list(backend.stacks.values()) if name in (it.name, it.stack_id)), None)


def _has_begun(request: Request, action: str) -> bool:
    events = request.stack.events[request.events :] if request.stack is not None else []
    return any(it.resource_status == f"{action}_IN_PROGRESS" for it in events)


def _delete(backend: CloudFormationBackend, stack: Stack) -> None:
    backend.stacks.pop(stack.stack_id, None)
    for name in [name for name, it in backend.exports.items() if it.exporting_stack_id == stack.stack_id]:
        del backend.exports[name]
    try:
        stack.delete()
    except Exception:  # of any type of moto's; the request is answered with what failed first
        _keep(backend, stack, "ROLLBACK_FAILED")


def _keep(backend: CloudFormationBackend, stack: Stack, status: str) -> None:
    """Let a stack have what could not be deleted, so that a later DeleteStack does."""
    _forget_missing(stack.resource_map)
    outputs = stack.output_map
    outputs._output_json_map = {name: outputs._output_json_map[name] for name in outputs._parsed_outputs}
    backend.stacks[stack.stack_id] = stack
    stack.status = status
    stack._add_stack_event(status)


def _restore(stack: Stack, request: Request) -> None:
    resources = stack.resource_map
    _forget_missing(resources)
    stack._add_stack_event("UPDATE_ROLLBACK_IN_PROGRESS")
    status = "UPDATE_ROLLBACK_COMPLETE"
    try:
        with forgetting_deleted(request):
            stack.update(request.template, parameters=dict(request.parameters))  # type: ignore[arg-type]
        resources.input_parameters = dict(request.parameters)
    except Exception:  # as above
        _forget_missing(resources)
        status = "UPDATE_ROLLBACK_FAILED"
    stack.status = status
    stack._add_stack_event(status)


def _forget_missing(resources: ResourceMap) -> None:
    """Let the resources of a template be those that exist: moto creates others where it lists them."""
    found = resources._resource_json_map
    resources._resource_json_map = {name: it for name, it in found.items() if name in resources._parsed_resources}

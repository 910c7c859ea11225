"""What outlives a run of local AWS: containers that modules name here, and word of what changes in them."""

from __future__ import annotations

import importlib
from collections.abc import Callable, MutableMapping
from typing import Any, TypeVar

_OWN = "agentcore_provider.local."
_Container = TypeVar("_Container", bound=MutableMapping[Any, Any])

_containers: dict[str, MutableMapping[Any, Any]] = {}
_listeners: list[Callable[[], None]] = []


def keep(module: str, name: str, container: _Container) -> _Container:
    """Name a container whose content outlives a run. module: `__name__` of the module that has it."""
    _containers[f"{module}:{name}"] = container
    return container


def contents() -> dict[str, list[tuple[Any, Any]]]:
    """The pairs of each container, in their order."""
    return {name: list(container.items()) for name, container in _containers.items()}


def restore(contents: dict[str, list[tuple[Any, Any]]]) -> None:
    """Fill the containers. Raises LookupError, ImportError for a container that this version does not have."""
    for name, pairs in contents.items():
        module = name.partition(":")[0]
        if not module.startswith(_OWN):
            raise LookupError(name)
        importlib.import_module(module)
        container = _containers[name]
        container.clear()
        container.update(pairs)


def forget() -> None:
    """Empty every container."""
    for container in _containers.values():
        container.clear()


def changed() -> None:
    """Report that something has changed that outlives a run."""
    for listener in list(_listeners):
        listener()


def on_change(listener: Callable[[], None]) -> Callable[[], None]:
    """Call a function after every change; returns what ends that."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)

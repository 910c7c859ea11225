"""Objects of moto and of this package as bytes, and back.

Loading makes objects of classes of moto and of this package, and of the few others that are named here; nothing else, so
a file cannot name a function that does harm. Backends of moto, AWS's own IAM policies and the clock are not written but
named: the process that loads has its own.
"""

from __future__ import annotations

import dataclasses
import io
import pickle
import re
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import partial
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any
from weakref import WeakValueDictionary

from moto.core.base_backend import BaseBackend

from agentcore_provider.local.disk import references
from agentcore_provider.local.disk.state_file import StateUnusableError
from agentcore_provider.local.settings import Clock

_Reduced = tuple[Any, ...]
_PROTOCOL = 5
_OWN = "agentcore_provider.local"
_MODULES = re.compile(r"(?:moto|joserfc|agentcore_provider\.local)(?:\.\w+)*")
_STANDARD = frozenset(
    {
        ("_codecs", "encode"),
        ("builtins", "bytearray"),
        ("builtins", "complex"),
        ("builtins", "dict"),
        ("builtins", "float"),
        ("builtins", "frozenset"),
        ("builtins", "int"),
        ("builtins", "list"),
        ("builtins", "object"),
        ("builtins", "range"),
        ("builtins", "set"),
        ("builtins", "slice"),
        ("builtins", "str"),
        ("builtins", "tuple"),
        ("collections", "Counter"),
        ("collections", "OrderedDict"),
        ("collections", "defaultdict"),
        ("collections", "deque"),
        ("copyreg", "_reconstructor"),
        ("datetime", "date"),
        ("datetime", "datetime"),
        ("datetime", "time"),
        ("datetime", "timedelta"),
        ("datetime", "timezone"),
        ("dateutil.tz.tz", "tzutc"),
        ("decimal", "Decimal"),
        ("ipaddress", "IPv4Address"),
        ("ipaddress", "IPv4Network"),
        ("ipaddress", "IPv6Address"),
        ("ipaddress", "IPv6Network"),
        ("re", "_compile"),
        ("uuid", "UUID"),
        ("weakref", "WeakValueDictionary"),
    }
)
_LOCKS = {
    type(threading.Lock()): "Lock",
    type(threading.RLock()): "RLock",
    threading.Condition: "Condition",
    threading.Event: "Event",
}
_FUNCTIONS = (FunctionType, BuiltinFunctionType)
_EMPTY = (dict, list, set, int, str)


@dataclasses.dataclass(frozen=True)
class Names:
    """What is named instead of written, by `id`: a backend's class, account and Region; a policy's ARN besides these."""

    backends: Mapping[int, tuple[str, str, str]]
    policies: Mapping[int, tuple[str, str, str, str]]


@dataclasses.dataclass(frozen=True)
class Present:
    """What this process has for what is named. old_base_url: the address of the local AWS that wrote the state."""

    backend: Callable[[str, str, str], BaseBackend]
    policy: Callable[[str, str, str, str], object]
    clock: Clock
    old_base_url: str
    base_url: str


def dumps(value: object, names: Names) -> bytes:
    """An object as bytes. Raises pickle.PicklingError, or another error, for what cannot be written."""
    file = io.BytesIO()
    _Pickler(file, names).dump(value)
    return file.getvalue()


def loads(state: bytes, present: Present) -> Any:
    """The object of these bytes. Raises StateUnusableError."""
    try:
        return _Unpickler(io.BytesIO(state), present).load()
    except StateUnusableError:
        raise
    except Exception as error:  # a pickle may fail in any way
        raise StateUnusableError(f"cannot be loaded ({error!r})"[:300]) from error


class _Pickler(pickle.Pickler):
    def __init__(self, file: io.BytesIO, names: Names) -> None:
        super().__init__(file, _PROTOCOL)
        self._names = names

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, type):
            _require(obj.__module__, obj.__qualname__)
            return NotImplemented
        if isinstance(obj, MethodType):
            return references.method, (obj.__self__, obj.__name__)
        if isinstance(obj, _FUNCTIONS):
            # Others would not be loaded.
            if obj.__module__ != references.__name__ and (obj.__module__, obj.__qualname__) not in _STANDARD:
                raise _not_allowed(obj.__module__, obj.__qualname__)
            return NotImplemented
        return self._named(obj) or _replaced(obj) or NotImplemented

    def _named(self, obj: Any) -> _Reduced | None:
        if isinstance(obj, BaseBackend) and id(obj) in self._names.backends:
            return references.backend, self._names.backends[id(obj)]
        if id(obj) in self._names.policies:
            return references.policy, self._names.policies[id(obj)]
        return (references.clock, ()) if isinstance(obj, Clock) else None


def _replaced(obj: Any) -> _Reduced | None:
    """How an object is written that pickle does not write, or not in a form that later versions read."""
    kind = type(obj)
    if kind in _LOCKS:
        return references.lock, (_LOCKS[kind],)
    if kind is WeakValueDictionary:
        return kind, (), None, None, iter(list(obj.items()))
    if isinstance(obj, defaultdict):
        return _reduced_dict(obj)
    if dataclasses.is_dataclass(obj) and kind.__module__.startswith(_OWN) and "__reduce__" not in vars(kind):
        kept = {it.name for it in dataclasses.fields(obj) if it.metadata.get("kept", True)}
        state = {name: value for name, value in vars(obj).items() if name in kept}
        return references.new, (kind,), state, None, None, references.set_fields
    if kind.__module__.startswith("cryptography."):
        return references.reduce_key(obj)
    return None


def _reduced_dict(obj: defaultdict[Any, Any]) -> _Reduced | None:
    pairs = iter(list(obj.items()))
    if type(obj) is not defaultdict:
        return references.new_dict, (type(obj),), vars(obj), None, pairs
    if obj.default_factory is None or isinstance(obj.default_factory, type):
        return None
    return references.defaults, _factory(obj.default_factory()), None, None, pairs


def _factory(sample: object) -> tuple[type, ...]:
    """The types of what a dict fills itself with: a function in a class cannot be written."""
    inner: Any = sample.default_factory if isinstance(sample, defaultdict) else None
    kinds = (type(sample),) if inner is None else (type(sample), inner)
    if sample or kinds[-1] not in _EMPTY:
        raise pickle.PicklingError(f"defaultdict of {sample!r}")
    return kinds


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, present: Present) -> None:
        super().__init__(file)
        self._present: dict[Any, Any] = {
            references.backend: present.backend,
            references.policy: present.policy,
            references.clock: lambda: present.clock,
            references.set_fields: partial(references.set_fields, addresses=(present.old_base_url, present.base_url)),
        }

    def find_class(self, module: str, name: str) -> Any:
        _require(module, name)
        found = super().find_class(module, name)
        if (module, name) in _STANDARD:
            return found
        if module == references.__name__ and isinstance(found, FunctionType) and found.__module__ == module:
            return self._present.get(found, found)
        # A module may have imported a class, or a class may have a member, from anywhere.
        if not isinstance(found, type) or (found.__module__, found.__qualname__) != (module, name):
            raise _not_allowed(module, name)
        return found


def _require(module: str, name: str) -> None:
    if (module, name) not in _STANDARD and not _MODULES.fullmatch(module):
        raise _not_allowed(module, name)


def _not_allowed(module: str, name: str) -> pickle.UnpicklingError:
    return pickle.UnpicklingError(f"{module}.{name} is not a class of moto or local AWS"[:200])

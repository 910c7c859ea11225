"""What is kept of local AWS: every backend of moto, and the containers that kept.py names."""

from __future__ import annotations

import importlib
import pickle
import sys
from collections.abc import Iterator
from typing import Any

from moto.core.base_backend import BackendDict, BaseBackend
from moto.iam.models import AWSManagedPolicy, IAMBackend

from agentcore_provider.local import kept
from agentcore_provider.local.disk import pickling
from agentcore_provider.local.disk.pickling import Names, Present
from agentcore_provider.local.disk.state_file import StateUnusableError
from agentcore_provider.local.settings import Clock

_NOT_KEPT = frozenset({"moto.moto_api._internal.models:MotoAPIBackend"})
_BACKEND_DICT = frozenset({"backend", "service_name", "_use_boto3_regions", "_additional_regions", "_id"})
_IAM = ("users", "roles", "groups", "instance_profiles", "access_keys", "account_aliases")

_State = dict[str, Any]
BackendName = tuple[str, str, str]
"""A class of moto, an account, a Region."""


def gather(unwritable: set[BackendName]) -> bytes:
    """Everything as bytes.

    unwritable: backends whose objects cannot be written; those that are found now are added, and reported on stderr.
    Raises RuntimeError if something changes meanwhile; StateUnusableError if what this package keeps cannot be written.
    """
    names, backends = _names(), dict(_backends())
    state: _State = {
        "kept": kept.contents(),
        "backends": {key: _content(it) for key, it in backends.items() if key not in unwritable},
        "attributes": _attributes(),
        "attached": _attached(),
    }
    try:
        return pickling.dumps(state, names)
    except Exception as error:  # whichever objects a service of moto has
        _raise_if_changed(error)
        found = {key for key, it in state["backends"].items() if not _is_writable(key, it, names)}
    unwritable |= found
    state["backends"] = {key: it for key, it in state["backends"].items() if key not in found}
    try:
        return pickling.dumps(state, names)
    except Exception as error:
        _raise_if_changed(error)
        raise StateUnusableError(f"cannot be written ({error!r})"[:300]) from error


def _raise_if_changed(error: Exception) -> None:
    """Raise an error again that means that a dict has changed while it was read."""
    if isinstance(error, RuntimeError) and not isinstance(error, RecursionError):
        raise error


def service_of(backend: BackendName) -> str:
    """moto's name of the service of a backend."""
    return backend[0].split(".")[1]


def restore(content: bytes, clock: Clock, *, base_url: str, old_base_url: str) -> None:
    """Put everything back where nothing is. Raises StateUnusableError."""
    state = pickling.loads(content, Present(_backend, _policy, clock, old_base_url, base_url))
    try:
        for (kind, account_id, region), attributes in state["backends"].items():
            backend = _backend(kind, account_id, region)
            if isinstance(backend, IAMBackend):
                attributes["managed_policies"] = backend.managed_policies | attributes["managed_policies"]
            backend.__dict__.update(attributes)
        for kind, attributes in state["attributes"].items():
            _backend_dict(kind).__dict__.update(attributes)
        for name, count in state["attached"].items():
            policy: Any = _policy(*name)
            policy.attachment_count = count
        kept.restore(state["kept"])
    except (LookupError, TypeError, ValueError, AttributeError, ImportError) as error:
        raise StateUnusableError(f"cannot be loaded ({error!r})"[:300]) from error


def _backend_dicts() -> Iterator[tuple[str, BackendDict[Any]]]:
    instances: list[BackendDict[Any]] = BackendDict._instances  # type: ignore[misc]
    for found in list(instances):
        kind = f"{found.backend.__module__}:{found.backend.__name__}"
        if kind not in _NOT_KEPT:
            yield kind, found


def _backends() -> Iterator[tuple[BackendName, BaseBackend]]:
    for kind, found in _backend_dicts():
        for account_id, region, backend in list(found.iter_backends()):
            if not isinstance(backend, IAMBackend) or _has_own(backend):
                yield (kind, account_id, region), backend


def _has_own(backend: IAMBackend) -> bool:
    """Whether anything was created in it: a partition without takes a tenth of a second to load."""
    own = len(backend.managed_policies) > len(backend.aws_managed_policies)
    return own or any(getattr(backend, name) for name in _IAM)


def _content(backend: BaseBackend) -> _State:
    content = dict(backend.__dict__)
    if isinstance(backend, IAMBackend):
        del content["aws_managed_policies"]
        policies = content["managed_policies"]
        content["managed_policies"] = {arn: it for arn, it in policies.items() if not isinstance(it, AWSManagedPolicy)}
    return content


def _attributes() -> dict[str, _State]:
    """What moto keeps beside the backends of a service, such as the account of each bucket."""
    found = {
        kind: {name: value for name, value in vars(it).items() if name not in _BACKEND_DICT}
        for kind, it in _backend_dicts()
    }
    return {kind: attributes for kind, attributes in found.items() if attributes}


def _names() -> Names:
    backends = {
        id(backend): (kind, account_id, region)
        for kind, found in _backend_dicts()
        for account_id, region, backend in list(found.iter_backends())
    }
    return Names(backends, {id(policy): name for name, policy in _aws_policies()})


def _aws_policies() -> Iterator[tuple[tuple[str, str, str, str], Any]]:
    for key, backend in _backends():
        if isinstance(backend, IAMBackend):
            for policy in backend.aws_managed_policies:
                yield (*key, policy.arn), policy


def _attached() -> dict[tuple[str, str, str, str], int]:
    return {name: policy.attachment_count for name, policy in _aws_policies() if policy.attachment_count}


def _is_writable(key: BackendName, content: _State, names: Names) -> bool:
    try:
        pickling.dumps(content, names)
    except Exception as error:
        _raise_if_changed(error)
        print(f"Local AWS cannot keep what it has of {service_of(key)}: {error!r}"[:300], file=sys.stderr)
        return False
    return True


def _backend_dict(kind: str) -> BackendDict[Any]:
    module, _, name = kind.partition(":")
    if not module.startswith("moto."):
        raise pickle.UnpicklingError(f"{kind} is not a backend of moto"[:200])
    for found in vars(importlib.import_module(module)).values():
        if isinstance(found, BackendDict) and found.backend.__name__ == name:
            return found
    raise LookupError(kind)


def _backend(kind: str, account_id: str, region: str) -> BaseBackend:
    found: BaseBackend = _backend_dict(kind)[account_id][region]
    return found


def _policy(kind: str, account_id: str, partition: str, arn: str) -> object:
    backend = _backend(kind, account_id, partition)
    return backend.managed_policies[arn] if isinstance(backend, IAMBackend) else None

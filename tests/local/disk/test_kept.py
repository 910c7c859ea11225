"""Whether what a module remembers outlives a run of local AWS is decided for each."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, MutableMapping, MutableSequence, MutableSet
from types import ModuleType

import agentcore_provider.local
from agentcore_provider.local import kept

_PACKAGE = agentcore_provider.local.__name__
_NOT_KEPT = {
    "application.moto._loaded": "a cache of what moto has loaded",
    "cognito.hosted_login._sessions": "people sign in again",
    "cognito.user_tokens.user_tokens": "its dicts are kept",
    "http_endpoint.rules._counts": "the turns of weighted targets",
    "kept._containers": "names what is kept",
    "kept._listeners": "of this process",
    "lambda_runtime.invocation._pools": "processes",
    "mcp_endpoint.bearer_token._issuers": "a cache of issuers' keys",
    "mcp_endpoint.mcp_server_sessions.kept": "connections",
    "mcp_endpoint.messages.rounds": "requests that wait for an answer",
    "mcp_endpoint.messages.sessions": "clients begin new sessions, as after an outage of AWS",
    "mcp_endpoint.policies._schemas": "a cache",
    "mcp_endpoint.policies._statements": "a cache",
    "mcp_endpoint.tools._known": "a cache",
    "outbound.oauth2_token._tokens": "fetched again",
    "outbound.signature._assumed": "a cache of credentials",
    "outbound.user_sign_in.sign_ins": "people consent again",
    "rate_limits.limiter._buckets": "what callers used in the last minute",
    "server._serving": "of this process",
}
"""What is not kept, and why."""


def test_every_memory_is_kept_or_named_here() -> None:
    """A dict, list, set or object of local AWS, by a name in lower case: constants are in upper case."""
    found = {name.removeprefix(f"{_PACKAGE}.") for module in _modules() for name in _memories(module)}
    assert found == _NOT_KEPT.keys()


def _modules() -> Iterator[ModuleType]:
    for module in pkgutil.walk_packages(agentcore_provider.local.__path__, f"{_PACKAGE}."):
        # Both run when they are imported.
        if not module.name.endswith((".__main__", ".python_bootstrap")):
            yield importlib.import_module(module.name)


def _memories(module: ModuleType) -> Iterator[str]:
    containers = {id(it) for it in kept._containers.values()}
    for name, value in vars(module).items():
        is_object = type(value).__module__.startswith(f"{_PACKAGE}.") and not hasattr(value, "__name__")
        is_plain = isinstance(value, MutableMapping | MutableSequence | MutableSet)
        is_constant = name.startswith("__") or not name.lstrip("_").islower()
        is_moto = type(value).__module__.startswith("moto.")
        if (is_object or is_plain) and not is_constant and not is_moto and id(value) not in containers:
            yield f"{_origin(module, value)}.{name}"


def _origin(module: ModuleType, value: object) -> str:
    """The module that an object was imported from, if it is the one of its class."""
    own = type(value).__module__
    is_there = own.startswith(_PACKAGE) and any(it is value for it in vars(importlib.import_module(own)).values())
    return own if is_there else module.__name__

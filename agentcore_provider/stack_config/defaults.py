"""What environments share: `agentcore:defaults`, of which each stack's own file says what is different there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from agentcore_provider import credential_kinds
from agentcore_provider.documents import files
from agentcore_provider.documents.limits import Unreadable
from agentcore_provider.errors import InvalidInput
from agentcore_provider.stack_config import target_keys
from agentcore_provider.stack_config.places import KEY

DEFAULTS = "agentcore:defaults"

# Keys for which null is a value of its own, so that it takes nothing away.
_NULL_IS_A_VALUE = ("protocol_type",)

# Keys of which one excludes the others, and what goes only with one: to choose one takes the others away.
_ONE_OF = (
    dict.fromkeys(("ez_auth", "jwt"), ()),
    dict.fromkeys(credential_kinds.BY_KEY, ()),
    dict.fromkeys(("key", "key_from_environment", "secret", "provider"), ()),
    dict.fromkeys(("client_secret", "client_secret_from_environment"), ()),
    dict.fromkeys(("credentials", "credential_provider_configurations"), ()),
    # How the gateway signs in at one kind of target says nothing about another.
    dict.fromkeys(target_keys.KINDS, ("credentials", "credential_provider_configurations")),
    {"arn": ("bucket_owner",), "code": ("handler", "runtime", "requirements", "environment", "timeout", "memory_size")},
)


def shared(defaults: object, folder: Path) -> Any:
    """The descriptions that agentcore:defaults stands for.

    defaults: its value: descriptions, or the path of a file that is written as a stack file is. folder: what a relative
    path begins at. Raises InvalidInput.
    """
    if not isinstance(defaults, str):
        return defaults
    path = folder / defaults
    if not path.exists():
        raise InvalidInput(
            f"there is no file {defaults}",
            "Give its path from the folder of Pulumi.yaml, or the descriptions themselves",
            path=DEFAULTS,
        )
    try:
        document = files.parse(files.text(path), name=defaults)
    except Unreadable as error:
        raise InvalidInput(f"{defaults} cannot be read ({error.message})", error.cure, path=DEFAULTS) from None
    config = document.get("config") if isinstance(document, Mapping) else None
    gateways = config.get(KEY) if isinstance(config, Mapping) else None
    if not isinstance(gateways, Mapping):
        raise InvalidInput(f"{defaults} describes no gateways", f"Write them under config, {KEY}", path=DEFAULTS)
    return gateways


def with_defaults(defaults: object, gateways: object) -> Any:
    """The gateways of one environment above what all share: mappings are merged, everything else is replaced.

    Null takes away what the defaults say, and so does a choice of something else: a target of another kind, another
    sign-in, a function that exists instead of a folder. A gateway that only the defaults describe is not made.
    """
    if not isinstance(defaults, Mapping) or not isinstance(gateways, Mapping):
        return gateways
    return {name: _merged(defaults.get(name), gateway) for name, gateway in gateways.items()}


def beyond(shared: object, own: object) -> Any:
    """The part of a description that the defaults do not have."""
    if not isinstance(shared, Mapping) or not isinstance(own, Mapping):
        return own
    return {
        name: beyond(shared.get(name), value)
        for name, value in own.items()
        if name not in shared or shared[name] != value
    }


def _merged(shared: object, own: object) -> Any:
    if not isinstance(shared, Mapping) or not isinstance(own, Mapping):
        return own
    dropped = {it for it, value in own.items() if value is None and it in shared and it not in _NULL_IS_A_VALUE}
    dropped |= set(_excluded(shared, own))
    return {
        name: _merged(shared.get(name), own.get(name, shared.get(name)))
        for name in [*shared, *(it for it in own if it not in shared)]
        if name not in dropped
    }


def _excluded(shared: Mapping[str, object], own: Mapping[str, object]) -> Iterator[str]:
    for group in _ONE_OF:
        chosen = {name for name in group if own.get(name) is not None}
        for name in group if chosen else ():
            if name in shared and name not in own:
                yield name
                yield from (it for it in group[name] if it in shared and it not in own)

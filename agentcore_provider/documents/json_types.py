"""Types of JSON values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeGuard

JsonObject = Mapping[str, Any]
"""An object that is read. Parts of documents that users write are `object`, since they may be anything."""
JsonDict = dict[str, Any]
"""An object that is being written."""

_OTHERS = frozenset({str, bool, int, float, list, tuple, type(None)})


def is_object(value: object) -> TypeGuard[JsonObject]:
    """Whether it is an object: a dict, or another Mapping."""
    # isinstance(value, Mapping) alone takes several times as long, and large documents are asked half a million times.
    kind = type(value)
    return kind is dict or (kind not in _OTHERS and isinstance(value, Mapping))

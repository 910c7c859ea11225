"""Types of JSON values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

JsonObject = Mapping[str, Any]
"""An object that is read. Parts of documents that users write are `object`, since they may be anything."""
JsonDict = dict[str, Any]
"""An object that is being written."""

"""Finds the provider of a noun.

The path of `load` and the nouns it takes stand in the state of every stack that uses this package: neither may
change, or the resources of existing stacks can no longer be refreshed or deleted.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agentcore_provider.providers.lifecycle import NounProvider


def load(noun: str) -> NounProvider:
    """The provider of a noun, such as "gateway_target"."""
    provider: NounProvider = import_module(f"agentcore_provider.providers.{noun}").Provider()
    return provider

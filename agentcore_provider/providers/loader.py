"""Finds the provider of a kind of resource.

The path of `load` and the names it takes are in the state of every stack that uses this package: neither may change,
or the resources of existing stacks can no longer be refreshed or deleted.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agentcore_provider.providers.lifecycle import LifecycleProvider

# Providers that are not the class Provider of the module of this name.
_ELSEWHERE = {
    "api_key_credential_provider": ("credential_provider", "ApiKeyProvider"),
    "oauth2_credential_provider": ("credential_provider", "OAuth2Provider"),
}


def load(resource: str) -> LifecycleProvider:
    """The provider of a kind of resource, such as "gateway_target"."""
    module, name = _ELSEWHERE.get(resource, (resource, "Provider"))
    provider: LifecycleProvider = getattr(import_module(f"agentcore_provider.providers.{module}"), name)()
    return provider

"""What the service accepts as a registry: CreateRegistry's input, and what an update cannot change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agentcore_provider.problem import Problem
from agentcore_provider.rules import service_model
from agentcore_provider.rules.unknown import UNKNOWN

SERVICE = "agent-registry-control"
_UPDATE = f"botocore model {SERVICE}, UpdateRegistryRequest"
IMMUTABLE = {"encryptionConfiguration": _UPDATE}
"""Top-level members that UpdateRegistry cannot change, and where that is written."""


def validate(document: Mapping[str, object]) -> list[Problem]:
    """Everything the service would refuse. The name may be absent: it is chosen later."""
    return [
        *service_model.validate(document, "CreateRegistry", service=SERVICE, absent=("name",)),
        *_authorizer(document),
    ]


def replaces(old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    """Top-level members whose change needs a new registry. A value not known yet counts as changed."""
    encryption = [it for it in IMMUTABLE if old.get(it) != new.get(it)]
    # The update has no member for the type.
    discovery = ["discoveryConfiguration"] if _type(old) != _type(new) else []
    return [*encryption, *discovery]


def _type(document: Mapping[str, object]) -> object:
    discovery = document.get("discoveryConfiguration")
    return discovery.get("authorizerType") if isinstance(discovery, Mapping) else discovery


def _authorizer(document: Mapping[str, object]) -> Iterator[Problem]:
    discovery = document.get("discoveryConfiguration")
    kind = _type(document)
    if not isinstance(discovery, Mapping) or kind is UNKNOWN:
        return
    has = discovery.get("authorizerConfiguration") is not None
    if (kind == "CUSTOM_JWT") != has:
        what = "is required with CUSTOM_JWT" if not has else f"is for CUSTOM_JWT, and the type is {kind}"
        cure = 'Pass authorizer=JwtAuthorizer(...), or an EzAuth; or authorizer="AWS_IAM".'
        yield Problem(
            "discoveryConfiguration.authorizerConfiguration",
            what,
            cure,
            f"botocore model {SERVICE}, DiscoveryConfiguration",
        )

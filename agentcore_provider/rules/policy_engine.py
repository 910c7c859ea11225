"""What the service accepts as a policy engine: CreatePolicyEngine's input, by AWS's member names."""

from __future__ import annotations

from collections.abc import Mapping

from agentcore_provider.problem import Problem
from agentcore_provider.rules import service_model

_UPDATE = f"botocore model {service_model.CONTROL}, UpdatePolicyEngineRequest"
IMMUTABLE = {"name": _UPDATE, "encryptionKeyArn": _UPDATE}
"""Top-level members that UpdatePolicyEngine cannot change, and where that is written."""


def validate(document: Mapping[str, object]) -> list[Problem]:
    """Everything the service would refuse. The name may be absent: it is chosen later."""
    return service_model.validate(document, "CreatePolicyEngine", absent=("name", "clientToken"))


def replaces(old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    """Top-level members whose change needs a new engine. A value not known yet counts as changed."""
    # A key that is added or removed is another key.
    key = ["encryptionKeyArn"] if old.get("encryptionKeyArn") != new.get("encryptionKeyArn") else []
    return [*service_model.changed({"name": _UPDATE}, old, new), *key]

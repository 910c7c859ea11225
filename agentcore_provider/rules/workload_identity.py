"""What the service accepts as a workload identity: CreateWorkloadIdentity's input, by AWS's member names."""

from __future__ import annotations

from collections.abc import Mapping

from agentcore_provider.problem import Problem
from agentcore_provider.rules import service_model

IMMUTABLE = {"name": f"botocore model {service_model.CONTROL}, UpdateWorkloadIdentityRequest"}
"""Top-level members that UpdateWorkloadIdentity cannot change, and where that is written."""


def validate(document: Mapping[str, object]) -> list[Problem]:
    """Everything the service would refuse. The name may be absent: it is chosen later."""
    return service_model.validate(document, "CreateWorkloadIdentity", absent=("name",))


def replaces(old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    """Top-level members whose change needs a new identity. A value not known yet counts as changed."""
    return service_model.changed(IMMUTABLE, old, new)

"""What the service accepts as a configuration bundle: CreateConfigurationBundle's input, with its name as `name`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from agentcore_provider.problem import Problem
from agentcore_provider.rules import service_model

_UPDATE = f"botocore model {service_model.CONTROL}, UpdateConfigurationBundleRequest"
IMMUTABLE = {"branchName": _UPDATE}
"""Top-level members that are of another history when they change, and where that is written."""
# A PATCH cannot remove them.
_KEPT = ("description", "kmsKeyArn")


def validate(document: Mapping[str, object]) -> list[Problem]:
    """Everything the service would refuse. The name may be absent: it is chosen later."""
    members = {"bundleName" if name == "name" else name: it for name, it in document.items()}
    found = service_model.validate(members, "CreateConfigurationBundle", absent=("bundleName", "clientToken"))
    return [replace(it, path="name" if it.path == "bundleName" else it.path) for it in found]


def replaces(old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    """Top-level members whose change needs a new bundle. A value not known yet counts as changed."""
    removed = [it for it in _KEPT if old.get(it) is not None and new.get(it) is None]
    branch = ["branchName"] if old.get("branchName") != new.get("branchName") else []
    return [*branch, *removed]

"""What the service accepts as the key of a token vault: SetTokenVaultCMK's input, with the key on top."""

from __future__ import annotations

from collections.abc import Mapping

from agentcore_provider.problem import Problem
from agentcore_provider.rules import service_model
from agentcore_provider.rules.unknown import UNKNOWN

OPERATION = "SetTokenVaultCMK"
IMMUTABLE: Mapping[str, str] = {"tokenVaultId": f"botocore model {service_model.CONTROL}, SetTokenVaultCMKRequest"}
"""Top-level members that cannot change, and where that is written."""


def validate(document: Mapping[str, object], *, region: str | None = None) -> list[Problem]:
    """Everything the service would refuse. region: where the vault is, if it is known."""
    key = document.get("kmsKeyArn")
    if key is None:
        return [
            Problem("kmsKeyArn", "is missing", "Pass the ARN of a KMS key.", f"botocore model {service_model.CONTROL}")
        ]
    others = {name: it for name, it in document.items() if name != "kmsKeyArn"}
    configuration = {"keyType": "CustomerManagedKey", "kmsKeyArn": key}
    found = [
        Problem(it.path.replace("kmsConfiguration.", ""), it.message, it.cure, it.source)
        for it in service_model.validate({**others, "kmsConfiguration": configuration}, OPERATION)
    ]
    if found or key is UNKNOWN or not isinstance(key, str):
        return found
    there = key.split(":")[3]
    if region and there != region:
        source = "AWS KMS developer guide: a key is used in its own Region"
        return [
            Problem("kmsKeyArn", f"is in {there}, and the token vault in {region}", f"Pass a key of {region}.", source)
        ]
    return found


def replaces(old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    """Top-level members whose change is about another vault. A value not known yet counts as changed."""
    return service_model.changed(IMMUTABLE, old, new)

"""SetTokenVaultCMK, GetTokenVault.

Documented: an account has one vault in a Region, `default`, which AWS encrypts with a key of its own at first. Assumed: the
key has to be of the vault's Region. Nothing is encrypted here: keys and tokens never leave this process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentcore_provider.local import service_error
from agentcore_provider.local.agentcore_control.call import Answer, Call
from agentcore_provider.local.store import now

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agentcore_control import type_defs

_ONLY = "default"
_CUSTOMER = "CustomerManagedKey"


def set_key(call: Call, request: type_defs.SetTokenVaultCMKRequestTypeDef) -> Answer:
    """Sets the key of the vault."""
    _require(request.get("tokenVaultId", _ONLY))
    configuration = request["kmsConfiguration"]
    key = configuration.get("kmsKeyArn")
    if (configuration["keyType"] == _CUSTOMER) != (key is not None):
        raise service_error.validation(f"kmsKeyArn is for the key type {_CUSTOMER}, which requires it")
    if key is not None and key.split(":")[3] != call.store.region:
        raise service_error.validation(f"KMS key {key} is not in Region {call.store.region}")
    vault = call.store.token_vault
    vault.kms_key_arn, vault.updated_at = key, now()
    return _describe(call)


def get(call: Call, request: type_defs.GetTokenVaultRequestTypeDef) -> Answer:
    """The vault and its key."""
    _require(request.get("tokenVaultId", _ONLY))
    return _describe(call)


def _require(vault_id: str) -> None:
    if vault_id != _ONLY:
        raise service_error.not_found(f"TokenVault with id {vault_id} not found")


def _describe(call: Call) -> Answer:
    vault = call.store.token_vault
    key = {} if vault.kms_key_arn is None else {"kmsKeyArn": vault.kms_key_arn}
    return {
        "tokenVaultId": _ONLY,
        "kmsConfiguration": {"keyType": _CUSTOMER if key else "ServiceManagedKey", **key},
        "lastModifiedDate": vault.updated_at,
    }

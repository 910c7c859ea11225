"""SetTokenVaultCMK, GetTokenVault, ResetTokenVaultKeyMaterial.

Documented: an account has one vault in a Region, `default`, which AWS encrypts with a key of its own at first; it can be
reset once its KMS key is deleted, and then has a key of AWS and no tokens. Assumed: the key has to be of the vault's Region.
Nothing is encrypted here: keys and tokens never leave this process.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from moto.kms.models import kms_backends

from agentcore_provider.local import service_error
from agentcore_provider.local.agentcore_control.call import Answer, Call
from agentcore_provider.local.outbound.user_sign_in import sign_ins
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


def reset_key_material(call: Call, request: Mapping[str, str]) -> Answer:
    """Gives the vault a key of AWS in place of one that is deleted, and forgets the tokens of people."""
    _require(request["tokenVaultId"])
    vault = call.store.token_vault
    if vault.kms_key_arn is None:
        raise service_error.validation(f"Token vault {_ONLY} is not encrypted with a customer managed key")
    # A key that is disabled, or whose deletion is scheduled, still exists.
    if vault.kms_key_arn.rpartition("/")[2] in kms_backends[call.store.account_id][call.store.region].keys:
        raise service_error.validation(f"KMS key {vault.kms_key_arn} of token vault {_ONLY} is not deleted")
    vault.kms_key_arn, vault.updated_at = None, now()
    here = f":{call.store.region}:{call.store.account_id}:"
    sign_ins.forget_tokens(lambda provider_arn: here in provider_arn)
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

"""The operations of the token vault."""

from __future__ import annotations

import pytest

from tests.local.agentcore_control.test_contract import require_modelled
from tests.support.control_plane import ControlPlane

KEY = "arn:aws:kms:us-west-2:123456789012:key/11111111-2222-3333-4444-555555555555"


def test_every_answer_fits_its_shape(local_aws: ControlPlane) -> None:
    """The vault is there from the start, with a key of AWS."""
    control = local_aws.control
    require_modelled("GetTokenVault", control.get_token_vault())
    own = {"keyType": "CustomerManagedKey", "kmsKeyArn": KEY}
    require_modelled("SetTokenVaultCMK", control.set_token_vault_cmk(kmsConfiguration=own))
    assert control.get_token_vault(tokenVaultId="default")["kmsConfiguration"] == own
    control.set_token_vault_cmk(kmsConfiguration={"keyType": "ServiceManagedKey"})
    assert control.get_token_vault()["kmsConfiguration"] == {"keyType": "ServiceManagedKey"}


def test_a_key_fits_its_type_and_the_region(local_aws: ControlPlane) -> None:
    """And another vault does not exist."""
    control = local_aws.control
    for configuration in (
        {"keyType": "CustomerManagedKey"},
        {"keyType": "ServiceManagedKey", "kmsKeyArn": KEY},
        {"keyType": "CustomerManagedKey", "kmsKeyArn": KEY.replace("us-west-2", "eu-west-1")},
    ):
        with pytest.raises(control.exceptions.ValidationException):
            control.set_token_vault_cmk(kmsConfiguration=configuration)
    with pytest.raises(control.exceptions.ResourceNotFoundException):
        control.get_token_vault(tokenVaultId="other")


def test_a_vault_is_reset_once_its_key_is_deleted(local_aws: ControlPlane) -> None:
    """Not before: a key whose deletion is scheduled can be kept. Then the vault has a key of AWS, and people sign in again."""
    control, kms = local_aws.control, local_aws.client("kms")
    vault = {"tokenVaultId": "default"}
    with pytest.raises(control.exceptions.ValidationException, match="is not encrypted with a customer managed key"):
        control.reset_token_vault_key_material(**vault)
    key = kms.create_key()["KeyMetadata"]["Arn"]
    kms.schedule_key_deletion(KeyId=key.rpartition("/")[2])
    control.set_token_vault_cmk(kmsConfiguration={"keyType": "CustomerManagedKey", "kmsKeyArn": key})
    with pytest.raises(control.exceptions.ValidationException, match="is not deleted"):
        control.reset_token_vault_key_material(**vault)
    control.set_token_vault_cmk(kmsConfiguration={"keyType": "CustomerManagedKey", "kmsKeyArn": KEY})
    answer = control.reset_token_vault_key_material(**vault)
    require_modelled("ResetTokenVaultKeyMaterial", answer)
    assert control.get_token_vault()["kmsConfiguration"] == {"keyType": "ServiceManagedKey"}
    with pytest.raises(control.exceptions.ResourceNotFoundException):
        control.reset_token_vault_key_material(tokenVaultId="other")

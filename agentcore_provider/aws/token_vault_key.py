"""The KMS key of the token vault: find, set, set back.

An account has one vault in each Region, which is there from the start; AWS encrypts it with a key of its own until another
is set. https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_SetTokenVaultCMK.html
"""

from __future__ import annotations

from agentcore_provider.aws import caller
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.documents import Document, Properties, from_wire
from agentcore_provider.aws.operation import Operation
from agentcore_provider.aws.service_errors import code_of
from agentcore_provider.aws.waiting import retry
from agentcore_provider.errors import NameTaken

DEFAULT = "default"
SERVICE_KEY = "ServiceManagedKey"
# Another change of the vault, which ends.
_PASSES = frozenset({"ConcurrentModificationException", "ConflictException"})


def find(connection: Connection, vault_id: str) -> Properties | None:
    """The vault with its key, or None while AWS's own key encrypts it."""
    answer = connection.call_or_none("GetTokenVault", tokenVaultId=vault_id)
    found = from_wire(answer or {})
    key = (found.pop("kms_configuration", None) or {}).get("kmsKeyArn")
    return None if key is None else {**found, "kms_key_arn": key}


def create(operation: Operation, properties: Document) -> Properties:
    """Encrypt the vault with the key. Raises NameTaken when another key does already, and what a call raises."""
    connection = operation.connection
    vault_id = str(properties.get("token_vault_id") or DEFAULT)
    before = find(connection, vault_id)
    key = before and before["kms_key_arn"]
    if key is not None and key != properties["kms_key_arn"] and not operation.adopt:
        raise NameTaken(
            f"{operation.label}: the token vault {vault_id} is encrypted with {key}, which was not set by this resource",
            f"Pass that key, or {connection.cures.adopt}",
        )
    identity = caller.find(connection)
    arn = f"arn:{identity.partition}:bedrock-agentcore:{connection.region}:{identity.account_id}:token-vault/{vault_id}"
    return {**set_key(operation, vault_id, properties["kms_key_arn"]), "token_vault_arn": arn}


def set_key(operation: Operation, vault_id: str, key_arn: str | None) -> Properties:
    """Encrypt the vault with this key; None for AWS's own. Raises what a call raises."""
    operation.report("setting the key of the token vault")
    configuration = (
        {"keyType": "CustomerManagedKey", "kmsKeyArn": key_arn} if key_arn is not None else {"keyType": SERVICE_KEY}
    )
    answer = retry(
        lambda: operation.connection.call("SetTokenVaultCMK", tokenVaultId=vault_id, kmsConfiguration=configuration),
        lambda error, _: code_of(error) in _PASSES,
        clock=operation.connection.clock,
        timeout=operation.timeout,
    )
    made = from_wire(answer)
    del made["kms_configuration"]
    return {**made, "kms_key_arn": key_arn}


def delete(operation: Operation, vault_id: str, key_arn: str) -> None:
    """Let AWS's own key encrypt the vault again; a key that somebody else has set since stays."""
    found = find(operation.connection, vault_id)
    if found is None:
        return
    if found["kms_key_arn"] != key_arn:
        operation.report(f"{found['kms_key_arn']} has been set since and stays")
        return
    set_key(operation, vault_id, None)

"""TokenVaultKey: an account has one vault in each Region."""

from __future__ import annotations

from typing import Any

from agentcore_provider import TokenVaultKey

KEY = "arn:aws:kms:us-west-2:123456789012:key/11111111-2222-3333-4444-555555555555"
AGAIN = (
    'TokenVaultKey "one" sets the key of this vault already. Keep one of them: an account has one vault in each Region.'
)


def test_a_program_sets_the_key_of_a_vault_once(declare: Any) -> None:
    """Other Regions, accounts and vaults have keys of their own; one that is only read sets none."""

    def program() -> None:
        TokenVaultKey.get("read", "arn:aws:bedrock-agentcore:us-west-2:123456789012:token-vault/default")
        TokenVaultKey("one", kms_key_arn=KEY)
        TokenVaultKey("there", kms_key_arn=KEY.replace("us-west-2", "eu-west-1"), region="eu-west-1")
        TokenVaultKey("theirs", kms_key_arn=KEY, profile="partner")
        TokenVaultKey("second", kms_key_arn=KEY, token_vault_id="second")
        TokenVaultKey("again", kms_key_arn=KEY, token_vault_id="default")

    found = declare(program).of("agentcore:TokenVaultKey")
    lines = {line for one in found.values() for line in one["__context"].get("problems", ()) if "already" in line}
    # The first resource with a problem reports those of all others.
    assert {line.rpartition("token vault key 'again': ")[2] for line in lines} == {AGAIN}

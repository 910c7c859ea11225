"""A workload identity and the key of the token vault in a program, under the real engine."""

from __future__ import annotations

from typing import Any

from tests.programs.test_identity import run_instead

Stack = Any


def clerk() -> None:
    """An agent's identity and a key; URL is where people are sent back to."""
    import pulumi

    from agentcore_provider import TokenVaultKey, WorkloadIdentity

    identity = WorkloadIdentity("clerk", allowed_resource_oauth2_return_urls=[URL])  # type: ignore[name-defined]  # noqa: F821
    key = TokenVaultKey("vault", kms_key_arn=KEY)  # type: ignore[name-defined]  # noqa: F821
    pulumi.export("name", identity.name)
    pulumi.export("read", WorkloadIdentity.get("read", identity.id).allowed_resource_oauth2_return_urls)
    pulumi.export("vault", key.token_vault_arn)


def test_both_live_as_other_resources_do(stack: Stack) -> None:
    """Made, changed in place, found by a refresh, and set back by a destroy."""
    control = stack.local_aws.client("bedrock-agentcore-control")
    keys = [f"arn:aws:kms:us-west-2:123456789012:key/{it * 8}-2222-3333-4444-555555555555" for it in "12"]
    run_instead(stack, clerk, URL="https://one.example.com", KEY=keys[0])
    stack.up()
    assert stack.outputs()["vault"] == "arn:aws:bedrock-agentcore:us-west-2:123456789012:token-vault/default"
    assert control.get_token_vault()["kmsConfiguration"]["kmsKeyArn"] == keys[0]
    assert set(stack.up().changes) == {"same"}

    run_instead(stack, clerk, URL="https://two.example.com", KEY=keys[1])
    assert stack.up().changes["update"] == 2
    assert control.get_token_vault()["kmsConfiguration"]["kmsKeyArn"] == keys[1]
    name = stack.outputs()["name"]
    assert control.get_workload_identity(name=name)["allowedResourceOauth2ReturnUrls"] == ["https://two.example.com"]

    control.set_token_vault_cmk(kmsConfiguration={"keyType": "ServiceManagedKey"})
    stack.refresh()
    assert stack.up().changes["create"] == 1
    stack.destroy()
    assert control.get_token_vault()["kmsConfiguration"] == {"keyType": "ServiceManagedKey"}
    assert name not in [it["name"] for it in control.list_workload_identities()["workloadIdentities"]]

"""What the key of the token vault promises beyond what every resource does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from agentcore_provider.errors import NameTaken
from tests.support.world import World

OTHER = "arn:aws:kms:us-west-2:123456789012:key/99999999-2222-3333-4444-555555555555"


@pytest.fixture
def control(world: World) -> Iterator[Any]:
    """The control plane; the vault has AWS's own key before and after."""
    client = world.client("bedrock-agentcore-control")
    client.set_token_vault_cmk(kmsConfiguration={"keyType": "ServiceManagedKey"})
    yield client
    client.set_token_vault_cmk(kmsConfiguration={"keyType": "ServiceManagedKey"})


def set_other(control: Any) -> None:
    control.set_token_vault_cmk(kmsConfiguration={"keyType": "CustomerManagedKey", "kmsKeyArn": OTHER})


def key_of(control: Any) -> str | None:
    found: str | None = control.get_token_vault()["kmsConfiguration"].get("kmsKeyArn")
    return found


def test_a_key_that_is_set_is_named_and_kept_unless_adopted(world: World, control: Any) -> None:
    """All credentials of the account are encrypted with it."""
    set_other(control)
    mine = world.token_vault_key()
    with pytest.raises(NameTaken, match=rf"the token vault default is encrypted with {OTHER}, which was not set by"):
        world.provider("token_vault_key").create(world.checked("token_vault_key", mine))
    assert key_of(control) == OTHER
    mine["__context"]["adopt"] = True
    world.made("token_vault_key", mine)
    assert key_of(control) == mine["kms_key_arn"]


def test_another_key_is_drift_and_is_set_back(world: World, control: Any) -> None:
    """Also AWS's own, which reads as deleted."""
    identifier, outputs, checked = world.made("token_vault_key", world.token_vault_key())
    provider = world.provider("token_vault_key")
    set_other(control)
    read = provider.read(identifier, outputs)
    assert read.inputs["kms_key_arn"] == OTHER
    assert provider.diff(identifier, read.outs, checked).changes is True
    provider.update(identifier, read.outs, checked)
    assert key_of(control) == checked["kms_key_arn"]
    control.set_token_vault_cmk(kmsConfiguration={"keyType": "ServiceManagedKey"})
    assert provider.read(identifier, outputs).id == ""


def test_a_delete_leaves_a_key_that_was_set_since(world: World, control: Any) -> None:
    """Else AWS's own key encrypts the vault again."""
    identifier, outputs, _ = world.made("token_vault_key", world.token_vault_key())
    set_other(control)
    world.provider("token_vault_key").delete(identifier, outputs)
    assert key_of(control) == OTHER
    control.set_token_vault_cmk(kmsConfiguration={"keyType": "ServiceManagedKey"})
    identifier, outputs, _ = world.made("token_vault_key", world.token_vault_key())
    world.provider("token_vault_key").delete(identifier, outputs)
    assert key_of(control) is None


def test_a_change_that_is_going_on_is_waited_for(world: World, control: Any) -> None:
    """The service has an error of its own for it."""
    world.fault(
        operation="SetTokenVaultCMK", kind="status", status=400, code="ConcurrentModificationException", times=2
    )
    world.made("token_vault_key", world.token_vault_key())
    assert key_of(control) is not None


@pytest.mark.parametrize(
    ("wrong", "reported"),
    [
        ({"kms_key_arn": "alias/vault"}, "kms_key_arn: "),
        (
            {"kms_key_arn": OTHER.replace("us-west-2", "eu-west-1")},
            "kms_key_arn: is in eu-west-1, and the token vault in us-west-2",
        ),
        ({"token_vault_id": "two words"}, "token_vault_id: "),
    ],
)
def test_problems_are_reported_at_preview(world: World, wrong: dict[str, Any], reported: str) -> None:
    """By the names of the arguments."""
    result = world.provider("token_vault_key").check({}, {**world.token_vault_key(), **wrong})
    assert any(reported in failure.reason for failure in result.failures), result.failures

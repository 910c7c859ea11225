"""Secrets of the client of machines: rotated with both valid for a while, or kept by Cognito in Secrets Manager."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
import requests

from agentcore_provider.errors import AgentCoreError
from tests.providers.test_faults import FAULTS
from tests.support.world import World


def is_valid(outputs: dict[str, Any], secret: str) -> bool:
    """Whether the token endpoint gives a token for a secret."""
    answer = requests.post(
        outputs["issuing_endpoint"],
        data={"grant_type": "client_credentials"},
        auth=(outputs["client_id"], secret),
        timeout=10,
    )
    return answer.status_code == 200


def rotated(world: World, identifier: str, known: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """The outputs after an update, of which the next refresh changes nothing."""
    provider = world.provider("ez_auth")
    found = provider.diff(identifier, known, wanted)
    assert (found.changes, found.replaces) == (True, [])
    updated = provider.update(identifier, known, wanted).outs
    read = provider.read(identifier, updated)
    assert provider.diff(identifier, read.outs, wanted).changes is False
    members = ("client_secret", "client_secret_id", "client_secret_arn", "client_info")
    assert {it: read.outs[it] for it in members} == {it: updated[it] for it in members}
    assert updated["client_info"]["client_secret"] == updated["client_secret"]
    assert updated["client_id"] == known["client_id"]
    return updated


def test_a_rotation_leaves_the_old_secret_until_the_next(world: World) -> None:
    """Three texts are two rotations; without the argument the newest alone is left."""
    identifier, first, checked = world.made("ez_auth", world.ez_auth(rotate_on="2026-11"))
    assert first["client_secret_id"] is None
    second = rotated(world, identifier, first, {**checked, "rotate_on": "2026-12"})
    assert second["client_secret"] != first["client_secret"]
    assert [is_valid(first, it["client_secret"]) for it in (first, second)] == [True, True]
    third = rotated(world, identifier, second, {**checked, "rotate_on": "2027-01"})
    assert [is_valid(first, it["client_secret"]) for it in (first, second, third)] == [False, True, True]
    last = rotated(world, identifier, third, {**checked, "rotate_on": None})
    assert last["client_secret"] == third["client_secret"]
    assert [is_valid(first, it["client_secret"]) for it in (second, third)] == [False, True]


def test_another_update_keeps_the_newest_secret(world: World) -> None:
    """Cognito returns the value of an added secret only once; state has it."""
    identifier, first, checked = world.made("ez_auth", world.ez_auth())
    wanted = {**checked, "rotate_on": "now"}
    second = rotated(world, identifier, first, wanted)
    third = rotated(world, identifier, second, {**wanted, "scopes": ["read"]})
    assert third["client_secret"] == second["client_secret"]


def test_a_secret_that_somebody_deleted_is_replaced_by_one_that_is_valid(world: World) -> None:
    identifier, first, checked = world.made("ez_auth", world.ez_auth())
    second = rotated(world, identifier, first, {**checked, "rotate_on": "now"})
    world.client("cognito-idp").delete_user_pool_client_secret(
        UserPoolId=identifier, ClientId=second["client_id"], ClientSecretId=second["client_secret_id"]
    )
    read = world.provider("ez_auth").read(identifier, second).outs
    assert read["client_secret"] == first["client_secret"]
    assert is_valid(read, read["client_secret"])


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(
    "operation", ["ListUserPoolClientSecrets", "DeleteUserPoolClientSecret", "AddUserPoolClientSecret"]
)
def test_a_rotation_hit_by_a_fault_ends_with_a_known_secret(world: World, operation: str, fault: str) -> None:
    """An added secret whose value was lost is replaced; the one in use stays valid all along."""
    identifier, first, checked = world.made("ez_auth", world.ez_auth(rotate_on="a"))
    second = rotated(world, identifier, first, {**checked, "rotate_on": "b"})
    wanted, provider = {**checked, "rotate_on": "c"}, world.provider("ez_auth")
    world.fault(operation=operation, **FAULTS[fault])
    with contextlib.suppress(AgentCoreError):
        provider.update(identifier, second, wanted)
    world.clear_faults()
    third = rotated(world, identifier, second, wanted)
    assert [is_valid(third, it["client_secret"]) for it in (first, second, third)] == [False, True, True]


def rotate_in_secrets_manager(world: World, outputs: dict[str, Any]) -> str:
    """What Secrets Manager does every 7 days: another secret of the client in the document."""
    cognito, manager = world.client("cognito-idp"), world.client("secretsmanager")
    arn = outputs["client_secret_arn"]
    document = json.loads(manager.get_secret_value(SecretId=arn)["SecretString"])
    assert document["clientSecretValue"] == outputs["client_secret"]
    assert (document["userPoolId"], document["userPoolClientId"]) == (outputs["user_pool_id"], outputs["client_id"])
    with pytest.raises(cognito.exceptions.InvalidParameterException):
        cognito.add_user_pool_client_secret(UserPoolId=outputs["user_pool_id"], ClientId=outputs["client_id"])
    other = "another-secret-of-the-client"
    manager.put_secret_value(SecretId=arn, SecretString=json.dumps({**document, "clientSecretValue": other}))
    return other


def test_cognito_may_keep_the_secret_in_secrets_manager(world: World) -> None:
    identifier, outputs, checked = world.made("ez_auth", world.ez_auth(secret_in_secrets_manager=True))
    assert is_valid(outputs, outputs["client_secret"])
    other = rotate_in_secrets_manager(world, outputs)
    provider = world.provider("ez_auth")
    read = provider.read(identifier, outputs).outs
    assert read["client_secret"] == other
    assert provider.diff(identifier, read, checked).changes is False
    provider.delete(identifier, outputs)


def test_a_secret_moves_to_secrets_manager_and_back(world: World) -> None:
    """Also by hand: without the argument it is where it is."""
    identifier, outputs, checked = world.made("ez_auth", world.ez_auth())
    moved = rotated(world, identifier, outputs, {**checked, "secret_in_secrets_manager": True})
    assert is_valid(moved, moved["client_secret"])
    provider = world.provider("ez_auth")
    kept = {**checked, "secret_in_secrets_manager": None, "scopes": ["read"]}
    assert rotated(world, identifier, moved, kept)["client_secret_arn"] == moved["client_secret_arn"]
    back = rotated(world, identifier, moved, {**checked, "secret_in_secrets_manager": False})
    assert back["client_secret_arn"] is None
    assert is_valid(back, back["client_secret"])
    with pytest.raises(world.client("secretsmanager").exceptions.ResourceNotFoundException):
        world.client("secretsmanager").get_secret_value(SecretId=moved["client_secret_arn"])
    later = rotated(world, identifier, back, {**checked, "rotate_on": "now"})
    assert [is_valid(later, it["client_secret"]) for it in (back, later)] == [True, True]
    provider.delete(identifier, later)


def test_a_rotated_secret_moves_to_secrets_manager(world: World) -> None:
    """What Secrets Manager has is valid, and is the output, also where rotate_on is removed at the same time."""
    identifier, first, checked = world.made("ez_auth", world.ez_auth(rotate_on="a"))
    second = rotated(world, identifier, first, {**checked, "rotate_on": "b"})
    moved = rotated(world, identifier, second, {**checked, "rotate_on": None, "secret_in_secrets_manager": True})
    answer = world.client("secretsmanager").get_secret_value(SecretId=moved["client_secret_arn"])
    assert json.loads(answer["SecretString"])["clientSecretValue"] == moved["client_secret"]
    assert [is_valid(moved, it["client_secret"]) for it in (first, second, moved)] == [False, True, True]


def test_a_secret_that_somebody_moved_is_not_rotated(world: World) -> None:
    """Secrets Manager rotates it: the error names both cures, and every secret stays valid."""
    identifier, first, checked = world.made("ez_auth", world.ez_auth())
    world.client("cognito-idp").update_user_pool_client(
        UserPoolId=identifier,
        ClientId=first["client_id"],
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthScopes=first["client_info"]["scope"].split(),
        AllowedOAuthFlowsUserPoolClient=True,
        PublishSecretsInAWSSecretsManager=True,
    )
    provider = world.provider("ez_auth")
    moved = provider.read(identifier, first).outs
    with pytest.raises(AgentCoreError, match="Remove rotate_on, or set secret_in_secrets_manager to False"):
        provider.update(identifier, moved, {**checked, "rotate_on": "now"})
    assert [is_valid(moved, it["client_secret"]) for it in (first, moved)] == [True, True]

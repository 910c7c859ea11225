"""EzAuth for people: the public client with its login page, through every change and fault."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import pytest

from agentcore_provider.errors import AgentCoreError
from tests.providers.test_faults import FAULTS
from tests.support.people_pool import PeoplePool
from tests.support.world import World

CALLBACK = "http://localhost:8976/callback"
PEOPLE = {
    "callback_urls": [CALLBACK, "https://desk.example.com/done"],
    "id_token_validity_seconds": 3600.0,
    "refresh_token_validity_seconds": 86400.0,
}
OPERATIONS = [
    "CreateUserPoolClient",
    "CreateManagedLoginBranding",
    "DescribeManagedLoginBrandingByClient",
    "CreateUserPoolDomain",
    "DescribeUserPoolDomain",
]


def clients(world: World, pool_id: str) -> list[str]:
    cognito = world.client("cognito-idp")
    return sorted(
        it["ClientName"] for it in cognito.list_user_pool_clients(UserPoolId=pool_id, MaxResults=60)["UserPoolClients"]
    )


def signs_in(world: World, outputs: dict[str, Any]) -> str:
    """The scope of the token that a person gets."""
    cognito, pool_id = world.client("cognito-idp"), outputs["user_pool_id"]
    people = PeoplePool(world, pool_id, outputs["domain_prefix"], outputs["people_client_id"], outputs["scope"])
    with contextlib.suppress(cognito.exceptions.UsernameExistsException):
        cognito.admin_create_user(UserPoolId=pool_id, Username="ada")
    cognito.admin_set_user_password(UserPoolId=pool_id, Username="ada", Password="Correct-horse-7", Permanent=True)
    back = people.sign_in(people.authorize_url(scope=outputs["scope"]))
    code = back.headers["Location"].partition("code=")[2].partition("&")[0]
    status, tokens = people.tokens(grant_type="authorization_code", code=code, redirect_uri=CALLBACK)
    assert status == 200, tokens
    return outputs["scope"]


def test_people_sign_in_beside_machines(world: World) -> None:
    _, outputs, checked = world.made("ez_auth", world.ez_auth(people=PEOPLE))
    assert signs_in(world, outputs) == f"{checked['name']}/invoke"
    assert outputs["client_id"] != outputs["people_client_id"]
    assert outputs["authorization_endpoint"] == f"{world.endpoint}/cognito/{outputs['domain_prefix']}/oauth2/authorize"


def test_people_are_added_changed_and_removed_in_place(world: World) -> None:
    """A sign-in for machines keeps its client, whatever becomes of people."""
    identifier, outputs, checked = world.made("ez_auth", world.ez_auth())
    provider = world.provider("ez_auth")
    assert (outputs["people_client_id"], outputs["authorization_endpoint"], outputs["people"]) == (None, None, None)
    known = outputs
    for people in (PEOPLE, PEOPLE | {"logout_urls": ["https://desk.example.com/bye"]}, None):
        wanted = {**checked, "people": people, "scopes": ["invoke", "read"] if people else ["invoke"]}
        found = provider.diff(identifier, known, wanted)
        assert (found.changes, found.replaces) == (True, [])
        known = provider.update(identifier, known, wanted).outs
        assert known["client_id"] == outputs["client_id"]
        read = provider.read(identifier, known)
        assert provider.diff(identifier, read.outs, wanted).changes is False
        assert (known["people_client_id"] is None) == (people is None)
        if people:
            signs_in(world, known)
    assert clients(world, identifier) == [checked["name"]]


def _without_style(cognito: Any, outputs: dict[str, Any]) -> None:
    which = {"UserPoolId": outputs["user_pool_id"]}
    found = cognito.describe_managed_login_branding_by_client(**which, ClientId=outputs["people_client_id"])
    name = found["ManagedLoginBranding"]["ManagedLoginBrandingId"]
    cognito.delete_managed_login_branding(**which, ManagedLoginBrandingId=name)


def _without_client(cognito: Any, outputs: dict[str, Any]) -> None:
    cognito.delete_user_pool_client(UserPoolId=outputs["user_pool_id"], ClientId=outputs["people_client_id"])


def _classic(cognito: Any, outputs: dict[str, Any]) -> None:
    cognito.update_user_pool_domain(
        UserPoolId=outputs["user_pool_id"], Domain=outputs["domain_prefix"], ManagedLoginVersion=1
    )


def _other_callback(cognito: Any, outputs: dict[str, Any]) -> None:
    which = {"UserPoolId": outputs["user_pool_id"], "ClientId": outputs["people_client_id"]}
    client = cognito.describe_user_pool_client(**which)["UserPoolClient"]
    kept = ("AllowedOAuthFlows", "AllowedOAuthScopes", "AllowedOAuthFlowsUserPoolClient")
    cognito.update_user_pool_client(
        **which, **{it: client[it] for it in kept}, CallbackURLs=["https://evil.example/callback"]
    )


def _without_scope(cognito: Any, outputs: dict[str, Any]) -> None:
    which = {"UserPoolId": outputs["user_pool_id"], "ClientId": outputs["people_client_id"]}
    cognito.update_user_pool_client(
        **which,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid"],
        AllowedOAuthFlowsUserPoolClient=True,
        CallbackURLs=[CALLBACK],
    )


@pytest.mark.parametrize("damage", [_without_style, _without_client, _classic, _other_callback, _without_scope])
def test_what_somebody_changed_is_drift_and_comes_back(
    world: World, damage: Callable[[Any, dict[str, Any]], None]
) -> None:
    identifier, outputs, checked = world.made("ez_auth", world.ez_auth(people=PEOPLE))
    damage(world.client("cognito-idp"), outputs)
    provider = world.provider("ez_auth")
    read = provider.read(identifier, outputs)
    again = provider.check(read.inputs, {**checked, "people": PEOPLE}).inputs
    assert provider.diff(identifier, read.outs, again).changes is True
    updated = provider.update(identifier, read.outs, again).outs
    assert provider.diff(identifier, provider.read(identifier, updated).outs, again).changes is False
    signs_in(world, updated)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_create_hit_by_a_fault_ends_with_exactly_one(world: World, operation: str, fault: str) -> None:
    inputs = world.checked("ez_auth", world.ez_auth(people=PEOPLE))
    world.fault(operation=operation, **FAULTS[fault])
    provider = world.provider("ez_auth")
    with contextlib.suppress(AgentCoreError):
        provider.create(inputs)
    world.clear_faults()
    made = provider.create(inputs)
    assert clients(world, made.id) == [inputs["name"], f"{inputs['name']}-people"]
    read = provider.read(made.id, made.outs)
    assert provider.diff(made.id, read.outs, inputs).changes is False
    signs_in(world, made.outs)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(
    "operation", ["CreateUserPoolClient", "CreateManagedLoginBranding", "UpdateUserPoolDomain", "DeleteUserPoolClient"]
)
def test_an_update_hit_by_a_fault_ends_as_if_there_had_been_none(world: World, operation: str, fault: str) -> None:
    is_removal = operation == "DeleteUserPoolClient"
    before, after = (PEOPLE, None) if is_removal else (None, PEOPLE)
    identifier, outputs, checked = world.made("ez_auth", world.ez_auth(people=before))
    wanted, provider = {**checked, "people": after}, world.provider("ez_auth")
    world.fault(operation=operation, **FAULTS[fault])
    with contextlib.suppress(AgentCoreError):
        provider.update(identifier, outputs, wanted)
    world.clear_faults()
    updated = provider.update(identifier, outputs, wanted).outs
    assert provider.diff(identifier, provider.read(identifier, updated).outs, wanted).changes is False
    assert len(clients(world, identifier)) == (1 if is_removal else 2)

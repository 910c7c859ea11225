"""What consent portals promise beyond what every resource does."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from agentcore_provider.errors import AwsRefused, NameTaken, ResourceFailed
from tests.support.world import World


def found(world: World, outputs: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = world.client("bedrock-agentcore-control").get_consent_portal(
        consentPortalIdentifier=outputs["consent_portal_id"]
    )
    return answer


def test_each_step_waits_until_it_is_over() -> None:
    """The address is there once the portal is ACTIVE; each request takes a second here."""
    seconds = itertools.count()
    slow = World(monotonic=lambda: float(next(seconds)), ready_after={"portal": 5.0})
    try:
        identifier, outputs, checked = slow.made("consent_portal", slow.consent_portal())
        assert (outputs["status"], outputs["portal_url"]) == ("ACTIVE", found(slow, outputs)["portalUrl"])
        provider = slow.provider("consent_portal")
        made = provider.update(identifier, outputs, {**checked, "description": "another"}).outs
        assert (made["status"], made["description"]) == ("ACTIVE", "another")
        provider.delete(identifier, made)
        assert slow.client("bedrock-agentcore-control").list_consent_portals()["consentPortals"] == []
    finally:
        slow.close()


def test_it_changes_in_place(world: World) -> None:
    """Role, identity provider and description; what the program dropped is removed."""
    identifier, outputs, checked = world.made("consent_portal", world.consent_portal())
    provider = world.provider("consent_portal")
    assert outputs["status"] == "ACTIVE"
    assert outputs["portal_url"].endswith(outputs["consent_portal_id"])
    changed = {**checked, "scopes": ["openid"], "execution_role_arn": world.role(of="consent-portal")}
    del changed["audience"], changed["description"]
    assert provider.diff(identifier, outputs, changed).replaces == []
    made = provider.update(identifier, outputs, changed).outs
    now = found(world, outputs)
    idp = {"credentialProviderArn": checked["credential_provider_arn"], "scopes": ["openid"]}
    assert (now["idpConfig"], now.get("description", "")) == (idp, "")
    assert now["executionRoleArn"] == changed["execution_role_arn"]
    read = provider.read(identifier, made)
    assert provider.diff(identifier, read.outs, changed).changes is False


def test_a_change_by_somebody_else_is_drift(world: World) -> None:
    """The next update undoes it, and keeps what the program never set."""
    inputs = world.consent_portal(description=None)
    identifier, outputs, checked = world.made("consent_portal", inputs)
    idp = {**found(world, outputs)["idpConfig"], "scopes": ["openid", "phone"]}
    world.client("bedrock-agentcore-control").update_consent_portal(
        consentPortalIdentifier=outputs["consent_portal_id"], idpConfig=idp, description="theirs"
    )
    provider = world.provider("consent_portal")
    read = provider.read(identifier, outputs)
    assert read.inputs["scopes"] == ["openid", "phone"]
    assert provider.diff(identifier, read.outs, checked).changes is True
    provider.update(identifier, read.outs, checked)
    now = found(world, outputs)
    assert (now["idpConfig"]["scopes"], now["description"]) == (["openid", "email"], "theirs")


def test_another_gateway_replaces_beside_the_old_portal(world: World) -> None:
    """A generated name changes with the gateway; a name of the program's is freed first."""
    provider = world.provider("consent_portal")
    for name, first in ((None, False), (world.unique("desk"), True)):
        identifier, outputs, checked = world.made("consent_portal", world.consent_portal(name=name))
        changed = {**checked, "gateway_identifier": world.consent_portal()["gateway_identifier"]}
        result = provider.diff(identifier, outputs, changed)
        assert (result.replaces, result.delete_before_replace) == (["gateway_identifier"], first)


def test_a_portal_that_a_create_left_at_another_gateway_is_created_again(world: World) -> None:
    """No update can move it; one of somebody else is left alone."""
    inputs = world.consent_portal(name=world.unique("desk"))
    identifier, _, checked = world.made("consent_portal", inputs)
    moved = {**checked, "gateway_identifier": world.consent_portal()["gateway_identifier"]}
    provider = world.provider("consent_portal")
    made = provider.create(moved)
    assert made.id != identifier
    assert made.outs["gateway_identifier"] == moved["gateway_identifier"]
    theirs = {**checked, **world.context("consent_portal")}
    with pytest.raises(NameTaken, match=r"exists and was not made by this resource"):
        provider.create(theirs)
    theirs["__context"]["adopt"] = True
    with pytest.raises(NameTaken, match=r"cannot be taken over: it is for another gateway"):
        provider.create(theirs)
    adopting = {**moved, **world.context("consent_portal"), "description": "mine"}
    adopting["__context"]["adopt"] = True
    assert provider.create(adopting).id == made.id
    assert found(world, made.outs)["description"] == "mine"


def test_an_update_that_failed_is_sent_again(world: World) -> None:
    """A refresh finds UPDATE_FAILED, which is a change."""
    identifier, outputs, checked = world.made("consent_portal", world.consent_portal())
    provider = world.provider("consent_portal")
    wanted = {**checked, "description": "another"}
    world.fault(operation="UpdateConsentPortal", kind="fail", reason="no reply from the identity provider")
    with pytest.raises(ResourceFailed, match=r"is UPDATE_FAILED: no reply from the identity provider"):
        provider.update(identifier, outputs, wanted)
    world.clear_faults()
    read = provider.read(identifier, outputs)
    assert provider.diff(identifier, read.outs, wanted).changes is True
    assert provider.update(identifier, read.outs, wanted).outs["status"] == "ACTIVE"


def test_a_portal_that_fails_is_removed_again(world: World) -> None:
    """The error has AWS's reason."""
    checked = world.checked("consent_portal", world.consent_portal())
    world.fault(operation="CreateConsentPortal", kind="fail", reason="no reply from the identity provider")
    with pytest.raises(ResourceFailed, match=r"failed and was removed again: no reply from the identity provider"):
        world.provider("consent_portal").create(checked)
    world.clear_faults()
    listed = world.client("bedrock-agentcore-control").list_consent_portals(maxResults=100)["consentPortals"]
    assert checked["name"] not in [it["name"] for it in listed]


def test_a_role_that_does_not_exist_is_reported_soon(world: World) -> None:
    """With a cure for portals: GatewayRole makes roles of gateways."""
    inputs = world.consent_portal(execution_role_arn="arn:aws:iam::123456789012:role/nowhere")
    with pytest.raises(AwsRefused, match=r"there is no role .*nowhere.*AgentCore may assume for consent portals"):
        world.provider("consent_portal").create(world.checked("consent_portal", inputs))


@pytest.mark.parametrize(
    ("wrong", "reported"),
    [
        ({"scopes": ["email"]}, "scopes: does not contain openid"),
        ({"scopes": []}, "scopes: "),
        ({"credential_provider_arn": "login"}, "credential_provider_arn: "),
        ({"execution_role_arn": "role"}, "execution_role_arn: "),
        ({"gateway_identifier": "Shop"}, "gateway_identifier: "),
        (
            {"gateway_identifier": "arn:aws:bedrock-agentcore:us-west-2:123456789012:gateway/shop-0123456789"},
            "gateway_identifier: is an ARN",
        ),
        ({"name": "with blanks"}, "name: "),
        ({"description": "d" * 513}, "description: "),
    ],
)
def test_problems_are_reported_at_preview(world: World, wrong: dict[str, Any], reported: str) -> None:
    """By the names of the arguments."""
    result = world.provider("consent_portal").check({}, {**world.consent_portal(), **wrong})
    assert any(it.reason.startswith(reported) for it in result.failures), result.failures


def test_the_gateway_authorizes_by_jwt(world: World) -> None:
    """Where the program declares the gateway, that is known at preview."""
    inputs = world.consent_portal()
    inputs["__context"]["gateway"] = {"authorizerType": "AWS_IAM"}
    (failure,) = world.provider("consent_portal").check({}, inputs).failures
    assert failure.reason.startswith("gateway: authorizes callers by AWS_IAM")

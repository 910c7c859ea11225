"""The operations of consent portals."""

from __future__ import annotations

from typing import Any

import pytest

from tests.local.agentcore_control.test_contract import require_modelled
from tests.support.control_plane import ControlPlane

JWT = {"discoveryUrl": "https://login.example.com/.well-known/openid-configuration", "allowedClients": ["c"]}


def portal(local_aws: ControlPlane, **more: Any) -> dict[str, Any]:
    """The members of a CreateConsentPortal request that the service accepts."""
    gateway = local_aws.gateway(authorizerType="CUSTOM_JWT", authorizerConfiguration={"customJWTAuthorizer": JWT})
    config = {"clientId": "c", "clientSecret": "s", "oauthDiscovery": {"discoveryUrl": JWT["discoveryUrl"]}}
    provider = local_aws.control.create_oauth2_credential_provider(
        name=local_aws.unique("login"),
        credentialProviderVendor="CustomOauth2",
        oauth2ProviderConfigInput={"customOauth2ProviderConfig": config},
    )
    return {
        "name": local_aws.unique("portal"),
        "executionRoleArn": local_aws.role(of="consent-portal"),
        "idpConfig": {"credentialProviderArn": provider["credentialProviderArn"], "scopes": ["openid"]},
        "sources": [{"type": "agentcore-gateway", "identifier": gateway["gatewayId"]}],
        **more,
    }


def test_every_answer_fits_its_shape(local_aws: ControlPlane) -> None:
    """A portal from its creation to its end; what an update leaves out stays."""
    control, request = local_aws.control, portal(local_aws, description="d", tags={"a": "b"})
    made = control.create_consent_portal(**request)
    require_modelled("CreateConsentPortal", made)
    assert (made["status"], "portalUrl" in made) == ("CREATING", False)
    one = {"consentPortalIdentifier": made["consentPortalId"]}
    found = control.get_consent_portal(**one)
    require_modelled("GetConsentPortal", found)
    assert found["status"] == "ACTIVE"
    assert made["consentPortalId"] in found["portalUrl"]
    assert {it: found[it] for it in request if it != "tags"} == {it: request[it] for it in request if it != "tags"}
    changed = {**request["idpConfig"], "scopes": ["openid", "email"], "audience": "https://agents.example.com"}
    updated = control.update_consent_portal(**one, idpConfig=changed)
    require_modelled("UpdateConsentPortal", updated)
    found = control.get_consent_portal(**one)
    assert (found["idpConfig"], found["description"]) == (changed, "d")
    listed = control.list_consent_portals(maxResults=100)
    require_modelled("ListConsentPortals", listed)
    assert made["consentPortalId"] in [it["consentPortalId"] for it in listed["consentPortals"]]
    assert control.list_tags_for_resource(resourceArn=made["consentPortalArn"])["tags"] == {"a": "b"}
    control.delete_consent_portal(**one)
    with pytest.raises(control.exceptions.ResourceNotFoundException):
        control.get_consent_portal(**one)


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        ({"authorizer": "NONE"}, "ValidationException", "must authorize callers with CUSTOM_JWT"),
        ({"gateway": "nothere-abcdefghij"}, "ResourceNotFoundException", "it doesn't exist"),
        ({"provider": "nothere"}, "ResourceNotFoundException", "nothere not found"),
        ({"role": "gateway"}, "ValidationException", "Consent portal execution role lacks permission"),
    ],
)
def test_what_it_consists_of_has_to_fit(local_aws: ControlPlane, wrong: Any, error: str, message: str) -> None:
    """The gateway, its authorizer, the credential provider and the role's trust."""
    request = portal(local_aws)
    if "authorizer" in wrong:
        request["sources"][0]["identifier"] = local_aws.gateway()["gatewayId"]
    if "gateway" in wrong:
        request["sources"][0]["identifier"] = wrong["gateway"]
    if "provider" in wrong:
        request["idpConfig"]["credentialProviderArn"] += wrong["provider"]
    if "role" in wrong:
        request["executionRoleArn"] = local_aws.role()
    with pytest.raises(getattr(local_aws.control.exceptions, error), match=message):
        local_aws.control.create_consent_portal(**request)


def test_a_name_is_used_once_and_an_update_has_openid(local_aws: ControlPlane) -> None:
    """A second portal of the name is a conflict."""
    control, request = local_aws.control, portal(local_aws)
    made = control.create_consent_portal(**request)
    with pytest.raises(control.exceptions.ConflictException, match="already exists"):
        control.create_consent_portal(**request)
    without = {**request["idpConfig"], "scopes": ["email"]}
    with pytest.raises(control.exceptions.ValidationException, match="openid"):
        control.update_consent_portal(consentPortalIdentifier=made["consentPortalId"], idpConfig=without)

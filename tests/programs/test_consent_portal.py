"""A consent portal in a program, under the real engine."""

from __future__ import annotations

from typing import Any

from tests.programs.test_identity import run_instead

Stack = Any


def desk() -> None:
    """A gateway with a portal and a target that returns to it. JWT: whether callers have one. SCOPES: of the sign-in."""
    import pulumi
    import pulumi_aws as aws

    from agentcore_provider import (
        ConsentPortal,
        Gateway,
        GatewayRole,
        GatewayTarget,
        JwtAuthorizer,
        OAuth2CredentialProvider,
        credentials,
        targets,
    )

    issuer = "https://login.example.com/.well-known/openid-configuration"
    jwt = JwtAuthorizer(discovery_url=issuer, allowed_audience=["desk"])
    authorizer = jwt if JWT else "AWS_IAM"  # type: ignore[name-defined]  # noqa: F821
    gateway = Gateway("desk", role_arn=GatewayRole("desk"), authorizer=authorizer)
    service = {"type": "Service", "identifiers": ["bedrock-agentcore.amazonaws.com"]}
    trust = aws.iam.get_policy_document_output(statements=[{"actions": ["sts:AssumeRole"], "principals": [service]}])
    portal = ConsentPortal(
        "desk",
        gateway=gateway,
        credential_provider_arn=OAuth2CredentialProvider(
            "people", client_id="portal", client_secret="s", discovery_url=issuer
        ),
        execution_role_arn=aws.iam.Role("portal", assume_role_policy=trust.json).arn,
        scopes=SCOPES,  # type: ignore[name-defined]  # noqa: F821
    )
    paths = {"/notes": {"get": {"operationId": "notes", "responses": {"200": {"description": "All notes"}}}}}
    info, servers = {"title": "notes", "version": "1"}, [{"url": "https://crm.example.com"}]
    GatewayTarget(
        "crm",
        gateway=gateway,
        target=targets.OpenApi({"openapi": "3.0.3", "info": info, "servers": servers, "paths": paths}),
        credentials=credentials.OAuth(
            OAuth2CredentialProvider("crm", client_id="crm", client_secret="s", discovery_url=issuer),
            scopes=["notes.read"],
            grant_type="AUTHORIZATION_CODE",
            return_url=pulumi.Output.concat(portal.portal_url, "/connect/callback"),
        ),
    )
    pulumi.export("id", portal.consent_portal_id)
    pulumi.export("url", portal.portal_url)
    pulumi.export("read", ConsentPortal.get("read", portal.id).scopes)


def test_a_portal_lives_with_its_gateway(stack: Stack) -> None:
    """Problems at preview; then created, kept, changed in place, brought back after drift, and destroyed."""
    control = stack.local_aws.client("bedrock-agentcore-control")
    run_instead(stack, desk, JWT=False, SCOPES=["email"])
    text = stack.preview(succeeds=False).text
    assert "gateway: authorizes callers by AWS_IAM" in text
    assert "scopes: does not contain openid" in text

    run_instead(stack, desk, JWT=True, SCOPES=["openid"])
    stack.up()
    outputs = stack.outputs()
    one = {"consentPortalIdentifier": outputs["id"]}
    assert control.get_consent_portal(**one)["portalUrl"] == outputs["url"]
    assert outputs["read"] == ["openid"]
    (gateway,) = control.list_gateways()["items"]
    (target,) = control.list_gateway_targets(gatewayIdentifier=gateway["gatewayId"])["items"]
    found = control.get_gateway_target(gatewayIdentifier=gateway["gatewayId"], targetId=target["targetId"])
    (configuration,) = found["credentialProviderConfigurations"]
    oauth = configuration["credentialProvider"]["oauthCredentialProvider"]
    assert oauth["defaultReturnUrl"] == f"{outputs['url']}/connect/callback"
    assert set(stack.up().changes) == {"same"}

    run_instead(stack, desk, JWT=True, SCOPES=["openid", "email"])
    assert stack.up().changes["update"] == 1
    idp = control.get_consent_portal(**one)["idpConfig"]
    assert idp["scopes"] == ["openid", "email"]

    control.update_consent_portal(**one, idpConfig={**idp, "scopes": ["openid"]})
    stack.refresh()
    assert stack.up().changes["update"] == 1
    assert control.get_consent_portal(**one)["idpConfig"] == idp

    control.delete_consent_portal(**one)
    stack.refresh()
    assert stack.up().changes["create"] == 1
    stack.destroy()
    assert control.list_consent_portals()["consentPortals"] == []

"""Rules of consent portals about the arguments that the package has in place of AWS's members."""

from __future__ import annotations

import corpus
import pytest

from agentcore_provider.rules import consent_portal

GATEWAY = "arn:aws:bedrock-agentcore:us-west-2:123456789012:gateway/desk-0123456789"


@pytest.mark.parametrize(
    ("member", "value", "report"),
    [
        ("gatewayIdentifier", GATEWAY, "gatewayIdentifier: is an ARN. Pass the id desk-0123456789."),
        ("sources", [], "sources: is built of gateway. Remove it, and set those."),
        ("idpConfig", {}, "idpConfig: is built of credential_provider_arn, scopes and audience."),
    ],
)
def test_what_the_arguments_stand_for_is_not_passed_beside_them(member: str, value: object, report: str) -> None:
    """The arguments would win without a word."""
    document = {**corpus.good("consent_portals")["all members"], member: value}
    (found,) = consent_portal.validate(document)
    assert str(found).startswith(report)

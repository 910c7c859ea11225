"""Kinds of targets, what of them cannot change in place, and the table of outbound authorization."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from agentcore_provider import target_kinds
from agentcore_provider.credential_kinds import AuthMethod, auth_method
from agentcore_provider.rules import gateway_target
from agentcore_provider.rules.unknown import UNKNOWN


@pytest.mark.parametrize(
    "configuration",
    [
        None,
        UNKNOWN,
        {},
        {"mcp": UNKNOWN},
        {"mcp": {}},
        {"mcp": {"lambda": {}, "mcpServer": {}}},
        {"mcp": {}, "http": {}},
    ],
)
def test_an_unknown_configuration_has_no_kind(configuration: Any) -> None:
    """Nothing is guessed about a configuration that is not known or not whole."""
    assert target_kinds.of(configuration) is None


@pytest.mark.parametrize("means", get_args(AuthMethod))
@pytest.mark.parametrize("kind", sorted(target_kinds.BY_NAME))
def test_the_table_decides(kind: str, means: AuthMethod) -> None:
    """A means that reaches a target is not a problem, a doubtful one a warning, any other an error."""
    family, member = target_kinds.BY_NAME[kind].path
    document: dict[str, Any] = {"name": "a", "targetConfiguration": {family: {member: UNKNOWN}}}
    if means != "none":
        document["credentialProviderConfigurations"] = [_credential(means)]
    path = "credentialProviderConfigurations" + ("[0]" if means != "none" else "")
    found = [problem.severity for problem in gateway_target.validate(document) if problem.path == path]
    expected = {"yes": [], "doubtful": ["warning"], "no": ["error"]}[target_kinds.BY_NAME[kind].outbound.verdict(means)]
    assert found == expected


def _credential(means: AuthMethod) -> dict[str, Any]:
    types = {
        "gateway role": "GATEWAY_IAM_ROLE",
        "caller IAM credentials": "CALLER_IAM_CREDENTIALS",
        "JWT passthrough": "JWT_PASSTHROUGH",
        "API key": "API_KEY",
    }
    grants = {"OAuth authorization code": "AUTHORIZATION_CODE", "OAuth token exchange": "TOKEN_EXCHANGE"}
    if means in types:
        return {"credentialProviderType": types[means], "credentialProvider": UNKNOWN}
    oauth = {"providerArn": UNKNOWN, "scopes": [], "grantType": grants.get(means, "CLIENT_CREDENTIALS")}
    return {"credentialProviderType": "OAUTH", "credentialProvider": {"oauthCredentialProvider": oauth}}


def test_a_means_that_is_not_known_is_none() -> None:
    """At preview the grant of an OAuth credential may be unknown; nothing is reported about it then."""
    assert auth_method({"credentialProviderType": UNKNOWN}) is None
    grant = {"oauthCredentialProvider": {"grantType": UNKNOWN}}
    assert auth_method({"credentialProviderType": "OAUTH", "credentialProvider": grant}) is None
    assert auth_method({"credentialProviderType": "OAUTH"}) == "OAuth client credentials"


def test_only_another_gateway_or_kind_needs_a_new_target() -> None:
    """A target's name, document and credentials change in place; its gateway and its kind do not."""
    old = {
        "gatewayIdentifier": "a-0123456789",
        "name": "a",
        "targetConfiguration": {"mcp": {"lambda": {"lambdaArn": "a"}}},
    }
    changed = {"name": "b", "targetConfiguration": {"mcp": {"lambda": {"lambdaArn": UNKNOWN}}}}
    assert gateway_target.replaces(old, dict(old)) == []
    assert gateway_target.replaces(old, old | changed) == []
    assert gateway_target.replaces(old, old | {"targetConfiguration": UNKNOWN}) == []
    assert gateway_target.replaces(old, old | {"gatewayIdentifier": UNKNOWN}) == ["gatewayIdentifier"]
    other = {"targetConfiguration": {"mcp": {"openApiSchema": UNKNOWN}}}
    assert gateway_target.replaces(old, old | other) == ["targetConfiguration"]

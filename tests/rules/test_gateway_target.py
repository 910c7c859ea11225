"""Kinds of targets, what of them cannot change in place, and the table of outbound authorization."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from agentcore_provider.credential_kinds import AuthMethod, auth_method
from agentcore_provider.rules import gateway_target, service_model
from agentcore_provider.rules.authorization import TABLE
from agentcore_provider.rules.problem import UNKNOWN

FAMILIES = {
    "mcp": "McpTargetConfiguration",
    "http": "HttpTargetConfiguration",
    "inference": "InferenceTargetConfiguration",
}


def test_every_kind_of_the_model_has_a_row() -> None:
    """A new kind of target in the model is noticed: the table has to be written for it."""
    kinds = {
        gateway_target.kind({family: {member: {}}})
        for family, shape in FAMILIES.items()
        for member in service_model.members(shape)
    }
    assert kinds == set(TABLE)
    assert set(FAMILIES) == set(service_model.members("TargetConfiguration"))


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
def test_a_kind_that_cannot_be_told_is_none(configuration: Any) -> None:
    """Nothing is guessed about a configuration that is not known or not whole."""
    assert gateway_target.kind(configuration) is None


@pytest.mark.parametrize("means", get_args(AuthMethod))
@pytest.mark.parametrize("kind", sorted(TABLE))
def test_the_table_decides(kind: str, means: AuthMethod) -> None:
    """A means that reaches a target is no problem, a doubtful one a warning, any other an error."""
    family = {"agentcoreRuntime": "http", "passthrough": "http", "provider": "inference"}.get(kind, "mcp")
    family, _, member = kind.rpartition(".") if "." in kind else (family, "", kind)
    document: dict[str, Any] = {"name": "a", "targetConfiguration": {family: {member: UNKNOWN}}}
    if means != "none":
        document["credentialProviderConfigurations"] = [_credential(means)]
    path = "credentialProviderConfigurations" + ("[0]" if means != "none" else "")
    found = [problem.severity for problem in gateway_target.validate(document) if problem.path == path]
    expected = {"yes": [], "doubtful": ["warning"], "no": ["error"]}[TABLE[kind].verdict(means)]
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
    """At preview the grant of an OAuth credential may be unknown; nothing is said about it then."""
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

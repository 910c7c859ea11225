"""AWS's document of a target, from arguments."""

from __future__ import annotations

from typing import Any

import pytest

from agentcore_provider.arguments import gateway_target

ROLE = [{"credentialProviderType": "GATEWAY_IAM_ROLE"}]
KEY = [{"credentialProviderType": "API_KEY"}]


@pytest.mark.parametrize(
    ("member", "arguments", "usual", "expected"),
    [
        ("lambda", {}, [], ROLE),
        ("lambda", {"credential_provider_configurations": KEY}, [], KEY),
        ("openApiSchema", {}, [], None),
        ("openApiSchema", {}, KEY, KEY),
    ],
)
def test_credentials_follow_from_the_kind(member: str, arguments: Any, usual: Any, expected: Any) -> None:
    """The role where AWS requires it to be stated, the usual ones elsewhere; the arguments win."""
    document = gateway_target.document({"target_configuration": {"mcp": {member: {}}}, **arguments}, usual)
    assert document.get("credentialProviderConfigurations") == expected

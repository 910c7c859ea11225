"""Roles and permissions that take their time to reach the service, as on AWS."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.control_plane import ControlPlane


def test_a_new_role_is_rejected_until_it_has_propagated(hesitant_aws: ControlPlane) -> None:
    """The service sees it that long after it first looked for it."""
    role = hesitant_aws.execution_role()
    for _ in range(2):
        with pytest.raises(ClientError, match="Gateway execution role lacks permission"):
            hesitant_aws.gateway(roleArn=role)
        hesitant_aws.now += 2.5
    assert hesitant_aws.gateway(roleArn=role)["status"] == "CREATING"


def _server(hesitant_aws: ControlPlane, gateway_id: str, service: str | None) -> dict[str, Any]:
    role = [
        {
            "credentialProviderType": "GATEWAY_IAM_ROLE",
            "credentialProvider": {"iamCredentialProvider": {"service": service}},
        }
    ]
    return {
        "gatewayIdentifier": gateway_id,
        "name": hesitant_aws.unique("weather"),
        "targetConfiguration": {"mcp": {"mcpServer": {"endpoint": "https://127.0.0.1:1/mcp"}}},
        **({"credentialProviderConfigurations": role} if service else {}),
    }


def test_a_signed_server_fails_until_a_permission_has_propagated(hesitant_aws: ControlPlane) -> None:
    """Only such a server: to one without a sign-in the role is nothing."""
    control, role = hesitant_aws.control, hesitant_aws.execution_role()
    with pytest.raises(ClientError):
        hesitant_aws.gateway(roleArn=role)
    hesitant_aws.now += 5
    gateway_id = hesitant_aws.gateway(roleArn=role)["gatewayId"]
    hesitant_aws.allow(role, "execute-api:Invoke", "*")

    def reasons(service: str | None) -> str:
        named = {"gatewayIdentifier": gateway_id}
        named["targetId"] = control.create_gateway_target(**_server(hesitant_aws, gateway_id, service))["targetId"]
        while (found := control.get_gateway_target(**named))["status"] == "CREATING":
            pass
        assert found["status"] == "FAILED"
        return str(found["statusReasons"])

    assert "Authorization error when sending message" in reasons("execute-api")
    assert "Authorization error" not in reasons(None)
    hesitant_aws.now += 5
    assert "Authorization error" not in reasons("execute-api")


def test_by_default_a_role_propagates_at_once(local_aws: ControlPlane) -> None:
    assert local_aws.gateway(roleArn=local_aws.execution_role())["status"] == "CREATING"

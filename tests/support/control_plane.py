"""AgentCore's control plane of a local AWS, with gateways and targets for tests."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

from tests.support.local_aws import CONTROL, REGION, ServedAws, lambda_configuration


class ControlPlane(ServedAws):
    """Requests reach local AWS as tests write them: clients neither validate nor retry."""

    validates = False

    def client(self, service: str, region: str = REGION, *, attempts: int | None = 1) -> Any:
        """A client that tries once by default."""
        return super().client(service, region, attempts=attempts)

    @property
    def control(self) -> Any:
        """The client of the control plane."""
        return self.client(CONTROL)

    def gateway(self, **members: Any) -> dict[str, Any]:
        """CreateGateway's answer."""
        document = {
            "name": self.unique("gateway"),
            "roleArn": members.pop("roleArn", None) or self.execution_role(),
            "authorizerType": "NONE",
            "protocolType": "MCP",
            **members,
        }
        return dict(self.control.create_gateway(**set_members(document)))

    def lambda_target(self, gateway_id: str, **members: Any) -> dict[str, Any]:
        """The members of a CreateGatewayTarget request that the service accepts."""
        return {
            "gatewayIdentifier": gateway_id,
            "name": self.unique("target"),
            "targetConfiguration": self.lambda_configuration(),
            "credentialProviderConfigurations": [{"credentialProviderType": "GATEWAY_IAM_ROLE"}],
            **members,
        }

    def create_target(self, gateway_id: str, configuration: Any, credentials: Any = None) -> dict[str, Any]:
        """CreateGatewayTarget's answer. credentials: None sends none."""
        members = self.lambda_target(gateway_id, targetConfiguration=configuration)
        members["credentialProviderConfigurations"] = credentials
        return dict(self.control.create_gateway_target(**set_members(members)))

    def lambda_configuration(self, tools: Any = None) -> dict[str, Any]:
        """A target configuration; tools: a list, or where they are; default: one tool."""
        return lambda_configuration(self.function_arn, tools)

    def http(self, method: str, path: str, document: Any = None, headers: dict[str, str] | None = None) -> Any:
        """Status and JSON body of a request without boto3, which would refuse some of them itself."""
        data = None if document is None else json.dumps(document).encode()
        request = urllib.request.Request(self.endpoint + path, data=data, method=method, headers=headers or {})
        try:
            with urllib.request.urlopen(request) as response:
                status, body = response.status, response.read()
        except urllib.error.HTTPError as error:
            status, body = error.code, error.read()
        return status, json.loads(body) if body else None

    def signed(self, service: str) -> dict[str, str]:
        """Headers that name a service, as a signature does."""
        scope = f"local/20260101/{REGION}/{service}/aws4_request"
        return {"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"}


def set_members(members: dict[str, Any]) -> dict[str, Any]:
    """The members of a request that have a value."""
    return {name: value for name, value in members.items() if value is not None}

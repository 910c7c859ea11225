"""What is special about API-key credential providers.

https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreateApiKeyCredentialProvider.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentcore_provider.aws import secret_reference
from agentcore_provider.aws.credential_provider import Kind, Properties


def _as_said(found: Properties, inputs: Mapping[str, Any]) -> Properties:
    place = found["api_key_secret_arn"], found.get("api_key_secret_json_key")
    return {"api_key_secret_config": secret_reference.shown(inputs.get("api_key_secret_config"), *place)}


KIND = Kind(
    operation="ApiKeyCredentialProvider",
    secret="api_key_secret_arn",  # noqa: S106 (the name of a property)
    wire=lambda wire: secret_reference.with_origin(wire, "apiKeySecretConfig", "apiKeySecretSource"),
    as_said=_as_said,
)

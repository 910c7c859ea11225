"""What the service accepts as an API-key credential provider: CreateApiKeyCredentialProvider's input."""

from __future__ import annotations

from collections.abc import Mapping

from agentcore_provider.problem import Problem
from agentcore_provider.rules import service_model
from agentcore_provider.rules.secret_source import Secret

OPERATION = "CreateApiKeyCredentialProvider"
SOURCE = f"botocore model {service_model.CONTROL}, {OPERATION}Request"
IMMUTABLE = {"name": f"botocore model {service_model.CONTROL}, UpdateApiKeyCredentialProviderRequest"}
"""Top-level members that the update cannot change, and where that is written."""
SECRET = Secret("apiKey", "apiKeySecretConfig", "apiKeySecretSource", SOURCE)


def validate(document: Mapping[str, object]) -> list[Problem]:
    """Everything the service would refuse. The name may be absent: it is chosen later."""
    return [*service_model.validate(document, OPERATION, absent=("name",)), *SECRET.validate(document)]


def replaces(old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    """Top-level members whose change needs a new provider. A value not known yet counts as changed."""
    return service_model.changed(IMMUTABLE, old, new)

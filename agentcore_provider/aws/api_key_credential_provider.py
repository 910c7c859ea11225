"""API-key credential providers: find, create, update, delete.

https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CreateApiKeyCredentialProvider.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentcore_provider.aws import credential_provider, secret_reference
from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.credential_provider import Kind, Properties, name_of
from agentcore_provider.aws.job import Job

_CONFIG, _ORIGIN = "apiKeySecretConfig", "apiKeySecretSource"


def find(connection: Connection, arn: str) -> Properties | None:
    """The provider with this ARN, or None when there is none."""
    return credential_provider.find(connection, _KIND, name_of(arn))


def create(job: Job, properties: Mapping[str, Any]) -> Properties:
    """Create the provider, or carry on with the one that an interrupted create left.

    Raises NameTaken, WaitTimeout and what a call raises.
    """
    return credential_provider.create(job, _KIND, properties)


def update(job: Job, arn: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Properties:
    """Make key and tags what the program says now. Raises ResourceFailed when it is gone, and what a call raises."""
    return credential_provider.update(job, _KIND, name_of(arn), old, new)


def delete(job: Job, arn: str) -> None:
    """Delete the provider and wait until it is gone; gone already is fine."""
    credential_provider.delete(job, _KIND, name_of(arn))


def _shown(answer: Properties) -> Properties:
    return {**answer, "api_key_secret_arn": (answer.get("api_key_secret_arn") or {}).get("secretArn")}


_KIND = Kind(
    operation="ApiKeyCredentialProvider",
    command="api-key-credential-provider",
    shown=_shown,
    wire=lambda wire: secret_reference.with_origin(wire, _CONFIG, _ORIGIN),
)

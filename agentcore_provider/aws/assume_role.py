"""A role to assume, as Pulumi's aws provider describes it, the parameters of AssumeRole, and sessions of roles.

https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from agentcore_provider.aws import sessions
from agentcore_provider.documents.duration import seconds

# A session is renewed so long before its end. AWS's shortest lasts 15 minutes, which botocore would renew at each call.
_RENEWED_SECONDS = {"advisory_timeout": 300, "mandatory_timeout": 60}

_PARAMETERS: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "roleArn": ("RoleArn", str),
    "sessionName": ("RoleSessionName", str),
    "externalId": ("ExternalId", str),
    "duration": ("DurationSeconds", seconds),
    "policy": ("Policy", str),
    "policyArns": ("PolicyArns", lambda arns: [{"arn": arn} for arn in arns]),
    "sourceIdentity": ("SourceIdentity", str),
    "tags": ("Tags", lambda tags: [{"Key": key, "Value": value} for key, value in tags.items()]),
    "transitiveTagKeys": ("TransitiveTagKeys", list),
}


def parameters(role: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of AssumeRole for the description of a role. Raises KeyError, TypeError, AttributeError and ValueError."""
    given = {name: convert(role[key]) for key, (name, convert) in _PARAMETERS.items() if role.get(key)}
    return {"RoleArn": role["roleArn"], "RoleSessionName": "agentcore-provider", **given}


def session(source: Any, parameters: Mapping[str, Any], endpoint_url: str | None) -> Any:
    """A boto3 session of a role, which assumes it again before its credentials expire.

    source: the session that assumes it. parameters: of AssumeRole. endpoint_url: of STS, if it is not AWS's own.
    Raises ClientError and BotoCoreError where the role cannot be assumed.
    """
    from botocore.credentials import AssumeRoleCredentialFetcher, RefreshableCredentials
    from botocore.exceptions import NoCredentialsError

    credentials = source.get_credentials()
    if credentials is None:
        raise NoCredentialsError
    fetcher = AssumeRoleCredentialFetcher(
        lambda service, **keys: source.client(service, endpoint_url=endpoint_url, **keys),
        credentials,
        parameters["RoleArn"],
        extra_args=dict(parameters),
    )
    assumed = RefreshableCredentials.create_from_metadata(
        fetcher.fetch_credentials(), fetcher.fetch_credentials, method="assume-role", **_RENEWED_SECONDS
    )
    return sessions.boto3_session(assumed, region_name=source.region_name)

"""A role to assume, as Pulumi's aws provider describes it, and the parameters of AssumeRole.

https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from agentcore_provider.documents.duration import seconds

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

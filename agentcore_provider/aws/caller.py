"""Who calls AWS, and in which Region.

https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
"""

from __future__ import annotations

from dataclasses import dataclass

from agentcore_provider.aws.connection import Connection
from agentcore_provider.errors import AwsUnreachable


@dataclass(frozen=True)
class Caller:
    """The identity that signs calls to AWS."""

    account_id: str
    arn: str


def region(connection: Connection) -> str:
    """The Region in use. Raises AwsUnreachable when none is set, or the profile that would say it is missing."""
    from botocore.exceptions import BotoCoreError

    try:
        return connection.region
    except BotoCoreError as error:
        raise AwsUnreachable(
            " ".join(str(error).split()).rstrip("."), operation="sign-in", code=type(error).__name__
        ) from None


def find(connection: Connection) -> Caller:
    """The identity behind the credentials in use. Needs no permission. Raises AwsUnreachable and AwsRefused."""
    answer = connection.call("GetCallerIdentity", service="sts")
    return Caller(answer["Account"], answer["Arn"])

"""Who calls AWS, and in which account and Region.

https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

from __future__ import annotations

from dataclasses import dataclass

from agentcore_provider.aws.connection import Connection
from agentcore_provider.errors import AwsUnreachable, OtherAccount


@dataclass(frozen=True)
class Caller:
    """The identity that signs calls to AWS."""

    account_id: str
    arn: str

    @property
    def partition(self) -> str:
        """Partition of AWS that the account is in, such as "aws"."""
        # arn:PARTITION:sts::ACCOUNT:assumed-role/... or arn:PARTITION:iam::ACCOUNT:user/...
        return self.arn.split(":")[1]


@dataclass(frozen=True)
class AccountRegion:
    """The Region of a resource, and the account; the account is empty where it is not known."""

    region: str
    account_id: str = ""

    @classmethod
    def of_arn(cls, arn: object) -> AccountRegion | None:
        """The account and Region in an ARN; None for what is not an ARN, or names no Region."""
        parts = arn.split(":", 5) if isinstance(arn, str) else []
        if len(parts) < 6 or parts[0] != "arn" or not parts[3]:
            return None
        return cls(parts[3], parts[4])


def region(connection: Connection) -> str:
    """The Region in use. Raises AwsUnreachable when none is set, or the profile that should set it does not exist."""
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


def account_id(connection: Connection) -> str:
    """The account behind the credentials in use; AWS is asked once per connection. Raises AwsUnreachable and AwsRefused."""
    # Every resource asks, and the answer does not change while a connection lives.
    found = connection.caller.read("", lambda: {"account_id": find(connection).account_id}, since=connection.began)
    return found["account_id"]


def check_account(connection: Connection, place: AccountRegion, what: str) -> None:
    """Raises OtherAccount when the credentials in use are not those of the account that the resource is in.

    what: the resource, for the message. AWS is asked once per connection who calls; GetCallerIdentity needs no
    permission. Without this, "not found" in the wrong account would pass for "deleted".
    """
    if not place.account_id:
        return
    current = account_id(connection)
    if current != place.account_id:
        raise OtherAccount(
            f"{what} belongs to AWS account {place.account_id}, but the credentials in use belong to {current}",
            f"Sign in to account {place.account_id} (aws:profile or AWS_PROFILE, or profile= or assume_role= of the resource), or use "
            f"a stack of its own for account {current}",
        )

"""Where a resource stands: its Region and account.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from agentcore_provider.aws import caller
from agentcore_provider.aws.connection import Connection
from agentcore_provider.errors import OtherAccount

_account_ids: WeakKeyDictionary[Connection, str] = WeakKeyDictionary()
_asking = threading.Lock()


@dataclass(frozen=True)
class Place:
    """A Region, and the account in it; the account is empty where it is not known."""

    region: str
    account_id: str = ""


def of_arn(arn: object) -> Place | None:
    """The place that an ARN names; None for what is no ARN, or names no Region."""
    parts = arn.split(":", 5) if isinstance(arn, str) else []
    if len(parts) < 6 or parts[0] != "arn" or not parts[3]:
        return None
    return Place(parts[3], parts[4])


def check_account(connection: Connection, place: Place, what: str) -> None:
    """Raises OtherAccount when the credentials in use are not those of the account that the resource stands in.

    what: the resource, for the message. AWS is asked once per connection who calls; GetCallerIdentity needs no
    permission. Without this, "not found" in the wrong account would pass for "deleted".
    """
    if not place.account_id:
        return
    with _asking:
        if connection not in _account_ids:
            _account_ids[connection] = caller.find(connection).account_id
        current = _account_ids[connection]
    if current != place.account_id:
        raise OtherAccount(
            f"{what} belongs to AWS account {place.account_id}, but the credentials in use belong to {current}: sign in to "
            f"account {place.account_id} (aws:profile or AWS_PROFILE), or use a stack of its own for account {current}"
        )

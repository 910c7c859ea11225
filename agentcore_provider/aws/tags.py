"""Tags of AgentCore resources."""

from __future__ import annotations

from collections.abc import Mapping

from agentcore_provider.aws.connection import Connection


def read(connection: Connection, arn: str) -> dict[str, str]:
    """All tags of the resource."""
    tags: dict[str, str] = connection.call("ListTagsForResource", resourceArn=arn)["tags"]
    return tags


def update(connection: Connection, arn: str, wanted: Mapping[str, str]) -> None:
    """Make the tags of the resource what is wanted, with no call more than the difference needs.

    Tags that AWS keeps for itself (aws:...) stay.
    """
    current = read(connection, arn)
    surplus = [key for key in current if key not in wanted and not key.startswith("aws:")]
    missing = {key: value for key, value in wanted.items() if current.get(key) != value}
    if surplus:
        connection.call("UntagResource", resourceArn=arn, tagKeys=surplus)
    if missing:
        connection.call("TagResource", resourceArn=arn, tags=missing)

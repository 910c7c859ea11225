"""Tags of resources of AgentCore and of the Agent Registry; their operations are alike."""

from __future__ import annotations

from collections.abc import Mapping

from agentcore_provider.aws.connection import AGENTCORE, Connection
from agentcore_provider.aws.operation import OWNER_TAG


def _service(arn: str) -> str:
    return "agent-registry-control" if arn.split(":")[2] == "agent-registry" else AGENTCORE


def read(connection: Connection, arn: str) -> dict[str, str]:
    """All tags of the resource."""
    tags: dict[str, str] = connection.call("ListTagsForResource", service=_service(arn), resourceArn=arn)["tags"]
    return tags


def without_owner(tags: Mapping[str, str]) -> dict[str, str]:
    """The tags that a program sets: all but the owner tag."""
    return {key: value for key, value in tags.items() if key != OWNER_TAG}


def update(connection: Connection, arn: str, *, old: Mapping[str, str], new: Mapping[str, str]) -> None:
    """Make the tags that the program manages what it declares, with no call more than the difference needs.

    Tags that others set stay.
    """
    surplus, missing = difference(read(connection, arn), old, new)
    if surplus:
        connection.call("UntagResource", service=_service(arn), resourceArn=arn, tagKeys=surplus)
    if missing:
        connection.call("TagResource", service=_service(arn), resourceArn=arn, tags=missing)


def difference(
    current: Mapping[str, str], old: Mapping[str, str], new: Mapping[str, str]
) -> tuple[list[str], dict[str, str]]:
    """The keys to remove and the tags to set."""
    surplus = [key for key in old if key in current and key not in new]
    return surplus, {key: value for key, value in new.items() if current.get(key) != value}

"""TagResource, UntagResource, ListTagsForResource."""

from __future__ import annotations

from typing import Any

from agentcore_provider.local import service_error
from agentcore_provider.local.agentcore_control.call import Call
from agentcore_provider.local.store import AccountRegionStore

_MOST_TAGS = 50
_RESERVED = "aws:"


def tag(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    """Adds tags; a tag with the same key is replaced."""
    tags = _require(call, given)
    _refuse_reserved(given["tags"])
    if len(tags.keys() | given["tags"].keys()) > _MOST_TAGS:
        raise service_error.over_quota(f"{given['resourceArn']} would have more than {_MOST_TAGS} tags")
    tags.update(given["tags"])
    return {}


def untag(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    """Removes tags; a key that is not there is no error."""
    tags = _require(call, given)
    for key in given["tagKeys"]:
        tags.pop(key, None)
    return {}


def list_(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    """All tags of a resource."""
    return {"tags": dict(_require(call, given))}


def start(store: AccountRegionStore, arn: str, tags: dict[str, str]) -> None:
    """The tags that a resource is created with."""
    _refuse_reserved(tags)
    store.tags[arn] = dict(tags)


def _refuse_reserved(tags: dict[str, str]) -> None:
    if reserved := [key for key in tags if key.lower().startswith(_RESERVED)]:
        raise service_error.validation(f"Tag keys that begin with {_RESERVED} are reserved: {', '.join(reserved)}")


def _require(call: Call, given: dict[str, Any]) -> dict[str, str]:
    # Looking at the gateways drops the tags of those that are gone.
    _ = call.store.gateways
    tags = call.store.tags.get(given["resourceArn"])
    if tags is None:
        raise service_error.not_found(f"Resource {given['resourceArn']} not found")
    return tags

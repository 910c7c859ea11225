"""TagResource, UntagResource, ListTagsForResource."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from agentcore_provider.local import service_error
from agentcore_provider.local.agentcore_control.call import Answer, Call
from agentcore_provider.local.store import AccountRegionStore

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agentcore_control import type_defs

_MOST_TAGS = 50
_RESERVED = "aws:"


def tag(call: Call, request: type_defs.TagResourceRequestTypeDef) -> Answer:
    """Adds tags; a tag with the same key is replaced."""
    tags = _require(call, request["resourceArn"])
    _reject_reserved(request["tags"])
    if len(tags.keys() | request["tags"].keys()) > _MOST_TAGS:
        raise service_error.over_quota(f"{request['resourceArn']} would have more than {_MOST_TAGS} tags")
    tags.update(request["tags"])
    return {}


def untag(call: Call, request: type_defs.UntagResourceRequestTypeDef) -> Answer:
    """Removes tags; a key that is not there is not an error."""
    tags = _require(call, request["resourceArn"])
    for key in request["tagKeys"]:
        tags.pop(key, None)
    return {}


def list_(call: Call, request: type_defs.ListTagsForResourceRequestTypeDef) -> Answer:
    """All tags of a resource."""
    return {"tags": dict(_require(call, request["resourceArn"]))}


def start(store: AccountRegionStore, arn: str, tags: Mapping[str, str]) -> None:
    """The tags that a resource is created with."""
    _reject_reserved(tags)
    store.tags[arn] = dict(tags)


def _reject_reserved(tags: Mapping[str, str]) -> None:
    if reserved := [key for key in tags if key.lower().startswith(_RESERVED)]:
        raise service_error.validation(f"Tag keys that begin with {_RESERVED} are reserved: {', '.join(reserved)}")


def _require(call: Call, arn: str) -> dict[str, str]:
    # Reading resources drops the tags of those that are deleted.
    _ = call.store.gateways, call.store.policy_engines
    tags = call.store.tags.get(arn)
    if tags is None:
        raise service_error.not_found(f"Resource {arn} not found")
    return tags

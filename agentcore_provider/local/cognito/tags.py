"""TagResource, UntagResource, ListTagsForResource of user pools."""

from __future__ import annotations

from typing import Any

from agentcore_provider.local.cognito.call import CognitoCall, invalid
from agentcore_provider.local.service_error import ServiceError

_MOST_TAGS = 50


def tag(call: CognitoCall, given: dict[str, Any]) -> dict[str, Any]:
    """Adds tags; a tag with the same key is replaced."""
    tags = _require(call, given)
    if any(key.lower().startswith("aws:") for key in given["Tags"]):
        raise invalid("Tag keys that begin with aws: are reserved")
    if len(tags.keys() | given["Tags"].keys()) > _MOST_TAGS:
        raise invalid(f"A user pool has at most {_MOST_TAGS} tags")
    tags.update(given["Tags"])
    return {}


def untag(call: CognitoCall, given: dict[str, Any]) -> dict[str, Any]:
    """Removes tags; a key that is not there is no error."""
    tags = _require(call, given)
    for key in given["TagKeys"]:
        tags.pop(key, None)
    return {}


def list_(call: CognitoCall, given: dict[str, Any]) -> dict[str, Any]:
    """All tags of a pool."""
    return {"Tags": dict(_require(call, given))}


def _require(call: CognitoCall, given: dict[str, Any]) -> dict[str, str]:
    for pool in call.backend.user_pools.values():
        if pool.arn == given["ResourceArn"]:
            tags: dict[str, str] = pool.extended_config.setdefault("UserPoolTags", {})
            return tags
    raise ServiceError("ResourceNotFoundException", f"Resource {given['ResourceArn']} does not exist.")

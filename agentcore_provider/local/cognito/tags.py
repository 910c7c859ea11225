"""TagResource, UntagResource, ListTagsForResource of user pools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentcore_provider.local.cognito.call import Answer, CognitoCall, invalid
from agentcore_provider.local.service_error import ServiceError

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import type_defs

_MOST_TAGS = 50


def tag(call: CognitoCall, request: type_defs.TagResourceRequestTypeDef) -> Answer:
    """Adds tags; a tag with the same key is replaced."""
    tags = _require(call, request["ResourceArn"])
    if any(key.lower().startswith("aws:") for key in request["Tags"]):
        raise invalid("Tag keys that begin with aws: are reserved")
    if len(tags.keys() | request["Tags"].keys()) > _MOST_TAGS:
        raise invalid(f"A user pool has at most {_MOST_TAGS} tags")
    tags.update(request["Tags"])
    return {}


def untag(call: CognitoCall, request: type_defs.UntagResourceRequestTypeDef) -> Answer:
    """Removes tags; a key that is not there is not an error."""
    tags = _require(call, request["ResourceArn"])
    for key in request["TagKeys"]:
        tags.pop(key, None)
    return {}


def list_(call: CognitoCall, request: type_defs.ListTagsForResourceRequestTypeDef) -> Answer:
    """All tags of a pool."""
    return {"Tags": dict(_require(call, request["ResourceArn"]))}


def _require(call: CognitoCall, arn: str) -> dict[str, str]:
    for pool in call.backend.user_pools.values():
        if pool.arn == arn:
            tags: dict[str, str] = pool.extended_config.setdefault("UserPoolTags", {})
            return tags
    raise ServiceError("ResourceNotFoundException", f"Resource {arn} does not exist.")

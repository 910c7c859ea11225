"""Schemas in S3: which version of the object is there now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentcore_provider.aws.connection import Connection
from agentcore_provider.aws.service_errors import THROTTLED
from agentcore_provider.errors import AwsRefused, AwsUnreachable


def version(connection: Connection, source: Mapping[str, Any]) -> str | None:
    """The ETag of the object, or None when AWS does not return it: no such object, or no permission to read it.

    source: AWS's S3Configuration. The service reads the object with the deployer's credentials, so whoever may deploy
    may mostly read it too. Raises AwsRefused, AwsUnreachable for what passes by itself: taken for an object that stayed as
    it was, it would hide a change.
    """
    bucket, _, key = str(source.get("uri", "")).removeprefix("s3://").partition("/")
    if not bucket or not key:
        return None
    owner = source.get("bucketOwnerAccountId")
    parameters = {"Bucket": bucket, "Key": key, **({"ExpectedBucketOwner": owner} if owner else {})}
    try:
        answer = connection.call("HeadObject", service="s3", **parameters)
    except AwsRefused as refusal:
        # An answer to HEAD has no body, so its code is the HTTP status.
        if isinstance(refusal, AwsUnreachable) or refusal.code.startswith("5") or refusal.code in THROTTLED | {"429"}:
            raise
        return None
    return str(answer.get("ETag", "")).strip('"') or None

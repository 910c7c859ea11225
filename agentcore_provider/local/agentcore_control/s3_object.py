"""Reads the objects that targets take their schemas from, out of local S3."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agentcore_provider.local import service_error
from agentcore_provider.local.agentcore_control import hosted_model

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agentcore_control import type_defs

_MOST_BYTES = 10 * 1024 * 1024


def read(source: type_defs.S3ConfigurationTypeDef, account_id: str, partition: str) -> str:
    """The text of an object.

    Raises ValidationException if the object cannot be read.
    """
    from moto.core.exceptions import ServiceException
    from moto.s3.models import s3_backends

    uri = source.get("uri", "")
    if hosted := hosted_model.read(uri):
        return hosted
    bucket_name, _, key = uri.removeprefix("s3://").partition("/")
    if not key:
        raise service_error.validation(f"S3 URI {uri!r} names no object: write s3://BUCKET/KEY")
    backend = s3_backends[account_id][partition]
    try:
        bucket = backend.get_bucket(bucket_name)
        found = backend.get_object(bucket_name, key)
    except ServiceException as error:
        raise service_error.validation(f"Failed to read schema from {uri}: {error}") from None
    owner = source.get("bucketOwnerAccountId")
    if owner and owner != bucket.account_id:
        raise service_error.validation(f"Failed to read schema from {uri}: the bucket does not belong to {owner}")
    if found is None:
        raise service_error.validation(f"Failed to read schema from {uri}: the object does not exist")
    if found.size > _MOST_BYTES:
        raise service_error.validation(f"Schema in {uri} has {found.size} bytes, more than {_MOST_BYTES}")
    try:
        text: str = found.value.decode()
    except UnicodeDecodeError:
        raise service_error.validation(f"Schema in {uri} is not UTF-8 text") from None
    return text

"""S3 objects, from an asset, an archive or text of the program."""

from __future__ import annotations

import base64
import urllib.parse
from typing import ClassVar

from .assets import read_bytes
from .resource import Naming, Resource, Scope, as_tag_map, tag_properties
from .session import PARTITION
from .wire import UNKNOWN, Properties

# Argument -> the member of PutObject that carries it, and HeadObject returns.
_MEMBERS = {
    "bucketKeyEnabled": "BucketKeyEnabled",
    "cacheControl": "CacheControl",
    "contentDisposition": "ContentDisposition",
    "contentEncoding": "ContentEncoding",
    "contentLanguage": "ContentLanguage",
    "contentType": "ContentType",
    "kmsKeyId": "SSEKMSKeyId",
    "metadata": "Metadata",
    "serverSideEncryption": "ServerSideEncryption",
    "storageClass": "StorageClass",
    "websiteRedirect": "WebsiteRedirectLocation",
}
_CONTENT = frozenset({"content", "contentBase64", "source", "sourceHash", "etag"})


class BucketObjectv2(Resource):
    """aws.s3.BucketObjectv2"""

    type_name = "aws:s3/bucketObjectv2:BucketObjectv2"
    arguments = _CONTENT | frozenset(_MEMBERS) | {"acl", "bucket", "forceDestroy", "key", "region", "tags"}
    required = frozenset({"bucket"})
    immutable = frozenset({"bucket", "key"})
    outputs = frozenset({"arn", "etag", "tagsAll", "versionId"})
    naming = Naming("key", 1024, logical_name_alone=True)
    defaults: ClassVar[Properties] = {
        "contentType": "application/octet-stream",
        "forceDestroy": False,
        "serverSideEncryption": "AES256",
        "storageClass": "STANDARD",
    }
    tagged = True

    def problems(self, inputs: Properties) -> list[tuple[str, str]]:
        sources = [key for key in ("source", "content", "contentBase64") if key in inputs]
        if len(sources) > 1:
            return [
                ("source", f"only one of source, content and contentBase64 can be set, not {' and '.join(sources)}.")
            ]
        return []

    def renewed(self, changed: frozenset[str]) -> frozenset[str]:
        return frozenset({"etag", "versionId"}) if changed & _CONTENT else frozenset({"versionId"})

    def create(self, scope: Scope, inputs: Properties) -> str:
        self._put(scope, inputs)
        return f"{inputs['bucket']}/{inputs['key']}"

    def read(self, scope: Scope, resource_id: str, known: Properties) -> Properties | None:
        s3 = scope.session.client("s3")
        bucket, key = _place(resource_id, known)
        head = s3.head_object(Bucket=bucket, Key=key)
        tags = as_tag_map(s3.get_object_tagging(Bucket=bucket, Key=key)["TagSet"])
        properties: Properties = {name: head.get(member) or None for name, member in _MEMBERS.items()}
        etag = head["ETag"].strip('"')
        if known.get("etag") not in (None, UNKNOWN, etag):
            # Someone else's content is there: the next update puts ours back.
            properties |= dict.fromkeys(("content", "contentBase64", "source"))
        return {
            **properties,
            "arn": f"arn:{PARTITION}:s3:::{bucket}/{key}",
            "bucket": bucket,
            "etag": etag,
            "forceDestroy": known.get("forceDestroy", False),
            "key": key,
            "region": scope.session.region,
            "serverSideEncryption": head.get("ServerSideEncryption", "AES256"),
            "storageClass": head.get("StorageClass", "STANDARD"),
            "versionId": head.get("VersionId", ""),
            **tag_properties(scope.session, tags, known),
        }

    def update(self, scope: Scope, resource_id: str, old: Properties, new: Properties) -> None:
        self._put(scope, new)

    def delete(self, scope: Scope, resource_id: str, known: Properties) -> None:
        s3 = scope.session.client("s3")
        bucket, key = _place(resource_id, known)
        pages = s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=key)
        for page in pages:
            for item in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
                if item["Key"] == key:
                    s3.delete_object(Bucket=bucket, Key=key, VersionId=item["VersionId"])

    def _put(self, scope: Scope, inputs: Properties) -> None:
        members = {member: inputs[name] for name, member in _MEMBERS.items() if name in inputs}
        members.setdefault("ContentType", self.defaults["contentType"])
        if "acl" in inputs:
            members["ACL"] = inputs["acl"]
        if tags := scope.session.tags(inputs):
            members["Tagging"] = urllib.parse.urlencode(sorted(tags.items()))
        scope.session.client("s3").put_object(
            Bucket=inputs["bucket"], Key=inputs["key"], Body=_content(scope, inputs), **members
        )


class BucketObject(BucketObjectv2):
    """aws.s3.BucketObject, the older name of the same thing"""

    type_name = "aws:s3/bucketObject:BucketObject"


def _content(scope: Scope, inputs: Properties) -> bytes:
    if "source" in inputs:
        return read_bytes(inputs["source"], scope.folder())
    if "contentBase64" in inputs:
        return base64.b64decode(inputs["contentBase64"])
    return str(inputs.get("content", "")).encode()


def _place(resource_id: str, known: Properties) -> tuple[str, str]:
    """Bucket and key; an import names both as `bucket/key` or `s3://bucket/key`."""
    if "bucket" in known and "key" in known:
        return known["bucket"], known["key"]
    bucket, _, key = resource_id.removeprefix("s3://").partition("/")
    return bucket, key

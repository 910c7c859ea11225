"""SchemaObject: a schema too long to travel inside a target's document, as an object in S3."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

import pulumi

from agentcore_provider.resources import aws_access
from agentcore_provider.resources import pulumi_aws as aws
from agentcore_provider.resources.aws_access import AnyRole


class SchemaObject(pulumi.ComponentResource):
    """A schema in S3 whose key says what is in it: a changed schema is a new object, so every change is noticed."""

    uri: pulumi.Output[str]
    """`s3://bucket/key` of the object."""
    bucket: pulumi.Output[str]
    """Name of the bucket."""
    key: pulumi.Output[str]
    """Key of the object."""

    def __init__(
        self,
        resource_name: str,
        *,
        content: pulumi.Input[str],
        bucket: pulumi.Input[str] | None = None,
        content_type: str = "application/json",
        tags: Mapping[str, pulumi.Input[str]] | None = None,
        region: pulumi.Input[str] | None = None,
        profile: pulumi.Input[str] | None = None,
        assume_role: AnyRole | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """
        Args:
            resource_name: Logical name; the object's key begins with it.
            content: The schema as text, up to 10 MB. Changing it makes a new object and removes the old one after.
            bucket: Name of the bucket. Default: a bucket of its own. Changing it replaces the object.
            content_type: `application/json` or `application/yaml`. Changing it replaces the object.
            tags: Tags of the object and of its own bucket. Updates in place.
            region: AWS Region. Default: that of the parent, of an aws.Provider in `opts`, or of the stack. Changing it replaces.
            profile: AWS profile to sign in with, in place of what the stack signs in with. One of another account replaces.
            assume_role: Role to assume, by ARN or as an AssumeRole; not with `profile`. One of another account replaces.
            opts: Pulumi's resource options.
        """
        access = aws_access.find(
            SchemaObject, resource_name, opts, region=region, profile=profile, assume_role=assume_role
        )
        super().__init__("agentcore:index:SchemaObject", resource_name, None, access.component(opts))
        self.aws_access = access
        child = access.child(self)
        if bucket is None:
            bucket = aws.s3.Bucket(
                bucket_name(f"{resource_name}-schema"), force_destroy=True, tags=tags, opts=child, **access.arguments
            ).bucket
        text = pulumi.Output.from_input(content)
        ending = content_type.rpartition("/")[2]
        stored = aws.s3.BucketObjectv2(
            resource_name,
            bucket=bucket,
            key=text.apply(lambda known: f"{resource_name}/{_fingerprint(known)}.{ending}"),
            content=text,
            content_type=content_type,
            tags=tags,
            opts=child,
            **access.arguments,
        )
        self.bucket = stored.bucket
        self.key = stored.key
        self.uri = pulumi.Output.concat("s3://", stored.bucket, "/", stored.key)
        self.register_outputs({"uri": self.uri, "bucket": self.bucket, "key": self.key})


def bucket_name(wanted: str) -> str:
    """A logical name that S3 takes as the beginning of a bucket's name: Pulumi adds eight characters of 63."""
    return re.sub(r"[^a-z0-9-]+", "-", wanted.lower()).strip("-")[-54:].lstrip("-") or "schemas"


def _fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]

"""S3 buckets, and their lookup."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from .model import Members
from .resource import Naming, Resource, Scope, as_tag_list, as_tag_map, tag_properties, undone_on_failure
from .s3_bucket_settings import (
    BucketPolicy,
    BucketServerSideEncryptionConfiguration,
    BucketSetting,
    BucketVersioning,
)
from .session import DNS_SUFFIX, PARTITION, Client, Session, error_code, is_gone
from .wire import Properties

_HOSTED_ZONES = {  # https://docs.aws.amazon.com/general/latest/gr/s3.html#s3_website_region_endpoints
    "us-east-1": "Z3AQBSTGFYJSTF",
    "us-east-2": "Z2O1EMRO9K5GLX",
    "us-west-1": "Z2F56UZL2M1ACD",
    "us-west-2": "Z3BJ6K6RIION7M",
    "ap-northeast-1": "Z2M4EHUR26P7ZW",
    "ap-southeast-1": "Z3O0J2DXBE1FTB",
    "ap-southeast-2": "Z1WCIGYICN2BYD",
    "eu-central-1": "Z21DNDUVLTQW6Q",
    "eu-west-1": "Z1BKCTXD74EZPE",
    "eu-west-2": "Z3GKZC51ZF0DB4",
}


# Arguments of a bucket that are resources of their own too, and the conversion to and from each.
_SETTINGS: dict[str, tuple[BucketSetting, Callable[[Any], Properties], Callable[[Properties], Any]]] = {
    "policy": (
        BucketPolicy(),
        lambda text: {"policy": text},
        lambda setting: setting["policy"],
    ),
    "serverSideEncryptionConfiguration": (
        BucketServerSideEncryptionConfiguration(),
        lambda configuration: {"rules": [configuration["rule"]]},
        lambda setting: {"rule": setting["rules"][0]},
    ),
    "versioning": (
        BucketVersioning(),
        lambda versioning: {
            "versioningConfiguration": {"status": "Enabled" if versioning.get("enabled") else "Suspended"}
        },
        lambda setting: {"enabled": setting["versioningConfiguration"]["status"] == "Enabled"},
    ),
}


class Bucket(Resource):
    """aws.s3.Bucket"""

    type_name = "aws:s3/bucket:Bucket"
    arguments = frozenset(_SETTINGS) | {
        "acl",
        "bucket",
        "bucketPrefix",
        "forceDestroy",
        "objectLockEnabled",
        "region",
        "tags",
        "tagsAll",
    }
    immutable = frozenset({"bucket", "bucketPrefix", "objectLockEnabled"})
    outputs = frozenset(
        {"arn", "bucketDomainName", "bucketRegion", "bucketRegionalDomainName", "hostedZoneId", "tagsAll"}
    )
    naming = Naming("bucket", 63, "bucketPrefix", lower_case=True)
    documents = frozenset({"policy"})
    tagged = True

    def create(self, scope: Scope, inputs: Properties) -> str:
        s3 = scope.session.client("s3")
        name: str = inputs["bucket"]
        members: Members = {"Bucket": name}
        if scope.session.region != "us-east-1":  # S3 refuses its first region as a constraint
            members["CreateBucketConfiguration"] = {"LocationConstraint": scope.session.region}
        if inputs.get("objectLockEnabled"):
            members["ObjectLockEnabledForBucket"] = True
        if "acl" in inputs:
            members["ACL"] = inputs["acl"]
        s3.create_bucket(**members)
        with undone_on_failure(lambda: s3.delete_bucket(Bucket=name)):
            _tag(scope.session, name, inputs)
            self._set(scope, name, inputs, frozenset(_SETTINGS) & inputs.keys())
        return name

    def read(self, scope: Scope, resource_id: str, known: Properties) -> Properties | None:
        s3 = scope.session.client("s3")
        current = describe(scope.session, resource_id)
        # Other resources may set these too: reported only where the program sets them here.
        for name in _SETTINGS.keys() & known.keys():
            setting, _, as_argument = _SETTINGS[name]
            try:
                found = setting.get(s3, resource_id)
            except ClientError as error:
                if error_code(error) == "NoSuchBucket" or not is_gone(error):
                    raise
                found = None
            current[name] = as_argument(found) if found else None
        return {
            **current,
            "forceDestroy": known.get("forceDestroy", False),
            **tag_properties(scope.session, _tags(s3, resource_id), known),
        }

    def update(self, scope: Scope, resource_id: str, old: Properties, new: Properties) -> None:
        if "tags" in scope.changed:
            _tag(scope.session, resource_id, new)
        if "acl" in scope.changed:
            scope.session.client("s3").put_bucket_acl(Bucket=resource_id, ACL=new.get("acl", "private"))
        self._set(scope, resource_id, new, scope.changed & _SETTINGS.keys())

    def delete(self, scope: Scope, resource_id: str, known: Properties) -> None:
        s3 = scope.session.client("s3")
        if known.get("forceDestroy"):
            for page in s3.get_paginator("list_object_versions").paginate(Bucket=resource_id):
                for item in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
                    s3.delete_object(Bucket=resource_id, Key=item["Key"], VersionId=item["VersionId"])
        s3.delete_bucket(Bucket=resource_id)

    def _set(self, scope: Scope, bucket: str, inputs: Properties, names: frozenset[str]) -> None:
        s3 = scope.session.client("s3")
        for name in sorted(names):
            setting, as_inputs, _ = _SETTINGS[name]
            if name in inputs:
                setting.put(s3, bucket, as_inputs(inputs[name]))
            else:
                setting.remove(s3, bucket)


class BucketV2(Bucket):
    """aws.s3.BucketV2, the older name of the same thing"""

    type_name = "aws:s3/bucketV2:BucketV2"
    arguments = Bucket.arguments - {"serverSideEncryptionConfiguration", "versioning"}  # lists with other names here


def describe(session: Session, bucket: str) -> Properties:
    """Where a bucket is and what it is called, in the words of pulumi-aws."""
    location = session.client("s3").get_bucket_location(Bucket=bucket)["LocationConstraint"] or "us-east-1"
    return {
        "arn": f"arn:{PARTITION}:s3:::{bucket}",
        "bucket": bucket,
        "bucketDomainName": f"{bucket}.s3.{DNS_SUFFIX}",
        "bucketRegion": location,
        "bucketRegionalDomainName": f"{bucket}.s3.{location}.{DNS_SUFFIX}",
        "hostedZoneId": _HOSTED_ZONES.get(location, ""),
        "region": session.region,
    }


def get_bucket(session: Session, arguments: Properties) -> Properties:
    """aws.s3.get_bucket"""
    session = session.in_region(arguments.get("region"))
    return {**describe(session, arguments["bucket"]), "id": arguments["bucket"]}


def _tag(session: Session, bucket: str, inputs: Properties) -> None:
    s3 = session.client("s3")
    if tags := session.tags(inputs):
        s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": as_tag_list(tags)})
    else:
        s3.delete_bucket_tagging(Bucket=bucket)


def _tags(s3: Client, bucket: str) -> dict[str, str]:
    try:
        return as_tag_map(s3.get_bucket_tagging(Bucket=bucket)["TagSet"])
    except ClientError as error:
        if error_code(error) != "NoSuchTagSet":
            raise
        return {}

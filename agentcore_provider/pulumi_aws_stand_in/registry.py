"""The resources and lookups that the stand-in supports, in one table each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from . import (
    acm,
    cloudfront,
    cloudwatch_log_delivery,
    cloudwatch_logs,
    cloudwatch_metrics,
    dynamodb,
    iam,
    kms,
    lambda_function,
    lambda_permission,
    lookups,
    policy_document,
    route53,
    s3_bucket,
    s3_bucket_settings,
    s3_object,
    secretsmanager,
    wafv2,
)
from .resource import Resource
from .session import Session
from .wire import Properties

Lookup: TypeAlias = Callable[[Session, Properties], Properties]

RESOURCES: Final[dict[str, Resource]] = {
    resource.type_name: resource
    for resource in (
        iam.Policy(),
        iam.Role(),
        iam.RolePolicy(),
        iam.RolePolicyAttachment(),
        lambda_function.Function(),
        lambda_permission.Permission(),
        s3_bucket.Bucket(),
        s3_bucket_settings.BucketOwnershipControls(),
        s3_bucket_settings.BucketPolicy(),
        s3_bucket_settings.BucketPublicAccessBlock(),
        s3_bucket_settings.BucketServerSideEncryptionConfiguration(),
        s3_bucket.BucketV2(),
        s3_bucket_settings.BucketVersioning(),
        s3_object.BucketObject(),
        s3_object.BucketObjectv2(),
        acm.Certificate(),
        acm.CertificateValidation(),
        cloudfront.Distribution(),
        cloudwatch_log_delivery.LogDelivery(),
        cloudwatch_log_delivery.LogDeliveryDestination(),
        cloudwatch_log_delivery.LogDeliverySource(),
        cloudwatch_logs.LogGroup(),
        cloudwatch_metrics.Dashboard(),
        cloudwatch_metrics.MetricAlarm(),
        dynamodb.Table(),
        kms.Key(),
        route53.Record(),
        secretsmanager.Secret(),
        secretsmanager.SecretVersion(),
        wafv2.WebAcl(),
        wafv2.WebAclAssociation(),
    )
}

LOOKUPS: Final[dict[str, Lookup]] = {
    "aws:iam/getPolicy:getPolicy": iam.get_policy,
    "aws:iam/getPolicyDocument:getPolicyDocument": policy_document.get_policy_document,
    "aws:iam/getRole:getRole": iam.get_role,
    "aws:index/getAvailabilityZones:getAvailabilityZones": lookups.get_availability_zones,
    "aws:index/getCallerIdentity:getCallerIdentity": lookups.get_caller_identity,
    "aws:index/getPartition:getPartition": lookups.get_partition,
    "aws:index/getRegion:getRegion": lookups.get_region,
    "aws:index/getServicePrincipal:getServicePrincipal": lookups.get_service_principal,
    "aws:lambda/getFunction:getFunction": lambda_function.get_function,
    "aws:s3/getBucket:getBucket": s3_bucket.get_bucket,
    "aws:secretsmanager/getSecretVersion:getSecretVersion": secretsmanager.get_secret_version,
}


class UnknownTypeError(Exception):
    """A type that only the official plugin has; the message is one complete line."""

    def __init__(self, token: str, kind: str, known: list[str]) -> None:
        super().__init__(
            f"{token} is not one of the {kind} of local AWS's stand-in for the aws plugin, which are "
            f"{', '.join(sorted(known))}. The official plugin works against local AWS too: unset "
            "PULUMI_DEBUG_PROVIDERS and PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION, and keep aws:endpoints of "
            "Pulumi.local.yaml."
        )


def resource(token: str) -> Resource:
    """The resource of a type token, such as `aws:iam/role:Role`."""
    if token not in RESOURCES:
        raise UnknownTypeError(
            token, "resources", [name.rsplit("/", 1)[0] + ":" + name.rsplit(":", 1)[1] for name in RESOURCES]
        )
    return RESOURCES[token]


def lookup(token: str) -> Lookup:
    """The lookup of a function token, such as `aws:index/getRegion:getRegion`."""
    if token not in LOOKUPS:
        raise UnknownTypeError(
            token, "lookups", [name.rsplit("/", 1)[0] + ":" + name.rsplit(":", 1)[1] for name in LOOKUPS]
        )
    return LOOKUPS[token]

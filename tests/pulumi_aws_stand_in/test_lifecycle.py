"""Promises that every resource of the stand-in keeps, each shown on one sample."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

import pytest
from moto.route53.models import route53_backends

from agentcore_provider.pulumi_aws_stand_in import registry
from agentcore_provider.pulumi_aws_stand_in.assets import Archive, Asset
from agentcore_provider.pulumi_aws_stand_in.wire import UNKNOWN

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": ["lambda.amazonaws.com"]}, "Action": "sts:AssumeRole"}
        ],
    },
    indent=2,
)


def policy(action: str, resource: str = "*") -> str:
    statement = {"Effect": "Allow", "Action": [action], "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def bucket_policy(bucket: str, action: str) -> str:
    statement = {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": f"arn:aws:s3:::{bucket}/*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def code(text: str) -> Archive:
    return Archive(hash=f"hash of {text}", assets={"index.py": Asset(text=text)})


@dataclass
class Sample:
    inputs: dict[str, Any]
    update: dict[str, Any] = field(default_factory=dict)
    """Changes that are made in place."""
    replace: dict[str, Any] = field(default_factory=dict)
    """A change that needs a new resource."""


Needs = Callable[..., Any]


def role(make: Needs) -> Sample:
    return Sample(
        {
            "assumeRolePolicy": TRUST,
            "tags": {"team": "a"},
            "inlinePolicies": [{"name": "in", "policy": policy("s3:Get*")}],
            "maxSessionDuration": 7200,
        },
        update={
            "assumeRolePolicy": TRUST.replace("lambda", "bedrock-agentcore"),
            "description": "who shops",
            "inlinePolicies": [{"name": "other", "policy": policy("s3:Put*")}],
            "maxSessionDuration": 3600,
            "tags": {"team": "b", "more": "c"},
        },
        replace={"path": "/shop/"},
    )


def role_policy(make: Needs) -> Sample:
    owner = make("aws:iam/role:Role", "owner", {"assumeRolePolicy": TRUST})
    return Sample(
        {"role": owner.outputs["name"], "policy": policy("s3:Get*")},
        update={"policy": policy("s3:Put*")},
        replace={"name": "renamed"},
    )


def role_policy_attachment(make: Needs) -> Sample:
    owner = make("aws:iam/role:Role", "owner", {"assumeRolePolicy": TRUST})
    first = make("aws:iam/policy:Policy", "first", {"policy": policy("s3:Get*")})
    second = make("aws:iam/policy:Policy", "second", {"policy": policy("s3:Put*")})
    return Sample({"role": owner.outputs["name"], "policyArn": first.id}, replace={"policyArn": second.id})


def managed_policy(make: Needs) -> Sample:
    return Sample(
        {"policy": policy("s3:Get*"), "description": "reads"},
        update={"policy": policy("s3:Put*"), "tags": {"team": "b"}},
        replace={"description": "writes"},
    )


def function(make: Needs) -> Sample:
    owner = make("aws:iam/role:Role", "owner", {"assumeRolePolicy": TRUST})
    return Sample(
        {
            "role": owner.outputs["arn"],
            "handler": "index.handler",
            "runtime": "python3.12",
            "code": code("one"),
            "environment": {"variables": {"PORT": 8080, "DEBUG": True}},
            "publish": True,
            "tags": {"team": "a"},
        },
        update={
            "code": code("two"),
            "description": "answers",
            "environment": {"variables": {"PORT": "9090"}},
            "memorySize": 256,
            "reservedConcurrentExecutions": 5,
            "tags": {"team": "b"},
            "timeout": 30,
        },
        replace={"name": "renamed"},
    )


def permission(make: Needs) -> Sample:
    wanted = function(make).inputs
    made = make("aws:lambda/function:Function", "f", wanted)
    return Sample(
        {
            "action": "lambda:InvokeFunction",
            "function": made.outputs["name"],
            "principal": "apigateway.amazonaws.com",
            "sourceArn": "arn:aws:execute-api:us-west-2:123456789012:api/*",
            "sourceAccount": "123456789012",
        },
        replace={"principal": "s3.amazonaws.com"},
    )


def bucket(make: Needs) -> Sample:
    return Sample(
        {"tags": {"team": "a"}, "acl": "private", "versioning": {"enabled": True}, "forceDestroy": True},
        update={
            "serverSideEncryptionConfiguration": {
                "rule": {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}
            },
            "tags": {"team": "b"},
            "versioning": {"enabled": False},
        },
        replace={"bucket": "renamed-by-the-program"},
    )


def older_bucket(make: Needs) -> Sample:
    return Sample(
        {"tags": {"team": "a"}, "acl": "private"},
        update={"tags": {"team": "b"}},
        replace={"bucket": "another-one-renamed"},
    )


def bucket_object(make: Needs) -> Sample:
    place = make("aws:s3/bucket:Bucket", "place", {})
    return Sample(
        {"bucket": place.id, "content": "[]", "contentType": "application/json", "tags": {"a": "b"}},
        update={"content": "[1]", "metadata": {"made-by": "test"}},
        replace={"key": "other.json"},
    )


def bucket_setting(inputs: dict[str, Any], update: dict[str, Any]) -> Callable[[Needs], Sample]:
    def sample(make: Needs) -> Sample:
        first = make("aws:s3/bucket:Bucket", "first", {})
        second = make("aws:s3/bucket:Bucket", "second", {})
        return Sample({"bucket": first.id, **inputs}, update=update, replace={"bucket": second.id})

    return sample


def policy_of_bucket(make: Needs) -> Sample:
    first = make("aws:s3/bucket:Bucket", "first", {})
    second = make("aws:s3/bucket:Bucket", "second", {})
    return Sample(
        {"bucket": first.id, "policy": bucket_policy(first.id, "s3:GetObject")},
        update={"policy": bucket_policy(first.id, "s3:PutObject")},
        replace={"bucket": second.id},
    )


def log_group(make: Needs) -> Sample:
    return Sample(
        {"retentionInDays": 7, "tags": {"team": "a"}},
        update={"retentionInDays": 30, "tags": {"team": "b"}},
        replace={"name": "/renamed"},
    )


def table(make: Needs) -> Sample:
    return Sample(
        {
            "attributes": [{"name": "id", "type": "S"}, {"name": "at", "type": "N"}],
            "hashKey": "id",
            "rangeKey": "at",
            "billingMode": "PAY_PER_REQUEST",
            "ttl": {"attributeName": "until", "enabled": True},
            "tags": {"team": "a"},
        },
        update={
            "pointInTimeRecovery": {"enabled": True},
            "streamEnabled": True,
            "streamViewType": "NEW_IMAGE",
            "tags": {"team": "b"},
        },
        replace={"name": "renamed"},
    )


def secret(make: Needs) -> Sample:
    return Sample(
        {"description": "a key", "tags": {"team": "a"}, "recoveryWindowInDays": 0},
        update={"description": "the key", "tags": {"team": "b"}},
        replace={"name": "renamed"},
    )


def log_delivery_source(make: Needs) -> Sample:
    return Sample(
        {"logType": "APPLICATION_LOGS", "resourceArn": KNOWLEDGE_BASE, "tags": {"team": "a"}},
        update={"tags": {"team": "b"}},
        replace={"name": "renamed"},
    )


def log_delivery_destination(make: Needs) -> Sample:
    group = make("aws:cloudwatch/logGroup:LogGroup", "group", {})
    return Sample(
        {"deliveryDestinationConfiguration": {"destinationResourceArn": group.outputs["arn"]}, "tags": {"team": "a"}},
        update={"tags": {"team": "b"}},
        replace={"name": "renamed"},
    )


def log_delivery(make: Needs) -> Sample:
    source = make("aws:cloudwatch/logDeliverySource:LogDeliverySource", "source", log_delivery_source(make).inputs)
    bucket = {"destinationResourceArn": "arn:aws:s3:::logs"}
    other = make(
        "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination",
        "other",
        {"deliveryDestinationConfiguration": bucket},
    )
    destination = make(
        "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination", "logs", log_delivery_destination(make).inputs
    )
    return Sample(
        {
            "deliverySourceName": source.id,
            "deliveryDestinationArn": destination.outputs["arn"],
            "tags": {"team": "a"},
        },
        update={"tags": {"team": "b"}},
        replace={"deliveryDestinationArn": other.outputs["arn"]},
    )


def dashboard(make: Needs) -> Sample:
    body = {"widgets": [{"type": "text", "properties": {"markdown": "one"}}]}
    other = {"widgets": [{"type": "text", "properties": {"markdown": "other"}}]}
    return Sample(
        {"dashboardName": f"shop-{uuid4().hex}", "dashboardBody": json.dumps(body)},
        update={"dashboardBody": json.dumps(other)},
        replace={"dashboardName": "renamed"},
    )


def metric_alarm(make: Needs) -> Sample:
    query = {"id": "q", "expression": "SELECT SUM(Invocations) FROM x", "label": "n", "period": 300, "returnData": True}
    return Sample(
        {
            "comparisonOperator": "GreaterThanThreshold",
            "evaluationPeriods": 1,
            "threshold": 5,
            "metricQueries": [query],
            "alarmActions": ["arn:aws:sns:us-west-2:123456789012:a", "arn:aws:sns:us-west-2:123456789012:b"],
            "okActions": ["arn:aws:sns:us-west-2:123456789012:a"],
            "treatMissingData": "notBreaching",
            "tags": {"team": "a"},
        },
        update={
            "threshold": 6,
            "alarmDescription": "many",
            "metricQueries": [{**query, "period": 60}],
            "tags": {"team": "b"},
        },
        replace={"name": "renamed"},
    )


def record(make: Needs) -> Sample:
    domain = f"{uuid4().hex}.example"
    zone = route53_backends["123456789012"]["aws"].create_hosted_zone(domain, False).id
    return Sample(
        {"zoneId": zone, "name": f"_a_b.{domain}", "type": "CNAME", "records": ["one.example"], "ttl": 60},
        update={"records": ["other.example"], "ttl": 300},
        replace={"name": f"renamed.{domain}"},
    )


def certificate(make: Needs) -> Sample:
    return Sample(
        {"domainName": "tools.example", "validationMethod": "DNS", "tags": {"team": "a"}},
        update={"tags": {"team": "b"}},
        replace={"domainName": "other.example"},
    )


def certificate_validation(make: Needs) -> Sample:
    one, other = (
        make("aws:acm/certificate:Certificate", it, {"domainName": f"{it}.example"}) for it in ("one", "other")
    )
    return Sample({"certificateArn": one.id}, replace={"certificateArn": other.id})


def distribution(make: Needs) -> Sample:
    custom = {
        "httpPort": 80,
        "httpsPort": 443,
        "originProtocolPolicy": "https-only",
        "originSslProtocols": ["TLSv1.2"],
    }
    origin = {"originId": "a", "domainName": "a.example", "customOriginConfig": custom}
    return Sample(
        {
            "enabled": True,
            "aliases": ["tools.example"],
            "origins": [origin],
            "defaultCacheBehavior": {
                "targetOriginId": "a",
                "viewerProtocolPolicy": "https-only",
                "allowedMethods": ["GET", "HEAD"],
                "cachedMethods": ["GET", "HEAD"],
            },
            "restrictions": {"geoRestriction": {"restrictionType": "none"}},
            "viewerCertificate": {"cloudfrontDefaultCertificate": True},
            "tags": {"team": "a"},
        },
        update={"comment": "tools", "tags": {"team": "b"}},
    )


def kms_key(make: Needs) -> Sample:
    return Sample(
        {"description": "vault", "enableKeyRotation": True, "tags": {"team": "a"}, "deletionWindowInDays": 7},
        update={
            "description": "the vault",
            "enableKeyRotation": False,
            "isEnabled": False,
            "policy": policy("kms:*"),
            "tags": {"team": "b"},
        },
        replace={"customerMasterKeySpec": "RSA_2048", "keyUsage": "SIGN_VERIFY"},
    )


def visible(name: str) -> dict[str, Any]:
    return {"cloudwatchMetricsEnabled": True, "metricName": name, "sampledRequestsEnabled": False}


def web_acl(make: Needs) -> Sample:
    few = {
        "name": "few",
        "priority": 1,
        "action": {"block": {}},
        "statement": {"rateBasedStatement": {"limit": 100, "aggregateKeyType": "IP"}},
        "visibilityConfig": visible("few"),
    }
    return Sample(
        {
            "scope": "REGIONAL",
            "defaultAction": {"allow": {}},
            "visibilityConfig": visible("shop"),
            "rules": [few],
            "tags": {"team": "a"},
        },
        update={
            "defaultAction": {"block": {}},
            "description": "shop",
            "rules": [
                {
                    **few,
                    "action": {"count": {}},
                    "statement": {
                        "ipSetReferenceStatement": {"arn": "arn:aws:wafv2:us-west-2:123456789012:regional/ipset/a/b"}
                    },
                }
            ],
            "tags": {"team": "b"},
        },
        replace={"name": "renamed"},
    )


def web_acl_association(make: Needs) -> Sample:
    acl = {"scope": "REGIONAL", "defaultAction": {"allow": {}}, "visibilityConfig": visible("shop")}
    one, other = (make("aws:wafv2/webAcl:WebAcl", name, acl).outputs["arn"] for name in ("one", "other"))
    gateway = f"arn:aws:bedrock-agentcore:us-west-2:123456789012:gateway/shop-{uuid4().hex[:10]}"
    return Sample({"resourceArn": gateway, "webAclArn": one}, replace={"webAclArn": other})


def secret_version(make: Needs) -> Sample:
    holder = make("aws:secretsmanager/secret:Secret", "holder", {})
    return Sample({"secretId": holder.id, "secretString": "one"}, replace={"secretString": "two"})


# A service whose logs moto itself delivers.
KNOWLEDGE_BASE = "arn:aws:bedrock:us-west-2:123456789012:knowledge-base/ABCDEFGHIJ"
SSE = {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}
SAMPLES: dict[str, Callable[[Needs], Sample]] = {
    "aws:iam/role:Role": role,
    "aws:iam/rolePolicy:RolePolicy": role_policy,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": role_policy_attachment,
    "aws:iam/policy:Policy": managed_policy,
    "aws:lambda/function:Function": function,
    "aws:lambda/permission:Permission": permission,
    "aws:s3/bucket:Bucket": bucket,
    "aws:s3/bucketV2:BucketV2": older_bucket,
    "aws:s3/bucketObject:BucketObject": bucket_object,
    "aws:s3/bucketObjectv2:BucketObjectv2": bucket_object,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": bucket_setting(
        {"rule": {"objectOwnership": "BucketOwnerPreferred"}}, {"rule": {"objectOwnership": "ObjectWriter"}}
    ),
    "aws:s3/bucketPolicy:BucketPolicy": policy_of_bucket,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": bucket_setting(
        {"blockPublicAcls": True}, {"restrictPublicBuckets": True}
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": bucket_setting(
        {"rules": [SSE]}, {"rules": [{**SSE, "bucketKeyEnabled": True}]}
    ),
    "aws:s3/bucketVersioning:BucketVersioning": bucket_setting(
        {"versioningConfiguration": {"status": "Enabled"}}, {"versioningConfiguration": {"status": "Suspended"}}
    ),
    "aws:cloudwatch/logDelivery:LogDelivery": log_delivery,
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": log_delivery_destination,
    "aws:cloudwatch/logDeliverySource:LogDeliverySource": log_delivery_source,
    "aws:cloudwatch/logGroup:LogGroup": log_group,
    "aws:acm/certificate:Certificate": certificate,
    "aws:acm/certificateValidation:CertificateValidation": certificate_validation,
    "aws:cloudfront/distribution:Distribution": distribution,
    "aws:route53/record:Record": record,
    "aws:cloudwatch/dashboard:Dashboard": dashboard,
    "aws:cloudwatch/metricAlarm:MetricAlarm": metric_alarm,
    "aws:dynamodb/table:Table": table,
    "aws:kms/key:Key": kms_key,
    "aws:secretsmanager/secret:Secret": secret,
    "aws:secretsmanager/secretVersion:SecretVersion": secret_version,
    "aws:wafv2/webAcl:WebAcl": web_acl,
    "aws:wafv2/webAclAssociation:WebAclAssociation": web_acl_association,
}
# Some things of AWS never go: S3 keeps public access settings' absence, a secret keeps its current version.
STAYS = {
    "aws:acm/certificateValidation:CertificateValidation",
    "aws:s3/bucketVersioning:BucketVersioning",
    "aws:secretsmanager/secretVersion:SecretVersion",
}

# Every argument of these replaces them.
NEVER_UPDATED = {
    "aws:acm/certificateValidation:CertificateValidation",
    "aws:wafv2/webAclAssociation:WebAclAssociation",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:lambda/permission:Permission",
    "aws:secretsmanager/secretVersion:SecretVersion",
}

every_resource = pytest.mark.parametrize("type_name", sorted(SAMPLES))


def test_every_resource_has_a_sample() -> None:
    assert SAMPLES.keys() == registry.RESOURCES.keys()


@every_resource
def test_a_second_up_and_a_refresh_find_nothing_to_do(type_name: str, engine: Any) -> None:
    sample = SAMPLES[type_name](engine.create)
    state = engine.create(type_name, "it", sample.inputs)
    assert not engine.plan(type_name, "it", state, sample.inputs).diffs
    resource = registry.RESOURCES[type_name]
    assert resource.outputs <= state.outputs.keys() <= resource.arguments | resource.outputs | {"region"}
    refreshed = engine.read(type_name, "it", state)
    assert refreshed.inputs == state.inputs
    assert refreshed.outputs == state.outputs
    assert not engine.plan(type_name, "it", refreshed, sample.inputs).diffs


@pytest.mark.parametrize("type_name", sorted(SAMPLES.keys() - NEVER_UPDATED))
def test_an_update_in_place_arrives_and_settles(type_name: str, engine: Any) -> None:
    sample = SAMPLES[type_name](engine.create)
    state = engine.create(type_name, "it", sample.inputs)
    wanted = {**sample.inputs, **sample.update}
    plan = engine.plan(type_name, "it", state, wanted)
    assert set(plan.diffs) == set(sample.update)
    assert not plan.replaces
    assert {path.split(".")[0].split("[")[0] for path in plan.detailedDiff} == set(sample.update)
    updated = engine.update(type_name, "it", state, wanted)
    refreshed = engine.read(type_name, "it", updated)
    assert refreshed.outputs == updated.outputs
    assert not engine.plan(type_name, "it", refreshed, wanted).diffs
    back = engine.update(type_name, "it", refreshed, sample.inputs)
    assert not engine.plan(type_name, "it", engine.read(type_name, "it", back), sample.inputs).diffs


@every_resource
def test_a_change_of_what_cannot_change_replaces(type_name: str, engine: Any) -> None:
    sample = SAMPLES[type_name](engine.create)
    state = engine.create(type_name, "it", sample.inputs)
    plan = engine.plan(type_name, "it", state, {**sample.inputs, **sample.replace})
    assert set(plan.replaces) == set(sample.replace)
    assert not plan.deleteBeforeReplace


@every_resource
def test_what_is_gone_reads_as_gone_and_deletes_twice(type_name: str, engine: Any) -> None:
    sample = SAMPLES[type_name](engine.create)
    state = engine.create(type_name, "it", sample.inputs)
    engine.delete(type_name, "it", state)
    if type_name not in STAYS:
        assert engine.read(type_name, "it", state) is None
    engine.delete(type_name, "it", state)


@every_resource
def test_a_preview_creates_nothing_and_knows_the_inputs(type_name: str, engine: Any) -> None:
    sample = SAMPLES[type_name](engine.create)
    preview = engine.create(type_name, "it", sample.inputs, preview=True)
    made = engine.create(type_name, "it", sample.inputs)
    assert preview.id == ""
    unknown = {key for key, value in preview.outputs.items() if value is UNKNOWN}
    assert unknown <= registry.RESOURCES[type_name].outputs
    shared = preview.outputs.keys() & made.outputs.keys() - unknown
    assert {key: preview.outputs[key] for key in sample.inputs} == {key: made.outputs[key] for key in sample.inputs}
    assert {key: preview.outputs[key] for key in shared} == {key: made.outputs[key] for key in shared}


@every_resource
def test_an_import_needs_only_the_id(type_name: str, engine: Any) -> None:
    """Afterwards only what AWS does not tell, and what the resource shares with others, is still to be set."""
    sample = SAMPLES[type_name](engine.create)
    state = engine.create(type_name, "it", sample.inputs)
    names = {
        "aws:lambda/permission:Permission": f"{state.outputs.get('function')}/{state.id}",
        "aws:wafv2/webAcl:WebAcl": f"{state.id}/{state.outputs.get('name')}/{state.outputs.get('scope')}",
    }
    imported = engine.read(type_name, "it", replace(state, id=names.get(type_name, state.id), inputs={}, outputs={}))
    naming = registry.RESOURCES[type_name].naming
    name = {naming.property: state.outputs[naming.property]} if naming else {}
    plan = engine.plan(type_name, "it", imported, {**sample.inputs, **name})
    assert not plan.replaces
    assert set(plan.diffs) <= {
        *("acl", "code", "content", "deletionWindowInDays", "forceDestroy", "publish", "recoveryWindowInDays"),
        *("inlinePolicies", "versioning"),
        *("defaultCacheBehavior", "origins", "restrictions", "viewerCertificate"),
    }

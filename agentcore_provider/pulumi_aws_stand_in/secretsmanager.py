"""Secrets Manager: secrets, their values, and the lookup of both."""

from __future__ import annotations

import base64
import json

from .model import Members, as_members
from .resource import Naming, Resource, Scope, as_tag_list, as_tag_map, replace_tags, tag_properties, undone_on_failure
from .session import Session
from .wire import Properties


class Secret(Resource):
    """aws.secretsmanager.Secret"""

    type_name = "aws:secretsmanager/secret:Secret"
    arguments = frozenset(
        {
            "description",
            "forceOverwriteReplicaSecret",
            "kmsKeyId",
            "name",
            "namePrefix",
            "policy",
            "recoveryWindowInDays",
            "region",
            "tags",
        }
    )
    immutable = frozenset({"name", "namePrefix"})
    outputs = frozenset({"arn", "tagsAll"})
    naming = Naming("name", 512, "namePrefix")
    documents = frozenset({"policy"})
    tagged = True

    def create(self, scope: Scope, inputs: Properties) -> str:
        client = scope.session.client("secretsmanager")
        optional = as_members(client, "CreateSecret", inputs, ("description", "kmsKeyId"))
        if tags := scope.session.tags(inputs):
            optional["Tags"] = as_tag_list(tags)
        arn: str = client.create_secret(Name=inputs["name"], **optional)["ARN"]
        with undone_on_failure(lambda: client.delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)):
            if "policy" in inputs:
                client.put_resource_policy(SecretId=arn, ResourcePolicy=inputs["policy"])
        return arn

    def read(self, scope: Scope, resource_id: str, known: Properties) -> Properties | None:
        client = scope.session.client("secretsmanager")
        secret = client.describe_secret(SecretId=resource_id)
        if secret.get("DeletedDate"):
            return None
        policy: Properties = {}
        if "policy" in known:
            text = client.get_resource_policy(SecretId=resource_id).get("ResourcePolicy") or "{}"
            policy = {"policy": text if json.loads(text) else None}
        return {
            "arn": secret["ARN"],
            "description": secret.get("Description") or None,
            "kmsKeyId": secret.get("KmsKeyId") or None,
            "name": secret["Name"],
            **policy,
            "recoveryWindowInDays": known.get("recoveryWindowInDays", 30),
            "region": scope.session.region,
            **tag_properties(scope.session, as_tag_map(secret.get("Tags", [])), known),
        }

    def update(self, scope: Scope, resource_id: str, old: Properties, new: Properties) -> None:
        client = scope.session.client("secretsmanager")
        if scope.changed & {"description", "kmsKeyId"}:
            optional = {"KmsKeyId": new["kmsKeyId"]} if "kmsKeyId" in new else {}
            client.update_secret(SecretId=resource_id, Description=new.get("description", ""), **optional)
        if "policy" in scope.changed:
            if "policy" in new:
                client.put_resource_policy(SecretId=resource_id, ResourcePolicy=new["policy"])
            else:
                client.delete_resource_policy(SecretId=resource_id)
        if "tags" in scope.changed:
            replace_tags(
                as_tag_map(client.describe_secret(SecretId=resource_id).get("Tags", [])),
                scope.session.tags(new),
                lambda keys: client.untag_resource(SecretId=resource_id, TagKeys=keys),
                lambda tags: client.tag_resource(SecretId=resource_id, Tags=as_tag_list(tags)),
            )

    def delete(self, scope: Scope, resource_id: str, known: Properties) -> None:
        days = known.get("recoveryWindowInDays", 30)
        window = {"RecoveryWindowInDays": days} if days else {"ForceDeleteWithoutRecovery": True}
        scope.session.client("secretsmanager").delete_secret(SecretId=resource_id, **window)


class SecretVersion(Resource):
    """aws.secretsmanager.SecretVersion"""

    type_name = "aws:secretsmanager/secretVersion:SecretVersion"
    arguments = frozenset({"region", "secretBinary", "secretId", "secretString", "versionStages"})
    required = frozenset({"secretId"})
    immutable = frozenset({"secretBinary", "secretId", "secretString"})
    outputs = frozenset({"arn", "secretArn", "versionId", "versionStages"})
    unordered = frozenset({"versionStages"})
    secret = frozenset({"secretBinary", "secretString"})

    def create(self, scope: Scope, inputs: Properties) -> str:
        value: Members = {"SecretString": inputs.get("secretString", "")}
        if "secretBinary" in inputs:
            value = {"SecretBinary": base64.b64decode(inputs["secretBinary"])}
        if "versionStages" in inputs:
            value["VersionStages"] = inputs["versionStages"]
        client = scope.session.client("secretsmanager")
        answer = client.put_secret_value(SecretId=inputs["secretId"], **value)
        return f"{inputs['secretId']}|{answer['VersionId']}"

    def read(self, scope: Scope, resource_id: str, known: Properties) -> Properties | None:
        secret_id, _, version = resource_id.partition("|")
        client = scope.session.client("secretsmanager")
        answer = client.get_secret_value(SecretId=secret_id, VersionId=version)
        return {
            "arn": answer["ARN"],
            "region": scope.session.region,
            "secretArn": answer["ARN"],
            "secretId": known.get("secretId", secret_id),
            "secretString": answer.get("SecretString") or None,
            "secretBinary": base64.b64encode(answer["SecretBinary"]).decode() if "SecretBinary" in answer else None,
            "versionId": answer["VersionId"],
            "versionStages": answer["VersionStages"],
        }

    def update(self, scope: Scope, resource_id: str, old: Properties, new: Properties) -> None:
        secret_id, _, version = resource_id.partition("|")
        client = scope.session.client("secretsmanager")
        before, after = set(old.get("versionStages", [])), set(new.get("versionStages", []))
        for stage in sorted(after - before):
            client.update_secret_version_stage(SecretId=secret_id, VersionStage=stage, MoveToVersionId=version)
        for stage in sorted(before - after):
            client.update_secret_version_stage(SecretId=secret_id, VersionStage=stage, RemoveFromVersionId=version)

    def delete(self, scope: Scope, resource_id: str, known: Properties) -> None:
        secret_id, _, version = resource_id.partition("|")
        client = scope.session.client("secretsmanager")
        for stage in known.get("versionStages", []):
            if stage != "AWSCURRENT":  # a secret always has a current version; it goes with the secret
                client.update_secret_version_stage(SecretId=secret_id, VersionStage=stage, RemoveFromVersionId=version)


def get_secret_version(session: Session, arguments: Properties) -> Properties:
    """aws.secretsmanager.get_secret_version"""
    session = session.in_region(arguments.get("region"))
    chosen = {"VersionId": arguments.get("versionId"), "VersionStage": arguments.get("versionStage")}
    optional = {key: value for key, value in chosen.items() if value is not None}
    answer = session.client("secretsmanager").get_secret_value(SecretId=arguments["secretId"], **optional)
    return {
        "arn": answer["ARN"],
        "createdDate": answer["CreatedDate"].isoformat(),
        "id": f"{arguments['secretId']}|{answer['VersionId']}",
        "region": session.region,
        "secretArn": answer["ARN"],
        "secretBinary": base64.b64encode(answer.get("SecretBinary", b"")).decode(),
        "secretId": arguments["secretId"],
        "secretString": answer.get("SecretString", ""),
        "versionId": answer["VersionId"],
        "versionStage": arguments.get("versionStage", "AWSCURRENT"),
        "versionStages": answer["VersionStages"],
    }

"""KMS keys."""

from __future__ import annotations

from typing import ClassVar

from .model import Members, as_members
from .resource import Resource, Scope, replace_tags, tag_properties, undone_on_failure
from .session import Client
from .wire import Properties

_POLICY = "default"
"""The name of a key's only policy."""


class Key(Resource):
    """aws.kms.Key"""

    type_name = "aws:kms/key:Key"
    arguments = frozenset(
        {
            *("bypassPolicyLockoutSafetyCheck", "customerMasterKeySpec", "deletionWindowInDays", "description"),
            *("enableKeyRotation", "isEnabled", "keyUsage", "multiRegion", "policy", "region"),
            *("rotationPeriodInDays", "tags"),
        }
    )
    immutable = frozenset({"customerMasterKeySpec", "keyUsage", "multiRegion"})
    outputs = frozenset({"arn", "keyId", "tagsAll"})
    documents = frozenset({"policy"})
    defaults: ClassVar[Properties] = {
        "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
        "enableKeyRotation": False,
        "isEnabled": True,
        "keyUsage": "ENCRYPT_DECRYPT",
        "multiRegion": False,
    }
    tagged = True

    def create(self, scope: Scope, inputs: Properties) -> str:
        client = scope.session.client("kms")
        names = ("description", "keyUsage", "multiRegion", "policy", "bypassPolicyLockoutSafetyCheck")
        # moto does not keep AWS's defaults.
        optional = as_members(client, "CreateKey", {**self.defaults, **inputs}, names)
        if "customerMasterKeySpec" in inputs:
            optional["KeySpec"] = inputs["customerMasterKeySpec"]
        if tags := scope.session.tags(inputs):
            optional["Tags"] = _tag_list(tags)
        key_id: str = client.create_key(**optional)["KeyMetadata"]["KeyId"]
        with undone_on_failure(lambda: client.schedule_key_deletion(KeyId=key_id, PendingWindowInDays=7)):
            if inputs.get("enableKeyRotation"):
                _rotate(client, key_id, inputs)
            if not inputs.get("isEnabled", True):
                client.disable_key(KeyId=key_id)
        return key_id

    def read(self, scope: Scope, resource_id: str, known: Properties) -> Properties | None:
        client = scope.session.client("kms")
        found = client.describe_key(KeyId=resource_id)["KeyMetadata"]
        if found["KeyState"] == "PendingDeletion":
            return None
        rotation: Properties = {}
        # AWS rotates symmetric keys alone.
        if found["KeySpec"] == "SYMMETRIC_DEFAULT":
            rotation = client.get_key_rotation_status(KeyId=resource_id)
        own = {}
        if "policy" in known:
            own["policy"] = client.get_key_policy(KeyId=resource_id, PolicyName=_POLICY)["Policy"]
        if "rotationPeriodInDays" in known:
            own["rotationPeriodInDays"] = rotation.get("RotationPeriodInDays")
        tags = {it["TagKey"]: it["TagValue"] for it in client.list_resource_tags(KeyId=resource_id)["Tags"]}
        return {
            **own,
            "arn": found["Arn"],
            "customerMasterKeySpec": found["KeySpec"],
            "description": found.get("Description") or None,
            "enableKeyRotation": bool(rotation.get("KeyRotationEnabled")),
            "isEnabled": found["Enabled"],
            "keyId": found["KeyId"],
            "keyUsage": found["KeyUsage"],
            "multiRegion": found["MultiRegion"],
            "region": scope.session.region,
            **tag_properties(scope.session, tags, known),
        }

    def update(self, scope: Scope, resource_id: str, old: Properties, new: Properties) -> None:
        client, changed = scope.session.client("kms"), scope.changed
        # What is disabled can change in nothing else.
        if "isEnabled" in changed and new.get("isEnabled", True):
            client.enable_key(KeyId=resource_id)
        if "description" in changed:
            client.update_key_description(KeyId=resource_id, Description=new.get("description", ""))
        if "policy" in changed and "policy" in new:
            bypass = as_members(client, "PutKeyPolicy", new, ("policy", "bypassPolicyLockoutSafetyCheck"))
            client.put_key_policy(KeyId=resource_id, PolicyName=_POLICY, **bypass)
        if changed & {"enableKeyRotation", "rotationPeriodInDays"}:
            if new.get("enableKeyRotation"):
                _rotate(client, resource_id, new)
            else:
                client.disable_key_rotation(KeyId=resource_id)
        if "tags" in changed:
            before = client.list_resource_tags(KeyId=resource_id)["Tags"]
            replace_tags(
                {it["TagKey"]: it["TagValue"] for it in before},
                scope.session.tags(new),
                lambda keys: client.untag_resource(KeyId=resource_id, TagKeys=keys),
                lambda tags: client.tag_resource(KeyId=resource_id, Tags=_tag_list(tags)),
            )
        if "isEnabled" in changed and not new.get("isEnabled", True):
            client.disable_key(KeyId=resource_id)

    def delete(self, scope: Scope, resource_id: str, known: Properties) -> None:
        client = scope.session.client("kms")
        if client.describe_key(KeyId=resource_id)["KeyMetadata"]["KeyState"] != "PendingDeletion":
            days = known.get("deletionWindowInDays", 30)
            client.schedule_key_deletion(KeyId=resource_id, PendingWindowInDays=days)


def _rotate(client: Client, key_id: str, inputs: Properties) -> None:
    period: Members = as_members(client, "EnableKeyRotation", inputs, ("rotationPeriodInDays",))
    client.enable_key_rotation(KeyId=key_id, **period)


def _tag_list(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"TagKey": key, "TagValue": value} for key, value in sorted(tags.items())]

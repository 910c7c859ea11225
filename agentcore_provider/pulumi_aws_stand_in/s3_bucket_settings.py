"""Resources that set one thing of an S3 bucket each."""

from __future__ import annotations

from abc import abstractmethod

from .model import Members, as_properties
from .resource import Resource, Scope
from .session import Client
from .wire import Properties


class BucketSetting(Resource):
    """A resource that is one setting of a bucket; its id is the bucket's name."""

    required = frozenset({"bucket"})
    immutable = frozenset({"bucket"})

    def create(self, scope: Scope, inputs: Properties) -> str:
        self.put(scope.session.client("s3"), inputs["bucket"], inputs)
        return str(inputs["bucket"])

    def read(self, scope: Scope, resource_id: str, known: Properties) -> Properties | None:
        bucket = resource_id.partition(",")[0]
        setting = self.get(scope.session.client("s3"), bucket)
        return None if setting is None else {"bucket": bucket, "region": scope.session.region, **setting}

    def update(self, scope: Scope, resource_id: str, old: Properties, new: Properties) -> None:
        self.put(scope.session.client("s3"), resource_id.partition(",")[0], new)

    def delete(self, scope: Scope, resource_id: str, known: Properties) -> None:
        self.remove(scope.session.client("s3"), resource_id.partition(",")[0])

    @abstractmethod
    def put(self, s3: Client, bucket: str, inputs: Properties) -> None:
        """Set it to the inputs."""

    @abstractmethod
    def get(self, s3: Client, bucket: str) -> Properties | None:
        """What is set, as pulumi-aws describes it."""

    @abstractmethod
    def remove(self, s3: Client, bucket: str) -> None:
        """Bring it back to what a new bucket has."""


class BucketVersioning(BucketSetting):
    """aws.s3.BucketVersioning"""

    type_name = "aws:s3/bucketVersioning:BucketVersioning"
    arguments = frozenset({"bucket", "expectedBucketOwner", "region", "versioningConfiguration"})
    required = frozenset({"bucket", "versioningConfiguration"})
    immutable = frozenset({"bucket", "expectedBucketOwner"})

    def put(self, s3: Client, bucket: str, inputs: Properties) -> None:
        status = inputs["versioningConfiguration"]["status"]
        if status != "Disabled":  # S3 cannot be asked for what a bucket without versions already is
            s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": status})

    def get(self, s3: Client, bucket: str) -> Properties | None:
        status = s3.get_bucket_versioning(Bucket=bucket).get("Status", "Disabled")
        return {"versioningConfiguration": {"status": status}}

    def remove(self, s3: Client, bucket: str) -> None:
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})


class BucketPublicAccessBlock(BucketSetting):
    """aws.s3.BucketPublicAccessBlock"""

    type_name = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
    arguments = frozenset(
        {"blockPublicAcls", "blockPublicPolicy", "bucket", "ignorePublicAcls", "region", "restrictPublicBuckets"}
    )

    def put(self, s3: Client, bucket: str, inputs: Properties) -> None:
        names = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
        members = {name[:1].upper() + name[1:]: inputs.get(name, False) for name in names}
        s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=members)

    def get(self, s3: Client, bucket: str) -> Properties | None:
        answer = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
        properties: Properties = as_properties(answer)
        return properties

    def remove(self, s3: Client, bucket: str) -> None:
        s3.delete_public_access_block(Bucket=bucket)


class BucketServerSideEncryptionConfiguration(BucketSetting):
    """aws.s3.BucketServerSideEncryptionConfiguration"""

    type_name = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    arguments = frozenset({"bucket", "expectedBucketOwner", "region", "rules"})
    required = frozenset({"bucket", "rules"})
    immutable = frozenset({"bucket", "expectedBucketOwner"})

    def put(self, s3: Client, bucket: str, inputs: Properties) -> None:
        rules = []
        for rule in inputs["rules"]:
            members: Members = {"BucketKeyEnabled": rule.get("bucketKeyEnabled", False)}
            if by_default := rule.get("applyServerSideEncryptionByDefault"):
                members["ApplyServerSideEncryptionByDefault"] = {
                    "SSEAlgorithm": by_default["sseAlgorithm"],
                    **({"KMSMasterKeyID": by_default["kmsMasterKeyId"]} if "kmsMasterKeyId" in by_default else {}),
                }
            rules.append(members)
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": rules})

    def get(self, s3: Client, bucket: str) -> Properties | None:
        rules = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
        properties = []
        for rule in rules:
            current: Properties = {}
            if by_default := rule.get("ApplyServerSideEncryptionByDefault"):
                current["applyServerSideEncryptionByDefault"] = {
                    "sseAlgorithm": by_default["SSEAlgorithm"],
                    **({"kmsMasterKeyId": by_default["KMSMasterKeyID"]} if "KMSMasterKeyID" in by_default else {}),
                }
            if rule.get("BucketKeyEnabled"):
                current["bucketKeyEnabled"] = True
            properties.append(current)
        return {"rules": properties}

    def remove(self, s3: Client, bucket: str) -> None:
        s3.delete_bucket_encryption(Bucket=bucket)


class BucketOwnershipControls(BucketSetting):
    """aws.s3.BucketOwnershipControls"""

    type_name = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
    arguments = frozenset({"bucket", "region", "rule"})
    required = frozenset({"bucket", "rule"})

    def put(self, s3: Client, bucket: str, inputs: Properties) -> None:
        rules = [{"ObjectOwnership": inputs["rule"]["objectOwnership"]}]
        s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls={"Rules": rules})

    def get(self, s3: Client, bucket: str) -> Properties | None:
        rules = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]
        return {"rule": {"objectOwnership": rules[0]["ObjectOwnership"]}}

    def remove(self, s3: Client, bucket: str) -> None:
        s3.delete_bucket_ownership_controls(Bucket=bucket)


class BucketPolicy(BucketSetting):
    """aws.s3.BucketPolicy"""

    type_name = "aws:s3/bucketPolicy:BucketPolicy"
    arguments = frozenset({"bucket", "policy", "region"})
    required = frozenset({"bucket", "policy"})
    documents = frozenset({"policy"})

    def put(self, s3: Client, bucket: str, inputs: Properties) -> None:
        s3.put_bucket_policy(Bucket=bucket, Policy=inputs["policy"])

    def get(self, s3: Client, bucket: str) -> Properties | None:
        return {"policy": s3.get_bucket_policy(Bucket=bucket)["Policy"]}

    def remove(self, s3: Client, bucket: str) -> None:
        s3.delete_bucket_policy(Bucket=bucket)

"""Lambda functions: code from archives or S3, configuration, tags, versions, and their lookup."""

from __future__ import annotations

from typing import ClassVar

from .assets import Archive, zip_file
from .model import Members, as_members, as_properties
from .resource import Naming, Resource, Scope, replace_tags, tag_properties, undone_on_failure
from .session import PARTITION, Client, Session
from .wire import UNKNOWN, Properties

_CODE = frozenset({"code", "imageUri", "s3Bucket", "s3Key", "s3ObjectVersion", "sourceCodeHash", "codeSha256"})
_CONFIGURATION = frozenset(
    {
        "deadLetterConfig",
        "description",
        "environment",
        "ephemeralStorage",
        "handler",
        "imageConfig",
        "layers",
        "loggingConfig",
        "memorySize",
        "role",
        "runtime",
        "snapStart",
        "timeout",
        "tracingConfig",
        "vpcConfig",
    }
)
# What an update must send when the program no longer sets it.
_CLEARED: Members = {
    "deadLetterConfig": {},
    "description": "",
    "environment": {"variables": {}},
    "layers": [],
    "memorySize": 128,
    "timeout": 3,
    "tracingConfig": {"mode": "PassThrough"},
}


class Function(Resource):
    """aws.lambda_.Function"""

    type_name = "aws:lambda/function:Function"
    arguments = (
        _CODE
        | _CONFIGURATION
        | {
            "architectures",
            "kmsKeyArn",
            "name",
            "packageType",
            "publish",
            "region",
            "reservedConcurrentExecutions",
            "skipDestroy",
            "tags",
        }
    )
    required = frozenset({"role"})
    immutable = frozenset({"name", "packageType"})
    outputs = frozenset(
        {
            "arn",
            "codeSha256",
            "invokeArn",
            "lastModified",
            "loggingConfig",
            "qualifiedArn",
            "qualifiedInvokeArn",
            "responseStreamingInvokeArn",
            "signingJobArn",
            "signingProfileVersionArn",
            "sourceCodeHash",
            "sourceCodeSize",
            "tagsAll",
            "version",
        }
    )
    naming = Naming("name", 64)
    unordered = frozenset({"architectures"})
    defaults: ClassVar[Properties] = {
        "architectures": ["x86_64"],
        "ephemeralStorage": {"size": 512},
        "memorySize": 128,
        "packageType": "Zip",
        "publish": False,
        "reservedConcurrentExecutions": -1,
        "skipDestroy": False,
        "timeout": 3,
        "tracingConfig": {"mode": "PassThrough"},
    }
    tagged = True

    def problems(self, inputs: Properties) -> list[tuple[str, str]]:
        found = []
        sources = [key for key in ("code", "s3Bucket", "imageUri") if key in inputs]
        if len(sources) != 1:
            present = " and ".join(sources) or "none of them"
            found.append(("code", f"exactly one of code, s3Bucket and imageUri is needed; {present} is set."))
        if "s3Bucket" in inputs and "s3Key" not in inputs:
            found.append(("s3Key", "is needed with s3Bucket."))
        if inputs.get("packageType", "Zip") == "Zip" and "imageUri" not in inputs:
            found += [
                (key, "is needed for a function of packageType Zip.")
                for key in ("handler", "runtime")
                if key not in inputs
            ]
        code = inputs.get("code")
        if code is not None and code is not UNKNOWN and not isinstance(code, Archive):
            found.append(("code", "must be an archive: pulumi.FileArchive, AssetArchive or RemoteArchive."))
        return found

    def renewed(self, changed: frozenset[str]) -> frozenset[str]:
        names = {"lastModified"}
        if changed & _CODE:
            names |= {"codeSha256", "sourceCodeHash", "sourceCodeSize"}
        if "publish" in changed or changed & (_CODE | _CONFIGURATION):
            names |= {"qualifiedArn", "qualifiedInvokeArn", "version"}
        return frozenset(names)

    def create(self, scope: Scope, inputs: Properties) -> str:
        client = scope.session.client("lambda")
        name: str = inputs["name"]
        client.create_function(
            FunctionName=name,
            Code=self._code(scope, inputs),
            Publish=inputs.get("publish", False),
            Tags=scope.session.tags(inputs),
            **as_members(
                client,
                "CreateFunction",
                inputs,
                _CONFIGURATION | {"architectures", "packageType"},
            ),
            **({"KMSKeyArn": inputs["kmsKeyArn"]} if "kmsKeyArn" in inputs else {}),
        )
        with undone_on_failure(lambda: client.delete_function(FunctionName=name)):
            self._limit(client, name, inputs)
        return name

    def read(self, scope: Scope, resource_id: str, known: Properties) -> Properties | None:
        client = scope.session.client("lambda")
        answer = client.get_function(FunctionName=resource_id)
        configuration = answer["Configuration"]
        described = describe(client, scope.session.region, configuration)
        described |= {
            "publish": known.get("publish", False),
            "region": scope.session.region,
            "reservedConcurrentExecutions": answer.get("Concurrency", {}).get("ReservedConcurrentExecutions", -1),
            "skipDestroy": known.get("skipDestroy", False),
            **tag_properties(scope.session, answer.get("Tags", {}), known),
        }
        if known.get("codeSha256") not in (None, UNKNOWN, described["codeSha256"]) and "codeSha256" in known:
            described["code"] = None  # someone else's code is there: the next update puts ours back
        described["sourceCodeHash"] = known.get("sourceCodeHash") or described["codeSha256"]
        return described

    def update(self, scope: Scope, resource_id: str, old: Properties, new: Properties) -> None:
        client = scope.session.client("lambda")
        name = resource_id
        if scope.changed & (_CONFIGURATION | {"kmsKeyArn"}):
            members = as_members(client, "UpdateFunctionConfiguration", {**_CLEARED, **new}, _CONFIGURATION)
            if scope.changed & {"kmsKeyArn"}:
                members["KMSKeyArn"] = new.get("kmsKeyArn", "")
            client.update_function_configuration(FunctionName=name, **members)
            client.get_waiter("function_updated_v2").wait(FunctionName=name)
        if scope.changed & (_CODE | {"architectures"}):
            client.update_function_code(
                FunctionName=name,
                **self._code(scope, new),
                **({"Architectures": new["architectures"]} if "architectures" in new else {}),
            )
            client.get_waiter("function_updated_v2").wait(FunctionName=name)
        if new.get("publish") and scope.changed & (_CODE | _CONFIGURATION | {"publish"}):
            client.publish_version(FunctionName=name)
        if "reservedConcurrentExecutions" in scope.changed:
            self._limit(client, name, new)
        if "tags" in scope.changed:
            answer = client.get_function(FunctionName=name)
            arn = answer["Configuration"]["FunctionArn"]
            replace_tags(
                answer.get("Tags", {}),
                scope.session.tags(new),
                lambda keys: client.untag_resource(Resource=arn, TagKeys=keys),
                lambda tags: client.tag_resource(Resource=arn, Tags=tags),
            )

    def delete(self, scope: Scope, resource_id: str, known: Properties) -> None:
        if not known.get("skipDestroy"):
            scope.session.client("lambda").delete_function(FunctionName=resource_id)

    def _code(self, scope: Scope, inputs: Properties) -> Members:
        if "imageUri" in inputs:
            return {"ImageUri": inputs["imageUri"]}
        if "s3Bucket" in inputs:
            members = {"S3Bucket": inputs["s3Bucket"], "S3Key": inputs["s3Key"]}
            if "s3ObjectVersion" in inputs:
                members["S3ObjectVersion"] = inputs["s3ObjectVersion"]
            return members
        return {"ZipFile": zip_file(inputs["code"], scope.folder())}

    def _limit(self, client: Client, name: str, inputs: Properties) -> None:
        limit = inputs.get("reservedConcurrentExecutions", -1)
        if limit >= 0:
            client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=limit)
        else:
            client.delete_function_concurrency(FunctionName=name)


def describe(client: Client, region: str, configuration: Members) -> Properties:
    """A function's configuration as pulumi-aws describes it."""
    arn, version = latest_and_published(client, configuration)
    qualified = f"{arn}:{version}"
    environment = configuration.get("Environment", {}).get("Variables", {})
    plain = as_properties(
        {
            member: configuration.get(member)
            for member in (
                "Architectures",
                "DeadLetterConfig",
                "Description",
                "EphemeralStorage",
                "Handler",
                "ImageConfig",
                "MemorySize",
                "PackageType",
                "Role",
                "Runtime",
                "SnapStart",
                "Timeout",
            )
        }
    )
    plain.pop("snapStart", None) if plain.get("snapStart", {}).get("applyOn") == "None" else None
    vpc = as_properties(configuration.get("VpcConfig") or {})
    return {
        **plain,
        "arn": arn,
        "codeSha256": configuration["CodeSha256"],
        "environment": {"variables": environment} if environment else None,
        "invokeArn": invoke_arn(region, arn),
        "kmsKeyArn": configuration.get("KMSKeyArn") or None,
        "lastModified": configuration["LastModified"],
        "loggingConfig": as_properties(
            configuration.get("LoggingConfig")
            or {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{configuration['FunctionName']}"}
        ),
        "layers": [layer["Arn"] for layer in configuration.get("Layers") or []] or None,
        "name": configuration["FunctionName"],
        "qualifiedArn": qualified,
        "qualifiedInvokeArn": invoke_arn(region, qualified),
        "responseStreamingInvokeArn": invoke_arn(region, arn, "2021-11-15", "response-streaming-invocations"),
        "signingJobArn": configuration.get("SigningJobArn", ""),
        "signingProfileVersionArn": configuration.get("SigningProfileVersionArn", ""),
        "sourceCodeSize": configuration["CodeSize"],
        "tracingConfig": {"mode": (configuration.get("TracingConfig") or {}).get("Mode", "PassThrough")},
        "version": version,
        "vpcConfig": vpc if vpc.get("subnetIds") or vpc.get("securityGroupIds") else None,
    }


def latest_and_published(client: Client, configuration: Members) -> tuple[str, str]:
    """The unqualified ARN, and the newest published version, or `$LATEST` without one."""
    name = configuration["FunctionName"]
    pages = client.get_paginator("list_versions_by_function").paginate(FunctionName=name)
    numbers = [
        int(version["Version"]) for page in pages for version in page["Versions"] if version["Version"].isdigit()
    ]
    arn = ":".join(configuration["FunctionArn"].split(":")[:7])
    return arn, str(max(numbers)) if numbers else "$LATEST"


def invoke_arn(region: str, arn: str, api: str = "2015-03-31", verb: str = "invocations") -> str:
    """The ARN under which API Gateway invokes a function."""
    return f"arn:{PARTITION}:apigateway:{region}:lambda:path/{api}/functions/{arn}/{verb}"


def get_function(session: Session, arguments: Properties) -> Properties:
    """aws.lambda_.get_function"""
    session = session.in_region(arguments.get("region"))
    client = session.client("lambda")
    qualifier = {"Qualifier": arguments["qualifier"]} if "qualifier" in arguments else {}
    answer = client.get_function(FunctionName=arguments["functionName"], **qualifier)
    described = describe(client, session.region, answer["Configuration"])
    plural = {
        f"{name}s": [described.pop(name)] if described.get(name) else []
        for name in ("ephemeralStorage", "loggingConfig")
    }
    return {
        **described,
        **plural,
        "description": described.get("description", ""),
        "environment": described["environment"] or {"variables": {}},
        "functionName": described["name"],
        "id": described["name"],
        "kmsKeyArn": described["kmsKeyArn"] or "",
        "layers": described["layers"] or [],
        "region": session.region,
        "reservedConcurrentExecutions": answer.get("Concurrency", {}).get("ReservedConcurrentExecutions", -1),
        "sourceCodeHash": described["codeSha256"],
        "tags": answer.get("Tags", {}),
    }

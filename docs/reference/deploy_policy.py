"""What whoever deploys may have to do in AWS, as an IAM policy: written from the calls in agentcore_provider/aws."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.session import Session

ROOM = Path(__file__).resolve().parents[2] / "agentcore_provider" / "aws"

# Functions of the room that take the name of an operation.
_DOORS = frozenset({"call", "call_or_none", "pages", "send", "operation_model"})
_AGENTCORE = "bedrock-agentcore-control"
# Only scripts and the command do what these are for; in a program Pulumi's aws plugin makes roles and functions.
_OF_SCRIPTS = frozenset({"role", "lambda_function", "observability"})
_PREFIX = {_AGENTCORE: "bedrock-agentcore"}
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
_ACTION = {("s3", "HeadObject"): "s3:GetObject"}

# What AgentCore does with the caller's permissions when it carries out a call, by its developer guide (pages on gateway
# prerequisites and on AgentCore Identity's credential providers).
_BY_THE_SERVICE = {
    "bedrock-agentcore:CreateTokenVault",
    "bedrock-agentcore:CreateWorkloadIdentity",
    "bedrock-agentcore:DeleteWorkloadIdentity",
    "bedrock-agentcore:GetTokenVault",
    "bedrock-agentcore:GetWorkloadIdentity",
}
_SECRETS = ("CreateSecret", "DeleteSecret", "DescribeSecret", "GetSecretValue", "PutSecretValue", "RestoreSecret")

# What Pulumi's aws plugin calls for GatewayRole, LambdaFunction and SchemaObject. Written by hand: the plugin is not
# ours, and reads more of a bucket with each version.
_OF_PLUGIN = {
    "iam": "CreateRole GetRole UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy DeleteRole TagRole UntagRole "
    "PutRolePolicy GetRolePolicy DeleteRolePolicy ListRolePolicies ListAttachedRolePolicies ListInstanceProfilesForRole "
    "PutRolePermissionsBoundary DeleteRolePermissionsBoundary",
    "lambda": "CreateFunction GetFunction GetFunctionConfiguration GetFunctionCodeSigningConfig UpdateFunctionCode "
    "UpdateFunctionConfiguration DeleteFunction ListVersionsByFunction ListTags TagResource UntagResource",
    "s3": "CreateBucket DeleteBucket ListBucket ListBucketVersions GetBucket* PutBucket* GetAccelerateConfiguration "
    "GetEncryptionConfiguration GetLifecycleConfiguration GetReplicationConfiguration GetObject GetObjectTagging "
    "GetObjectVersion PutObject PutObjectTagging DeleteObject DeleteObjectVersion",
    "sts": "GetCallerIdentity",
}
# What CreateRole and CreateFunction with tags ask for besides.
_TAGGED = {"iam:TagRole", "lambda:TagResource"}


@dataclass(frozen=True, order=True)
class Call:
    """An operation that the room calls. module: where."""

    service: str
    operation: str
    module: str

    @property
    def action(self) -> str:
        """The IAM action."""
        return _ACTION.get(
            (self.service, self.operation), f"{_PREFIX.get(self.service, self.service)}:{self.operation}"
        )


def calls() -> set[Call]:
    """Every operation that is named in the room. Raises LookupError where one cannot be read from the code."""
    modules = {file.stem: ast.parse(file.read_text(encoding="utf-8")) for file in sorted(ROOM.glob("*.py"))}
    constants: dict[str, str] = {}
    kinds: list[str] = []
    for tree in modules.values():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Assign)
                and isinstance(node.value, ast.Constant)
                and isinstance(node.value.value, str)
            ):
                constants |= {
                    it.id: node.value.value for it in node.targets if isinstance(it, ast.Name) and it.id.isupper()
                }
            if isinstance(node, ast.Call) and tree is modules["resource_kind"]:
                kinds += [
                    str(it.value.value)
                    for it in node.keywords
                    if it.arg == "operation" and isinstance(it.value, ast.Constant)
                ]
    found = {call for module, tree in modules.items() for call in _named(module, tree, constants, kinds)}
    known = {
        service: set(Session().get_service_model(service).operation_names) for service in {it.service for it in found}
    }
    wrong = [it for it in sorted(found) if it.operation not in known[it.service]]
    if wrong or not kinds:
        raise LookupError(f"these are no operations of their services: {wrong}; teach {__name__} to read them")
    return found


def _named(module: str, tree: ast.Module, constants: dict[str, str], kinds: list[str]) -> Iterator[Call]:
    through = {
        function.name: service
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef) and function.name in _DOORS
        for service in [
            _service(it, constants)
            for it in ast.walk(function)
            if isinstance(it, ast.Call) and _name(it.func) == "call"
        ]
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in _DOORS:
            service = _service(node, constants) or through.get(_name(node.func)) or _AGENTCORE
            for argument in node.args[:1]:
                for operation in _texts(argument, kinds):
                    yield Call(service, operation, module)


def _name(function: ast.expr) -> str:
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def _service(call: ast.Call, constants: dict[str, str]) -> str | None:
    given = [it.value for it in call.keywords if it.arg == "service"]
    if _name(call.func) == "operation_model":
        given += call.args[1:2]
    for it in given:
        if isinstance(it, ast.Constant):
            return str(it.value)
        if isinstance(it, ast.Name) and it.id in constants:
            return constants[it.id]
    return None


def _texts(argument: ast.expr, kinds: list[str]) -> list[str]:
    """What a text of the code may be: `f"Get{kind.operation}"` is one for each kind of resource."""
    if isinstance(argument, ast.Constant):
        return [argument.value] if isinstance(argument.value, str) else []
    if not isinstance(argument, ast.JoinedStr):
        return []
    return [
        "".join(str(it.value) if isinstance(it, ast.Constant) else kind for it in argument.values) for kind in kinds
    ]


def policy() -> dict[str, Any]:
    """The policy of whoever deploys programs and stack files."""
    ours = {it.action for it in calls() if it.module not in _OF_SCRIPTS}
    secrets = {f"secretsmanager:{it}" for it in _SECRETS}
    return {
        "Version": "2012-10-17",
        "Statement": [
            _allow("AgentCoreProvider", (ours - secrets) | _BY_THE_SERVICE, "*"),
            _allow(
                "SecretsOfCredentialProviders",
                secrets,
                "arn:aws:secretsmanager:*:*:secret:bedrock-agentcore-identity!*",
            ),
            _allow(
                "PulumiAwsPlugin",
                {f"{service}:{it}" for service, names in _OF_PLUGIN.items() for it in names.split()},
                "*",
            ),
            {
                **_allow("HandRolesOver", {"iam:PassRole"}, "arn:aws:iam::*:role/*"),
                "Condition": {
                    "StringEquals": {"iam:PassedToService": ["bedrock-agentcore.amazonaws.com", "lambda.amazonaws.com"]}
                },
            },
        ],
    }


def _allow(name: str, actions: set[str], resource: str) -> dict[str, Any]:
    return {"Sid": name, "Effect": "Allow", "Action": sorted(actions), "Resource": resource}


def page() -> str:
    """The page of the site."""
    scripts = sorted({it.action for it in calls() if it.module in _OF_SCRIPTS} | _TAGGED)
    return "\n".join(
        [
            "# Permissions of whoever deploys",
            "",
            "A policy to paste. How to use it: [A team](../team.md).",
            "",
            "- `AgentCoreProvider` is written from the calls in this package's code, whenever these pages are built, and "
            "from what AgentCore's developer guide says that it does with the caller's permissions: token vault and "
            "workload identities.",
            "- `SecretsOfCredentialProviders` is for API keys and OAuth clients. Leave it out if the stack has none.",
            "- `PulumiAwsPlugin` is for `GatewayRole`, `LambdaCode` and schemas in S3, which Pulumi's aws plugin makes. It is "
            "written by hand; a newer plugin may read more.",
            "- `HandRolesOver` lets gateways and functions assume their roles. Narrow its resource to the path of your roles.",
            "",
            "It has not been tried with a live account. In partitions other than `aws`, change the ARNs.",
            "",
            "```json",
            json.dumps(policy(), indent=2),
            "```",
            "",
            "Scripts (`GatewayClient`) create roles and functions without Pulumi's plugin, and also need: "
            + ", ".join(f"`{it}`" for it in scripts)
            + ".",
            "",
        ]
    )

"""LambdaFunction: a folder of handler code as a function, with a role that may write its log and nothing else."""

from __future__ import annotations

import hashlib
import json
import os
import urllib.parse
from collections.abc import Mapping
from pathlib import Path

import pulumi

from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources import aws_access
from agentcore_provider.resources import pulumi_aws as aws
from agentcore_provider.resources.aws_access import AnyRole
from agentcore_provider.resources.targets.lambda_function import Lambda, LambdaCode
from agentcore_provider.resources.targets.target import project_folder
from agentcore_provider.rules.lambda_function import TRUST_POLICY, log_policy
from agentcore_provider.schemas import lambda_code

# A function's role is called after it; IAM takes 64 characters, endings included.
_LONGEST_NAME = 45


class LambdaFunction(pulumi.ComponentResource):
    """A Lambda function made of a folder, together with its execution role.

    The folder is packed without caches, together with the packages that its requirements.txt lists: as wheels for the
    function's runtime on x86_64, or for this machine where the stack deploys to local AWS. What the folder itself holds
    wins over a package of the same name.
    """

    arn: pulumi.Output[str]
    """ARN of the function."""
    name: pulumi.Output[str]
    """Name of the function in Lambda."""

    def __init__(
        self,
        resource_name: str,
        *,
        folder: str | os.PathLike[str],
        handler: str = "handler.handler",
        runtime: str = "python3.12",
        requirements: bool = True,
        environment: Mapping[str, pulumi.Input[str]] | None = None,
        timeout: pulumi.Input[int] = 30,
        memory_size: pulumi.Input[int] = 256,
        description: pulumi.Input[str] | None = None,
        tags: Mapping[str, pulumi.Input[str]] | None = None,
        region: pulumi.Input[str] | None = None,
        profile: pulumi.Input[str] | None = None,
        assume_role: AnyRole | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """
        Args:
            resource_name: Logical name; the function's name in Lambda begins with it.
            folder: Folder with the code, relative to the project folder. A changed file updates the function in place.
            handler: `module.function` that Lambda calls. Default: `handler` in handler.py. Updates in place.
            runtime: Lambda runtime such as `python3.12` or `nodejs22.x`. Updates in place.
            requirements: Whether the packages that the folder's requirements.txt lists travel along. They are installed
                on this machine, by pip or uv, once for each content of the file: pin versions, and every machine
                deploys the same. Default: True. Changing it updates in place.
            environment: Environment variables of the function. Default: none. Updates in place.
            timeout: Seconds a call may take, 1 to 900. Default: 30. Updates in place.
            memory_size: Memory in MB, 128 to 10240. Default: 256. Updates in place.
            description: What the function is for, up to 256 characters. Updates in place.
            tags: Tags of the function and its role, up to 50. Updates in place.
            region: AWS Region. Default: that of the parent, of an aws.Provider in `opts`, or of the stack. Changing it replaces.
            profile: AWS profile to sign in with, in place of what the stack signs in with. One of another account replaces.
            assume_role: Role to assume, by ARN or as an AssumeRole; not with `profile`. One of another account replaces.
            opts: Pulumi's resource options.

        Raises InvalidInput where the folder cannot become a function or a package cannot be installed.
        """
        if not isinstance(folder, (str, os.PathLike)):
            raise InvalidInput(f"is a {type(folder).__name__}", "Pass the path of a folder", path="folder")
        access = aws_access.find(
            LambdaFunction, resource_name, opts, region=region, profile=profile, assume_role=assume_role
        )
        super().__init__("agentcore:index:LambdaFunction", resource_name, None, access.component(opts))
        self.aws_access = access
        code = code_archive(folder, handler=handler, runtime=runtime, requirements=requirements)
        child = access.child(self)
        lookup = pulumi.InvokeOutputOptions(parent=self)
        role = aws.iam.Role(
            f"{resource_name}-function",
            assume_role_policy=json.dumps(TRUST_POLICY),
            description=f"Assumed by the Lambda function {resource_name}",
            tags=tags,
            opts=child,
        )
        log = aws.iam.RolePolicy(
            f"{resource_name}-log",
            role=role.name,
            policy=pulumi.Output.all(
                partition=aws.get_partition_output(opts=lookup).partition,
                region=aws.get_region_output(opts=lookup, **access.arguments).region,
                account=aws.get_caller_identity_output(opts=lookup).account_id,
            ).apply(lambda place: json.dumps(log_policy(f"{resource_name}-*", **place))),
            opts=child,
        )
        function = aws.lambda_.Function(
            resource_name,
            code=code,
            handler=handler,
            runtime=runtime,
            role=role.arn,
            environment=aws.lambda_.FunctionEnvironmentArgs(variables=dict(environment)) if environment else None,
            timeout=timeout,
            memory_size=memory_size,
            description=description,
            tags=tags,
            # Without its permission to log, the first calls of a function would leave no trace.
            opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=[log])),
            **access.arguments,
        )
        self.arn = function.arn
        self.name = function.name
        self.register_outputs({"arn": self.arn, "name": self.name})


def made_of(
    code: LambdaCode,
    name: str,
    *,
    tags: Mapping[str, pulumi.Input[str]] | None = None,
    region: pulumi.Input[str] | None = None,
    opts: pulumi.ResourceOptions | None = None,
) -> Lambda:
    """The target that calls a function made of the code. name: logical name; a long one is cut, and stays unique.
    region: of the function; None is that of its parent or of the stack.

    Raises InvalidInput as LambdaFunction does.
    """
    code.require_bools()
    if len(name) > _LONGEST_NAME:
        name = f"{name[: _LONGEST_NAME - 8]}-{hashlib.sha256(name.encode()).hexdigest()[:7]}"
    function = LambdaFunction(
        name,
        folder=code.folder,
        handler=code.handler,
        runtime=code.runtime,
        requirements=code.requirements,
        environment=code.environment,
        timeout=code.timeout,
        memory_size=code.memory_size,
        tags=tags,
        region=region,
        opts=opts,
    )
    tools = code.tools
    if tools is None:
        tools = lambda_code.tools_file(project_folder() / code.folder, code.handler)
    return Lambda(function.arn, tools=tools, fold=code.fold, accept=code.accept)


def code_archive(
    folder: str | os.PathLike[str], *, handler: str, runtime: str, requirements: bool = True
) -> pulumi.AssetArchive:
    """The folder's files, and its packages, as an archive whose hash depends on their names and contents only."""
    files = lambda_code.files(
        folder,
        project=project_folder(),
        handler=handler,
        runtime=runtime,
        requirements=requirements,
        runs_here=_is_local(),
    )
    return pulumi.AssetArchive({name: pulumi.FileAsset(_shown(path)) for name, path in files.items()})


def _is_local() -> bool:
    """Whether the stack deploys to an AWS on this machine."""
    url = pulumi.Config("agentcore").get("endpointUrl") or os.environ.get("AWS_ENDPOINT_URL") or ""
    return urllib.parse.urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")


def _shown(path: Path) -> str:
    """The path as stored in the stack's state: relative to the project, so that every machine stores the same."""
    absolute = path.absolute()
    return str(absolute.relative_to(Path.cwd())) if absolute.is_relative_to(Path.cwd()) else str(absolute)

"""Lambda functions as targets.

https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-add-target-lambda.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from pathlib import Path
from typing import Any, ClassVar, Union

import pulumi

from agentcore_provider.problem import Problem
from agentcore_provider.resources.target_record import Accepting, Record
from agentcore_provider.resources.targets.schema_source import built_late
from agentcore_provider.resources.targets.target import holds_output, project_folder
from agentcore_provider.schemas import tools as tool_schemas
from agentcore_provider.target_kinds import LAMBDA
from agentcore_provider.target_kinds.target_kind import TargetKind

Tools = Union[
    str, Path, Sequence[Mapping[str, object]], Sequence[Callable[..., Any]], Mapping[str, object], "pulumi.Output[Any]"
]
"""Where the tools of a Lambda function come from."""


@dataclass(frozen=True)
class Lambda(Record):
    """A Lambda function."""

    kind: ClassVar[TargetKind] = LAMBDA

    arn: pulumi.Input[str]
    """ARN of the function, up to 170 characters. Changing it updates in place."""
    tools: Tools | None = None
    """The function's tools: tool definitions with plain JSON Schema (`inputSchema`, `outputSchema`); a JSON, YAML or
    Python file; an s3:// URI; Python functions, of which type hints and docstrings are read; or AWS's toolSchema
    document. A relative path begins at the project's folder. Up to 1,000 tools; over 1 MB they travel through S3.
    Default: the two tools of the quick start, get_weather and get_time. Updates in place."""
    _: KW_ONLY
    fold: bool = True
    """Whether what the service's five keywords cannot express (enum, default, format, limits) moves into descriptions and
    `$ref`s are put in place; what cannot be expressed without loss is rejected. False leaves schemas as they are, so that
    the preview refuses such keywords. Default: True. Updates in place."""
    upload: bool = False
    """Whether the tools travel through S3 even when they are short. Updates in place."""
    bucket_owner: pulumi.Input[str] | None = None
    """Account that owns the bucket of an s3:// URI, 12 digits. Default: the gateway's account. Updates in place."""

    def values(self) -> dict[str, object]:
        """As in Record. Raises InvalidInput."""
        tools = tool_schema(self.tools, fold=self.fold, bucket_owner=self.bucket_owner, warn=pulumi.log.warn)
        return {"arn": self.arn, "tools": tools}


@dataclass(frozen=True)
class LambdaCode(Accepting):
    """A folder of Python code that becomes a Lambda function, beside the target that calls it."""

    folder: str | Path
    """Folder whose content is the function's code. A relative path begins at the project's folder."""
    _: KW_ONLY
    handler: str = "handler.handler"
    """Module and function that Lambda calls. Default: handler.handler. Changing it updates in place."""
    runtime: str = "python3.12"
    """Lambda runtime of the code. Default: python3.12. Changing it updates in place."""
    requirements: bool = True
    """Whether the packages that the folder's requirements.txt lists travel along: see LambdaFunction. Default:
    True. Updates in place."""
    tools: Tools | None = None
    """As in Lambda. Default: what TOOLS of the handler's file lists."""
    fold: bool = True
    """As in Lambda."""
    environment: Mapping[str, pulumi.Input[str]] | None = None
    """Environment variables of the function. Changing them updates in place."""
    timeout: int = 30
    """Seconds a call may take, 1 to 900. Default: 30. Changing it updates in place."""
    memory_size: int = 256
    """Memory in MB, 128 to 10240. Default: 256. Changing it updates in place."""


def tool_schema(
    tools: Tools | None, *, fold: bool = True, bucket_owner: object = None, warn: Callable[[str], None] | None = None
) -> Any:
    """AWS's toolSchema document. warn: takes what was left out. Raises InvalidInput with every problem."""
    if holds_output(tools, "tools"):
        return pulumi.Output.from_input(tools).apply(
            lambda known: built_late(lambda: tool_schema(known, fold=fold, bucket_owner=bucket_owner, warn=warn))
        )
    folder = project_folder() if isinstance(tools, (str, Path)) else Path()
    notes: list[Problem] = []
    schema = tool_schemas.schema(tools, folder=folder, fold_keywords=fold, bucket_owner=bucket_owner, notes=notes)
    if warn is not None:
        for note in notes:
            warn(str(note))
    return schema

"""What a gateway offers as tools: records that build AWS's target documents.

A kind without a record here is passed to GatewayTarget as AWS's own document.
https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-supported-targets.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Union

import pulumi

from agentcore_provider.schemas import default
from agentcore_provider.schemas import tools as tool_schemas

Tools = Union[
    str, Path, Sequence[Mapping[str, Any]], Sequence[Callable[..., Any]], Mapping[str, Any], "pulumi.Output[Any]"
]
"""Where the tools of a Lambda function come from."""


class Target(Protocol):
    """What the `target` of a GatewayTarget takes."""

    def target_configuration(self) -> dict[str, Any]:
        """AWS's document. Raises InvalidInput."""
        ...

    def credential_provider_configurations(self) -> list[dict[str, Any]]:
        """How the gateway signs in if the program does not say."""
        ...


@dataclass(frozen=True)
class Lambda:
    """A Lambda function.

    https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-add-target-lambda.html
    """

    arn: pulumi.Input[str]
    """ARN of the function. Changing it updates in place."""
    tools: Tools | None = None
    """The function's tools: tool definitions; a JSON, YAML or Python file; an s3:// URI; Python functions, of which
    type hints and docstrings are read; or AWS's toolSchema document. A relative path begins at the project's folder.
    Default: the two tools of the quick start, get_weather and get_time. Updates in place."""

    def target_configuration(self) -> dict[str, Any]:
        return {"mcp": {"lambda": {"lambdaArn": self.arn, "toolSchema": tool_schema(self.tools)}}}

    def credential_provider_configurations(self) -> list[dict[str, Any]]:
        return [{"credentialProviderType": "GATEWAY_IAM_ROLE"}]


@dataclass(frozen=True)
class LambdaCode:
    """A folder of Python code that becomes a Lambda function: for McpGateway and stack files."""

    folder: str | Path
    """Folder whose content is the function's code. A relative path begins at the project's folder."""
    handler: str = "handler.handler"
    """Module and function that Lambda calls. Changing it updates in place."""
    runtime: str = "python3.12"
    """Lambda runtime. Changing it updates in place."""
    tools: Tools | None = None
    """As in Lambda."""
    environment: Mapping[str, pulumi.Input[str]] | None = None
    """Environment variables of the function. Changing them updates in place."""
    timeout: int = 30
    """Seconds a call may take, 1 to 900. Changing it updates in place."""
    memory_size: int = 256
    """Memory in MB, 128 to 10240. Changing it updates in place."""


def tool_schema(tools: Tools | None) -> Any:
    """AWS's toolSchema document. Raises InvalidInput."""
    if isinstance(tools, pulumi.Output):
        return tools.apply(tool_schema)
    if isinstance(tools, Mapping):
        return tools
    if isinstance(tools, str) and tools.startswith("s3://"):
        return {"s3": {"uri": tools}}
    folder = Path(pulumi.runtime.get_root_directory() or ".") if isinstance(tools, (str, Path)) else Path()
    return {"inlinePayload": default.tools() if tools is None else tool_schemas.load(tools, folder=folder)}

"""Options that several commands share: target, document, stack, gateway, sign-in, form of the answer."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from agentcore_provider.cli import completion


# The gateway and target that a command creates.
class AuthorizerType(str, Enum):
    """Inbound authorizers of a gateway."""

    ez_auth = "EZ_AUTH"
    custom_jwt = "CUSTOM_JWT"
    aws_iam = "AWS_IAM"
    none = "NONE"


class TargetType(str, Enum):
    """Kinds of targets that are created from one text, by AWS's names: those of target_kinds.SOURCED."""

    function = "lambda"
    open_api = "openApiSchema"
    smithy = "smithyModel"
    mcp_server = "mcpServer"


Role = Annotated[
    str | None,
    typer.Option(
        "--execution-role",
        "--role-arn",
        "-r",
        help="Role that the gateway assumes, by name or ARN. Default: one created for it, with just what its targets need.",
    ),
]
Tools = Annotated[
    str | None,
    typer.Option(
        "--tools",
        help="Tools of a Lambda function: .json, .yaml or .py file, or s3:// URI. Default: TOOLS of the function's "
        "code, else two samples.",
    ),
]
Description = Annotated[str | None, typer.Option("--description", help="What the target is for.")]

# The document that describes a target's tools.
Only = Annotated[
    list[str] | None,
    typer.Option(
        "--only",
        help="Operations that become tools: names, tag:NAME, methods, paths; * matches any text. Repeatable. Default: all.",
        metavar="PATTERN",
        show_default=False,
    ),
]
Without = Annotated[
    list[str] | None,
    typer.Option(
        "--without",
        help="Operations that do not become tools, written as for --only. Repeatable.",
        metavar="PATTERN",
        show_default=False,
    ),
]
Fix = Annotated[
    bool,
    typer.Option("--fix", help="Fix what the service would reject in an OpenAPI document, and report each change."),
]
Server = Annotated[
    str | None,
    typer.Option("--server", help="Address of the API, instead of the OpenAPI document's own.", metavar="URL"),
]
Accept = Annotated[
    list[str] | None,
    typer.Option(
        "--accept",
        help="Code of a rule whose errors become warnings, such as composed-input; each error ends with its code. "
        "Repeatable.",
        metavar="CODE",
        show_default=False,
    ),
]

# The stack that a command changes.
ProjectFolder = Annotated[
    Path | None,
    typer.Option(
        "--project",
        file_okay=False,
        help="Folder of the Pulumi project; an empty folder becomes one. Default: the project around the current folder, "
        "else one that agentcore keeps for you.",
    ),
]
StackName = Annotated[
    str | None,
    typer.Option(
        "--stack",
        "-s",
        autocompletion=completion.stacks,
        help="Stack to change. Default: local on local AWS, else the project's.",
    ),
]
Region = Annotated[
    str | None, typer.Option("--region", help="AWS Region. Default: the stack's, else your AWS settings'.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Remove or replace what the change requires, without asking.")]

# What a target is created from.
SOURCE = (
    "Lambda ARN, folder or .py file of a function to create, OpenAPI or Smithy file, s3:// URI of one, https:// URL of an "
    "MCP server, or built-in schema."
)

# The gateway that a command reads.
Stack = Annotated[
    str | None,
    typer.Option(
        "--stack",
        "-s",
        autocompletion=completion.stacks,
        help="Stack to look the gateway up in. Default: the selected one.",
    ),
]
GatewayName = Annotated[
    str | None,
    typer.Option(
        "--gateway",
        "-g",
        autocompletion=completion.gateways,
        help="Name, id, ARN or URL of the gateway, if the stack has several.",
    ),
]
Url = Annotated[str | None, typer.Option("--url", help="MCP URL of a gateway, instead of a stack.")]
TokenText = Annotated[
    str | None,
    typer.Option(
        "--token",
        envvar="AGENTCORE_TOKEN",
        show_envvar=True,
        help="Access token; the variable keeps it out of the process list. Default: signs in as the stack's client.",
    ),
]
Sigv4 = Annotated[
    bool,
    typer.Option(
        "--sigv4",
        help="Sign each request with your AWS credentials (Signature Version 4) instead of a token, for a gateway with the "
        "authorizer AWS_IAM. Default: as the stack or AWS reports the authorizer; required with --url.",
    ),
]
Timeout = Annotated[float, typer.Option("--timeout", min=0.1, help="Seconds to wait for each answer.")]

Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]

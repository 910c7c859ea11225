"""A folder of code, or one file, given as a target: it becomes a Lambda function of the target's own.

{"mcp": {"lambda": {"code": "demo/order_desk"}}}
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agentcore_provider.aws import lambda_function
from agentcore_provider.aws.connection import Connection
from agentcore_provider.errors import InvalidInput
from agentcore_provider.rules.service_model import guess
from agentcore_provider.rules.unknown import UNKNOWN
from agentcore_provider.target_kinds import LAMBDA
from agentcore_provider.target_kinds.target_kind import at

# What the quick start calls a test function: two tools that answer without anything behind them.
SAMPLE = Path(__file__).with_name("sample_function")
_KNOWN = ("code", "handler", "runtime", "requirements", "environment", "timeout", "memory_size", "tools")


@dataclass(frozen=True)
class Function:
    """What a function is made of."""

    files: Mapping[str, Path]
    """Its code, by the names in the archive."""
    settings: Mapping[str, Any]
    """Members of CreateFunction."""
    tools: Any
    """AWS's toolSchema document."""


def of(configuration: object, *, runs_here: bool) -> Function | None:
    """The function that a targetConfiguration asks for by `code`; None if it names one that exists.

    runs_here: it runs on this machine, as those of local AWS do. Raises InvalidInput.
    """
    given = _given(configuration)
    if given is None:
        return None
    from agentcore_provider.schemas import lambda_code

    where = "targetConfiguration.mcp.lambda"
    for name in given:
        if name not in (*_KNOWN, "toolSchema"):
            meant = guess(str(name), _KNOWN)
            cure = f"did you mean {meant}?" if meant else f"known beside code are {', '.join(_KNOWN[1:])}, toolSchema"
            raise InvalidInput("cannot be combined with code", cure, path=f"{where}.{name}")
    runtime = given.get("runtime") or "python3.12"
    try:
        if given.get("handler"):
            code, handler = Path(given["code"]), str(given["handler"])
        else:
            code, handler = lambda_code.located(Path(given["code"]).expanduser())
        files = lambda_code.files(
            code,
            project=Path(),
            handler=handler,
            runtime=runtime,
            requirements=given.get("requirements", True),
            runs_here=runs_here,
        )
    except InvalidInput as error:
        raise error.below(f"{where}.code") from None
    settings = {
        "Handler": handler,
        "Runtime": runtime,
        "Timeout": given.get("timeout", 30),
        "MemorySize": given.get("memory_size", 256),
        **({"Environment": {"Variables": dict(given["environment"])}} if given.get("environment") else {}),
    }
    return Function(files, settings, _tools(given, lambda_code.tools_file(code, handler), where))


def with_function(function: Function, arn: object = UNKNOWN) -> dict[str, Any]:
    """The targetConfiguration with the function's ARN in place of its code; an ARN not known yet by default."""
    return LAMBDA.document({"arn": arn, "tools": function.tools})


def is_code(source: str) -> bool:
    """Whether a target's source is a folder or a Python file of this machine."""
    path = Path(source).expanduser()
    if "://" in source or source.startswith("arn:"):
        return False
    # The path of an empty text is the current folder.
    return (bool(source.strip()) and path.is_dir()) or source.endswith((".py", os.sep))


def _given(configuration: object) -> Mapping[str, Any] | None:
    document = LAMBDA.content(configuration)
    return document if isinstance(document, Mapping) and "code" in document else None


def _tools(given: Mapping[str, Any], listed_in: Path | None, where: str) -> Any:
    if "toolSchema" in given:
        return given["toolSchema"]
    from agentcore_provider.schemas import tools as tool_schemas

    source = given.get("tools", listed_in)
    if source is None:
        raise InvalidInput(
            "is missing, and the handler's file lists none under TOOLS",
            "Give tool definitions or a file of them",
            path=f"{where}.tools",
        )
    return {"inlinePayload": tool_schemas.fold(tool_schemas.load(source, folder=Path()))}


def require(connection: Connection, label: str, document: Mapping[str, object]) -> None:
    """Raises InvalidInput if the Lambda function of a target is known not to exist. document: CreateGatewayTarget's input."""
    arn = at(LAMBDA.content(document.get("targetConfiguration")), "lambdaArn")
    if not isinstance(arn, str):
        return
    parts = arn.split(":")
    if parts[3] != connection.region:
        raise InvalidInput(
            f"function {arn} is in {parts[3]}, and the gateway in {connection.region}",
            f"Use a function of the gateway's Region, or a client of the function's: GatewayClient(region_name={parts[3]!r})",
            label=label,
        )
    missing = lambda_function.missing(connection, arn)
    if missing:
        raise InvalidInput.of_problems([missing], label)

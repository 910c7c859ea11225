"""What a target is created from: one text, or a folder of code, which becomes a Lambda function of the target's own.

{"mcp": {"lambda": {"code": "demo/order_desk"}}}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from agentcore_provider import target_kinds
from agentcore_provider.aws import lambda_function
from agentcore_provider.aws.connection import Connection
from agentcore_provider.documents import files as text_files
from agentcore_provider.errors import InvalidInput
from agentcore_provider.rules.service_model import guess
from agentcore_provider.rules.unknown import UNKNOWN
from agentcore_provider.schemas import default, lambda_code
from agentcore_provider.schemas import tools as tool_schemas
from agentcore_provider.schemas.builtins import catalogue
from agentcore_provider.target_kinds import LAMBDA, SourcedName
from agentcore_provider.target_kinds.source import is_s3_uri
from agentcore_provider.target_kinds.target_kind import at

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agentcore_control.type_defs import TargetConfigurationTypeDef

# The quick start's test function: two tools that answer without anything behind them.
_SAMPLE = Path(__file__).with_name("sample_function")
_KNOWN = ("code", "handler", "runtime", "requirements", "environment", "timeout", "memory_size", "tools")
_METHOD = "create_mcp_gateway_target"


def configuration(source: str, target_type: SourcedName | None = None, *, tools: object = None) -> dict[str, object]:
    """AWS's targetConfiguration of the ARN of a function, code, a file, an s3:// URI, an address.

    tools: of a Lambda function: definitions, a file of them, an s3:// URI or AWS's toolSchema document. Default: those
    that the code lists; for an ARN, those of the quick start. Raises InvalidInput.
    """
    if target_type in (None, LAMBDA.name) and lambda_code.is_code(source):
        return LAMBDA.configuration({"code": source, **({} if tools is None else {"tools": tools})})
    wanted = target_kinds.SOURCED[target_type] if target_type else None
    kind = target_kinds.kind_of(source, wanted, by="target_type")
    if kind is LAMBDA:
        return kind.document({"arn": source, "tools": tool_schemas.schema(tools, folder=Path())})
    if kind.schema is None or kind.schema.key != kind.source_key:
        return kind.document({str(kind.source_key): source})
    schema = {"s3": {"uri": source}} if is_s3_uri(source) else {"inlinePayload": text_files.text(Path(source))}
    return kind.document({kind.schema.key: schema})


def of_payload(payload: object, target_type: SourcedName, *, region: str) -> dict[str, object]:
    """AWS's targetConfiguration of create_mcp_gateway_target's target_payload. region: the gateway's.

    Raises InvalidInput.
    """
    if isinstance(payload, str):
        return configuration(payload, target_type)
    kind = target_kinds.SOURCED[target_type]
    if payload:
        return kind.configuration(payload)
    if kind is LAMBDA:
        return kind.configuration({"code": str(_SAMPLE), "toolSchema": {"inlinePayload": default.tools()}})
    if kind is target_kinds.SMITHY:
        model = catalogue.PREDEFINED_MODEL
        hosted = catalogue.entry(model).hosted_s3.get(region)
        inline = {} if hosted else catalogue.document(model, settings={}, operations=None)
        return kind.configuration({"s3": {"uri": hosted}} if hosted else {"inlinePayload": inline})
    raise InvalidInput("is missing", f"Pass the {kind.name}, such as a file", path="target_payload", label=_METHOD)


@dataclass(frozen=True)
class Function:
    """What a function is created from."""

    files: Mapping[str, Path]
    """Its code, by the names in the archive."""
    settings: Mapping[str, object]
    """Members of CreateFunction."""
    tools: object
    """AWS's toolSchema document."""


def function_of(configuration: object, *, runs_here: bool) -> Function | None:
    """The function of a targetConfiguration with `code`; None if it names one that exists.

    runs_here: it runs on this machine, as those of local AWS do. Raises InvalidInput.
    """
    document = LAMBDA.content(configuration)
    if not isinstance(document, Mapping) or "code" not in document:
        return None
    path = "targetConfiguration.mcp.lambda"
    for name in document:
        if name not in (*_KNOWN, "toolSchema"):
            meant = guess(str(name), _KNOWN)
            cure = f"did you mean {meant}?" if meant else f"known beside code are {', '.join(_KNOWN[1:])}, toolSchema"
            raise InvalidInput("cannot be combined with code", cure, path=f"{path}.{name}")
    runtime = document.get("runtime") or lambda_code.RUNTIME
    try:
        if document.get("handler"):
            code, handler = Path(document["code"]), str(document["handler"])
        else:
            code, handler = lambda_code.located(document["code"])
        files = lambda_code.files(
            code,
            project=Path(),
            handler=handler,
            runtime=runtime,
            requirements=document.get("requirements", True),
            runs_here=runs_here,
        )
    except InvalidInput as error:
        raise error.below(f"{path}.code") from None
    environment = document.get("environment")
    settings = {
        "Handler": handler,
        "Runtime": runtime,
        "Timeout": document.get("timeout", 30),
        "MemorySize": document.get("memory_size", 256),
        **({"Environment": {"Variables": dict(environment)}} if environment else {}),
    }
    if "toolSchema" in document:
        return Function(files, settings, document["toolSchema"])
    listed = lambda_code.tools_file(code, handler)
    return Function(files, settings, _tools(document.get("tools", listed), f"{path}.tools"))


def with_function(function: Function, arn: object = UNKNOWN) -> TargetConfigurationTypeDef:
    """The targetConfiguration with the function's ARN in place of its code; an ARN not known yet by default."""
    return cast("TargetConfigurationTypeDef", LAMBDA.document({"arn": arn, "tools": function.tools}))


def require_function(connection: Connection, label: str, document: Mapping[str, object]) -> None:
    """Raises InvalidInput if the Lambda function of a target is known not to exist. document: CreateGatewayTarget's input."""
    arn = at(LAMBDA.content(document.get("targetConfiguration")), "lambdaArn")
    if not isinstance(arn, str):
        return
    region = arn.split(":")[3]
    if region != connection.region:
        raise InvalidInput(
            f"function {arn} is in {region}, and the gateway in {connection.region}",
            f"Use a function of the gateway's Region, or a client of the function's: GatewayClient(region_name={region!r})",
            label=label,
        )
    missing = lambda_function.missing(connection, arn)
    if missing:
        raise InvalidInput.of_problems([missing], label)


def _tools(source: object, path: str) -> Mapping[str, object]:
    if source is None:
        raise InvalidInput(
            "is missing, and the handler's file lists none under TOOLS",
            "Pass tool definitions or a file of them",
            path=path,
        )
    return tool_schemas.schema(source, folder=Path())

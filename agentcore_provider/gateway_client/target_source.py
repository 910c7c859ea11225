"""What kind of target a Lambda ARN, a file, an S3 URI or an address is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal

from agentcore_provider.errors import InvalidInput
from agentcore_provider.schemas import s3_uri

Kind = Literal["lambda", "openApiSchema", "smithyModel", "mcpServer"]
KINDS: tuple[Kind, ...] = ("lambda", "openApiSchema", "smithyModel", "mcpServer")

_LAMBDA = re.compile(r"arn:aws[a-zA-Z-]*:lambda:[a-z0-9-]+:\d+:function:[a-zA-Z0-9-_.]+(:(\$LATEST|[a-zA-Z0-9-_]+))?")
_ENDINGS = (".json", ".yaml", ".yml")


def kind_of(source: str) -> Kind:
    """The kind, told by the form of an ARN or address and by a file's ending.

    `.smithy.json` is a Smithy model; other JSON and YAML is looked into if it lies on this machine, else it is OpenAPI.
    Raises InvalidInput.
    """
    if source.startswith("arn:"):
        if not _LAMBDA.fullmatch(source):
            raise InvalidInput(
                f"{source!r} is not the ARN of a Lambda function: it reads arn:aws:lambda:REGION:ACCOUNT:function:NAME"
            )
        return "lambda"
    if source.startswith(("https://", "http://")):
        return "mcpServer"
    lower = source.lower()
    if lower.endswith(".smithy"):
        raise InvalidInput(
            f"{source!r} is Smithy IDL, and the service takes the JSON AST: convert it with `smithy ast {source}`"
        )
    if s3_uri.is_meant(source):
        s3_uri.checked(source, "target")
    elif lower.endswith(_ENDINGS):
        return "smithyModel" if _is_smithy(Path(source)) else "openApiSchema"
    if lower.endswith((".smithy.json", "smithy-model.json")):
        return "smithyModel"
    if lower.endswith(_ENDINGS):
        return "openApiSchema"
    raise InvalidInput(
        f"{source!r} is no target that can be told by its form: give the ARN of a Lambda function, a folder of its code, a JSON or "
        "YAML file, an s3:// URI of one, or the https:// address of an MCP server"
    )


def _is_smithy(path: Path) -> bool:
    from agentcore_provider.documents import files

    document = files.read(path)
    return isinstance(document, dict) and "smithy" in document


def target_configuration(source: str, kind: Kind, *, tools: Any = None) -> dict[str, Any]:
    """AWS's document of a target.

    tools: (lambda) tool definitions, a file of them, an s3:// URI or AWS's toolSchema document; default: those of the
    quick start. Raises InvalidInput.
    """
    from agentcore_provider.documents import files
    from agentcore_provider.schemas import default
    from agentcore_provider.schemas import tools as tool_schemas

    if kind == "lambda":
        if isinstance(tools, dict):
            schema = tools
        elif isinstance(tools, str) and s3_uri.is_meant(tools):
            schema = {"s3": {"uri": s3_uri.checked(tools, "tools")}}
        else:
            listed = default.tools() if tools is None else tool_schemas.load(tools, folder=Path())
            schema = {"inlinePayload": listed}
        return {"mcp": {"lambda": {"lambdaArn": source, "toolSchema": schema}}}
    if kind == "mcpServer":
        return {"mcp": {"mcpServer": {"endpoint": source}}}
    if s3_uri.is_meant(source):
        return {"mcp": {kind: {"s3": {"uri": s3_uri.checked(source, "target")}}}}
    return {"mcp": {kind: {"inlinePayload": files.text(Path(source))}}}

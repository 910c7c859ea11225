"""Kinds of targets: one object for each, with its names, documents, credentials, permissions and sources.

To add a kind, implement `TargetKind` in a file beside these and put the object into KINDS. All packages above iterate
over it.
https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-supported-targets.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from agentcore_provider.errors import InvalidInput
from agentcore_provider.target_kinds.api_gateway import ApiGateway
from agentcore_provider.target_kinds.connector import Connector, HttpConnector, InferenceConnector
from agentcore_provider.target_kinds.http import AgentRuntime, Passthrough
from agentcore_provider.target_kinds.inference import InferenceProvider
from agentcore_provider.target_kinds.lambda_function import LambdaFunction
from agentcore_provider.target_kinds.mcp_server import McpServer
from agentcore_provider.target_kinds.open_api import OpenApi
from agentcore_provider.target_kinds.smithy_model import SmithyModel
from agentcore_provider.target_kinds.source import (
    checked_s3_uri,
    file_on_the_web,
    is_address_of_file,
    is_s3_uri,
)
from agentcore_provider.target_kinds.target_kind import SchemaFormat, TargetKind

LAMBDA = LambdaFunction()
OPEN_API = OpenApi()
SMITHY = SmithyModel()
MCP_SERVER = McpServer()
API_GATEWAY = ApiGateway()
CONNECTOR = Connector()
AGENT_RUNTIME = AgentRuntime()
PASSTHROUGH = Passthrough()
INFERENCE = InferenceProvider()
HTTP_CONNECTOR = HttpConnector()
INFERENCE_CONNECTOR = InferenceConnector()

KINDS: tuple[TargetKind, ...] = (
    *(LAMBDA, OPEN_API, SMITHY, MCP_SERVER, API_GATEWAY, CONNECTOR, AGENT_RUNTIME, PASSTHROUGH),
    *(INFERENCE, HTTP_CONNECTOR, INFERENCE_CONNECTOR),
)
BY_KEY: Mapping[str, TargetKind] = {kind.key: kind for kind in KINDS}
BY_NAME: Mapping[str, TargetKind] = {kind.name: kind for kind in KINDS}
SourcedName = Literal["lambda", "openApiSchema", "smithyModel", "mcpServer"]
SOURCED: Mapping[str, TargetKind] = {kind.name: kind for kind in KINDS if kind.source_key}
"""Kinds whose targets can be created from one text, by AWS's names: what --target-type offers."""
_BY_PATH = {kind.path: kind for kind in KINDS}


def branch(configuration: object) -> tuple[str | None, str | None]:
    """The members of the two unions in a targetConfiguration, such as ("mcp", "lambda"); None for what is not known."""
    if not isinstance(configuration, Mapping) or len(configuration) != 1:
        return None, None
    family, content = next(iter(configuration.items()))
    if not isinstance(content, Mapping) or len(content) != 1:
        return family, None
    return family, next(iter(content))


def of(configuration: object) -> TargetKind | None:
    """The kind of a targetConfiguration; None if it is not known."""
    family, member = branch(configuration)
    return _BY_PATH.get((family, member)) if isinstance(family, str) and isinstance(member, str) else None


def kind_of(source: str, kind: TargetKind | None = None, *, by: str = "") -> TargetKind:
    """The kind of target that a text is the source of: an ARN, a file, an S3 URI, an address.

    kind: the one that is wanted. by: flag or argument that names it; empty if there is none. Raises InvalidInput for a text
    that has no such form, or not that of the kind.
    """
    if is_s3_uri(source):
        checked_s3_uri(source, "target")
    if kind is not None:
        kind.require(source)
        return kind
    if is_address_of_file(source):
        raise file_on_the_web(source, f", or pass {by} {MCP_SERVER.name} if it is an MCP server" if by else "")
    found = next((kind for kind in SOURCED.values() if kind.accepts(source)), None)
    if found is None:
        raise InvalidInput(
            f"{source!r} does not show which kind of target it is",
            "Pass the ARN of a Lambda function, a folder of its code, a JSON or YAML file, an s3:// URI of one, or the https:// "
            f"address of an MCP server{f', or pass {by}' if by else ''}",
        )
    return found


def inline_schema(configuration: object) -> tuple[SchemaFormat | None, object]:
    """The schema inside a targetConfiguration and its format; (None, None) if there is none, or none that is known."""
    kind, payload = of(configuration), schema_source(configuration).get("inlinePayload")
    return (kind.schema.format, payload) if kind and kind.schema and payload is not None else (None, None)


def schema_source(configuration: object) -> Mapping[str, object]:
    """AWS's document of where a target's schema is; empty if there is none, or none that is known."""
    kind = of(configuration)
    found = configuration if kind and kind.schema else None
    for member in kind.schema_path if kind else ():
        found = found.get(member) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}

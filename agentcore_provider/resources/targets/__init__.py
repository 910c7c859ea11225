"""What a gateway offers as tools: records that build AWS's target documents.

Whatever no record says is passed to GatewayTarget as AWS's own document.
https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-supported-targets.html
"""

from __future__ import annotations

from collections.abc import Mapping

from agentcore_provider.resources.target_record import Record
from agentcore_provider.resources.targets.api_gateway import ApiGateway, ToolOverride
from agentcore_provider.resources.targets.builtin import Builtin
from agentcore_provider.resources.targets.connector import Connector, ConnectorTool, HttpConnector, InferenceConnector
from agentcore_provider.resources.targets.http import AgentRuntime, Passthrough, Stickiness
from agentcore_provider.resources.targets.inference import Inference, InferenceOperation
from agentcore_provider.resources.targets.knowledge_base import KnowledgeBase
from agentcore_provider.resources.targets.lambda_function import Lambda, LambdaCode
from agentcore_provider.resources.targets.mcp_server import McpServer
from agentcore_provider.resources.targets.open_api import OpenApi
from agentcore_provider.resources.targets.smithy import Smithy
from agentcore_provider.resources.targets.target import Target
from agentcore_provider.resources.targets.web_search import WebSearch

_RECORDS: tuple[type[Record], ...] = (
    *(Lambda, OpenApi, Smithy, McpServer, ApiGateway, Connector, AgentRuntime, Passthrough),
    *(Inference, HttpConnector, InferenceConnector),
)
RECORDS: Mapping[str, type[Record]] = {record.kind.key: record for record in _RECORDS}
"""The record of each kind of target, by its key in stack files."""
SHORTCUTS: Mapping[str, type[Record]] = {"knowledge_base": KnowledgeBase, "web_search": WebSearch}
"""Records that describe one use of a kind in its own words, by their key in stack files."""

__all__ = [
    "AgentRuntime",
    "ApiGateway",
    "Builtin",
    "Connector",
    "ConnectorTool",
    "HttpConnector",
    "Inference",
    "InferenceConnector",
    "InferenceOperation",
    "KnowledgeBase",
    "Lambda",
    "LambdaCode",
    "McpServer",
    "OpenApi",
    "Passthrough",
    "Smithy",
    "Stickiness",
    "Target",
    "ToolOverride",
    "WebSearch",
]

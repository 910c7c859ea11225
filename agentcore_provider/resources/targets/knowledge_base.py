"""Amazon Bedrock's managed knowledge bases as tools.

https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-target-connector-managed-kb.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar

import pulumi

from agentcore_provider.errors import InvalidInput
from agentcore_provider.resources.target_record import Record
from agentcore_provider.resources.targets.connector import ConnectorTool
from agentcore_provider.target_kinds import CONNECTOR
from agentcore_provider.target_kinds.target_kind import TargetKind


@dataclass(frozen=True)
class KnowledgeBase(Record):
    """A managed knowledge base that agents search by the tool Retrieve, and by AgenticRetrieveStream if wanted.

    Agents cannot choose another knowledge base. The gateway's role is the only way to authorize, and GatewayRole has its
    permissions. For other parameters of the tools use Connector.

    Example:
        McpGateway("shop", targets={"handbook": targets.KnowledgeBase("ABCDEFGHIJ", description="How we work")})
    """

    kind: ClassVar[TargetKind] = CONNECTOR

    knowledge_base_id: pulumi.Input[str]
    """Id of the knowledge base, 10 letters and digits. Changing it updates in place."""
    _: KW_ONLY
    description: pulumi.Input[str] | None = None
    """What the knowledge base is about and when to search it, up to 2000 characters: agents read it as the description of each
    tool. Default: the connector's. Updates in place."""
    retrieval_configuration: Mapping[str, object] | None = None
    """How Retrieve searches, as AWS's API names it, such as {"managedSearchConfiguration": {"numberOfResults": 5}}. Agents cannot
    change it. Default: the service's. Updates in place."""
    agentic: bool = False
    """Whether agents also get AgenticRetrieveStream, which plans and runs several searches with models that AWS chooses. Updates in
    place."""
    version: pulumi.Input[str] | None = None
    """Version of the connector such as 1.1.0. Default: the latest. Updates in place."""

    def values(self) -> dict[str, object]:
        """What AWS's document is built of, by the keys of a connector. Raises InvalidInput."""
        wanted = self.knowledge_base_id
        if not isinstance(wanted, pulumi.Output) and not (isinstance(wanted, str) and wanted):
            # Without an id agents could choose any knowledge base.
            raise InvalidInput(f"is {wanted!r}", "Pass the id of a knowledge base", path="knowledge_base_id")
        fixed: dict[str, object] = {"knowledgeBaseId": self.knowledge_base_id}
        if self.retrieval_configuration is not None:
            fixed["retrievalConfiguration"] = dict(self.retrieval_configuration)
        tools = [ConnectorTool("Retrieve", description=self.description, parameter_values=fixed)]
        if self.agentic:
            searched = {"configuration": {"knowledgeBase": {"knowledgeBaseId": self.knowledge_base_id}}}
            models = {"foundationModelType": "MANAGED", "rerankingModelType": "MANAGED"}
            agentic = {"retrievers": [searched], "agenticRetrieveConfiguration": models}
            tools.append(ConnectorTool("AgenticRetrieveStream", description=self.description, parameter_values=agentic))
        return {
            "connector_id": "bedrock-knowledge-bases",
            "version": self.version,
            "enabled": [tool.name for tool in tools],
            "configurations": [tool.document() for tool in tools],
        }

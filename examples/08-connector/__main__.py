"""Tools that AWS itself runs: here the look-up in a knowledge base of Bedrock."""

import pulumi

from agentcore_provider import McpGateway, targets

knowledge = targets.Connector(
    "bedrock-knowledge-bases",
    enabled=["Retrieve"],
    configurations=[
        targets.ConnectorTool(
            "Retrieve",
            description="Look up what the shop sells",
            parameter_values={"knowledgeBaseId": "ABCDEFGHIJ"},
        ),
    ],
)
gateway = McpGateway("shop", targets={"knowledge": knowledge})

pulumi.export("gateways", {"shop": gateway.client_settings})

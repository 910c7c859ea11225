"""Tools that AWS itself runs: the search of a knowledge base of Bedrock and of the web."""

import pulumi

from agentcore_provider import McpGateway, targets

gateway = McpGateway(
    "shop",
    targets={
        "knowledge": targets.KnowledgeBase("ABCDEFGHIJ", description="Look up what the shop sells"),
        "web": targets.WebSearch(include_domains=["example.com", "example.org"]),
    },
)

pulumi.export("gateways", {"shop": gateway.client_settings})

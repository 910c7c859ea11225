"""Each caller has a rate of its own, and one tool is limited for all of them together."""

import pulumi

from agentcore_provider import McpGateway, rate_limits, targets

caller = rate_limits.claim("client_id")
gateway = McpGateway(
    "shop",
    targets={"stock": targets.McpServer("https://127.0.0.1:8765/mcp")},
    rate_limits={
        "callers": {
            "rate_limit_id": "each-caller",
            "dimension_keys": [caller],
            "entries": [
                rate_limits.Entry({caller: "nightly-batch"}, requests_per_minute=6000),
                rate_limits.Entry(requests_per_minute=600, connections=20),
            ],
        },
        "counting": {
            "rate_limit_id": "counting",
            "dimension_keys": [rate_limits.TOOL],
            "entries": [rate_limits.Entry({rate_limits.TOOL: "stock___in_stock"}, requests_per_second=5)],
            "description": "The warehouse counts by hand",
        },
    },
)

pulumi.export("gateways", {"shop": gateway.client_settings})

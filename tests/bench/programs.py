"""Pulumi programs that are deployed for the bench."""

from __future__ import annotations

EMPTY = "import pulumi\n"


def one_gateway(function: str) -> str:
    """Sign-in, role, gateway and one Lambda target."""
    return f"""from agentcore_provider import EzAuth, Gateway, GatewayRole, GatewayTarget, targets

TOOL = {{"name": "find_order", "description": "Find an order", "inputSchema": {{"type": "object", "properties": {{}}}}}}
gateway = Gateway("shop", role_arn=GatewayRole("shop").arn, authorizer=EzAuth("shop"))
GatewayTarget("orders", gateway=gateway, target=targets.Lambda({function!r}, tools=[TOOL]))
"""


def many_targets(function: str, role: str, gateways: int, targets: int, description: str = "Find an order") -> str:
    """Gateways with Lambda targets, and nothing else. description: of the tool of every target."""
    return f"""from agentcore_provider import Gateway, GatewayTarget, targets

TOOL = {{"name": "find_order", "description": {description!r}, "inputSchema": {{"type": "object", "properties": {{}}}}}}
LAMBDA = targets.Lambda({function!r}, tools=[TOOL])
for shop in range({gateways}):
    gateway = Gateway(f"shop-{{shop}}", role_arn={role!r}, authorizer="AWS_IAM")
    for number in range({targets}):
        GatewayTarget(f"shop-{{shop}}-orders-{{number}}", name=f"orders-{{number}}", gateway=gateway, target=LAMBDA)
"""


def trivial(resources: int) -> str:
    """As many dynamic resources that do nothing, each with as many properties as a target has inputs."""
    return f"""import pulumi
from pulumi.dynamic import CreateResult, Resource, ResourceProvider


class Nothing(ResourceProvider):
    def create(self, props):
        return CreateResult(id_="nothing", outs=props)


class Trivial(Resource):
    pass


for number in range({resources}):
    Trivial(Nothing(), f"nothing-{{number}}", {{"name": f"nothing-{{number}}", "description": "Nothing"}})
"""


def data_plane(function: str, sleeping: str, mcp_server: str) -> str:
    """A gateway with sign-in; targets: one tool, 200 tools, one that sleeps and, if there is one, an MCP server."""
    server = f'GatewayTarget("server", gateway=gateway, target=targets.McpServer({mcp_server!r}))' if mcp_server else ""
    return f"""import pulumi
from agentcore_provider import EzAuth, Gateway, GatewayRole, GatewayTarget, targets


def tool(name):
    return {{"name": name, "description": name, "inputSchema": {{"type": "object", "properties": {{"order_id": {{"type": "string"}}}}}}}}


gateway = Gateway("shop", role_arn=GatewayRole("shop"), authorizer=EzAuth("shop"))
many = [tool(f"tool_{{number}}") for number in range(200)]
GatewayTarget("orders", gateway=gateway, target=targets.Lambda({function!r}, tools=[tool("find_order")]))
GatewayTarget("many", gateway=gateway, target=targets.Lambda({function!r}, tools=many))
GatewayTarget("sleep", gateway=gateway, target=targets.Lambda({sleeping!r}, tools=[tool("sleep")]))
{server}
pulumi.export("url", gateway.gateway_url)
"""

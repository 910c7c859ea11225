"""An agent reads and writes one DynamoDB table; `agentcore builtins` lists the other schemas."""

import pulumi
import pulumi_aws as aws

from agentcore_provider import McpGateway, targets

aws.dynamodb.Table(
    "orders",
    name="orders",
    hash_key="id",
    attributes=[{"name": "id", "type": "S"}],
    billing_mode="PAY_PER_REQUEST",
)
gateway = McpGateway("shop", targets={"table": targets.Builtin("dynamodb", operations=["PutItem", "GetItem"])})

pulumi.export("gateways", {"shop": gateway.client_settings})

"""The same resources by the starter toolkit's gateway client, called as its quick start calls it: argument, an ARN."""

from __future__ import annotations

import json
import os
import sys
import uuid

from bedrock_agentcore_starter_toolkit.operations.gateway.client import GatewayClient

NAME = f"shop-{uuid.uuid4().hex[:8]}"
TOOLS = [
    {
        "name": "find_order",
        "description": "Find an order",
        "inputSchema": {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]},
    }
]

client = GatewayClient(region_name=os.environ["AWS_REGION"])
sign_in = client.create_oauth_authorizer_with_cognito(NAME)
gateway = client.create_mcp_gateway(name=NAME, authorizer_config=sign_in["authorizer_config"])
# The toolkit allows the role to call only the function that it makes itself.
invoke = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": sys.argv[1]}
client.session.client("iam").put_role_policy(
    RoleName=gateway["roleArn"].rpartition("/")[2],
    PolicyName="targets",
    PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [invoke]}),
)
client.create_mcp_gateway_target(
    gateway=gateway,
    name="orders",
    target_type="lambda",
    target_payload={"lambdaArn": sys.argv[1], "toolSchema": {"inlinePayload": TOOLS}},
)

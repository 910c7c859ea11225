"""People sign in with a browser, machines with a secret."""

import pulumi

from agentcore_provider import McpGateway, targets

gateway = McpGateway("shop", targets={"orders": targets.LambdaCode("code")}, ez_auth_arguments={"people": True})

pulumi.export("gateways", {"shop": gateway.client_settings})
pulumi.export("user_pool_id", gateway.ez_auth.user_pool_id)

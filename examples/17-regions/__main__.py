"""One program makes the same gateway in two Regions, each with its own role, sign-in and function."""

import pulumi

from agentcore_provider import McpGateway, targets

REGIONS = {"shop": "us-west-2", "shop-eu": "eu-west-1"}

gateways = {
    name: McpGateway(name, targets={"orders": targets.LambdaCode("code")}, region=region)
    for name, region in REGIONS.items()
}

# For a gateway in another account: assume_role="arn:aws:iam::210987654321:role/gateways-deploy", or profile="partner".
pulumi.export("gateways", {name: it.client_settings for name, it in gateways.items()})

// A gateway with a function behind it, whose code is an asset.
import { App, CfnOutput, Stack, aws_bedrockagentcore as agentcore, aws_iam as iam, aws_lambda as lambda } from "aws-cdk-lib";

const name = process.env.NAME;
const stack = new Stack(new App(), name);
const orders = new lambda.Function(stack, "Orders", {
  runtime: lambda.Runtime.PYTHON_3_11,
  handler: "index.handler",
  code: lambda.Code.fromAsset("code"),
});
const role = new iam.Role(stack, "Role", { assumedBy: new iam.ServicePrincipal("bedrock-agentcore.amazonaws.com") });
const granted = orders.grantInvoke(role);
const gateway = new agentcore.CfnGateway(stack, "Gateway", {
  name,
  description: process.env.DESCRIPTION,
  roleArn: role.roleArn,
  protocolType: "MCP",
  authorizerType: "NONE",
});
const target = new agentcore.CfnGatewayTarget(stack, "Target", {
  name: "orders",
  gatewayIdentifier: gateway.attrGatewayIdentifier,
  credentialProviderConfigurations: [{ credentialProviderType: "GATEWAY_IAM_ROLE" }],
  targetConfiguration: {
    mcp: {
      lambda: {
        lambdaArn: orders.functionArn,
        toolSchema: {
          inlinePayload: [
            {
              name: "find_order",
              description: "Find an order",
              inputSchema: { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
            },
          ],
        },
      },
    },
  },
});
granted.applyBefore(target);
new CfnOutput(stack, "Url", { value: gateway.attrGatewayUrl });

// Deploys a gateway to a local AWS with AWS's SDK for JavaScript, and calls its tool with both generations of the MCP client.
import assert from "node:assert/strict";

import { BedrockAgentCore } from "@aws-sdk/client-bedrock-agentcore";
import {
  BedrockAgentCoreControl,
  ConflictException,
  ResourceNotFoundException,
  ValidationException,
  paginateListGatewayTargets,
} from "@aws-sdk/client-bedrock-agentcore-control";
import * as current from "@modelcontextprotocol/client";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const control = new BedrockAgentCoreControl();
const name = process.env.NAME;

// What a read has beyond the request, and what a request has that is not read.
const members = (document, wanted) => Object.fromEntries(Object.keys(wanted).map((key) => [key, document[key]]));

async function settled(read) {
  for (;;) {
    const found = await read();
    if (!["CREATING", "UPDATING"].includes(found.status)) {
      assert.equal(found.status, "READY");
      return found;
    }
    await new Promise((resume) => setTimeout(resume, 50));
  }
}

const gateway = {
  name,
  roleArn: process.env.ROLE_ARN,
  authorizerType: "NONE",
  protocolType: "MCP",
  protocolConfiguration: { mcp: { supportedVersions: ["2025-11-25"], instructions: "Sells everything." } },
};
const { gatewayId: gatewayIdentifier, gatewayUrl, gatewayArn } = await control.createGateway({ ...gateway, tags: { of: "js" } });
const found = await settled(() => control.getGateway({ gatewayIdentifier }));
assert.deepEqual(members(found, gateway), gateway);
assert.ok(found.createdAt instanceof Date);
assert.deepEqual((await control.listTagsForResource({ resourceArn: gatewayArn })).tags, { of: "js" });

const text = { type: "string" };
const parcels = { type: "array", items: { type: "object", properties: { weight: { type: "number" } } } };
const tool = {
  name: "find_order",
  description: "Find an order",
  inputSchema: { type: "object", properties: { id: text, parcels }, required: ["id"] },
};
const targets = [
  {
    name: "orders",
    targetConfiguration: { mcp: { lambda: { lambdaArn: process.env.FUNCTION_ARN, toolSchema: { inlinePayload: [tool] } } } },
    credentialProviderConfigurations: [{ credentialProviderType: "GATEWAY_IAM_ROLE" }],
  },
  { name: "server", targetConfiguration: { mcp: { mcpServer: { endpoint: "https://tools.example/mcp", listingMode: "DYNAMIC" } } } },
];
const targetIds = {};
for (const target of targets) {
  const { targetId } = await control.createGatewayTarget({ gatewayIdentifier, ...target });
  targetIds[target.name] = targetId;
  const changed = { ...target, description: "Orders" };
  for (const wanted of [target, changed]) {
    const read = await settled(() => control.getGatewayTarget({ gatewayIdentifier, targetId }));
    assert.deepEqual(members(read, wanted), wanted);
    if (wanted === target) await control.updateGatewayTarget({ gatewayIdentifier, targetId, ...changed });
  }
}
const listed = [];
for await (const page of paginateListGatewayTargets({ client: control, pageSize: 1 }, { gatewayIdentifier })) {
  listed.push(...page.items.map((item) => item.name));
}
assert.deepEqual(listed.sort(), ["orders", "server"]);
await control.deleteGatewayTarget({ gatewayIdentifier, targetId: targetIds.server });
console.log("deployed");

await assert.rejects(control.createGateway(gateway), ConflictException);
await assert.rejects(control.createWorkloadIdentity({ name: "no spaces" }), ValidationException);

await control.createWorkloadIdentity({ name });
await control.createApiKeyCredentialProvider({ name, apiKey: "k3y" });
const agent = new BedrockAgentCore();
const { workloadAccessToken: workloadIdentityToken } = await agent.getWorkloadAccessToken({ workloadName: name });
const { apiKey } = await agent.getResourceApiKey({ workloadIdentityToken, resourceCredentialProviderName: name });
assert.equal(apiKey, "k3y");
console.log("identified");

const generations = {
  1: new Client({ name: "test", version: "1" }),
  2: new current.Client({ name: "test", version: "1" }),
};
const transports = { 1: StreamableHTTPClientTransport, 2: current.StreamableHTTPClientTransport };
for (const [generation, client] of Object.entries(generations)) {
  await client.connect(new transports[generation](new URL(gatewayUrl)));
  const { tools } = await client.listTools();
  assert.deepEqual(tools.map((it) => it.name), ["orders___find_order"]);
  const answer = await client.callTool({ name: "orders___find_order", arguments: { id: "A-1" } });
  assert.deepEqual(JSON.parse(answer.content[0].text), { id: "A-1" });
  await client.close();
  console.log("called", generation);
}

await control.deleteGatewayTarget({ gatewayIdentifier, targetId: targetIds.orders });
for (;;) {
  try {
    await control.getGatewayTarget({ gatewayIdentifier, targetId: targetIds.orders });
  } catch (error) {
    assert.ok(error instanceof ResourceNotFoundException, error);
    break;
  }
}
await control.deleteGateway({ gatewayIdentifier });
console.log("destroyed");

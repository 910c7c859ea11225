import * as agentcore from "agentcore-provider";

const shop = new agentcore.McpGateway("shop", {
    description: "The order desk",
    sessionTimeout: 900,
    targets: {
        orders: { lambda: { code: "code" } },
    },
});

export const gateways = {
    shop: {
        mcp_url: shop.mcpUrl,
        token_endpoint: shop.tokenEndpoint,
        client_id: shop.clientId,
        client_secret: shop.clientSecret,
        scope: shop.scope,
    },
};

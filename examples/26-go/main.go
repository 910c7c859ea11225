// A gateway in a program in Go.
package main

import (
	"example.com/pulumi-agentcore/sdk/go/agentcore"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		shop, err := agentcore.NewMcpGateway(ctx, "shop", &agentcore.McpGatewayArgs{
			Description:    pulumi.String("The order desk"),
			SessionTimeout: pulumi.Int(900),
			Targets: pulumi.Map{
				"orders": pulumi.Map{"lambda": pulumi.Map{"code": pulumi.String("code")}},
			},
		})
		if err != nil {
			return err
		}
		ctx.Export("gateways", pulumi.Map{
			"shop": pulumi.Map{
				"mcp_url":        shop.McpUrl,
				"token_endpoint": shop.TokenEndpoint,
				"client_id":      shop.ClientId,
				"client_secret":  shop.ClientSecret,
				"scope":          shop.Scope,
			},
		})
		return nil
	})
}

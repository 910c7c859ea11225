package main

import (
	"context"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	control "github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol/types"
)

// settings are what an update of a target may change. credentials is called when what it names exists.
type settings struct {
	configuration types.TargetConfiguration
	credentials   func() []types.CredentialProviderConfiguration
}

const apiDocument = `{"openapi": "3.0.3", "info": {"title": "Orders", "version": "1"}, "servers": [{"url": "https://orders.example"}],
"paths": {"/orders": {"get": {"operationId": "listOrders", "responses": {"200": {"description": "Orders"}}}}}}`

const smithyModel = `{"smithy": "2.0", "shapes": {
"shop#Shop": {"type": "service", "version": "1", "operations": [{"target": "shop#Find"}], "traits": {"aws.protocols#restJson1": {},
"smithy.rules#endpointRuleSet": {"version": "1.0", "parameters": {}, "rules": [{"conditions": [], "endpoint": {"url": "https://shop.example"}, "type": "endpoint"}]}}},
"shop#Find": {"type": "operation", "traits": {"smithy.api#http": {"method": "GET", "uri": "/find"}}}}}`

func (s *shop) targets() []resource {
	return []resource{
		s.target("lambda", settings{function("An order"), role}, settings{function("An order and its parcels"), role}),
		s.target("openapi", settings{openAPI(), s.key}, settings{openAPI(), s.oauth}),
		s.target("smithy", settings{smithy(), s.oauth}, settings{smithy(), s.oauth}),
		s.target("server", settings{server("one"), nothing}, settings{server("two"), nothing}),
		s.target("http", settings{http("v1"), s.key}, settings{http("v2"), s.oauth}),
	}
}

func mcp(configuration types.McpTargetConfiguration) types.TargetConfiguration {
	return &types.TargetConfigurationMemberMcp{Value: configuration}
}

// http is a target that rules can route to.
func http(path string) types.TargetConfiguration {
	passthrough := types.PassthroughTargetConfiguration{Endpoint: aws.String("https://orders.example/" + path), ProtocolType: types.PassthroughProtocolTypeCustom}
	return &types.TargetConfigurationMemberHttp{Value: &types.HttpTargetConfigurationMemberPassthrough{Value: passthrough}}
}

func function(description string) types.TargetConfiguration {
	text := types.SchemaDefinition{Type: types.SchemaTypeString}
	parcel := types.SchemaDefinition{Type: types.SchemaTypeObject, Properties: map[string]types.SchemaDefinition{"weight": {Type: types.SchemaTypeNumber, Description: aws.String("In kg")}}}
	tool := types.ToolDefinition{
		Name:        aws.String("find_order"),
		Description: aws.String(description),
		InputSchema: &types.SchemaDefinition{
			Type:       types.SchemaTypeObject,
			Properties: map[string]types.SchemaDefinition{"id": text, "parcels": {Type: types.SchemaTypeArray, Items: &parcel}},
			Required:   []string{"id"},
		},
		OutputSchema: &types.SchemaDefinition{Type: types.SchemaTypeObject, Properties: map[string]types.SchemaDefinition{"customer": text}},
	}
	return mcp(&types.McpTargetConfigurationMemberLambda{Value: types.McpLambdaTargetConfiguration{
		LambdaArn:  aws.String(os.Getenv("FUNCTION_ARN")),
		ToolSchema: &types.ToolSchemaMemberInlinePayload{Value: []types.ToolDefinition{tool}},
	}})
}

func openAPI() types.TargetConfiguration {
	return mcp(&types.McpTargetConfigurationMemberOpenApiSchema{Value: &types.ApiSchemaConfigurationMemberInlinePayload{Value: apiDocument}})
}

func smithy() types.TargetConfiguration {
	return mcp(&types.McpTargetConfigurationMemberSmithyModel{Value: &types.ApiSchemaConfigurationMemberInlinePayload{Value: smithyModel}})
}

// server is read only when a client asks, so it need not exist.
func server(name string) types.TargetConfiguration {
	endpoint := aws.String("https://tools.example/" + name)
	return mcp(&types.McpTargetConfigurationMemberMcpServer{Value: types.McpServerTargetConfiguration{Endpoint: endpoint, ListingMode: types.ListingModeDynamic}})
}

func nothing() []types.CredentialProviderConfiguration { return nil }

func role() []types.CredentialProviderConfiguration {
	return []types.CredentialProviderConfiguration{{CredentialProviderType: types.CredentialProviderTypeGatewayIamRole}}
}

func (s *shop) key() []types.CredentialProviderConfiguration {
	key := &types.CredentialProviderMemberApiKeyCredentialProvider{Value: types.GatewayApiKeyCredentialProvider{
		ProviderArn:             &s.keyArn,
		CredentialLocation:      types.ApiKeyCredentialLocationHeader,
		CredentialParameterName: aws.String("X-Key"),
	}}
	return []types.CredentialProviderConfiguration{{CredentialProviderType: types.CredentialProviderTypeApiKey, CredentialProvider: key}}
}

func (s *shop) oauth() []types.CredentialProviderConfiguration {
	oauth := &types.CredentialProviderMemberOauthCredentialProvider{Value: types.OAuthCredentialProvider{
		ProviderArn: &s.oauthArn,
		GrantType:   types.OAuthGrantTypeClientCredentials,
		Scopes:      []string{"read", "list"},
	}}
	return []types.CredentialProviderConfiguration{{CredentialProviderType: types.CredentialProviderTypeOauth, CredentialProvider: oauth}}
}

func (s *shop) target(name string, first, second settings) resource {
	return resource{
		name: name + " target",
		create: func(ctx context.Context) (any, error) {
			sent := &control.CreateGatewayTargetInput{
				GatewayIdentifier:                &s.gatewayID,
				Name:                             aws.String(name),
				TargetConfiguration:              first.configuration,
				CredentialProviderConfigurations: first.credentials(),
				ClientToken:                      token(s.name + "-" + name),
			}
			made, err := s.client.CreateGatewayTarget(ctx, sent)
			if err == nil {
				s.targetIDs[name] = *made.TargetId
			}
			return sent, err
		},
		read: func(ctx context.Context) (any, error) {
			return s.client.GetGatewayTarget(ctx, &control.GetGatewayTargetInput{GatewayIdentifier: &s.gatewayID, TargetId: aws.String(s.targetIDs[name])})
		},
		update: func(ctx context.Context) (any, error) {
			sent := &control.UpdateGatewayTargetInput{
				GatewayIdentifier:                &s.gatewayID,
				TargetId:                         aws.String(s.targetIDs[name]),
				Name:                             aws.String(name),
				Description:                      aws.String("Orders"),
				TargetConfiguration:              second.configuration,
				CredentialProviderConfigurations: second.credentials(),
				MetadataConfiguration:            &types.MetadataConfiguration{AllowedRequestHeaders: []string{"X-Trace"}},
			}
			_, err := s.client.UpdateGatewayTarget(ctx, sent)
			return sent, err
		},
		remove: func(ctx context.Context) error {
			_, err := s.client.DeleteGatewayTarget(ctx, &control.DeleteGatewayTargetInput{GatewayIdentifier: &s.gatewayID, TargetId: aws.String(s.targetIDs[name])})
			return err
		},
	}
}

package main

import (
	"context"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	control "github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol"
	"github.com/aws/aws-sdk-go-v2/service/bedrockagentcorecontrol/types"
)

// shop is a gateway and what belongs to it. What a resource has made is what a later one refers to.
type shop struct {
	client                     *control.Client
	name                       string
	gatewayID, gatewayArn      string
	engineID                   string
	policyID, keyArn, oauthArn string
	targetIDs                  map[string]string
	ruleID                     string
}

func (s *shop) identity() resource {
	name := aws.String(s.name)
	return resource{
		name: "workload identity",
		create: func(ctx context.Context) (any, error) {
			sent := &control.CreateWorkloadIdentityInput{Name: name}
			_, err := s.client.CreateWorkloadIdentity(ctx, sent)
			return sent, err
		},
		read: func(ctx context.Context) (any, error) {
			return s.client.GetWorkloadIdentity(ctx, &control.GetWorkloadIdentityInput{Name: name})
		},
		update: func(ctx context.Context) (any, error) {
			sent := &control.UpdateWorkloadIdentityInput{Name: name, AllowedResourceOauth2ReturnUrls: []string{"https://a.example/back", "https://b.example/back"}}
			_, err := s.client.UpdateWorkloadIdentity(ctx, sent)
			return sent, err
		},
		remove: func(ctx context.Context) error {
			_, err := s.client.DeleteWorkloadIdentity(ctx, &control.DeleteWorkloadIdentityInput{Name: name})
			return err
		},
	}
}

func (s *shop) keyProvider() resource {
	name := aws.String(s.name + "-key")
	return resource{
		name: "API key credential provider",
		create: func(ctx context.Context) (any, error) {
			sent := &control.CreateApiKeyCredentialProviderInput{Name: name, ApiKey: aws.String("k3y")}
			made, err := s.client.CreateApiKeyCredentialProvider(ctx, sent)
			if err == nil {
				s.keyArn = *made.CredentialProviderArn
			}
			return &control.CreateApiKeyCredentialProviderInput{Name: name, ApiKeySecretSource: types.SecretSourceTypeManaged}, err
		},
		read: func(ctx context.Context) (any, error) {
			return s.client.GetApiKeyCredentialProvider(ctx, &control.GetApiKeyCredentialProviderInput{Name: name})
		},
		update: func(ctx context.Context) (any, error) {
			_, err := s.client.UpdateApiKeyCredentialProvider(ctx, &control.UpdateApiKeyCredentialProviderInput{Name: name, ApiKey: aws.String("an0ther")})
			return &control.UpdateApiKeyCredentialProviderInput{Name: name, ApiKeySecretSource: types.SecretSourceTypeManaged}, err
		},
		remove: func(ctx context.Context) error {
			_, err := s.client.DeleteApiKeyCredentialProvider(ctx, &control.DeleteApiKeyCredentialProviderInput{Name: name})
			return err
		},
	}
}

func (s *shop) oauthProvider() resource {
	name := aws.String(s.name + "-oauth")
	settings := func(secret string) types.Oauth2ProviderConfigInput {
		return &types.Oauth2ProviderConfigInputMemberCustomOauth2ProviderConfig{Value: types.CustomOauth2ProviderConfigInput{
			ClientId:     aws.String("client"),
			ClientSecret: aws.String(secret),
			OauthDiscovery: &types.Oauth2DiscoveryMemberAuthorizationServerMetadata{Value: types.Oauth2AuthorizationServerMetadata{
				AuthorizationEndpoint: aws.String("https://people.example/authorize"),
				Issuer:                aws.String("https://people.example"),
				TokenEndpoint:         aws.String("https://people.example/token"),
				ResponseTypes:         []string{"code"},
			}},
		}}
	}
	vendor := types.CredentialProviderVendorTypeCustomOauth2
	return resource{
		name: "OAuth credential provider",
		create: func(ctx context.Context) (any, error) {
			sent := &control.CreateOauth2CredentialProviderInput{Name: name, CredentialProviderVendor: vendor, Oauth2ProviderConfigInput: settings("s3cret")}
			made, err := s.client.CreateOauth2CredentialProvider(ctx, sent)
			if err == nil {
				s.oauthArn = *made.CredentialProviderArn
			}
			return sent, err
		},
		read: func(ctx context.Context) (any, error) {
			return s.client.GetOauth2CredentialProvider(ctx, &control.GetOauth2CredentialProviderInput{Name: name})
		},
		update: func(ctx context.Context) (any, error) {
			sent := &control.UpdateOauth2CredentialProviderInput{Name: name, CredentialProviderVendor: vendor, Oauth2ProviderConfigInput: settings("an0ther")}
			_, err := s.client.UpdateOauth2CredentialProvider(ctx, sent)
			return sent, err
		},
		remove: func(ctx context.Context) error {
			_, err := s.client.DeleteOauth2CredentialProvider(ctx, &control.DeleteOauth2CredentialProviderInput{Name: name})
			return err
		},
	}
}

func (s *shop) engine() resource {
	return resource{
		name: "policy engine",
		create: func(ctx context.Context) (any, error) {
			sent := &control.CreatePolicyEngineInput{Name: underscored(s.name), ClientToken: token(s.name)}
			made, err := s.client.CreatePolicyEngine(ctx, sent)
			if err == nil {
				s.engineID = *made.PolicyEngineId
			}
			return sent, err
		},
		read: func(ctx context.Context) (any, error) {
			return s.client.GetPolicyEngine(ctx, &control.GetPolicyEngineInput{PolicyEngineId: &s.engineID})
		},
		update: func(ctx context.Context) (any, error) {
			description := aws.String("Rules of the shop")
			_, err := s.client.UpdatePolicyEngine(ctx, &control.UpdatePolicyEngineInput{PolicyEngineId: &s.engineID, Description: &types.UpdatedDescription{OptionalValue: description}})
			return &control.CreatePolicyEngineInput{Name: underscored(s.name), Description: description}, err
		},
		remove: func(ctx context.Context) error {
			_, err := s.client.DeletePolicyEngine(ctx, &control.DeletePolicyEngineInput{PolicyEngineId: &s.engineID})
			return err
		},
	}
}

func (s *shop) policy() resource {
	name := aws.String("everybody")
	definition := &types.PolicyDefinitionMemberCedar{Value: types.CedarPolicy{Statement: aws.String("permit(principal, action, resource is AgentCore::Gateway);")}}
	return resource{
		name: "policy",
		create: func(ctx context.Context) (any, error) {
			sent := &control.CreatePolicyInput{PolicyEngineId: &s.engineID, Name: name, Definition: definition, ValidationMode: types.PolicyValidationModeIgnoreAllFindings, ClientToken: token(s.name)}
			made, err := s.client.CreatePolicy(ctx, sent)
			if err == nil {
				s.policyID = *made.PolicyId
			}
			sent.EnforcementMode = types.EnforcementModeActive
			return sent, err
		},
		read: func(ctx context.Context) (any, error) {
			return s.client.GetPolicy(ctx, &control.GetPolicyInput{PolicyEngineId: &s.engineID, PolicyId: &s.policyID})
		},
		remove: func(ctx context.Context) error {
			_, err := s.client.DeletePolicy(ctx, &control.DeletePolicyInput{PolicyEngineId: &s.engineID, PolicyId: &s.policyID})
			return err
		},
	}
}

func (s *shop) gatewayInput() *control.CreateGatewayInput {
	return &control.CreateGatewayInput{
		Name:           aws.String(s.name),
		RoleArn:        aws.String(os.Getenv("ROLE_ARN")),
		AuthorizerType: types.AuthorizerTypeCustomJwt,
		AuthorizerConfiguration: &types.AuthorizerConfigurationMemberCustomJWTAuthorizer{Value: types.CustomJWTAuthorizerConfiguration{
			DiscoveryUrl:   aws.String(os.Getenv("DISCOVERY_URL")),
			AllowedClients: []string{"one", "two"},
		}},
		Tags: map[string]string{"of": "go"},
	}
}

func (s *shop) gateway() resource {
	return resource{
		name: "gateway",
		create: func(ctx context.Context) (any, error) {
			sent := s.gatewayInput()
			made, err := s.client.CreateGateway(ctx, sent)
			if err == nil {
				s.gatewayID, s.gatewayArn = *made.GatewayId, *made.GatewayArn
			}
			return sent, err
		},
		read: func(ctx context.Context) (any, error) {
			return s.client.GetGateway(ctx, &control.GetGatewayInput{GatewayIdentifier: &s.gatewayID})
		},
		update: func(ctx context.Context) (any, error) {
			first := s.gatewayInput()
			sent := &control.UpdateGatewayInput{
				GatewayIdentifier: &s.gatewayID,
				Name:              first.Name,
				RoleArn:           first.RoleArn,
				AuthorizerType:    first.AuthorizerType,
				AuthorizerConfiguration: &types.AuthorizerConfigurationMemberCustomJWTAuthorizer{Value: types.CustomJWTAuthorizerConfiguration{
					DiscoveryUrl:    aws.String(os.Getenv("DISCOVERY_URL")),
					AllowedAudience: []string{"shop"},
				}},
				Description:    aws.String("A shop"),
				ExceptionLevel: types.ExceptionLevelDebug,
				InterceptorConfigurations: []types.GatewayInterceptorConfiguration{{
					InterceptionPoints: []types.GatewayInterceptionPoint{types.GatewayInterceptionPointRequest},
					Interceptor:        &types.InterceptorConfigurationMemberLambda{Value: types.LambdaInterceptorConfiguration{Arn: aws.String(os.Getenv("FUNCTION_ARN"))}},
					InputConfiguration: &types.InterceptorInputConfiguration{PassRequestHeaders: aws.Bool(false)},
				}},
				ProtocolConfiguration: &types.GatewayProtocolConfigurationMemberMcp{Value: types.MCPGatewayConfiguration{
					Instructions:      aws.String("Sells everything."),
					SupportedVersions: []string{"2025-06-18", "2025-03-26"},
				}},
			}
			_, err := s.client.UpdateGateway(ctx, sent)
			return sent, err
		},
		remove: func(ctx context.Context) error {
			_, err := s.client.DeleteGateway(ctx, &control.DeleteGatewayInput{GatewayIdentifier: &s.gatewayID})
			return err
		},
	}
}

func (s *shop) rule() resource {
	actions := []types.Action{&types.ActionMemberRouteToTarget{Value: &types.RouteToTargetActionMemberStaticRoute{Value: types.StaticRoute{TargetName: aws.String("http")}}}}
	paths := []types.Condition{&types.ConditionMemberMatchPaths{Value: types.MatchPaths{AnyOf: []string{"/http/*"}}}}
	return resource{
		name: "gateway rule",
		create: func(ctx context.Context) (any, error) {
			sent := &control.CreateGatewayRuleInput{GatewayIdentifier: &s.gatewayID, Priority: aws.Int32(10), Actions: actions, Conditions: paths}
			made, err := s.client.CreateGatewayRule(ctx, sent)
			if err == nil {
				s.ruleID = *made.RuleId
			}
			return sent, err
		},
		read: func(ctx context.Context) (any, error) {
			return s.client.GetGatewayRule(ctx, &control.GetGatewayRuleInput{GatewayIdentifier: &s.gatewayID, RuleId: &s.ruleID})
		},
		update: func(ctx context.Context) (any, error) {
			sent := &control.UpdateGatewayRuleInput{GatewayIdentifier: &s.gatewayID, RuleId: &s.ruleID, Priority: aws.Int32(20), Actions: actions, Conditions: paths, Description: aws.String("To orders")}
			_, err := s.client.UpdateGatewayRule(ctx, sent)
			return sent, err
		},
		remove: func(ctx context.Context) error {
			_, err := s.client.DeleteGatewayRule(ctx, &control.DeleteGatewayRuleInput{GatewayIdentifier: &s.gatewayID, RuleId: &s.ruleID})
			return err
		},
	}
}

// underscored is a name of the kinds that allow no hyphens.
func underscored(name string) *string { return aws.String(strings.ReplaceAll(name, "-", "_")) }

// token is what tools send so that a request that is sent twice makes one resource.
func token(name string) *string { return aws.String(name + "-0123456789-0123456789-0123456789") }

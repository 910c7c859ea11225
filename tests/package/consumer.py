"""Uses every public class the way a program would. Never run: type checkers read it as a other owner's code."""

from __future__ import annotations

from typing import Any

import pulumi
from typing_extensions import assert_type

from agentcore_provider import (
    ApiKeyCredentialProvider,
    AssumeRole,
    ConfigurationBundle,
    ConsentPortal,
    DomainOverride,
    EzAuth,
    Gateway,
    GatewayClient,
    GatewayDomain,
    GatewayObservability,
    GatewayRateLimit,
    GatewayRole,
    GatewayRule,
    GatewayTarget,
    Interceptor,
    JwtAuthorizer,
    ManagedVpcResource,
    McpGateway,
    OAuth2CredentialProvider,
    People,
    Policy,
    PolicyEngine,
    PrivateEndpointOverride,
    Registry,
    RegistryRecord,
    ResourcePolicy,
    S3Certificate,
    SecretsManagerCertificate,
    SelfManagedLatticeResource,
    TokenVaultKey,
    WorkloadIdentity,
    credentials,
    errors,
    rate_limits,
    routes,
    targets,
)
from agentcore_provider.gateway_client import Gateway as ScriptGateway

FUNCTION = "arn:aws:lambda:us-west-2:123456789012:function:orders"


def order_status(order_id: str) -> dict[str, str]:
    """Tell where an order stands."""
    return {"order_id": order_id}


auth = EzAuth("shop", scopes=["read", "write"], access_token_validity_seconds=1800)
assert_type(auth.client_secret, "pulumi.Output[str]")
assert_type(auth.jwt_authorizer(), JwtAuthorizer)
role = GatewayRole(
    "shop", permissions_boundary="arn:aws:iam::123456789012:policy/bound", statements=[{"Effect": "Allow"}]
)
gateway = Gateway("shop", role_arn=role, authorizer=auth, tags={"stage": "dev"})
assert_type(gateway.gateway_url, "pulumi.Output[str]")
partners = Gateway(
    "partners",
    role_arn=role.arn,
    authorizer=JwtAuthorizer(discovery_url=auth.discovery_url, allowed_clients=[auth.client_id]),
    opts=pulumi.ResourceOptions(protect=True),
)
inside = Gateway("inside", role_arn=pulumi.Output.from_input("arn:aws:iam::123456789012:role/r"), authorizer="AWS_IAM")
deploy = AssumeRole(role_arn="arn:aws:iam::210987654321:role/deploy", external_id="shop")
abroad = Gateway("abroad", role_arn=role, authorizer="NONE", region="eu-west-1", assume_role=deploy)
GatewayObservability("shop", gateway=gateway, retention_in_days=7)
guarded = Gateway(
    "guarded", role_arn=role, authorizer="NONE", interceptor_configurations=[Interceptor(FUNCTION, pass_headers=True)]
)

key = ApiKeyCredentialProvider("crm", api_key=pulumi.Output.secret("key"))
oauth = OAuth2CredentialProvider("crm", vendor="github", client_id="id", client_secret=auth.client_secret)
SIGN_INS: list[credentials.Credential] = [
    credentials.IamRole(service="execute-api", region="us-west-2"),
    credentials.CallerIam(),
    credentials.ApiKey(key, location="HEADER", parameter_name="X-Api-Key"),
    credentials.ApiKey(
        "arn:aws:bedrock-agentcore:us-west-2:123456789012:token-vault/default/apikeycredentialprovider/k"
    ),
    credentials.OAuth(oauth, ["read"], grant_type="CLIENT_CREDENTIALS"),
    credentials.JwtPassthrough(),
]
TARGETS: list[targets.Target] = [
    targets.Lambda(FUNCTION, tools=[order_status]),
    targets.Lambda(auth.client_id.apply(lambda _: FUNCTION), tools="tools.json", fold=False),
    targets.OpenApi("crm.yaml", fix=True),
    targets.Smithy({"smithy": "2.0"}, upload=True),
    targets.Builtin("slack", operations=["sendMessage"], server_url="https://slack.example.com"),
    targets.McpServer("https://weather.example.com/mcp", listing_mode="DYNAMIC"),
    targets.ApiGateway(
        "a1b2c3d4e5",
        stage="prod",
        filters={"/pets": ["GET"]},
        overrides=[targets.ToolOverride("/pets", method="GET", name="list_pets", description="List pets")],
    ),
    targets.Connector("bedrock-knowledge-bases", configurations=[targets.ConnectorTool("Retrieve")]),
    targets.KnowledgeBase("ABCDEFGHIJ", description="How we work"),
    targets.WebSearch(exclude_domains=["example.com"]),
    targets.HttpConnector("memory", parameters={"memoryId": "m"}),
    targets.InferenceConnector("openai"),
    targets.AgentRuntime("arn:aws:bedrock-agentcore:us-west-2:123456789012:runtime/clerk-0123456789"),
    targets.Passthrough("https://billing.example.com", "CUSTOM", stickiness=targets.Stickiness("$context.header.x")),
    targets.Inference(
        "https://models.example.com", operations=[targets.InferenceOperation("/v1/messages", models=["clerk-*"])]
    ),
]
for number, record in enumerate(TARGETS):
    GatewayTarget(f"target-{number}", gateway=gateway, target=record, credentials=SIGN_INS[number % len(SIGN_INS)])
target = GatewayTarget("raw", gateway_identifier=gateway.gateway_id, target={"mcp": {}}, synchronize_on=["1"])
assert_type(target.tools, "pulumi.Output[list[dict[str, str]]]")

fallback = routes.Fallback([routes.FallbackTarget("other", model="m"), target], status_codes=["429", "5XX"])
ROUTES: list[routes.StaticRoute | routes.WeightedRoute | GatewayTarget | str] = [
    routes.StaticRoute(target, model="gpt-5.5", fallback=fallback),
    routes.WeightedRoute([routes.TrafficSplit(target, weight=90), routes.TrafficSplit("other", weight=10)]),
    target,
    "other",
]
for number, route in enumerate(ROUTES, 1):
    GatewayRule(f"rule-{number}", gateway=gateway, priority=number, paths=[target, "/other/*"], route=route)
rule = GatewayRule(
    "all", gateway_identifier=gateway.gateway_id, priority=1000000, models=["gpt-*"], route={"target": "a"}
)
assert_type(rule.rule_id, "pulumi.Output[str]")

sub = rate_limits.claim("sub")
limit = GatewayRateLimit(
    "limit",
    gateway=gateway,
    dimension_keys=[rate_limits.TARGET, sub],
    entries=[rate_limits.Entry({rate_limits.TARGET: target, sub: "a"}, requests_per_second=0.5, connections=3)],
)
assert_type(limit.rate_limit_id, "pulumi.Output[str]")

engine = PolicyEngine("engine", description="who may call what")
Policy("lookups", engine=engine, permit=["orders___get_order"], when='context.input.id like "A*"')
policy = Policy("late", policy_engine_id=engine.policy_engine_id, statement=pulumi.Output.from_input("..."))
assert_type(policy.policy_arn, "pulumi.Output[str]")

ResourcePolicy("partners", gateway=inside, allow=["210987654321"], only_from=["vpc-0123456789abcdef0"])
identity = WorkloadIdentity("clerk", allowed_resource_oauth2_return_urls=[partners.gateway_url])
assert_type(identity.workload_identity_arn, "pulumi.Output[str]")
TokenVaultKey("vault", kms_key_arn=pulumi.Output.from_input("arn:aws:kms:us-west-2:123456789012:key/k"))
prompts = ConfigurationBundle("prompts", components={FUNCTION: {"configuration": {"temperature": 0.5}}})
GatewayRule("prompts", gateway=gateway, priority=9, configuration_bundle=prompts)
ConsentPortal("consent", credential_provider_arn=oauth, execution_role_arn=role.arn, gateway=gateway)
registry = Registry("catalogue", authorizer=auth, auto_approve=True)
registered = RegistryRecord("shop", registry=registry, gateway=gateway, approval="APPROVE")
assert_type(registered.record_arn, "pulumi.Output[str]")
people = EzAuth("people", people=People(callback_urls=["http://localhost:8976/callback"]))
assert_type(people.people_client_id, "pulumi.Output[str | None]")
lattice = SelfManagedLatticeResource("rcfg-0123456789abcdef0")
vpc = ManagedVpcResource(vpc_identifier="vpc-0123456789abcdef0", subnet_ids=["subnet-0123456789abcdef0"])
for certificate in (S3Certificate("s3://certificates/ca.pem"), SecretsManagerCertificate(role.arn)):
    JwtAuthorizer(
        discovery_url=auth.discovery_url,
        allowed_clients=["agents"],
        private_endpoint=vpc,
        private_endpoint_overrides=[PrivateEndpointOverride(domain="login.example.com", private_endpoint=lattice)],
        certificate_configurations=certificate,
    )
named = Gateway("named", role_arn=role, authorizer=auth, domain_override=DomainOverride("tools.example.com"))
domain = GatewayDomain("named", gateway=named, zone_id="Z0123456789ABCDEFGHIJ", domain_name="tools.example.com")
assert_type(domain.mcp_url, "pulumi.Output[str]")

whole = McpGateway(
    "whole",
    targets={
        "orders": targets.LambdaCode("demo/order_desk", environment={"LOG_LEVEL": "info"}),
        "crm": {"target": TARGETS[2], "credentials": SIGN_INS[2], "description": "Customers"},
        "raw": {"mcp": {"lambda": {"lambdaArn": FUNCTION}}},
    },
    rules={"all": {"priority": 1, "route": "orders"}},
    rate_limits={"tools": {"dimension_keys": ["toolName"], "entries": [rate_limits.Entry(requests_per_minute=60)]}},
    instructions="Be brief",
)
pulumi.export("mcp_url", whole.mcp_url)


def script() -> str:
    """A script's use of the client."""
    client = GatewayClient("us-west-2", owner="scripts")
    try:
        made = client.setup_gateway("shop", FUNCTION, "GatewayRole")
        token = client.get_access_token_for_cognito(made.client_info or {})
        again = client.create_gateway(
            name="again",
            authorizerConfiguration=client.create_oauth_authorizer_with_cognito("again")["authorizer_config"],
        )
        assert_type(client.get_gateway(again), ScriptGateway)
        assert_type(client.get_gateway(name="again")["gateway"]["gatewayId"], Any)
        assert_type([target.id for target in client.list_gateway_targets(again)], list[str])
        client.delete_gateway(again, skip_resource_in_use=True)
    except errors.InvalidInput as error:
        return "\n".join(map(str, error.problems))
    except errors.AwsRefused as error:
        return f"{error.operation}: {error.code} ({error.request_id})"
    except errors.AgentCoreError as error:
        return str(error)
    assert_type(token, str)
    return made.get_mcp_url() + str(made["gatewayId"])

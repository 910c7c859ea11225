"""Programs: every noun, by the inputs that its resource class sends along."""

from __future__ import annotations

import io
import itertools
import json
import uuid
import zipfile
from dataclasses import dataclass
from typing import Any, ClassVar

from miniature_engine import Declared, Ref
from simulated_aws import REGION, SimulatedAws

_numbers = itertools.count()
_RUN = uuid.uuid4().hex[:6]

TOOLS = [
    {
        "name": "find_order",
        "description": "Find an order",
        "inputSchema": {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]},
    }
]
_OF_POLICY_ENGINES = ("GetPolicyEngine", "AuthorizeAction", "PartiallyAuthorizeActions")
OPENAPI = json.dumps(
    {
        "openapi": "3.0.3",
        "info": {"title": "Pets", "version": "1"},
        "servers": [{"url": "https://pets.example.com"}],
        "paths": {
            "/pets": {
                "get": {
                    "operationId": "listPets",
                    "description": "List the pets",
                    "responses": {"200": {"description": "pets"}},
                }
            }
        },
    }
)
KEY, OTHER_KEY, THEIR_KEY = (
    f"arn:aws:kms:{REGION}:123456789012:key/{digit * 8}-2222-3333-4444-555555555555" for digit in "123"
)
ROLE = [{"credentialProviderType": "GATEWAY_IAM_ROLE"}]


@dataclass(frozen=True)
class Ground:
    """What stands in AWS before any program runs, and declarations of what programs put upon it."""

    role_arn: str = "arn:aws:iam::123456789012:role/one"
    other_role_arn: str = "arn:aws:iam::123456789012:role/other"
    function_arn: str = f"arn:aws:lambda:{REGION}:123456789012:function:orders"
    bucket: str = "schemas"
    tools: ClassVar[list[dict[str, Any]]] = TOOLS

    @classmethod
    def laid(cls, aws: SimulatedAws) -> Ground:
        """Make it in AWS."""
        bucket = f"schemas-{_RUN}-{next(_numbers)}"
        aws.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        service = "bedrock-agentcore.amazonaws.com"
        ground = cls(_role(aws, service), _role(aws, service), _function(aws), bucket)
        ground.put_schema(aws, "tools")
        return ground

    def put_schema(self, aws: SimulatedAws, description: str) -> None:
        """Make the object in S3 describe other tools."""
        tools = [{**TOOLS[0], "description": description}]
        aws.client("s3").put_object(Bucket=self.bucket, Key="tools.json", Body=json.dumps(tools))

    def gateway(self, resource: str = "shop", **inputs: Any) -> Declared:
        document = {
            "role_arn": self.role_arn,
            "authorizer_type": "NONE",
            "protocol_type": "MCP",
            "protocol_configuration": {"mcp": {"searchType": "SEMANTIC"}},
            "description": "a shop",
            "tags": {"team": "shop"},
        }
        return Declared("gateway", resource, document).but(**inputs)

    def signed_gateway(self, resource: str = "shop", sign_in: str = "agents", **inputs: Any) -> Declared:
        """A gateway that takes the tokens of a sign-in."""
        jwt = {"discoveryUrl": Ref(sign_in, "discovery_url"), "allowedClients": [Ref(sign_in, "client_id")]}
        return self.gateway(
            resource, authorizer_type="CUSTOM_JWT", authorizer_configuration={"customJWTAuthorizer": jwt}, **inputs
        )

    def target(
        self,
        resource: str,
        configuration: dict[str, Any],
        gateway: str = "shop",
        credentials: Any = None,
        **inputs: Any,
    ) -> Declared:
        document = {
            "gateway_identifier": Ref(gateway, "gateway_id"),
            "target_configuration": configuration,
            "credential_provider_configurations": credentials,
        }
        declared = Declared(
            "gateway_target",
            resource,
            {it: value for it, value in document.items() if value is not None},
            {"gateway_owner": f"owner of {gateway}"},
        )
        return declared.but(**inputs)

    def lambda_target(self, resource: str = "orders", tools: Any = None, **inputs: Any) -> Declared:
        schema = {"inlinePayload": TOOLS} if tools is None else tools
        configuration = {"mcp": {"lambda": {"lambdaArn": self.function_arn, "toolSchema": schema}}}
        return self.target(resource, configuration, **{"credentials": ROLE, **inputs})

    def s3_target(self, resource: str = "orders", **inputs: Any) -> Declared:
        return self.lambda_target(resource, {"s3": {"uri": f"s3://{self.bucket}/tools.json"}}, **inputs)

    def openapi_target(self, resource: str = "pets", key: str | None = "key", **inputs: Any) -> Declared:
        credentials = None
        if key is not None:
            provider = {
                "providerArn": Ref(key, "credential_provider_arn"),
                "credentialParameterName": "x-api-key",
                "credentialLocation": "HEADER",
            }
            credentials = [
                {"credentialProviderType": "API_KEY", "credentialProvider": {"apiKeyCredentialProvider": provider}}
            ]
        configuration = {"mcp": {"openApiSchema": {"inlinePayload": OPENAPI}}}
        return self.target(resource, configuration, credentials=credentials, **inputs)

    def mcp_server_target(self, resource: str = "math", **inputs: Any) -> Declared:
        """An MCP server whose tools are listed when they are asked for: no server has to run for it."""
        server = {"endpoint": "https://math.example.com/mcp", "listingMode": "DYNAMIC"}
        return self.target(resource, {"mcp": {"mcpServer": server}}, **inputs)

    def front(self) -> list[Declared]:
        """A gateway of HTTP targets, with a target `primary`."""
        endpoint = {"endpoint": "https://primary.example.com", "protocolType": "CUSTOM"}
        gateway = self.gateway("front", protocol_type=None, protocol_configuration=None)
        return [gateway, self.target("primary", {"http": {"passthrough": endpoint}}, gateway="front")]

    def rule(self, resource: str = "rule", **inputs: Any) -> Declared:
        """A rule of `front`."""
        document = {
            "gateway_identifier": Ref("front", "gateway_id"),
            "priority": 100,
            "conditions": [{"matchPaths": {"anyOf": ["/primary/*"]}}],
            "actions": [{"routeToTarget": {"staticRoute": {"targetName": "primary"}}}],
            "description": "all to the first",
        }
        return Declared("gateway_rule", resource, document, {"gateway_owner": "owner of front"}).but(**inputs)

    def rate_limit(self, resource: str = "limit", gateway: str = "front", **inputs: Any) -> Declared:
        """A rate limit of a gateway."""
        document = {
            "gateway_identifier": Ref(gateway, "gateway_id"),
            "dimension_keys": ["targetName"],
            "entries": [{"dimensions": {"targetName": "*"}, "requests": [{"rate": 60.0, "period": "minute"}]}],
            "description": "each target",
        }
        context = {"gateway_owner": f"owner of {gateway}"}
        return Declared("gateway_rate_limit", resource, document, context).but(**inputs)

    def signing_gateway(self, **inputs: Any) -> Declared:
        """A gateway whose callers sign: it can have a resource policy."""
        return self.gateway(authorizer_type="AWS_IAM", **inputs)

    def resource_policy(
        self, account: str = "111122223333", resource: str = "access", gateway: str = "shop"
    ) -> Declared:
        """Lets another account call a gateway."""
        allow = {
            "Effect": "Allow",
            "Principal": {"AWS": account},
            "Action": "bedrock-agentcore:InvokeGateway",
            "Resource": "*",
        }
        document = {
            "resource_arn": Ref(gateway, "gateway_arn"),
            "policy": {"Version": "2012-10-17", "Statement": [allow]},
        }
        return Declared("resource_policy", resource, document)

    def policy_engine(self, resource: str = "engine", **inputs: Any) -> Declared:
        document = {"description": "the desk's", "tags": {"team": "shop"}}
        return Declared("policy_engine", resource, document).but(**inputs)

    def policy(self, condition: str = "false", engine: str = "engine", **inputs: Any) -> Declared:
        """A policy that forbids everything under a condition."""
        statement = f"forbid (principal, action, resource is AgentCore::Gateway) when {{ {condition} }};"
        document = {
            "policy_engine_id": Ref(engine, "policy_engine_id"),
            "definition": {"cedar": {"statement": statement}},
            "description": "nothing at all",
            "validation_mode": "IGNORE_ALL_FINDINGS",
        }
        return Declared("policy", "policy", document, {"engine_owner": f"owner of {engine}"}).but(**inputs)

    def workload_identity(self, resource: str = "clerk", **inputs: Any) -> Declared:
        document = {
            "allowed_resource_oauth2_return_urls": ["https://clerk.example.com/signed-in"],
            "tags": {"team": "shop"},
        }
        return Declared("workload_identity", resource, document).but(**inputs)

    def token_vault_key(self, key: str = KEY, resource: str = "vault", **inputs: Any) -> Declared:
        document = {"kms_key_arn": key}
        return Declared("token_vault_key", resource, document).but(**inputs)

    def configuration_bundle(self, prompt: str = "Be brief.", resource: str = "prompts", **inputs: Any) -> Declared:
        """Prompts of an agent runtime."""
        runtime = f"arn:aws:bedrock-agentcore:{REGION}:123456789012:runtime/clerk-0123456789"
        document = {
            "components": {runtime: {"configuration": {"system_prompt": prompt}}},
            "description": "prompts of the clerk",
            "tags": {"team": "shop"},
        }
        return Declared("configuration_bundle", resource, document).but(**inputs)

    def consent_portal(self, resource: str = "consent", gateway: str = "shop", **inputs: Any) -> Declared:
        """A portal of a gateway that takes tokens, with the OAuth2 provider `login`."""
        document = {
            "gateway_identifier": Ref(gateway, "gateway_id"),
            "credential_provider_arn": Ref("login", "credential_provider_arn"),
            "execution_role_arn": self.role_arn,
            "scopes": ["openid"],
            "description": "consents of the shop",
            "tags": {"team": "shop"},
        }
        return Declared("consent_portal", resource, document, {"gateway_owner": f"owner of {gateway}"}).but(**inputs)

    def registry(self, resource: str = "catalogue", **inputs: Any) -> Declared:
        document = {
            "discovery_configuration": {"authorizerType": "AWS_IAM"},
            "approval_configuration": {"autoApprovalRules": []},
            "description": "servers of the shop",
            "tags": {"team": "shop"},
        }
        return Declared("registry", resource, document).but(**inputs)

    def registry_record(self, resource: str = "entry", registry: str = "catalogue", **inputs: Any) -> Declared:
        """An approved record of a server."""
        server = {"name": "com.example/shop", "version": "1.0.0"}
        document = {
            "registry_id": Ref(registry, "registry_id"),
            "record_type": "MCP",
            "descriptors": {"mcpServer": {"data": json.dumps(server)}},
            "approval": "APPROVE",
            "description": "orders of the shop",
            "tags": {"team": "shop"},
        }
        return Declared("registry_record", resource, document).but(**inputs)

    def sign_in(self, resource: str = "agents", **inputs: Any) -> Declared:
        document = {"scopes": ["invoke"], "access_token_validity_seconds": 3600, "tags": {"team": "shop"}}
        return Declared("ez_auth", resource, document).but(**inputs)

    def token_endpoint(self, sign_in: str = "agents") -> Declared:
        outputs = {"url": "issuing_endpoint", "client_id": "client_id", "client_secret": "client_secret"}
        document = {name: Ref(sign_in, output) for name, output in {**outputs, "scope": "scope"}.items()}
        return Declared("token_endpoint", f"{sign_in}-token-endpoint", document)

    def api_key(self, resource: str = "key", **inputs: Any) -> Declared:
        document = {"api_key": "sk-first", "tags": {"team": "shop"}}
        return Declared("api_key_credential_provider", resource, document).but(**inputs)

    def oauth2(self, resource: str = "login", secret: str = "first-secret", **inputs: Any) -> Declared:
        custom = {
            "oauthDiscovery": {"discoveryUrl": "https://login.example.com/.well-known/openid-configuration"},
            "clientId": "client",
            "clientSecret": secret,
        }
        document = {
            "credential_provider_vendor": "CustomOauth2",
            "oauth2_provider_config_input": {"customOauth2ProviderConfig": custom},
            "tags": {"team": "shop"},
        }
        return Declared("oauth2_credential_provider", resource, document).but(**inputs)

    def github(self, resource: str = "login", **inputs: Any) -> Declared:
        """An OAuth2 provider of another vendor."""
        config = {"githubOauth2ProviderConfig": {"clientId": "client", "clientSecret": "another-secret"}}
        return self.oauth2(
            resource, credential_provider_vendor="GithubOauth2", oauth2_provider_config_input=config, **inputs
        )


def _role(aws: SimulatedAws, principal: str) -> str:
    iam, name = aws.client("iam"), f"role-{_RUN}-{next(_numbers)}"
    trust = {"Effect": "Allow", "Principal": {"Service": principal}, "Action": "sts:AssumeRole"}
    # What a gateway calls: its functions, and the policy engine that decides about calls.
    actions = ["lambda:InvokeFunction", *(f"bedrock-agentcore:{it}" for it in _OF_POLICY_ENGINES)]
    invoke = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    document = [json.dumps({"Version": "2012-10-17", "Statement": [it]}) for it in (trust, invoke)]
    arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document[0])["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="invoke", PolicyDocument=document[1])
    return arn


def _function(aws: SimulatedAws) -> str:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr("index.py", "def handler(event, context): return event")
    arn: str = aws.client("lambda").create_function(
        FunctionName=f"function-{_RUN}-{next(_numbers)}",
        Runtime="python3.11",
        Role=_role(aws, "lambda.amazonaws.com"),
        Handler="index.handler",
        Code={"ZipFile": archive.getvalue()},
    )["FunctionArn"]
    return arn

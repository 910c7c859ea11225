"""Providers of this process, and a local AWS of this process that they deploy to."""

from __future__ import annotations

import json
import os
from typing import Any

from pulumi.dynamic import Config, ConfigureRequest

from agentcore_provider.providers.lifecycle import LifecycleProvider
from agentcore_provider.providers.loader import load
from tests.support.local_aws import CONTROL, REGION, TOOLS, ServedAws, lambda_configuration


class World(ServedAws):
    """Inputs of each resource as a program sends them, and what providers make of them."""

    def __init__(self, **settings: Any) -> None:
        os.environ.update(AWS_ACCESS_KEY_ID="local", AWS_SECRET_ACCESS_KEY="local")
        super().__init__(**settings)
        self.role_arn = self.role()
        self.allow(self.role_arn, "lambda:InvokeFunction", "*")

    def provider(self, noun: str) -> LifecycleProvider:
        """The provider of a resource, configured for this local AWS."""
        provider = load(noun)
        config = {"aws:region": REGION, "agentcore:endpointUrl": self.endpoint}
        provider.configure(ConfigureRequest(Config(config, "project")))
        return provider

    def context(self, noun: str, name: str | None = None, **more: Any) -> dict[str, Any]:
        """What a program would send along for a resource that no other test has."""
        name = name or self.unique(noun.replace("_", "-"))
        urn = f"urn:pulumi:test::project::pulumi-python:dynamic/agentcore:{noun}::{name}"
        return {"__context": {"urn": urn, "owner": f"owner of {name}", **more}}

    def ez_auth(self, **more: Any) -> dict[str, Any]:
        """Inputs of an EzAuth."""
        return {
            "scopes": ["invoke"],
            "access_token_validity_seconds": 3600.0,
            "tags": {"team": "shop"},
            **self.context("ez_auth"),
            **more,
        }

    def gateway(self, **more: Any) -> dict[str, Any]:
        """Inputs of a Gateway."""
        return {
            "role_arn": self.role_arn,
            "authorizer_type": "NONE",
            "protocol_type": "MCP",
            "protocol_configuration": {"mcp": {"searchType": "SEMANTIC"}},
            "description": "a shop",
            "tags": {"team": "shop"},
            **self.context("gateway"),
            **more,
        }

    def target(self, gateway_id: str, gateway_owner: str = "", **more: Any) -> dict[str, Any]:
        """Inputs of a GatewayTarget."""
        return {
            "gateway_identifier": gateway_id,
            "target_configuration": lambda_configuration(self.function_arn, TOOLS),
            "credential_provider_configurations": [{"credentialProviderType": "GATEWAY_IAM_ROLE"}],
            **self.context("target", gateway_owner=gateway_owner),
            **more,
        }

    def http_gateway(self, *targets: str) -> tuple[str, str]:
        """Id and owner of a gateway without a protocol, which has HTTP targets of these names."""
        members = {"protocol_type": None, "protocol_configuration": None}
        gateway_id, outputs, _ = self.made("gateway", self.gateway(**members))
        for name in targets:
            configuration = {"http": {"passthrough": {"endpoint": "https://127.0.0.1:1", "protocolType": "CUSTOM"}}}
            self.made(
                "gateway_target",
                self.target(
                    gateway_id, target_configuration=configuration, name=name, credential_provider_configurations=None
                ),
            )
        return gateway_id, outputs["__context"]["owner"]

    def rule(self, gateway_id: str, gateway_owner: str = "", **more: Any) -> dict[str, Any]:
        """Inputs of a GatewayRule for a gateway with a target `primary`."""
        return {
            "gateway_identifier": gateway_id,
            "priority": 100.0,
            "conditions": [{"matchPaths": {"anyOf": ["/primary/*"]}}],
            "actions": [{"routeToTarget": {"staticRoute": {"targetName": "primary"}}}],
            "description": "all to the first",
            **self.context("gateway_rule", gateway_owner=gateway_owner),
            **more,
        }

    def policy_engine(self, **more: Any) -> dict[str, Any]:
        """Inputs of a PolicyEngine."""
        return {"description": "the desk's", "tags": {"team": "shop"}, **self.context("policy_engine"), **more}

    def policy(self, policy_engine_id: str, engine_owner: str = "", **more: Any) -> dict[str, Any]:
        """Inputs of a Policy."""
        statement = "forbid (principal, action, resource is AgentCore::Gateway);"
        return {
            "policy_engine_id": policy_engine_id,
            "definition": {"cedar": {"statement": statement}},
            "description": "nothing at all",
            "validation_mode": "IGNORE_ALL_FINDINGS",
            **self.context("policy", engine_owner=engine_owner),
            **more,
        }

    def workload_identity(self, **more: Any) -> dict[str, Any]:
        """Inputs of a WorkloadIdentity."""
        return {
            "allowed_resource_oauth2_return_urls": ["https://clerk.example.com/signed-in"],
            "tags": {"team": "shop"},
            **self.context("workload_identity"),
            **more,
        }

    def configuration_bundle(self, **more: Any) -> dict[str, Any]:
        """Inputs of a ConfigurationBundle for an agent runtime."""
        runtime = "arn:aws:bedrock-agentcore:us-west-2:123456789012:runtime/clerk-0123456789"
        return {
            "components": {runtime: {"configuration": {"system_prompt": "Be brief.", "temperature": 0.5}}},
            "description": "prompts of the clerk",
            "tags": {"team": "shop"},
            **self.context("configuration_bundle"),
            **more,
        }

    def consent_portal(self, **more: Any) -> dict[str, Any]:
        """Inputs of a ConsentPortal, with a gateway and a credential provider of its own."""
        jwt = {"discoveryUrl": "https://login.example.com/.well-known/openid-configuration", "allowedClients": ["c"]}
        authorizer = {"authorizer_type": "CUSTOM_JWT", "authorizer_configuration": {"customJWTAuthorizer": jwt}}
        gateway_id, _, _ = self.made("gateway", self.gateway(**authorizer))
        _, provider, _ = self.made("oauth2_credential_provider", self.oauth2_credential_provider())
        return {
            "gateway_identifier": gateway_id,
            "credential_provider_arn": provider["credential_provider_arn"],
            "scopes": ["openid", "email"],
            "audience": "https://agents.example.com",
            "execution_role_arn": self.role(of="consent-portal"),
            "description": "consents of the desk",
            "tags": {"team": "shop"},
            **self.context("consent_portal"),
            **more,
        }

    def registry(self, **more: Any) -> dict[str, Any]:
        """Inputs of a Registry."""
        return {
            "discovery_configuration": {"authorizerType": "AWS_IAM"},
            "approval_configuration": {"autoApprovalRules": []},
            "description": "servers of the shop",
            "tags": {"team": "shop"},
            **self.context("registry"),
            **more,
        }

    def registry_record(self, **more: Any) -> dict[str, Any]:
        """Inputs of a RegistryRecord that is approved, in a registry of its own."""
        _, registry, _ = self.made("registry", self.registry())
        server = {"name": "com.example/shop", "description": "The order desk", "version": "1.0.0"}
        return {
            "registry_id": registry["registry_id"],
            "record_type": "MCP",
            "descriptors": {"mcpServer": {"data": json.dumps(server)}},
            "approval": "APPROVE",
            "description": "orders and refunds",
            "display_name": "The shop",
            "tags": {"team": "shop"},
            **self.context("registry_record"),
            **more,
        }

    def token_vault_key(self, **more: Any) -> dict[str, Any]:
        """Inputs of a TokenVaultKey: always the same key, since all tests of a process share the vault."""
        key = "arn:aws:kms:us-west-2:123456789012:key/11111111-2222-3333-4444-555555555555"
        return {"kms_key_arn": key, **self.context("token_vault_key"), **more}

    def resource_policy(self, resource_arn: str, **more: Any) -> dict[str, Any]:
        """Inputs of a ResourcePolicy that lets another account call a gateway."""
        allow = {
            "Sid": "Partner",
            "Effect": "Allow",
            "Principal": {"AWS": "111122223333"},
            "Action": "bedrock-agentcore:InvokeGateway",
            "Resource": "*",
        }
        return {
            "resource_arn": resource_arn,
            "policy": {"Version": "2012-10-17", "Statement": [allow]},
            **self.context("resource_policy"),
            **more,
        }

    def rate_limit(self, gateway_id: str, gateway_owner: str = "", **more: Any) -> dict[str, Any]:
        """Inputs of a GatewayRateLimit."""
        return {
            "gateway_identifier": gateway_id,
            "dimension_keys": ["targetName"],
            "entries": [{"dimensions": {"targetName": "*"}, "requests": [{"rate": 60.0, "period": "minute"}]}],
            "description": "each target",
            **self.context("gateway_rate_limit", gateway_owner=gateway_owner),
            **more,
        }

    def inputs(self, noun: str) -> dict[str, Any]:
        """Inputs of a resource of a kind, with a gateway of its own if it needs one."""
        if noun == "gateway_target":
            gateway_id, outputs, _ = self.made("gateway", self.gateway())
            return self.target(gateway_id, outputs["__context"]["owner"])
        if noun == "gateway_rule":
            return self.rule(*self.http_gateway("primary"))
        if noun == "policy":
            _, outputs, _ = self.made("policy_engine", self.policy_engine())
            return self.policy(outputs["policy_engine_id"], outputs["__context"]["owner"])
        if noun == "resource_policy":
            _, outputs, _ = self.made("gateway", self.gateway(authorizer_type="AWS_IAM"))
            return self.resource_policy(outputs["gateway_arn"])
        if noun == "gateway_rate_limit":
            return self.rate_limit(*self.http_gateway())
        found: dict[str, Any] = getattr(self, noun)()
        return found

    def api_key_credential_provider(self, **more: Any) -> dict[str, Any]:
        """Inputs of an ApiKeyCredentialProvider."""
        return {
            "api_key": "sk-marker-of-a-key",
            "tags": {"team": "shop"},
            **self.context("api_key_credential_provider"),
            **more,
        }

    def oauth2_credential_provider(self, **more: Any) -> dict[str, Any]:
        """Inputs of an OAuth2CredentialProvider."""
        custom = {
            "oauthDiscovery": {"discoveryUrl": "https://login.example.com/.well-known/openid-configuration"},
            "clientId": "client",
            "clientSecret": "marker-of-a-client-secret",
        }
        return {
            "credential_provider_vendor": "CustomOauth2",
            "oauth2_provider_config_input": {"customOauth2ProviderConfig": custom},
            "tags": {"team": "shop"},
            **self.context("oauth2_credential_provider"),
            **more,
        }

    def checked(self, noun: str, inputs: dict[str, Any]) -> dict[str, Any]:
        """The inputs as check returns them; they have to pass."""
        result = self.provider(noun).check({}, inputs)
        assert [failure.reason for failure in result.failures] == []
        return result.inputs

    def made(self, noun: str, inputs: dict[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
        """Id, outputs and checked inputs of a resource created from these."""
        checked = self.checked(noun, inputs)
        result = self.provider(noun).create(checked)
        assert result.outs is not None
        return result.id, result.outs, checked

    def free_gateway_name(self, name: str) -> None:
        """Remove what another test of this process left under a name that a document has."""
        control = self.client(CONTROL)
        for gateway in control.list_gateways(maxResults=1000)["items"]:
            if gateway["name"] == name:
                place = {"gatewayIdentifier": gateway["gatewayId"]}
                for target in control.list_gateway_targets(**place)["items"]:
                    control.delete_gateway_target(**place, targetId=target["targetId"])
                control.delete_gateway(**place)

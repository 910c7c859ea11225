"""`agentcore import`: gateways that were made by hand come under a stack's care, and nothing about them changes."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from tests.programs import by_hand
from tests.support.stack import Stack

_TOOLS = [{"name": "find", "description": "Find", "inputSchema": {"type": "object"}}]
_OPENAPI = {
    "openapi": "3.0.3",
    "info": {"title": "Users", "version": "1"},
    "servers": [{"url": "https://api.example.com"}],
    "paths": {
        "/users": {"get": {"operationId": "list", "description": "List", "responses": {"200": {"description": "ok"}}}}
    },
}
_SMITHY = {
    "smithy": "2.0",
    "shapes": {
        "a#S": {
            "type": "service",
            "version": "1",
            "operations": [{"target": "a#Get"}],
            "traits": {
                "aws.protocols#restJson1": {},
                "smithy.rules#endpointRuleSet": {
                    "version": "1.0",
                    "parameters": {},
                    "rules": [{"type": "endpoint", "conditions": [], "endpoint": {"url": "https://a.example.com"}}],
                },
            },
        },
        "a#Get": {"type": "operation", "traits": {"smithy.api#http": {"method": "GET", "uri": "/x"}}},
    },
}


@pytest.fixture
def control(stack: Stack) -> Any:
    """AgentCore's control plane, with a role, a function and an API key that a gateway can use."""
    by_hand.make(stack.local_aws.client, role="by-hand", function="find")
    return stack.local_aws.client("bedrock-agentcore-control")


_MCP = {
    "description": "Made by hand, for ${env:HOME}",
    "protocolType": "MCP",
    "protocolConfiguration": {"mcp": {"searchType": "SEMANTIC", "instructions": "Be brief"}},
    "tags": {"team": "shop"},
}


def _make(
    stack: Stack,
    control: Any,
    family: str = "mcp",
    *,
    gateway_members: dict[str, Any] | None = None,
    **targets: tuple[dict[str, Any], list[dict[str, Any]]],
) -> str:
    """A gateway with these targets, by boto3 alone; returns its id."""
    gateway: str = control.create_gateway(
        name="by-hand",
        roleArn="arn:aws:iam::123456789012:role/by-hand",
        **{"authorizerType": "NONE", **(_MCP if gateway_members is None else gateway_members)},
    )["gatewayId"]
    stack.until(lambda: control.get_gateway(gatewayIdentifier=gateway)["status"] == "READY")
    for name, (configuration, credentials) in targets.items():
        signs_in = {"credentialProviderConfigurations": credentials} if credentials else {}
        control.create_gateway_target(
            gatewayIdentifier=gateway, name=name, targetConfiguration={family: configuration}, **signs_in
        )
    stack.until(lambda: {it["status"] for it in _targets(control, gateway)} <= {"READY"})
    return gateway


def _targets(control: Any, gateway: str) -> list[dict[str, Any]]:
    listed = control.list_gateway_targets(gatewayIdentifier=gateway)["items"]
    found = [control.get_gateway_target(gatewayIdentifier=gateway, targetId=it["targetId"]) for it in listed]
    return [{key: it[key] for key in it if key not in ("ResponseMetadata", "updatedAt")} for it in found]


def test_targets_of_every_kind_come_along_as_they_are(stack: Stack, control: Any) -> None:
    key = control.create_api_key_credential_provider(name="key", apiKey="marker-of-a-secret")["credentialProviderArn"]
    role = [{"credentialProviderType": "GATEWAY_IAM_ROLE"}]
    sent = {"providerArn": key, "credentialLocation": "HEADER", "credentialParameterName": "X-Key"}
    api_key = [{"credentialProviderType": "API_KEY", "credentialProvider": {"apiKeyCredentialProvider": sent}}]
    function = "arn:aws:lambda:us-west-2:123456789012:function:find"
    server = {
        "endpoint": "https://mcp.example.com/mcp",
        "mcpToolSchema": {"inlinePayload": json.dumps({"tools": _TOOLS})},
    }
    gateway = _make(
        stack,
        control,
        find=({"lambda": {"lambdaArn": function, "toolSchema": {"inlinePayload": _TOOLS}}}, role),
        users=({"openApiSchema": {"inlinePayload": json.dumps(_OPENAPI)}}, api_key),
        model=({"smithyModel": {"inlinePayload": json.dumps(_SMITHY)}}, role),
        server=({"mcpServer": server}, []),
    )
    before = _targets(control, gateway)
    stack.configure(lambda config: config.pop("agentcore:gateways"))

    stack.agentcore("import", gateway)
    assert _targets(control, gateway) == before
    assert _described(stack) == {
        "name": "by-hand",
        "description": "Made by hand, for $${env:HOME}",
        "role_arn": "arn:aws:iam::123456789012:role/by-hand",
        "authorizer": "none",
        "instructions": "Be brief",
        "tags": {"team": "shop"},
        "targets": {
            "find": {"lambda": {"arn": function, "tools": "by-hand/find.tools.json"}},
            "users": {
                "openapi": "by-hand/users.openapi.json",
                "credentials": {"api_key": {"provider": key, "location": "HEADER", "parameter_name": "X-Key"}},
            },
            "model": {"smithy": "by-hand/model.smithy.json"},
            "server": {
                "mcp_server": {
                    "endpoint": "https://mcp.example.com/mcp",
                    "tool_schema": "by-hand/server.tools.json",
                }
            },
        },
    }
    assert json.loads((stack.folder / "by-hand/users.openapi.json").read_text()) == _OPENAPI
    assert (stack.folder / "by-hand/model.smithy.json").read_text().count("\n") > 20
    assert set(stack.preview().changes) == {"same"}
    assert set(stack.up().changes) == {"same"}
    assert set(stack.refresh().changes) == {"same"}
    described = stack.file.read_bytes()
    assert json.loads(stack.agentcore("import", gateway, "--json"))["changes"] == {}
    assert stack.file.read_bytes() == described

    stack.destroy()
    assert control.list_gateways()["items"] == []
    # What the gateway only used is nobody's to remove.
    assert len(control.list_api_key_credential_providers()["credentialProviders"]) == 1


def _described(stack: Stack) -> Any:
    return yaml.safe_load(stack.file.read_text())["config"]["agentcore:gateways"]["by-hand"]


def test_a_gateway_of_http_targets_stays_one(stack: Stack, control: Any) -> None:
    """It has no protocol, where a description without a word about it means MCP."""
    passthrough = {
        "endpoint": "https://api.example.com",
        "protocolType": "CUSTOM",
        "schema": {"source": {"inlinePayload": json.dumps(_OPENAPI)}},
    }
    signing = {
        "credentialProviderType": "GATEWAY_IAM_ROLE",
        "credentialProvider": {"iamCredentialProvider": {"service": "execute-api"}},
    }
    targets = {"api": ({"passthrough": passthrough}, [signing])}
    gateway = _make(stack, control, "http", gateway_members={}, **targets)
    before = _targets(control, gateway)
    stack.configure(lambda config: config.pop("agentcore:gateways"))
    stack.agentcore("import", gateway)
    assert _targets(control, gateway) == before
    assert _described(stack) == {
        "name": "by-hand",
        "role_arn": "arn:aws:iam::123456789012:role/by-hand",
        "authorizer": "none",
        "protocol_type": None,
        "targets": {
            "api": {
                "passthrough": {
                    "endpoint": "https://api.example.com",
                    "protocol_type": "CUSTOM",
                    "schema": "by-hand/api.openapi.json",
                },
                "credentials": {"iam_role": {"service": "execute-api"}},
            }
        },
    }
    assert set(stack.preview().changes) == {"same"}


def test_rules_come_along_with_their_targets(stack: Stack, control: Any) -> None:
    """In short keys where they mean the same, else in AWS's own form; a destroy removes them with the gateway."""
    passthrough = {"endpoint": "https://api.example.com", "protocolType": "CUSTOM"}
    gateway = _make(
        stack,
        control,
        "http",
        gateway_members={},
        api=({"passthrough": passthrough}, []),
        canary=({"passthrough": passthrough}, []),
    )
    split = [{"name": it, "targetName": it, "weight": 50} for it in ("api", "canary")]
    qa = "arn:aws:iam::123456789012:role/qa-*"
    rules: list[dict[str, Any]] = [
        {
            "priority": 7,
            "description": "Testers",
            "conditions": [
                {"matchPrincipals": {"anyOf": [{"iamPrincipal": {"arn": qa, "operator": "StringLike"}}]}},
                {"matchPaths": {"anyOf": ["/api/*"]}},
            ],
            "actions": [{"routeToTarget": {"staticRoute": {"targetName": "canary"}}}],
        },
        {"priority": 9, "actions": [{"routeToTarget": {"weightedRoute": {"trafficSplit": split}}}]},
    ]
    for rule in rules:
        control.create_gateway_rule(gatewayIdentifier=gateway, **rule)
    everybody = {"Effect": "Deny", "Principal": "*", "Action": "bedrock-agentcore:InvokeGateway", "Resource": "*"}
    elsewhere = {"StringNotEquals": {"aws:PrincipalAccount": "${aws:ResourceAccount}"}}
    policy = {"Version": "2012-10-17", "Statement": [{**everybody, "Condition": elsewhere}]}
    arn = control.get_gateway(gatewayIdentifier=gateway)["gatewayArn"]
    control.put_resource_policy(resourceArn=arn, policy=json.dumps(policy))
    before = _rules(control, gateway)
    stack.configure(lambda config: config.pop("agentcore:gateways"))
    stack.agentcore("import", gateway)
    assert _rules(control, gateway) == before
    assert json.loads(control.get_resource_policy(resourceArn=arn)["policy"]) == policy
    described = json.dumps(_described(stack)["resource_policy"]).replace("$${", "${")
    assert json.loads(described) == {"policy": policy}
    assert _described(stack)["rules"] == {
        "rule-7": {
            "priority": 7,
            "description": "Testers",
            "principals": [qa],
            "paths": ["/api/*"],
            "route": "canary",
        },
        "rule-9": {"priority": 9, "actions": rules[1]["actions"]},
    }
    assert set(stack.preview().changes) == {"same"}
    assert set(stack.refresh().changes) == {"same"}
    stack.destroy()
    assert control.list_gateways()["items"] == []


def test_rate_limits_come_along_with_their_gateway(stack: Stack, control: Any) -> None:
    """In short keys, values of * left out; a destroy removes them with the gateway."""
    gateway = _make(stack, control)
    caller = "$.context.iam.principal"
    control.create_gateway_rate_limit(
        gatewayIdentifier=gateway,
        rateLimitId="callers",
        description="Each caller",
        dimensionKeys=[caller, "toolName"],
        entries=[
            {
                "dimensions": {caller: "arn:aws:iam::123456789012:role/qa", "toolName": "*"},
                "requests": [{"rate": 0.5, "period": "second"}],
                "connections": [{"rate": 5, "period": "second"}],
            },
            {"dimensions": {caller: "*", "toolName": "*"}, "tokens": [{"rate": 9000, "period": "minute"}]},
        ],
    )
    before = control.get_gateway_rate_limit(gatewayIdentifier=gateway, rateLimitId="callers")
    stack.configure(lambda config: config.pop("agentcore:gateways"))
    stack.agentcore("import", gateway)
    found = control.get_gateway_rate_limit(gatewayIdentifier=gateway, rateLimitId="callers")
    assert found["updatedAt"] == before["updatedAt"]
    assert _described(stack)["rate_limits"] == {
        "limit-1": {
            "rate_limit_id": "callers",
            "description": "Each caller",
            "dimension_keys": [caller, "toolName"],
            "entries": [
                {
                    "dimensions": {caller: "arn:aws:iam::123456789012:role/qa"},
                    "requests_per_second": 0.5,
                    "connections": 5,
                },
                {"tokens_per_minute": 9000},
            ],
        }
    }
    assert set(stack.preview().changes) == {"same"}
    assert set(stack.refresh().changes) == {"same"}
    stack.destroy()
    assert control.list_gateways()["items"] == []


def _guard(stack: Stack, control: Any, gateway: str) -> str:
    """Give the gateway an engine with two policies; returns the engine's id."""
    found = control.get_gateway(gatewayIdentifier=gateway)
    asking = {"Effect": "Allow", "Action": "bedrock-agentcore:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [asking]})
    stack.local_aws.client("iam").put_role_policy(RoleName="by-hand", PolicyName="engine", PolicyDocument=document)
    engine = control.create_policy_engine(name="desk_policies", description="The desk's", tags={"team": "shop"})
    one = {"policyEngineId": engine["policyEngineId"]}
    members = {it: found[it] for it in ("name", "roleArn", "protocolType", "protocolConfiguration", "authorizerType")}
    members |= {it: found[it] for it in ("description", "authorizerConfiguration") if it in found}
    control.update_gateway(
        gatewayIdentifier=gateway,
        policyEngineConfiguration={"arn": engine["policyEngineArn"], "mode": "LOG_ONLY"},
        **members,
    )
    statements = {
        "of_the_desk": f'permit (principal, action, resource == AgentCore::Gateway::"{found["gatewayArn"]}");',
        "nobody": "forbid (principal, action, resource is AgentCore::Gateway) when { false };",
    }
    for name, statement in statements.items():
        control.create_policy(
            **one,
            name=name,
            definition={"cedar": {"statement": statement}},
            validationMode="IGNORE_ALL_FINDINGS",
            enforcementMode="LOG_ONLY" if name == "nobody" else "ACTIVE",
        )
    return str(engine["policyEngineId"])


def test_policies_and_consents_come_along_with_their_gateway(stack: Stack, control: Any) -> None:
    """The engine, its policies and the portal stay as they are, and a destroy removes them with the gateway."""
    discovery = {"discoveryUrl": "https://login.example.com/.well-known/openid-configuration"}
    jwt = {"customJWTAuthorizer": {**discovery, "allowedClients": ["desk"]}}
    made = {**_MCP, "authorizerType": "CUSTOM_JWT", "authorizerConfiguration": jwt}
    gateway = _make(stack, control, gateway_members=made)
    engine = {"policyEngineId": _guard(stack, control, gateway)}
    client = {"oauthDiscovery": discovery, "clientId": "desk", "clientSecret": "secret"}
    provider = control.create_oauth2_credential_provider(
        name="people",
        credentialProviderVendor="CustomOauth2",
        oauth2ProviderConfigInput={"customOauth2ProviderConfig": client},
    )
    portal = control.create_consent_portal(
        name="desk",
        executionRoleArn="arn:aws:iam::123456789012:role/by-hand",
        idpConfig={"credentialProviderArn": provider["credentialProviderArn"], "scopes": ["openid", "email"]},
        sources=[{"type": "agentcore-gateway", "identifier": gateway}],
        tags={"team": "shop"},
    )
    before = control.list_policies(**engine)["policies"]
    stack.configure(lambda config: config.pop("agentcore:gateways"))
    stack.agentcore("import", gateway)
    assert control.list_policies(**engine)["policies"] == before
    described = _described(stack)
    assert described["policy_mode"] == "LOG_ONLY"
    assert described["policy_engine"] == {
        "name": "desk_policies",
        "description": "The desk's",
        "tags": {"team": "shop"},
    }
    assert set(described["policies"]) == {"of-the-desk", "nobody"}
    assert described["policies"]["nobody"]["enforcement_mode"] == "LOG_ONLY"
    assert "adopt" not in stack.file.read_text()
    assert described["consent_portal"]["scopes"] == ["openid", "email"]
    assert set(stack.preview().changes) == {"same"}
    assert set(stack.refresh().changes) == {"same"}
    stack.destroy()
    assert control.list_policy_engines()["policyEngines"] == []
    listed = control.list_consent_portals()["consentPortals"]
    assert portal["consentPortalId"] not in [it["consentPortalId"] for it in listed]


def _rules(control: Any, gateway: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = control.list_gateway_rules(gatewayIdentifier=gateway)["gatewayRules"]
    return listed


def test_a_gateway_that_the_stack_made_keeps_its_sign_in_and_its_role(stack: Stack) -> None:
    """Described as AWS has it, it would have a pool and a role that nobody manages, and Pulumi would remove them."""
    stack.up()
    described = stack.file.read_bytes()
    outputs = stack.outputs()["gateways"]["shop"]
    assert json.loads(stack.agentcore("import", outputs["gateway_id"], "--json"))["changes"] == {}
    assert stack.file.read_bytes() == described
    assert stack.outputs()["gateways"]["shop"] == outputs


def test_a_gateway_that_only_gets_targets_here_says_what_comes_first(stack: Stack, control: Any) -> None:
    gateway = _make(stack, control)
    stack.configure(lambda config: config.pop("agentcore:gateways"))
    stack.agentcore("create_mcp_gateway_target", "--gateway", gateway, "--target-type", "smithyModel")
    described = stack.file.read_bytes()
    reported = stack.agentcore("import", gateway, succeeds=False)
    assert "`agentcore delete by-hand --stack local` removes those, then import it" in reported
    assert stack.file.read_bytes() == described
    stack.agentcore("delete", "by-hand", "--stack", "local")
    stack.agentcore("import", gateway)
    assert set(stack.preview().changes) == {"same"}


def test_a_gateway_of_another_region_is_described_with_it(stack: Stack) -> None:
    """The ARN names the Region; refresh, update and delete go there."""
    by_hand.make(stack.local_aws.client, role="by-hand", function="find")
    control = stack.local_aws.client("bedrock-agentcore-control", "eu-west-1")
    made = control.create_gateway(
        name="elsewhere", roleArn="arn:aws:iam::123456789012:role/by-hand", authorizerType="NONE", protocolType="MCP"
    )
    stack.configure(lambda config: config.pop("agentcore:gateways"))
    stack.agentcore("import", made["gatewayArn"])
    described = yaml.safe_load(stack.file.read_text())["config"]["agentcore:gateways"]["elsewhere"]
    assert described["region"] == "eu-west-1"
    assert set(stack.up().changes) == {"same"}
    assert [it["gatewayId"] for it in control.list_gateways()["items"]] == [made["gatewayId"]]


def test_a_web_firewall_comes_along(stack: Stack, control: Any) -> None:
    """The stack then has the association, and the gateway never goes without it."""
    gateway = _make(stack, control)
    visibility = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": "shop"}
    waf = stack.local_aws.client("wafv2")
    acl = waf.create_web_acl(Name="shop", Scope="REGIONAL", DefaultAction={"Allow": {}}, VisibilityConfig=visibility)[
        "Summary"
    ]["ARN"]
    arn = control.get_gateway(gatewayIdentifier=gateway)["gatewayArn"]
    waf.associate_web_acl(WebACLArn=acl, ResourceArn=arn)
    stack.configure(lambda config: config.pop("agentcore:gateways"))
    stack.agentcore("import", gateway)
    described = yaml.safe_load(stack.file.read_text())["config"]["agentcore:gateways"]["by-hand"]
    assert described["web_acl"] == acl
    assert set(stack.up().changes) == {"same"}
    assert control.get_gateway(gatewayIdentifier=gateway)["webAclArn"] == acl

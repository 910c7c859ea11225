from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from tests.support.shop import Shop

Agentcore = Callable[..., Result]


def test_a_gateway_of_the_stack_is_a_tree_of_all_its_parts(agentcore: Agentcore, shop: Shop) -> None:
    result = agentcore("show")
    assert result.exit_code == 0, result.output
    function = shop.aws.order_function.rpartition(":")[2]
    for reported in (
        f"{shop.name}  READY",
        f"MCP URL  {shop.url}",
        f"sign-in  EzAuth, client {shop.outputs['client_id']}",
        f"role     {shop.role}",
        f"target orders  Lambda function {function}, by gateway role  READY",
        "get_order  Tell where an order is",
    ):
        assert reported in result.stdout
    assert shop.outputs["client_secret"] not in result.output


def test_json_has_the_same_and_the_tools_as_mcp_lists_them(agentcore: Agentcore, shop: Shop) -> None:
    result = agentcore("show", shop.name, "--json")
    shown = json.loads(result.stdout)
    assert (shown["status"], shown["gateway_id"], shown["client_id"]) == (
        "READY",
        shop.gateway_id,
        shop.outputs["client_id"],
    )
    (target,) = shown["targets"]
    assert (target["name"], target["status"], target["tools"][0]["name"]) == ("orders", "READY", "get_order")
    assert shown["tools"][0]["name"] == "orders___get_order"
    assert shop.outputs["client_secret"] not in result.output


def test_each_part_of_a_gateway_is_read_once(agentcore: Agentcore, shop: Shop) -> None:
    """One request for each, and one sign-in at the gateway."""
    shop.aws.forget_requests()
    assert agentcore("show").exit_code == 0
    assert sorted(shop.aws.requests()) == [
        "GetGateway",
        "GetGatewayTarget",
        "GetResourcePolicy",
        "ListConsentPortals",
        "ListGatewayRateLimits",
        "ListGatewayRules",
        "ListGatewayTargets",
        "initialize",
        "jwks.json",
        "notifications/initialized",
        "oauth2/token",
        "openid-configuration",
        "tools/list",
    ]


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("reference", ["name", "gateway_id", "gateway_arn", "mcp_url"])
def test_a_gateway_that_no_stack_made_is_shown_by_name_id_arn_or_url(
    agentcore: Agentcore, make_shop: Callable[..., Shop], reference: str
) -> None:
    """Without a token the tools come from the schema that the target was given."""
    shop = make_shop()
    result = agentcore("show", shop.name if reference == "name" else shop.outputs[reference])
    assert result.exit_code == 0, result.output
    assert f"{shop.name}  READY" in result.stdout
    assert "get_order" in result.stdout


def test_a_failed_target_shows_the_services_reasons(agentcore: Agentcore, shop: Shop) -> None:
    shop.aws.fault(operation="CreateGatewayTarget", kind="fail", reason="Function is not active")
    tools = {"inlinePayload": [{"name": "t", "description": "t", "inputSchema": {"type": "object"}}]}
    configuration = {"lambda": {"lambdaArn": shop.aws.order_function, "toolSchema": tools}}
    shop.add_target("stock", configuration, {"credentialProviderType": "GATEWAY_IAM_ROLE"})
    assert "FAILED (Function is not active)" in agentcore("show").stdout


def test_what_cannot_be_asked_is_a_remark_beside_the_rest(agentcore: Agentcore, shop: Shop, engine: Path) -> None:
    path = engine / "outputs.json"
    path.write_text(path.read_text().replace(shop.outputs["client_secret"], "wrong"))
    refused = agentcore("show")
    assert (refused.exit_code, "not asked: Sign-in rejected" in refused.stdout) == (0, True)
    assert "target orders" in refused.stdout
    path.write_text(path.read_text().replace("wrong", shop.outputs["client_secret"]))
    shop.aws.fault(operation="GetGateway", kind="status", status=403)
    blind = agentcore("show")
    assert (blind.exit_code, "not asked: AWS refused GetGateway" in blind.stdout) == (0, True)
    assert "get_order" in blind.stdout


@pytest.mark.usefixtures("environment", "local_aws")
def test_an_unknown_gateway_is_one_line_and_exit_code_2(agentcore: Agentcore) -> None:
    result = agentcore("show", "nowhere")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert "There is no gateway nowhere in Region us-west-2" in result.stderr


def test_pictures_of_a_deployed_gateway(agentcore: Agentcore, shop: Shop) -> None:
    for form, begins in (("mermaid", "flowchart LR\n"), ("svg", "<svg ")):
        result = agentcore("show", "--diagram", form)
        assert result.exit_code == 0, result.output
        assert result.stdout.startswith(begins)
        assert "get_order" in result.stdout
        assert shop.outputs["client_secret"] not in result.output
    assert agentcore("show", "--diagram", "svg", "--json").exit_code == 2
    assert agentcore("show", "--diagram", "png").exit_code == 2


def test_a_resource_policy_is_shown_by_its_statements(agentcore: Agentcore, shop: Shop) -> None:
    """One line each; JSON has it as AWS does."""
    invoke = {"Action": "bedrock-agentcore:InvokeGateway", "Resource": "*"}
    elsewhere = {"StringNotEquals": {"aws:SourceVpc": ["vpc-1a2b3c4d", "vpc-2a2b3c4d"]}}
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": "*", **invoke},
            {
                "Effect": "Deny",
                "Principal": {"AWS": ["111122223333"]},
                "Action": "*",
                "Resource": "*",
                "Condition": elsewhere,
            },
        ],
    }
    control = shop.aws.client("bedrock-agentcore-control")
    control.put_resource_policy(resourceArn=shop.outputs["gateway_arn"], policy=json.dumps(policy))
    try:
        shown = agentcore("show").stdout
        assert "resource policy" in shown
        assert "allow *\n" in shown
        assert "deny 111122223333  *  if aws:SourceVpc StringNotEquals vpc-1a2b3c4d, vpc-2a2b3c4d" in shown
        assert json.loads(agentcore("show", "--json").stdout)["resource_policy"] == policy
    finally:
        control.delete_resource_policy(resourceArn=shop.outputs["gateway_arn"])


def test_rules_are_shown_with_what_they_do(agentcore: Agentcore, shop: Shop) -> None:
    """One line each; what cannot be asked is a remark."""
    bundle = "arn:aws:bedrock-agentcore:us-west-2:123456789012:configuration-bundle/prompts-0123456789"
    override = {"bundleArn": bundle, "bundleVersion": "01234567-89ab-cdef-0123-456789abcdef"}
    shop.aws.client("bedrock-agentcore-control").create_gateway_rule(
        gatewayIdentifier=shop.gateway_id,
        priority=100,
        description="The next prompts",
        actions=[{"configurationBundle": {"staticOverride": override}}],
    )
    shown = f"every request with prompts-0123456789 {override['bundleVersion']}"
    assert f"rule 100  {shown}  The next prompts  ACTIVE" in agentcore("show").stdout
    (rule,) = json.loads(agentcore("show", "--json").stdout)["rules"]
    assert (rule["priority"], rule["status"]) == (100, "ACTIVE")
    shop.aws.fault(operation="ListGatewayRules", kind="status", status=403)
    refused = agentcore("show")
    assert "not asked: AWS refused ListGatewayRules" in refused.stdout
    assert "target orders" in refused.stdout


def test_rate_limits_are_shown_with_their_rates(agentcore: Agentcore, shop: Shop) -> None:
    """One line each; what cannot be asked is a remark."""
    shop.aws.client("bedrock-agentcore-control").create_gateway_rate_limit(
        gatewayIdentifier=shop.gateway_id,
        rateLimitId="slow-tools",
        description="The warehouse counts by hand",
        dimensionKeys=["toolName", "$.context.jwt.client_id"],
        entries=[
            {
                "dimensions": {"toolName": "orders___count", "$.context.jwt.client_id": "*"},
                "requests": [{"rate": 600, "period": "minute"}],
            }
        ],
    )
    shown = "by tool, claim client_id: orders___count each 600 requests a minute"
    assert f"rate limit slow-tools  {shown}  The warehouse counts by hand  ACTIVE" in agentcore("show").stdout
    (limit,) = json.loads(agentcore("show", "--json").stdout)["rate_limits"]
    assert (limit["rate_limit_id"], limit["status"]) == ("slow-tools", "ACTIVE")
    shop.aws.fault(operation="ListGatewayRateLimits", kind="status", status=403)
    refused = agentcore("show")
    assert "not asked: AWS refused ListGatewayRateLimits" in refused.stdout
    assert "target orders" in refused.stdout


def test_policies_are_shown_with_what_they_name(agentcore: Agentcore, shop: Shop) -> None:
    """One line each below the engine, with the mode that the gateway has it in; what cannot be asked is a remark."""
    control = shop.aws.client("bedrock-agentcore-control")
    engine = control.create_policy_engine(name="desk_policies")
    engine_id, arn = engine["policyEngineId"], engine["policyEngineArn"]
    gateway_arn = control.get_gateway(gatewayIdentifier=shop.gateway_id)["gatewayArn"]
    statement = (
        'permit (principal, action == AgentCore::Action::"orders___get_order", '
        f'resource == AgentCore::Gateway::"{gateway_arn}") when {{ principal.id != "" }};'
    )
    control.create_policy(
        policyEngineId=engine_id,
        name="lookups",
        definition={"cedar": {"statement": statement}},
        description="Everybody",
        enforcementMode="LOG_ONLY",
    )
    current = control.get_gateway(gatewayIdentifier=shop.gateway_id)
    kept = ("name", "roleArn", "protocolType", "protocolConfiguration", "authorizerType", "authorizerConfiguration")
    shop.aws.allow(current["roleArn"], "bedrock-agentcore:*", "*")
    members = {it: current[it] for it in kept if it in current}
    control.update_gateway(
        gatewayIdentifier=shop.gateway_id, policyEngineConfiguration={"arn": arn, "mode": "LOG_ONLY"}, **members
    )
    shown = agentcore("show").stdout
    assert f"policies  only logged, by {engine_id}" in shown
    assert "policy lookups  permit orders___get_order, on a condition, only logged  Everybody  ACTIVE" in shown
    (policy,) = json.loads(agentcore("show", "--json").stdout)["policy_engine"]["policies"]
    assert (policy["tools"], policy["statement"]) == (["orders___get_order"], statement)
    shop.aws.fault(operation="ListPolicies", kind="status", status=403)
    assert "not asked: AWS refused ListPolicies" in agentcore("show").stdout


def test_a_consent_portal_is_shown_with_its_address(agentcore: Agentcore, shop: Shop) -> None:
    """What cannot be asked is a remark."""
    control, iam = shop.aws.client("bedrock-agentcore-control"), shop.aws.client("iam")
    trust = {"Effect": "Allow", "Principal": {"Service": "bedrock-agentcore.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = iam.create_role(RoleName="consent", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    discovery = {"discoveryUrl": "https://login.example.com/.well-known/openid-configuration"}
    client = {"clientId": "c", "clientSecret": "s", "oauthDiscovery": discovery}
    provider = control.create_oauth2_credential_provider(
        name="people",
        credentialProviderVendor="CustomOauth2",
        oauth2ProviderConfigInput={"customOauth2ProviderConfig": client},
    )
    made = control.create_consent_portal(
        name="desk",
        description="For the desk",
        executionRoleArn=role,
        idpConfig={"credentialProviderArn": provider["credentialProviderArn"], "scopes": ["openid"]},
        sources=[{"type": "agentcore-gateway", "identifier": shop.gateway_id}],
    )
    portal = control.get_consent_portal(consentPortalIdentifier=made["consentPortalId"])
    assert f"consent portal desk  {portal['portalUrl']}  For the desk  ACTIVE" in agentcore("show").stdout
    shown = json.loads(agentcore("show", "--json").stdout)["consent_portal"]
    assert (shown["name"], shown["portal_url"], shown["status"]) == ("desk", portal["portalUrl"], "ACTIVE")
    assert "consent portal" in agentcore("show", "--diagram", "mermaid").stdout
    assert portal["portalUrl"] in agentcore("show", "--diagram", "svg").stdout
    shop.aws.fault(operation="ListConsentPortals", kind="status", status=403)
    assert "not asked: AWS refused ListConsentPortals" in agentcore("show").stdout

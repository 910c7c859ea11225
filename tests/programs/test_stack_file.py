"""What people write into stack files: several gateways at once, secrets, and problems."""

from __future__ import annotations

import json
from typing import Any

from tests.support.stack import Stack

CODE = {"code": "demo/order_desk"}


def _three(config: dict[str, Any]) -> None:
    config["agentcore:gateways"] |= {
        "desk": {
            "authorizer": "none",
            "schema_in_s3": True,
            "instructions": "Be brief",
            "targets": {"orders": {"lambda": CODE}, "more-orders": {"lambda": CODE}},
        },
        "plain": {
            "authorizer": {
                "jwt": {
                    "discovery_url": "https://login.example.com/.well-known/openid-configuration",
                    "allowed_clients": ["agent"],
                }
            },
            "search": False,
            "targets": {},
        },
    }


def test_three_gateways_live_in_one_stack(stack: Stack) -> None:
    stack.configure(_three)
    first = stack.up()
    gateways = stack.outputs()["gateways"]
    assert set(gateways) == {"shop", "desk", "plain"}
    assert "client_id" in gateways["shop"]
    assert "client_id" not in gateways["desk"]

    answer = stack.agentcore(
        *("tools", "call", "--gateway", "shop", "orders___quote_shipping", '{"country": "DE", "weight_kg": 1}')
    )
    assert json.loads(answer) == {"country": "DE", "price_eur": 4.5, "working_days": 2}
    (bucket,) = stack.local_aws.client("s3").list_buckets()["Buckets"]
    assert bucket["Name"].startswith("desk-schemas-")
    assert stack.up().changes == {"same": first.changes["create"]}

    stack.destroy()
    assert stack.local_aws.client("s3").list_buckets()["Buckets"] == []
    assert stack.local_aws.client("iam").list_roles()["Roles"] == []


def test_every_problem_is_reported_at_preview_and_nothing_else(stack: Stack) -> None:
    def spoil(config: dict[str, Any]) -> None:
        config["agentcore:gateways"]["shop"] |= {"authoriser": "none", "tags": {"version": 1}}
        config["agentcore:gateways"]["my shop"] = {"targets": {}}

    stack.configure(spoil)
    report = stack.preview(succeeds=False).text
    for path in ("shop.authoriser: unknown key. Did you mean authorizer?", "shop.tags.version: ", "my shop: "):
        assert f"agentcore:gateways.{path}" in report
    assert "3 problems:" in report
    assert "Traceback" not in report
    assert "unhandled" not in report
    assert stack.local_aws.requests() == []


def test_a_secret_variable_reaches_the_function_and_not_the_state(stack: Stack) -> None:
    stack.pulumi(
        *("config", "set", "--secret", "--path"),
        *("agentcore:gateways.shop.targets.orders.lambda.environment.TOKEN", "marker-of-a-secret"),
    )
    assert "marker-of-a-secret" not in stack.up().text
    function = stack.local_aws.client("lambda").list_functions()["Functions"][0]
    assert function["Environment"]["Variables"] == {"TOKEN": "marker-of-a-secret"}
    state = stack.folder / ".agentcore" / "state"
    for file in state.rglob("*.json*"):
        assert "marker-of-a-secret" not in file.read_text()


def test_a_gateway_made_elsewhere_is_reported_by_its_arn_and_only_gets_targets(stack: Stack) -> None:
    iam, control = (stack.local_aws.client(it) for it in ("iam", "bedrock-agentcore-control"))
    trust = {"Effect": "Allow", "Principal": {"Service": "bedrock-agentcore.amazonaws.com"}, "Action": "sts:AssumeRole"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = iam.create_role(RoleName="elsewhere", AssumeRolePolicyDocument=policy)["Role"]["Arn"]
    allowed = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    iam.put_role_policy(RoleName="elsewhere", PolicyName="invoke", PolicyDocument=policy)
    made = control.create_gateway(
        name="elsewhere", roleArn=role, protocolType="MCP", authorizerType="NONE", clientToken="t" * 33
    )
    stack.until(lambda: control.get_gateway(gatewayIdentifier=made["gatewayId"])["status"] == "READY")
    before = control.get_gateway(gatewayIdentifier=made["gatewayId"])

    def refer(config: dict[str, Any]) -> None:
        config["agentcore:gateways"] = {"desk": {"gateway_id": made["gatewayArn"], "targets": {"o": {"lambda": CODE}}}}

    stack.configure(refer)
    stack.up()
    assert stack.outputs()["mcp_url"] == made["gatewayUrl"]
    (target,) = control.list_gateway_targets(gatewayIdentifier=made["gatewayId"])["items"]
    assert target["name"] == "o"
    assert set(stack.up().changes) == {"same"}
    stack.destroy()
    after = control.get_gateway(gatewayIdentifier=made["gatewayId"])
    assert {key: it for key, it in after.items() if key in ("status", "tags", "roleArn", "updatedAt")} == {
        key: it for key, it in before.items() if key in ("status", "tags", "roleArn", "updatedAt")
    }
    assert control.list_gateway_targets(gatewayIdentifier=made["gatewayId"])["items"] == []


def test_a_protected_gateway_outlives_a_destroy_until_its_protection_ends(stack: Stack) -> None:
    def protect(config: dict[str, Any]) -> None:
        config["agentcore:gateways"]["shop"] |= {"protect": True, "authorizer": "none"}

    stack.configure(protect)
    stack.up()
    assert "protect" in stack.destroy(succeeds=False).text
    assert len(stack.local_aws.client("bedrock-agentcore-control").list_gateways()["items"]) == 1
    stack.configure(lambda config: config["agentcore:gateways"]["shop"].pop("protect"))
    assert set(stack.up().changes) <= {"same", "update"}
    stack.destroy()
    assert stack.resources() == []


def _beside(config: dict[str, Any], prompt: str = "Be brief.", key: str = "1") -> None:
    """Everything that is beside gateways, and gateways that use it."""
    issuer = "https://login.example.com/.well-known/openid-configuration"
    client = {"oauth": {"client_id": "desk", "client_secret": "hidden-secret", "discovery_url": issuer}}
    role = "arn:aws:iam::123456789012:role/consent"
    config |= {
        "agentcore:workloadIdentities": {"clerk": {"allowed_resource_oauth2_return_urls": ["https://a.example.com"]}},
        "agentcore:configurationBundles": {"prompts": {"components": {"clerk": {"configuration": {"text": prompt}}}}},
        "agentcore:tokenVaultKey": {
            "kms_key_arn": f"arn:aws:kms:us-west-2:123456789012:key/{key * 8}-2222-3333-4444-555555555555"
        },
        "agentcore:registries": {
            "tools": {"auto_approve": True, "records": {"desk": {"gateway": "desk", "description": prompt}}}
        },
    }
    config["agentcore:gateways"] = {
        "routed": {
            "authorizer": "aws_iam",
            "protocol_type": None,
            "targets": {},
            "rules": {"prompts": {"priority": 1, "configuration_bundle": "prompts"}},
        },
        "desk": {
            "authorizer": {"jwt": {"discovery_url": issuer, "allowed_audience": ["desk"]}},
            "targets": {},
            "credential_providers": {"people": client},
            "consent_portal": {
                "credential_provider_arn": "people",
                "execution_role_arn": role,
                "tags": {"stage": "dev"},
            },
        },
    }


def test_a_stack_file_has_what_belongs_to_no_gateway(stack: Stack) -> None:
    """Created, kept, changed in place and destroyed; a rule follows the bundle that it names."""
    control = stack.local_aws.client("bedrock-agentcore-control")
    role = {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]}
    role["Statement"][0]["Principal"] = {"Service": "bedrock-agentcore.amazonaws.com"}  # type: ignore[assignment]
    iam = stack.local_aws.client("iam")
    iam.create_role(RoleName="consent", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", **role}))
    stack.configure(_beside)
    first = stack.up()
    assert stack.up().changes == {"same": first.changes["create"]}
    (portal,) = control.list_consent_portals()["consentPortals"]
    assert portal["name"].startswith("desk")
    assert control.get_token_vault()["kmsConfiguration"]["kmsKeyArn"].endswith("/11111111-2222-3333-4444-555555555555")

    stack.configure(lambda config: _beside(config, "Be polite.", "2"))
    assert stack.up().changes["update"] == 4
    (bundle,) = control.list_configuration_bundles()["bundles"]
    (gateway,) = [it for it in control.list_gateways()["items"] if it["name"].startswith("routed")]
    (rule,) = control.list_gateway_rules(gatewayIdentifier=gateway["gatewayId"])["gatewayRules"]
    found = control.get_configuration_bundle(bundleId=bundle["bundleId"])
    assert found["components"]["clerk"]["configuration"] == {"text": "Be polite."}
    override = rule["actions"][0]["configurationBundle"]["staticOverride"]
    assert override["bundleVersion"] == found["versionId"]

    catalogue = stack.local_aws.client("agent-registry-control")
    (registry,) = catalogue.list_registries()["registries"]
    (record,) = catalogue.list_registry_records(registryId=registry["registryId"])["registryRecords"]
    assert (record["description"], record["status"]) == ("Be polite.", "APPROVED")

    stack.destroy()
    assert catalogue.list_registries()["registries"] == []
    assert control.list_consent_portals()["consentPortals"] == []
    assert control.get_token_vault()["kmsConfiguration"] == {"keyType": "ServiceManagedKey"}
    iam.delete_role(RoleName="consent")

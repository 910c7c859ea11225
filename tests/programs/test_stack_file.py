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

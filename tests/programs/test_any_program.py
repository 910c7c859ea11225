"""The command works on a program of plain resources that exports nothing: everything it needs is in the stack's state."""

from __future__ import annotations

import base64
import json
import urllib.request
from typing import Any

from tests.programs.test_identity import run_instead

Stack = Any


def exports_nothing() -> None:
    from agentcore_provider import EzAuth, Gateway, GatewayRole, GatewayTarget, targets
    from agentcore_provider.resources.authorizers import JwtAuthorizer
    from agentcore_provider.resources.lambda_function import LambdaFunction

    auth = EzAuth("agents")
    others = JwtAuthorizer(discovery_url=ISSUER, allowed_clients=[CLIENT])  # type: ignore[name-defined]  # noqa: F821
    orders = LambdaFunction("orders", folder="demo/order_desk")
    for name, authorizer in (("shop", auth), ("partner", others)):
        role = GatewayRole(name)
        gateway = Gateway(name, role_arn=role.arn, authorizer=authorizer)
        target = targets.Lambda(orders.arn, tools="demo/order_desk/handler.py")
        GatewayTarget(f"{name}-orders", name="orders", gateway=gateway, target=target)


def another_issuer(stack: Stack) -> tuple[str, str, str]:
    """A user pool that the stack knows nothing of: discovery URL, client, and a token for it."""
    cognito = stack.local_aws.client("cognito-idp")
    pool = cognito.create_user_pool(PoolName="partner")["UserPool"]["Id"]
    cognito.create_user_pool_domain(Domain="partner", UserPoolId=pool)
    scope = {"ScopeName": "invoke", "ScopeDescription": "invoke"}
    cognito.create_resource_server(UserPoolId=pool, Identifier="partner", Name="partner", Scopes=[scope])
    client = cognito.create_user_pool_client(
        UserPoolId=pool,
        ClientName="partner",
        GenerateSecret=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthScopes=["partner/invoke"],
    )["UserPoolClient"]
    issuer = f"{stack.local_aws.endpoint}/{pool}/.well-known/openid-configuration"
    with urllib.request.urlopen(issuer, timeout=30) as answer:
        endpoint = json.load(answer)["token_endpoint"]
    key = base64.b64encode(f"{client['ClientId']}:{client['ClientSecret']}".encode()).decode()
    request = urllib.request.Request(endpoint, b"grant_type=client_credentials", {"Authorization": f"Basic {key}"})
    request.add_header("Content-Type", "application/x-www-form-urlencoded")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return issuer, client["ClientId"], json.load(answer)["access_token"]


def test_list_tools_token_and_doctor_need_no_exports(stack: Stack) -> None:
    """Two gateways, one of which takes another issuer's tokens; the secret of the client is never printed."""
    issuer, client, token = another_issuer(stack)
    run_instead(stack, exports_nothing, ISSUER=issuer, CLIENT=client)
    stack.up()
    assert stack.outputs() == {}
    auth = next(it for it in stack.resources() if it["type"].endswith("agentcore:EzAuth"))["outputs"]

    listed = {it["name"]: it for it in json.loads(stack.agentcore("list", "--json"))}
    assert listed.keys() == {"shop", "partner"}
    assert listed["shop"]["client_id"] == auth["client_id"]
    assert "client_secret" not in listed["shop"]
    assert "Choose with --gateway: partner, shop" in stack.agentcore("tools", "list", succeeds=False)
    assert "orders___order_status" in stack.agentcore("tools", "list", "--gateway", "shop")
    assert stack.agentcore("token", "--gateway", "shop").count(".") == 2

    wanted = (
        f"accepts tokens of {issuer.partition('/.well-known')[0]}, client {client}: get one at the token_endpoint in"
    )
    for command in (("token",), ("tools", "list")):
        assert wanted in stack.agentcore(*command, "--gateway", "partner", succeeds=False)
    assert "orders___order_status" in stack.agentcore("tools", "list", "--gateway", "partner", "--token", token)

    found = stack.agentcore("doctor")
    assert "deploys partner, shop" in found
    assert wanted in found
    assert "✗" not in found
    assert "passed, of" in stack.agentcore("doctor", "--gateway", "partner", "--token", token)


def test_after_an_update_that_failed_the_rest_works(stack: Stack) -> None:
    """The engine writes no outputs then; the gateway that stands is used as any other."""
    issuer, client, _ = another_issuer(stack)
    run_instead(stack, exports_nothing, ISSUER=issuer, CLIENT=client)
    fault = {"operation": "CreateGatewayTarget", "kind": "status", "status": 400, "code": "ValidationException"}
    stack.local_aws.ask("POST", "/_local/faults", fault | {"times": 1})
    stack.up("--continue-on-error", succeeds=False)
    assert {it["name"] for it in json.loads(stack.agentcore("list", "--json"))} == {"shop", "partner"}
    assert stack.agentcore("token", "--gateway", "shop").count(".") == 2

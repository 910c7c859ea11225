"""A policy engine decides which tools of a gateway a caller may call, and which it may know of."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from cryptography.hazmat.primitives.asymmetric import rsa
from werkzeug.wrappers import Request, Response

from agentcore_provider.local.cedar.decisions import PolicyStatements
from agentcore_provider.local.cedar.schema import ToolSchema
from tests.local.targets.conftest import ROLE
from tests.support.control_plane import ControlPlane
from tests.support.targets import Counterpart, Gateway

DENIED = "Tool Execution Denied: Tool call not allowed due to policy enforcement"
BY_DEFAULT = f"{DENIED} [No policy applies to the request (denied by default).]"
SEARCH = "x_amz_bedrock_agentcore_search"


def tool(name: str, properties: dict[str, Any], *required: str) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties, "required": list(required)}
    return {"name": name, "description": f"The {name} tool for orders", "inputSchema": schema}


TOOLS = [
    tool("refund", {"amount": {"type": "integer"}, "reason": {"type": "string"}}, "amount"),
    tool("pay", {"price": {"type": "number"}, "X-Request-Id": {"type": "string"}}, "price"),
    tool("ship", {"when": {"type": "string"}}),
]


class Issuer:
    """An issuer of tokens."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._server = Counterpart()
        self._server.answer = self._answer
        self.url = self._server.url

    def token(self, **claims: Any) -> dict[str, str]:
        """The header of a client with these claims."""
        known = {"iss": self.url, "sub": "ann", "client_id": "agent", "exp": int(time.time()) + 600, **claims}
        return {"Authorization": f"Bearer {jwt.encode(known, self._key, 'RS256', headers={'kid': 'k'})}"}

    def _answer(self, request: Request) -> Response:
        key = jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        keys = {"keys": [{**key, "kid": "k", "alg": "RS256", "use": "sig"}]}
        about = {"issuer": self.url, "jwks_uri": f"{self.url}/keys"}
        return Response(json.dumps(keys if request.path == "/keys" else about), content_type="application/json")


class Guarded:
    """A gateway with a policy engine."""

    def __init__(self, aws: ControlPlane, issuer: Issuer, mode: str = "ENFORCE", **members: Any) -> None:
        self.aws, self.issuer = aws, issuer
        self.name = aws.unique("guarded").replace("-", "_")
        made = aws.control.create_policy_engine(name=self.name)
        self.engine = {"policyEngineId": made["policyEngineId"]}
        self.role_arn = aws.execution_role()
        discovery = {"discoveryUrl": f"{issuer.url}/.well-known/openid-configuration", "allowedClients": ["agent"]}
        self.gateway = Gateway(
            aws,
            **{
                "roleArn": self.role_arn,
                "authorizerType": "CUSTOM_JWT",
                "authorizerConfiguration": {"customJWTAuthorizer": discovery},
                "policyEngineConfiguration": {"arn": made["policyEngineArn"], "mode": mode},
                **members,
            },
        )
        self.gateway.target(aws.lambda_configuration(TOOLS), ROLE, name="orders-1")
        self._policies = 0

    def policy(self, text: str, **members: Any) -> str:
        """Create a policy; {refund} and its like stand for the actions, {gateway} for the resource. Returns its id."""
        arn = self.aws.control.get_gateway(gatewayIdentifier=self.gateway.id)["gatewayArn"]
        for name in ("refund", "pay", "ship"):
            text = text.replace(f"{{{name}}}", f'AgentCore::Action::"orders-1___{name}"')
        statement = text.replace("{gateway}", f'AgentCore::Gateway::"{arn}"')
        self._policies += 1
        made = self.aws.control.create_policy(
            **self.engine,
            name=f"{self.name}_{self._policies}",
            definition={"cedar": {"statement": statement}},
            **{"validationMode": "IGNORE_ALL_FINDINGS", **members},
        )
        found = self.aws.control.get_policy(**self.engine, policyId=made["policyId"])
        assert found["status"] == "ACTIVE", found["statusReasons"]
        return str(made["policyId"])

    def call(self, name: str, headers: dict[str, str], **arguments: Any) -> requests.Response:
        """tools/call, without a client that would wrap the answer."""
        params = {"name": f"orders-1___{name}", "arguments": arguments}
        return self.post("tools/call", params, headers)

    def post(self, method: str, params: Any, headers: dict[str, str]) -> requests.Response:
        document = {"jsonrpc": "2.0", "id": 7, "method": method, "params": params}
        return requests.post(self.gateway.url, json=document, headers=headers, timeout=20)

    def listed(self, headers: dict[str, str]) -> list[str]:
        """The tools that a client lists, without the target's name."""
        tools = self.post("tools/list", {}, headers).json()["result"]["tools"]
        return [it["name"].removeprefix("orders-1___") for it in tools]


@pytest.fixture(scope="module")
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
def guarded(local_aws: ControlPlane, issuer: Issuer) -> Callable[..., Guarded]:
    return lambda *given, **members: Guarded(local_aws, issuer, *given, **members)


def outcome(response: requests.Response) -> str:
    """`allowed`, or the message of a denial, whose status and code are the service's."""
    document = response.json()
    if "result" in document:
        assert not document["result"]["isError"], document
        return "allowed"
    assert (response.status_code, document["error"]["code"], document["id"]) == (403, -32002, 7)
    assert response.headers["x-amzn-requestid"]
    return str(document["error"]["message"])


def test_without_a_permit_nothing_is_allowed_or_listed(guarded: Callable[..., Guarded], issuer: Issuer) -> None:
    gateway = guarded()
    assert gateway.listed(issuer.token()) == []
    assert outcome(gateway.call("refund", issuer.token(), amount=1)) == BY_DEFAULT


def test_arguments_and_claims_decide(guarded: Callable[..., Guarded], issuer: Issuer) -> None:
    """A permit for small amounts, one for a role, and a policy that forbids, by which a denial is explained."""
    gateway = guarded()
    gateway.policy("permit(principal, action == {refund}, resource == {gateway}) when { context.input.amount < 500 };")
    gateway.policy(
        "permit(principal is AgentCore::OAuthUser, action in [{refund}, {pay}], resource == {gateway}) when { "
        'principal.hasTag("cognito:groups") && principal.getTag("cognito:groups") like "*finance*" };'
    )
    forbids = gateway.policy(
        'forbid(principal, action, resource is AgentCore::Gateway) when { principal.id == "mallory" };'
    )
    ann, finance = issuer.token(), issuer.token(**{"cognito:groups": ["staff", "finance"]})
    mallory = issuer.token(sub="mallory")
    assert [outcome(gateway.call("refund", who, amount=499)) for who in (ann, finance)] == ["allowed", "allowed"]
    assert outcome(gateway.call("refund", ann, amount=500)) == BY_DEFAULT
    assert outcome(gateway.call("refund", finance, amount=500)) == "allowed"
    assert outcome(gateway.call("refund", mallory, amount=1)) == f"{DENIED} [Policy evaluation denied due to {forbids}]"
    assert (gateway.listed(ann), gateway.listed(finance), gateway.listed(mallory)) == (
        ["refund"],
        ["refund", "pay"],
        [],
    )


def test_a_target_stands_for_all_of_its_tools(guarded: Callable[..., Guarded], issuer: Issuer) -> None:
    """As a group of actions."""
    gateway = guarded()
    gateway.policy(
        'permit(principal, action in AgentCore::Action::"orders-1", resource == {gateway}) when { true } unless { '
        'principal.id == "mallory" };'
    )
    assert gateway.listed(issuer.token()) == ["refund", "pay", "ship"]
    assert outcome(gateway.call("ship", issuer.token())) == "allowed"
    assert gateway.listed(issuer.token(sub="mallory")) == []


def test_numbers_and_any_names_of_arguments_can_be_compared(guarded: Callable[..., Guarded], issuer: Issuer) -> None:
    """A number is cut to four places; a name with a hyphen is in quotes."""
    gateway = guarded()
    gateway.policy(
        "permit(principal, action == {pay}, resource == {gateway}) when { "
        'context.input.price.lessThanOrEqual(decimal("9.9999")) && !(context.input has "X-Request-Id" && '
        'context.input["X-Request-Id"] == "blocked") };'
    )
    who = issuer.token()
    assert outcome(gateway.call("pay", who, price=9.99999)) == "allowed"
    assert outcome(gateway.call("pay", who, price=10)) == BY_DEFAULT
    assert outcome(gateway.call("pay", who, price=1, **{"X-Request-Id": "blocked"})) == BY_DEFAULT


def test_what_cannot_be_evaluated_is_denied(guarded: Callable[..., Guarded], issuer: Issuer) -> None:
    """With the reason: a number that Cedar's decimal cannot hold, a sum that overflows."""
    gateway = guarded()
    gateway.policy("permit(principal, action in [{pay}, {refund}], resource == {gateway}) when { true };")
    gateway.policy(
        "forbid(principal, action == {refund}, resource == {gateway}) when { context.input.amount * 4 > 100 };"
    )
    failed = f"{DENIED} [Policy evaluation failed]"
    for name, arguments, reason in [
        ("pay", {"price": 1e300}, "price is not"),
        ("refund", {"amount": 2**62}, "overflow"),
    ]:
        response = gateway.call(name, issuer.token(), **arguments)
        assert outcome(response) == failed
        assert reason in response.json()["error"]["data"]["reason"]


def test_callers_learn_the_arguments_of_tools_that_they_may_call(
    guarded: Callable[..., Guarded], issuer: Issuer
) -> None:
    """A call with wrong arguments is denied where no others would be allowed, and explained where some would."""
    gateway = guarded()
    gateway.policy("permit(principal, action == {refund}, resource == {gateway}) when { context.input.amount < 5 };")
    explained = gateway.call("refund", issuer.token()).json()["result"]
    assert "Missing required field(s): 'amount'" in explained["content"][0]["text"]
    assert outcome(gateway.call("pay", issuer.token())) == BY_DEFAULT


def test_time_decides_and_hides_nothing(guarded: Callable[..., Guarded], issuer: Issuer) -> None:
    """A tool whose time is over is still listed, as its arguments and the time are left open."""
    gateway = guarded()
    gateway.policy(
        'permit(principal, action == {ship}, resource == {gateway}) when { context.system.now < datetime("2020-01-01") };'
    )
    assert gateway.listed(issuer.token()) == ["ship"]
    assert outcome(gateway.call("ship", issuer.token())) == BY_DEFAULT


def test_the_official_client_lists_and_calls(guarded: Callable[..., Guarded], issuer: Issuer) -> None:
    """What is allowed works; what is denied is an error."""
    gateway = guarded()
    gateway.policy("permit(principal, action == {refund}, resource == {gateway}) when { context.input.amount < 500 };")
    headers = issuer.token()
    assert list(gateway.gateway.tools(headers)) == ["orders-1___refund"]
    assert gateway.gateway.call("orders-1___refund", {"amount": 1}, headers)[1] is False
    with pytest.raises(Exception, match="Tool Execution Denied"):
        gateway.gateway.call("orders-1___refund", {"amount": 501}, headers)


def test_search_finds_what_may_be_called(guarded: Callable[..., Guarded], issuer: Issuer) -> None:
    """The search tool itself needs no permit."""
    gateway = guarded(protocolConfiguration={"mcp": {"searchType": "SEMANTIC"}})
    gateway.policy("permit(principal, action == {ship}, resource == {gateway}) when { true };")
    assert gateway.listed(issuer.token()) == [SEARCH, "ship"]
    found = gateway.post("tools/call", {"name": SEARCH, "arguments": {"query": "orders"}}, issuer.token())
    tools = found.json()["result"]["structuredContent"]["tools"]
    assert [it["name"] for it in tools] == ["orders-1___ship"]


def test_a_signer_is_known_by_arn(guarded: Callable[..., Guarded]) -> None:
    """IamEntity has an id and no tags."""
    gateway = guarded(authorizerType="AWS_IAM", authorizerConfiguration=None)
    gateway.policy(
        "permit(principal is AgentCore::IamEntity, action == {refund}, resource == {gateway}) when { "
        'principal.id like "*:user/local" };'
    )
    assert "result" in signed(gateway, "local", "local")
    other = signed(gateway, "AKIAOTHEROTHEROTHER0", "unknown")
    assert other["error"]["message"] == BY_DEFAULT


def signed(gateway: Guarded, key_id: str, secret: str) -> Any:
    params = {"name": "orders-1___refund", "arguments": {"amount": 1}}
    body = json.dumps({"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params})
    request = AWSRequest("POST", gateway.gateway.url, data=body, headers={"Content-Type": "application/json"})
    SigV4Auth(Credentials(key_id, secret), "bedrock-agentcore", "us-west-2").add_auth(request)
    return requests.post(gateway.gateway.url, data=body, headers=dict(request.headers), timeout=20).json()


def test_log_only_decides_nothing(guarded: Callable[..., Guarded], issuer: Issuer) -> None:
    """Neither a gateway's mode nor a policy's."""
    logging = guarded("LOG_ONLY")
    assert outcome(logging.call("refund", issuer.token(), amount=1)) == "allowed"
    assert logging.listed(issuer.token()) == ["refund", "pay", "ship"]
    enforcing = guarded()
    policy = enforcing.policy(
        "permit(principal, action == {ship}, resource == {gateway}) when { true };", enforcementMode="LOG_ONLY"
    )
    assert (enforcing.listed(issuer.token()), outcome(enforcing.call("ship", issuer.token()))) == ([], BY_DEFAULT)
    one = {**enforcing.engine, "policyId": policy}
    enforcing.aws.control.update_policy(**one, enforcementMode="ACTIVE")
    assert (enforcing.listed(issuer.token()), outcome(enforcing.call("ship", issuer.token()))) == (["ship"], "allowed")
    enforcing.aws.control.delete_policy(**one)
    assert enforcing.listed(issuer.token()) == []


def test_decisions_are_in_the_log_of_the_gateway(guarded: Callable[..., Guarded], issuer: Issuer) -> None:
    """Of policies that are only logged, the ones that would decide otherwise; and why nothing could be decided."""
    gateway = guarded()
    group = deliver_log(gateway)
    gateway.policy("permit(principal, action == {pay}, resource == {gateway}) when { true };")
    gateway.policy(
        "permit(principal, action == {ship}, resource == {gateway}) when { true };", enforcementMode="LOG_ONLY"
    )
    gateway.call("ship", issuer.token())
    gateway.call("pay", issuer.token(), price=1e300)
    lines = logged(gateway, group)
    for beginning in (
        "Tool call orders-1___ship denied: No policy applies to the request (denied by default).",
        "With the policies in LOG_ONLY mode, tool call orders-1___ship allowed",
        "Policy evaluation failed for orders-1___pay: price is not",
    ):
        assert any(it.startswith(beginning) for it in lines), lines


def deliver_log(gateway: Guarded) -> str:
    logs, name = gateway.aws.client("logs"), gateway.name
    arn = gateway.aws.control.get_gateway(gatewayIdentifier=gateway.gateway.id)["gatewayArn"]
    logs.create_log_group(logGroupName=name)
    group = f"arn:aws:logs:us-west-2:123456789012:log-group:{name}"
    logs.put_delivery_source(name=name, resourceArn=arn, logType="APPLICATION_LOGS")
    where = {"destinationResourceArn": group}
    made = logs.put_delivery_destination(name=name, deliveryDestinationConfiguration=where)
    logs.create_delivery(deliverySourceName=name, deliveryDestinationArn=made["deliveryDestination"]["arn"])
    return name


def logged(gateway: Guarded, group: str) -> list[str]:
    events = gateway.aws.client("logs").filter_log_events(logGroupName=group)["events"]
    return [json.loads(it["message"])["body"]["log"] for it in events]


def test_decisions_are_in_the_traces_of_the_gateway(guarded: Callable[..., Guarded], issuer: Issuer) -> None:
    """With the names of public spans: of a call what was decided, by which policies; of a list the tools."""
    gateway = guarded()
    policy = gateway.policy("permit(principal, action == {refund}, resource == {gateway});")
    arn = gateway.aws.control.get_gateway(gatewayIdentifier=gateway.gateway.id)["gatewayArn"]
    logs = gateway.aws.client("logs")
    logs.put_delivery_source(name=gateway.name, resourceArn=arn, logType="TRACES")
    made = logs.put_delivery_destination(name=gateway.name, deliveryDestinationType="XRAY")
    destination = made["deliveryDestination"]["arn"]
    logs.create_delivery(deliverySourceName=gateway.name, deliveryDestinationArn=destination)
    gateway.listed(issuer.token())
    gateway.call("refund", issuer.token(), amount=1)
    gateway.call("ship", issuer.token())
    found = logs.filter_log_events(logGroupName="aws/spans", filterPattern=f'"{arn}"')["events"]
    spans = [json.loads(it["message"]) for it in found]
    names = [it["name"].removeprefix("AgentCore.") for it in spans]
    assert [it for it in names if not it.startswith("Gateway.InvokeTool.")] == [
        *("Gateway.ListTools", "Policy.PartiallyAuthorizeActions"),
        *("Gateway.InvokeTool", "Policy.AuthorizeAction", "Gateway.InvokeTool", "Policy.AuthorizeAction"),
    ]
    _, listing, allowed, by, *_, denied, default = spans
    prefix = "aws.agentcore.policy."
    assert listing["attributes"][f"{prefix}allowed_tools"] == ["orders-1___refund"]
    assert listing["attributes"][f"{prefix}denied_tools"] == ["orders-1___pay", "orders-1___ship"]
    assert by["attributes"][f"{prefix}determining_policies"] == [policy]
    assert by["parentSpanId"] == allowed["spanId"]
    decided = [it["attributes"][f"{prefix}authorization_decision"] for it in (allowed, by, denied, default)]
    assert decided == ["ALLOW", "ALLOW", "DENY", "DENY"]
    assert "denied by default" in default["attributes"][f"{prefix}authorization_reason"]
    assert {it["attributes"]["aws.agentcore.gateway.policy.mode"] for it in (listing, by, default)} == {"ENFORCE"}


def test_a_role_without_the_permissions_cannot_ask(guarded: Callable[..., Guarded], issuer: Issuer) -> None:
    """The answer is the service's; the reason is beside it."""
    gateway = guarded()
    gateway.policy("permit(principal, action == {ship}, resource == {gateway}) when { true };")
    gateway.aws.allow(gateway.role_arn, "bedrock-agentcore:*Authorize*", "*", effect="Deny")
    listed = gateway.post("tools/list", {}, issuer.token()).json()["error"]
    assert listed["message"] == "InternalServerException - Policy evaluation failed for list tools"
    assert "lacks bedrock-agentcore:PartiallyAuthorizeActions" in listed["data"]["reason"]
    called = gateway.call("ship", issuer.token()).json()["error"]
    assert called["message"] == "InternalServerException - Policy evaluation failed for tool call"


def test_an_interceptor_changes_arguments_and_not_the_caller(
    guarded: Callable[..., Guarded], issuer: Issuer, interceptor: Callable[..., Any]
) -> None:
    """Policies see the arguments that the target gets, and the claims that the client came with."""
    code = (
        "def handler(event, context):\n"
        "    body = event['mcp']['gatewayRequest']['body']\n"
        "    if body['method'] == 'tools/call':\n"
        "        body['params']['arguments']['amount'] = 1\n"
        "    return {'interceptorOutputVersion': '1.0', 'mcp': {'transformedGatewayRequest': {\n"
        "        'headers': {'Authorization': 'Bearer x'}, 'body': body}}}\n"
    )
    gateway = guarded(interceptorConfigurations=interceptor(code, "REQUEST"))
    gateway.policy(
        "permit(principal, action == {refund}, resource == {gateway}) when { context.input.amount < 5 && "
        'principal == AgentCore::OAuthUser::"ann" };'
    )
    assert outcome(gateway.call("refund", issuer.token(), amount=99)) == "allowed"


def test_what_a_call_parses_does_not_grow(
    guarded: Callable[..., Guarded], issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Policies and a tool's schema are parsed with their first call, and again when they change."""
    gateway = guarded()
    policy = gateway.policy("permit(principal, action == {ship}, resource == {gateway}) when { true };")
    parsed: list[str] = []
    for kind in (PolicyStatements, ToolSchema):
        read = kind.parsed.func

        def counted(self: Any, read: Any = read) -> Any:
            parsed.append(", ".join(getattr(self, "arguments", ["policies"])))
            return read(self)

        monkeypatch.setattr(kind.parsed, "func", counted)
    for _ in range(3):
        gateway.call("ship", issuer.token())
    assert parsed == ["policies", "orders-1___ship"]
    gateway.aws.control.update_policy(**gateway.engine, policyId=policy, enforcementMode="LOG_ONLY")
    gateway.call("ship", issuer.token())
    assert parsed[2:].count("orders-1___ship") == 0


def test_a_gateway_without_an_engine_does_not_load_cedar() -> None:
    """Neither when it is created nor when it is called."""
    program = (
        "import sys, requests\n"
        "from tests.support.control_plane import ControlPlane\n"
        "aws = ControlPlane()\n"
        "gateway = aws.gateway()\n"
        "aws.create_target(gateway['gatewayId'], aws.lambda_configuration(), "
        "[{'credentialProviderType': 'GATEWAY_IAM_ROLE'}])\n"
        "ask = {'jsonrpc': '2.0', 'id': 1, 'method': 'tools/list'}\n"
        "assert requests.post(gateway['gatewayUrl'], json=ask).json()['result']['tools']\n"
        "aws.close()\n"
        "assert 'cedarpy' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr

"""Rate limits decide which requests of a gateway have to wait."""

from __future__ import annotations

import dataclasses
import json
import threading
from collections.abc import Callable
from typing import Any

import jwt
import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from werkzeug.wrappers import Request, Response

from agentcore_provider.local import store
from agentcore_provider.local.outbound import Caller
from agentcore_provider.local.rate_limits import Asked, usage
from agentcore_provider.local.rate_limits.buckets import Bucket, Buckets
from tests.support.control_plane import ControlPlane
from tests.support.targets import Counterpart, Gateway

MCP = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
PRINCIPAL = "$.context.iam.principal"


def limit(gateway: Gateway, keys: list[str], *entries: dict[str, Any], **members: Any) -> str:
    """Adds a rate limit; returns its id."""
    made = gateway.aws.control.create_gateway_rate_limit(
        gatewayIdentifier=gateway.id, dimensionKeys=keys, entries=list(entries), **members
    )
    return str(made["rateLimitId"])


def entry(rate: float, period: str = "minute", metric: str = "requests", /, **dimensions: str) -> dict[str, Any]:
    return {"dimensions": dimensions, metric: [{"rate": rate, "period": period}]}


def ask(gateway: Gateway, method: str, headers: dict[str, str] | None = None, **params: Any) -> requests.Response:
    """One message to the MCP endpoint."""
    message = {"jsonrpc": "2.0", "id": "one", "method": method, "params": params}
    return requests.post(gateway.url, json=message, headers={**MCP, **(headers or {})}, timeout=9)


def call(gateway: Gateway, tool: str) -> int:
    return ask(gateway, "tools/call", name=tool, arguments={}).status_code


@pytest.fixture
def forwarding(make_gateway: Callable[..., Gateway], counterpart: Counterpart, api_key: Any) -> Any:
    """Makes a gateway with two HTTP targets, one and two."""

    def make(**members: Any) -> Gateway:
        gateway = make_gateway(protocolType=None, **members)
        for name in ("one", "two"):
            configuration = {"passthrough": {"endpoint": counterpart.https_url, "protocolType": "CUSTOM"}}
            gateway.target({"http": configuration}, api_key(f"k-{gateway.id}-{name}"), name=name)
        return gateway

    return make


@pytest.fixture
def inferring(make_gateway: Callable[..., Gateway], counterpart: Counterpart, api_key: Any) -> Gateway:
    """A gateway with an inference target."""
    gateway = make_gateway(protocolType=None)
    configuration = {"provider": {"endpoint": counterpart.https_url}}
    gateway.target({"inference": configuration}, api_key(f"k-{gateway.id}"), name="models")
    return gateway


def get(gateway: Gateway, path: str, **members: Any) -> requests.Response:
    return requests.get(f"{gateway.base}{path}", timeout=9, **members)


def infer(gateway: Gateway, path: str = "/v1/chat/completions", **members: Any) -> requests.Response:
    document = {"model": "gpt-5.5", "messages": [{"role": "user", "content": "x" * 40}], **members}
    return requests.post(f"{gateway.base}/inference{path}", json=document, timeout=9)


class TestTools:
    def test_a_tool_that_is_called_too_often_has_to_wait(self, gateway: Gateway, ping: dict[str, Any]) -> None:
        """Until its rate allows it; other messages and other gateways are not counted."""
        gateway.target(ping)
        made = limit(gateway, ["toolName"], entry(2, toolName="t___ping"), rateLimitId="per-tool")
        assert made == "per-tool"
        assert [call(gateway, "t___ping") for _ in range(2)] == [200, 200]
        answer = ask(gateway, "tools/call", name="t___ping", arguments={})
        assert (answer.status_code, answer.json()) == (
            429,
            {
                "jsonrpc": "2.0",
                "id": "one",
                "error": {
                    "code": -32003,
                    "message": "Rate limit exceeded",
                    "data": {"limitKey": "per-tool/toolName=t___ping", "metric": "requests", "retryAfter": 30},
                },
            },
        )
        assert ask(gateway, "tools/list").status_code == 200
        gateway.aws.now += 30
        assert [call(gateway, "t___ping") for _ in range(2)] == [200, 429]

    def test_a_target_is_that_of_the_tool(self, gateway: Gateway, ping: dict[str, Any]) -> None:
        """Each has a rate for itself where the entry has *."""
        for name in ("a", "b"):
            gateway.target(ping, name=name)
        limit(gateway, ["targetName"], entry(1, targetName="*"))
        assert [call(gateway, it) for it in ("a___ping", "b___ping", "a___ping", "b___ping")] == [200, 200, 429, 429]

    def test_the_most_specific_entry_applies(self, gateway: Gateway, ping: dict[str, Any]) -> None:
        """Also where it is the more generous one, and wherever it is in the list."""
        for name in ("a", "b"):
            gateway.target(ping, name=name)
        limit(gateway, ["targetName"], entry(0, targetName="*"), entry(2, targetName="a"))
        assert [call(gateway, it) for it in ("a___ping", "b___ping", "a___ping", "a___ping")] == [200, 429, 200, 429]

    def test_all_limits_have_to_pass(self, gateway: Gateway, ping: dict[str, Any]) -> None:
        """Those with more keys are asked first, and what one refuses is not counted by the others."""
        gateway.target(ping)
        limit(gateway, ["targetName"], entry(2, targetName="t"), rateLimitId="target")
        both = {"targetName": "t", "toolName": "*"}
        made = limit(gateway, ["targetName", "toolName"], entry(1, **both), rateLimitId="both")
        found = [ask(gateway, "tools/call", name="t___ping", arguments={}) for _ in range(3)]
        assert [it.status_code for it in found] == [200, 429, 429]
        assert found[1].json()["error"]["data"]["limitKey"] == "both/targetName=t,toolName=t___ping"
        gateway.aws.control.delete_gateway_rate_limit(gatewayIdentifier=gateway.id, rateLimitId=made)
        assert [call(gateway, "t___ping") for _ in range(2)] == [200, 429]

    def test_of_a_batch_each_message_counts(self, make_gateway: Any, ping: dict[str, Any]) -> None:
        """One that has to wait makes all of it wait."""
        gateway = make_gateway(protocolConfiguration={"mcp": {"supportedVersions": ["2025-03-26"]}})
        gateway.target(ping)
        limit(gateway, ["toolName"], entry(2, toolName="*"))
        params = {"name": "t___ping", "arguments": {}}
        batch = [{"jsonrpc": "2.0", "id": it, "method": "tools/call", "params": params} for it in range(3)]
        headers = {**MCP, "MCP-Protocol-Version": "2025-03-26"}
        answer = requests.post(gateway.url, json=batch, headers=headers, timeout=9)
        assert (answer.status_code, answer.json()["id"]) == (429, 2)


class TestCallers:
    def test_each_caller_has_a_rate_of_its_own(self, forwarding: Any) -> None:
        """By the ARN of who signs; a rate of 0 refuses one of them."""
        gateway = forwarding(authorizerType="AWS_IAM")
        blocked = {PRINCIPAL: "arn:aws:iam::123456789012:user/AKIABAD"}
        limit(gateway, [PRINCIPAL], entry(1, "second", **{PRINCIPAL: "*"}), entry(0, "second", **blocked))
        keys = ("AKIAONE", "AKIATWO", "AKIAONE", "AKIABAD")
        assert [get(gateway, "/one/a", headers=signed(gateway, key)).status_code for key in keys] == [
            200,
            200,
            429,
            429,
        ]

    def test_a_role_is_whoever_has_assumed_it(self, forwarding: Any) -> None:
        """All its sessions share one rate."""
        gateway = forwarding(authorizerType="AWS_IAM")
        role = gateway.aws.role()
        gateway.aws.allow(role, "bedrock-agentcore:InvokeGateway", "*")
        limit(gateway, [PRINCIPAL], entry(1, **{PRINCIPAL: role}))
        found = []
        for name in ("me", "you"):
            session = gateway.aws.client("sts").assume_role(RoleArn=role, RoleSessionName=name)["Credentials"]
            keys = (session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])
            found.append(get(gateway, "/one/a", headers=signed(gateway, *keys)).status_code)
        assert found == [200, 429]

    def test_what_callers_write_counts_beside_who_they_are(self, forwarding: Any) -> None:
        """A header in any case, and a member of the body."""
        gateway = forwarding(authorizerType="AWS_IAM")
        keys = [PRINCIPAL, "$.context.request.header.X-Tier"]
        limit(gateway, keys, entry(1, **dict.fromkeys(keys, "*")))
        headers = signed(gateway, "AKIAONE")
        tiers = [{"x-tier": "a"}, {"x-tier": "b"}, {"x-tier": "a"}, {}, {}]
        found = [get(gateway, "/one/a", headers={**headers, **it}).status_code for it in tiers]
        assert found == [200, 200, 429, 200, 200]

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("$.context.jwt.sub", "alice"),
            ("$.context.jwt.groups", '["a", "b"]'),
            ("$.context.jwt.level", "3"),
            ("$.context.jwt.other", None),
            ("$.context.iam.sourceIdentity", None),
            ("$.context.request.body.order.kind", "batch"),
            ("$.context.request.body.order", '{"kind": "batch"}'),
            ("$.context.request.body.order.kind.more", None),
            ("$.context.request.header.x-tier", None),
        ],
    )
    def test_a_key_is_found_in_the_request(self, gateway: Gateway, key: str, value: str | None) -> None:
        """Claims of a token that was checked, header and body; None makes the limit be skipped."""
        token = jwt.encode({"sub": "alice", "groups": ["a", "b"], "level": 3}, "k" * 32)
        found = store.find_gateway(gateway.id)
        assert found is not None
        checked = dataclasses.replace(found, authorizer_type="CUSTOM_JWT")
        caller, document = Caller({"authorization": f"Bearer {token}"}), {"order": {"kind": "batch"}}
        assert Asked(checked, caller, document=document).value(key) == value
        if key.startswith("$.context.jwt."):
            assert Asked(found, caller).value(key) is None, "nobody checked this one"


class TestHttp:
    def test_a_target_is_that_of_the_path(self, forwarding: Any) -> None:
        """The answer is JSON that says when to come back."""
        gateway = forwarding()
        limit(gateway, ["targetName"], entry(1, "second", targetName="one"), rateLimitId="rl")
        assert [get(gateway, f"/{it}/a").status_code for it in ("one", "two", "two")] == [200, 200, 200]
        answer = get(gateway, "/one/a")
        assert (answer.status_code, answer.json()) == (
            429,
            {
                "error": "Rate limit exceeded",
                "success": False,
                "limitKey": "rl/targetName=one",
                "metric": "requests",
                "retryAfter": 1,
            },
        )
        gateway.aws.now += 1
        assert get(gateway, "/one/a").status_code == 200

    def test_limits_come_before_rules(self, forwarding: Any, counterpart: Counterpart) -> None:
        """What counts is the target that the request names, wherever a rule sends it."""
        gateway = forwarding()
        route = {"staticRoute": {"targetName": "two"}}
        gateway.aws.control.create_gateway_rule(
            gatewayIdentifier=gateway.id, priority=1, actions=[{"routeToTarget": route}]
        )
        limit(gateway, ["targetName"], entry(0, targetName="one"))
        assert [get(gateway, f"/{it}/a").status_code for it in ("one", "two")] == [429, 200]

    def test_requests_at_the_same_time_are_counted(self, forwarding: Any, counterpart: Counterpart) -> None:
        """Until each answer is complete, however often that happens."""
        gateway = forwarding()
        limit(gateway, ["targetName"], entry(1, "second", "connections", targetName="*"))
        arrived, go_on = threading.Event(), threading.Event()

        def slow(request: Request) -> Response:
            arrived.set()
            go_on.wait(9)
            return Response("slow")

        counterpart.answer = slow
        first: list[int] = []
        thread = threading.Thread(target=lambda: first.append(get(gateway, "/one/a").status_code))
        thread.start()
        assert arrived.wait(9)
        answer = get(gateway, "/one/a")
        assert (answer.status_code, answer.json()["metric"]) == (429, "connections")
        go_on.set()
        thread.join()
        assert first == [200]
        assert [get(gateway, "/one/a").status_code for _ in range(20)] == [200] * 20


class TestInference:
    def test_a_model_is_the_one_that_is_asked_for(self, inferring: Gateway) -> None:
        """Without the name of a target in front of it."""
        limit(inferring, ["qualifiedModelId"], entry(1, qualifiedModelId="*"), rateLimitId="mm")
        found = [infer(inferring, model=it).status_code for it in ("gpt-5.5", "models/gpt-5.5", "gpt-6")]
        assert found == [200, 429, 200]

    def test_a_refusal_is_worded_as_the_providers_is(self, inferring: Gateway) -> None:
        """On the paths of OpenAI and Anthropic; as for HTTP targets on others."""
        limit(inferring, ["targetName"], entry(0, targetName="models"), rateLimitId="mm")
        members = {"limitKey": "mm/targetName=models", "metric": "requests", "retryAfter": 60}
        message = {"message": "Rate limit exceeded", "type": "rate_limit_error"}
        openai = {"error": {**message, "code": "429", **members}}
        assert infer(inferring).json() == infer(inferring, "/v1/responses").json() == openai
        assert infer(inferring, "/v1/messages").json() == {"type": "error", "error": {**message, **members}}
        other = infer(inferring, "/v1/embeddings")
        assert (other.status_code, other.json()["error"]) == (429, "Rate limit exceeded")

    def test_tokens_are_those_of_requests_and_answers(self, inferring: Gateway, counterpart: Counterpart) -> None:
        """An estimate holds until the model reports what was used; other paths are not counted."""
        limit(inferring, ["targetName"], entry(1000, "minute", "tokens", targetName="*"))
        counterpart.answer = reporting(prompt_tokens=900, completion_tokens=400)
        assert infer(inferring).status_code == 200
        answer = infer(inferring)
        assert (answer.status_code, answer.json()["error"]["metric"]) == (429, "tokens")
        assert answer.json()["error"]["retryAfter"] > 18, "300 beyond it come back in 18 seconds"
        assert infer(inferring, "/v1/embeddings").status_code == 200
        inferring.aws.now += answer.json()["error"]["retryAfter"]
        assert infer(inferring).status_code == 200

    def test_a_request_beyond_the_whole_rate_never_passes(self, inferring: Gateway) -> None:
        """The estimate alone refuses it."""
        limit(inferring, ["targetName"], entry(50, "minute", "tokens", targetName="*"))
        assert infer(inferring, messages=[{"role": "user", "content": "x" * 400}]).status_code == 429
        assert infer(inferring).status_code == 200

    @pytest.mark.parametrize("path", usage.PATHS)
    def test_a_stream_reports_them_at_its_end(self, inferring: Gateway, counterpart: Counterpart, path: str) -> None:
        """In the events of each API; a stream of chat completions is asked to."""
        limit(inferring, ["targetName"], entry(1000, "minute", "tokens", targetName="*"))
        counterpart.answer = lambda _: Response(iter(EVENTS[path]), content_type="text/event-stream")
        assert infer(inferring, path, stream=True).text == b"".join(EVENTS[path]).decode()
        asked = counterpart.last.json
        assert asked.get("stream_options") == ({"include_usage": True} if path == usage.CHAT else None)
        assert infer(inferring, path, stream=True).status_code == 429


def reporting(**tokens: int) -> Callable[[Request], Response]:
    return lambda _: Response(json.dumps({"usage": tokens}), content_type="application/json")


EVENTS = {
    usage.CHAT: [
        b'data: {"choices": [{"delta": {"content": "a"}}], "usage": null}\n\n',
        b'data: {"choices": [], "usage": {"prompt_tokens": 500, "comple',
        b'tion_tokens": 600}}\n\ndata: [DONE]\n\n',
    ],
    usage.MESSAGES: [
        b'event: message_start\ndata: {"message": {"usage": {"input_tokens": 500, "output_tokens": 1}}}\n\n',
        b'event: message_delta\ndata: {"usage": {"output_tokens": 600}}\n\n',
    ],
    usage.RESPONSES: [
        b'data: {"type": "response.output_text.delta", "delta": "a"}\n\n',
        b'data: {"type": "response.completed", "response": {"usage": {"input_tokens": 500, "output_tokens": 600}}}\n\n',
    ],
}


class TestStatus:
    @pytest.fixture
    def slow(self) -> Any:
        """A local AWS on which each change of a rate limit takes 20 seconds."""
        found = ControlPlane(ready_after={"rate-limit": 20})
        yield found
        found.close()

    def test_a_change_is_in_effect_once_it_has_arrived(self, slow: ControlPlane, counterpart: Counterpart) -> None:
        """Until then what was before it is, as on AWS."""
        gateway = Gateway(slow)
        limit(gateway, ["toolName"], entry(0, toolName="*"), rateLimitId="rl")
        one = {"gatewayIdentifier": gateway.id, "rateLimitId": "rl"}
        assert call(gateway, "t___x") != 429
        slow.now += 20
        assert call(gateway, "t___x") == 429
        slow.control.update_gateway_rate_limit(**one, entries=[entry(9, toolName="*")])
        assert call(gateway, "t___x") == 429
        slow.now += 20
        assert call(gateway, "t___x") != 429
        slow.control.update_gateway_rate_limit(**one, entries=[entry(0, toolName="*")])
        slow.now += 20
        slow.control.delete_gateway_rate_limit(**one)
        assert call(gateway, "t___x") == 429
        slow.now += 20
        assert call(gateway, "t___x") != 429


class TestBuckets:
    def take(self, buckets: Buckets, now: float, rate: float, cost: float = 1, period: str = "second") -> int | None:
        metric = "requests" if cost == 1 else "tokens"
        refused = buckets.take([Bucket(("b",), metric, rate, period, cost)], now)
        return refused and refused[1]

    def test_a_rate_below_one_allows_one_at_times(self) -> None:
        """Half a request a second is one each two seconds."""
        buckets = Buckets()
        assert [self.take(buckets, it, 0.5) for it in (0, 0.5, 1, 2, 3)] == [None, 2, 1, None, 1]

    def test_what_is_not_used_is_not_saved_up(self) -> None:
        """Never more than the rate at once."""
        buckets = Buckets()
        assert [self.take(buckets, it, 2) for it in (0, 100, 100, 100)] == [None, None, None, 1]

    def test_another_rate_begins_with_all_of_it(self) -> None:
        """What was refused under the old one may pass at once."""
        buckets = Buckets()
        assert [self.take(buckets, 0, it) for it in (1, 1, 5)] == [None, 1, None]


def signed(gateway: Gateway, key: str, secret: str = "secret", token: str | None = None) -> dict[str, str]:
    request = AWSRequest(method="GET", url=f"{gateway.base}/one/a")
    SigV4Auth(Credentials(key, secret, token), "bedrock-agentcore", "us-west-2").add_auth(request)
    return dict(request.headers)

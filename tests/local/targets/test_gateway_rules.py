"""Rules decide which HTTP or inference target of a gateway serves a request."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from werkzeug.wrappers import Request, Response

from agentcore_provider.local.http_endpoint.fallback import FAILURES, OPEN_SECONDS, Attempt, Chain, CircuitBreakers
from agentcore_provider.local.outbound import HttpAnswer
from tests.support.targets import Counterpart, Gateway


@pytest.fixture
def servers() -> Iterator[dict[str, Counterpart]]:
    """Two servers that answer with their own names."""
    made = {name: Counterpart() for name in ("primary", "canary")}
    for name, server in made.items():
        server.answer = answering(name)
    yield made
    for server in made.values():
        server.server.shutdown()


@pytest.fixture
def routed(make_gateway: Callable[..., Gateway], servers: dict[str, Counterpart], api_key: Any) -> Any:
    """Makes a gateway with an HTTP target for each server."""

    def make(**members: Any) -> Gateway:
        gateway = make_gateway(protocolType=None, **members)
        for name, server in servers.items():
            configuration = {"passthrough": {"endpoint": server.https_url, "protocolType": "CUSTOM"}}
            gateway.target({"http": configuration}, api_key(f"k-{gateway.id}-{name}"), name=name)
        return gateway

    return make


@pytest.fixture
def inferring(make_gateway: Callable[..., Gateway], servers: dict[str, Counterpart], api_key: Any) -> Gateway:
    """A gateway with an inference target for each server."""
    gateway = make_gateway(protocolType=None)
    for name, server in servers.items():
        configuration = {"provider": {"endpoint": server.https_url}}
        gateway.target({"inference": configuration}, api_key(f"k-{gateway.id}-{name}"), name=name)
    return gateway


def answering(name: str, status: int = 200) -> Callable[[Request], Response]:
    return lambda request: Response(name, status=status)


def add(gateway: Gateway, priority: int, route: dict[str, Any], *conditions: dict[str, Any]) -> str:
    """Adds a rule; returns its id."""
    made = gateway.aws.control.create_gateway_rule(
        gatewayIdentifier=gateway.id,
        priority=priority,
        actions=[{"routeToTarget": route}],
        **({"conditions": list(conditions)} if conditions else {}),
    )
    return str(made["ruleId"])


def to(name: str, **members: Any) -> dict[str, Any]:
    return {"staticRoute": {"targetName": name, **members}}


def paths(*patterns: str) -> dict[str, Any]:
    return {"matchPaths": {"anyOf": list(patterns)}}


def get(gateway: Gateway, path: str, **members: Any) -> str:
    answer = requests.get(f"{gateway.base}{path}", timeout=9, **members)
    return f"{answer.status_code} {answer.text}"


def ask(gateway: Gateway, model: str = "gpt-5.5") -> str:
    answer = requests.post(f"{gateway.base}/inference/v1/chat", json={"model": model}, timeout=9)
    return f"{answer.status_code} {answer.text}"


class TestRoutes:
    def test_without_rules_the_path_names_the_target(self, routed: Any) -> None:
        """As before there were rules."""
        gateway = routed()
        assert get(gateway, "/primary/a") == "200 primary"
        assert get(gateway, "/canary/a") == "200 canary"

    def test_a_path_is_sent_to_another_target(self, routed: Any, servers: dict[str, Counterpart]) -> None:
        """The rest of the path goes along; other paths are as they were."""
        gateway = routed()
        add(gateway, 100, to("canary"), paths("/primary/*"))
        assert get(gateway, "/primary/orders/1?x=2") == "200 canary"
        assert (servers["canary"].last.path, servers["canary"].last.query) == ("/orders/1", "x=2")
        assert get(gateway, "/canary/a") == "200 canary"

    def test_the_lowest_priority_wins_whenever_it_was_made(self, routed: Any) -> None:
        """And what it loses to is evaluated once it is deleted."""
        gateway = routed()
        add(gateway, 200, to("primary"))
        first = add(gateway, 100, to("canary"))
        assert get(gateway, "/primary/a") == "200 canary"
        gateway.aws.control.delete_gateway_rule(gatewayIdentifier=gateway.id, ruleId=first)
        assert get(gateway, "/canary/a") == "200 primary"

    def test_all_conditions_have_to_match(self, routed: Any) -> None:
        """Of each, one entry is enough."""
        gateway = routed(authorizerType="AWS_IAM")
        arn = "arn:aws:iam::123456789012:user/AKIAQA"
        add(gateway, 1, to("canary"), paths("/primary/*", "/canary/*"), principals(arn))
        answers = [
            get(gateway, "/primary/a", headers=signed(gateway, "/primary/a", key)) for key in ("AKIAQA", "OTHER")
        ]
        assert answers == ["200 canary", "200 primary"]

    def test_principals_have_wildcards_by_an_operator(self, routed: Any) -> None:
        """Without it, letter by letter."""
        gateway = routed(authorizerType="AWS_IAM")
        pattern = "arn:aws:iam::*:user/AKIA?A"
        exact = add(gateway, 1, to("canary"), principals(pattern))
        headers = signed(gateway, "/primary/a", "AKIAQA")
        assert get(gateway, "/primary/a", headers=headers) == "200 primary"
        gateway.aws.control.update_gateway_rule(
            gatewayIdentifier=gateway.id, ruleId=exact, conditions=[principals(pattern, operator="StringLike")]
        )
        assert get(gateway, "/primary/a", headers=headers) == "200 canary"

    def test_a_role_is_whoever_has_assumed_it(self, routed: Any) -> None:
        """By the role's ARN and by that of the session."""
        gateway = routed(authorizerType="AWS_IAM")
        role = gateway.aws.role()
        gateway.aws.allow(role, "bedrock-agentcore:InvokeGateway", "*")
        session = gateway.aws.client("sts").assume_role(RoleArn=role, RoleSessionName="me")["Credentials"]
        add(gateway, 1, to("canary"), principals(role))
        keys = (session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])
        assert get(gateway, "/primary/a", headers=signed(gateway, "/primary/a", *keys)) == "200 canary"

    def test_weights_are_kept(self, routed: Any) -> None:
        """Of a hundred requests about as many go to each target as its weight is."""
        gateway = routed()
        parts = [{"name": it, "targetName": it, "weight": weight} for it, weight in (("primary", 80), ("canary", 20))]
        add(gateway, 100, {"weightedRoute": {"trafficSplit": parts}})
        with requests.Session() as session:
            found = Counter(session.get(f"{gateway.base}/primary/a", timeout=9).text for _ in range(100))
        assert found.keys() == {"primary", "canary"}
        assert abs(found["canary"] - 20) <= 2

    def test_a_bundle_alone_routes_nothing(self, routed: Any) -> None:
        """The next rule with a route decides."""
        gateway = routed()
        bundle = "arn:aws:bedrock-agentcore:us-west-2:123456789012:configuration-bundle/prompts-0123456789"
        override = {"bundleArn": bundle, "bundleVersion": "01234567-89ab-cdef-0123-456789abcdef"}
        gateway.aws.control.create_gateway_rule(
            gatewayIdentifier=gateway.id,
            priority=1,
            actions=[{"configurationBundle": {"staticOverride": override}}],
        )
        add(gateway, 2, to("canary"))
        assert get(gateway, "/primary/a") == "200 canary"


class TestFallback:
    def test_a_model_is_sent_to_the_target_of_its_rule(self, inferring: Gateway, servers: Any) -> None:
        """Under the name that the rule has for it."""
        add(inferring, 1, to("canary", model="openai.gpt-5.5"), models("gpt-*"))
        assert ask(inferring) == "200 canary"
        assert json.loads(servers["canary"].last.body)["model"] == "openai.gpt-5.5"

    @pytest.mark.parametrize(
        ("status", "triggers", "expected"),
        [
            (503, None, "200 canary"),
            (429, None, "429 primary"),
            (429, {"statusCodes": ["429"]}, "200 canary"),
            (400, {"statusCodes": ["4XX"]}, "200 canary"),
            (503, {"errors": ["CONNECTION_ERROR"]}, "503 primary"),
        ],
    )
    def test_status_codes_trigger_it(
        self, inferring: Gateway, servers: Any, status: int, triggers: Any, expected: str
    ) -> None:
        """5XX where the rule does not have others."""
        servers["primary"].answer = answering("primary", status)
        add(inferring, 1, to("primary", fallback=fallback("canary", triggers)))
        assert ask(inferring) == expected

    def test_a_server_that_is_down_triggers_it(self, inferring: Gateway, servers: Any) -> None:
        """A refused connection is a CONNECTION_ERROR."""
        servers["primary"].server.shutdown()
        servers["primary"].server.server_close()
        add(inferring, 1, to("primary", fallback=fallback("canary")))
        assert ask(inferring) == "200 canary"

    def test_an_answer_that_does_not_begin_triggers_it(self, inferring: Gateway, servers: Any) -> None:
        """After firstByteTimeoutMilliseconds; one that has begun may take longer."""
        done = threading.Event()

        def slow(request: Request) -> Response:
            done.wait(5)
            return Response("primary")

        def begins(request: Request) -> Response:
            return Response(iter(["can", "ary"]))

        servers["primary"].answer, servers["canary"].answer = slow, begins
        chain = {**fallback("canary"), "firstByteTimeoutMilliseconds": 50}
        chain["targetFallback"][0]["firstByteTimeoutMilliseconds"] = 5000
        add(inferring, 1, to("primary", fallback=chain))
        assert ask(inferring) == "200 canary"
        done.set()

    def test_a_target_that_does_not_exist_any_more_triggers_it(self, inferring: Gateway) -> None:
        """UNROUTABLE."""
        add(inferring, 1, to("primary", fallback=fallback("canary")))
        control = inferring.aws.control
        listed = control.list_gateway_targets(gatewayIdentifier=inferring.id)["items"]
        gone = next(it["targetId"] for it in listed if it["name"] == "primary")
        control.delete_gateway_target(gatewayIdentifier=inferring.id, targetId=gone)
        assert ask(inferring) == "200 canary"

    def test_when_all_fail_the_last_answer_is_returned(self, inferring: Gateway, servers: Any) -> None:
        """Not the first one."""
        for name, status in (("primary", 500), ("canary", 503)):
            servers[name].answer = answering(name, status)
        add(inferring, 1, to("primary", fallback=fallback("canary")))
        assert ask(inferring) == "503 canary"

    @pytest.mark.parametrize(("mode", "asked"), [("ENABLED", FAILURES), ("DISABLED", FAILURES + 3)])
    def test_a_target_that_keeps_failing_is_skipped(
        self, inferring: Gateway, servers: Any, mode: str, asked: int
    ) -> None:
        """Unless the circuit breaker is off."""
        servers["primary"].answer = answering("primary", 500)
        add(inferring, 1, to("primary", fallback={**fallback("canary"), "circuitBreaker": {"mode": mode}}))
        assert {ask(inferring) for _ in range(FAILURES + 3)} == {"200 canary"}
        assert len(servers["primary"].received) == asked


def test_a_circuit_breaker_closes_after_a_while() -> None:
    """One success counts as recovery, and one failure before that opens it again."""
    now = [0.0]
    breakers = CircuitBreakers(clock=lambda: now[0])
    asked: list[str] = []

    def attempt(one: Attempt) -> HttpAnswer:
        asked.append(one.target_name)
        return HttpAnswer(500 if one.target_name == "a" else 200, "", ())

    chain = Chain("gateway", [Attempt("a"), Attempt("b")], True, breakers)
    for _ in range(FAILURES + 1):
        assert chain.run(attempt).status == 200
    assert asked.count("a") == FAILURES
    now[0] += OPEN_SECONDS
    chain.run(attempt)
    chain.run(attempt)
    assert asked.count("a") == FAILURES + 1


def principals(arn: str, **members: str) -> dict[str, Any]:
    return {"matchPrincipals": {"anyOf": [{"iamPrincipal": {"arn": arn, **members}}]}}


def models(*values: str) -> dict[str, Any]:
    return {"matchModels": {"anyOf": [{"value": it} for it in values]}}


def fallback(target: str, triggers: Any = None) -> dict[str, Any]:
    return {"targetFallback": [{"targetName": target}], **({"triggerOn": triggers} if triggers else {})}


class TestBundles:
    ARN = "arn:aws:bedrock-agentcore:us-west-2:123456789012:configuration-bundle/prompts-0123456789"
    VERSIONS = ("01234567-89ab-cdef-0123-456789abcdef", "11234567-89ab-cdef-0123-456789abcdef")

    def add(self, gateway: Gateway, priority: int, override: dict[str, Any], *conditions: dict[str, Any]) -> None:
        gateway.aws.control.create_gateway_rule(
            gatewayIdentifier=gateway.id,
            priority=priority,
            actions=[{"configurationBundle": override}],
            conditions=list(conditions),
        )

    def reference(self, version: str) -> dict[str, str]:
        return {"bundleArn": self.ARN, "bundleVersion": version}

    def test_the_target_gets_it_as_baggage(self, routed: Any, servers: dict[str, Counterpart]) -> None:
        """Beside what the client put there, whichever rule routes the request; other requests get none."""
        gateway = routed()
        self.add(gateway, 5, {"staticOverride": self.reference(self.VERSIONS[0])}, paths("/primary/*"))
        add(gateway, 9, to("canary"), paths("/primary/*"))
        assert get(gateway, "/primary/a", headers={"Baggage": "user=me"}) == "200 canary"
        expected = f"aws.agentcore.configbundle_arn={self.ARN},aws.agentcore.configbundle_version={self.VERSIONS[0]}"
        assert servers["canary"].last.headers["baggage"] == f"user=me,{expected}"
        assert get(gateway, "/canary/a") == "200 canary"
        assert "baggage" not in {name.lower() for name in servers["canary"].last.headers}

    def test_two_versions_share_the_requests(self, routed: Any, servers: dict[str, Counterpart]) -> None:
        """By their weights."""
        gateway = routed()
        split = [
            {"name": name, "weight": weight, "configurationBundle": self.reference(version)}
            for name, weight, version in zip(("a", "b"), (75, 25), self.VERSIONS, strict=True)
        ]
        self.add(gateway, 5, {"weightedOverride": {"trafficSplit": split}})
        found: Counter[str] = Counter()
        for _ in range(20):
            get(gateway, "/primary/a")
            found[servers["primary"].last.headers["baggage"].rpartition("=")[2]] += 1
        assert sum(found.values()) == 20
        assert abs(found[self.VERSIONS[0]] - 15) <= 2

    def test_inference_requests_get_it_too(self, inferring: Gateway, servers: dict[str, Counterpart]) -> None:
        """By their model."""
        condition = {"matchModels": {"anyOf": [{"value": "gpt-*"}]}}
        self.add(inferring, 5, {"staticOverride": self.reference(self.VERSIONS[1])}, condition)
        add(inferring, 6, to("primary"))
        ask(inferring)
        assert self.VERSIONS[1] in servers["primary"].last.headers["baggage"]


def signed(gateway: Gateway, path: str, key: str, secret: str = "secret", token: str | None = None) -> dict[str, str]:
    request = AWSRequest(method="GET", url=f"{gateway.base}{path}")
    SigV4Auth(Credentials(key, secret, token), "bedrock-agentcore", "us-west-2").add_auth(request)
    return dict(request.headers)

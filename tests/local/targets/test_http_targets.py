"""HTTP and inference targets: requests are forwarded as they are, with the target's credential."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import jwt
import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from werkzeug.wrappers import Response

from tests.support.control_plane import ControlPlane
from tests.support.targets import Counterpart, Gateway

JWT = [{"credentialProviderType": "JWT_PASSTHROUGH"}]
CALLER = [{"credentialProviderType": "CALLER_IAM_CREDENTIALS", "credentialProvider": {}}]
RUNTIME = "arn:aws:bedrock-agentcore:us-west-2:123456789012:runtime/agent-abcdefghij"


@pytest.fixture
def make_http(make_gateway: Callable[..., Any]) -> Callable[..., Any]:
    return lambda **members: make_gateway(protocolType=None, **members)


def passthrough(counterpart: Counterpart, **more: Any) -> dict[str, Any]:
    return {"http": {"passthrough": {"endpoint": f"{counterpart.https_url}/base", "protocolType": "CUSTOM", **more}}}


def signed(url: str, key: str = "AKIACALLER") -> dict[str, str]:
    request = AWSRequest(method="GET", url=url)
    SigV4Auth(Credentials(key, "secret"), "bedrock-agentcore", "us-west-2").add_auth(request)
    return dict(request.headers)


def test_a_passthrough_target_gets_the_request_as_it_is(make_http: Any, counterpart: Counterpart, api_key: Any) -> None:
    gateway = make_http()
    gateway.target(passthrough(counterpart), api_key("k", credentialParameterName="x-api-key"), name="partner")
    counterpart.answer = lambda _: Response("made", status=201, headers={"X-Own": "1"})
    answer = requests.put(
        f"{gateway.base}/partner/a%2Fb/c?x=1&x=2", data=b"\x00raw", headers={"X-Mine": "2"}, timeout=9
    )
    assert (answer.status_code, answer.text, answer.headers["x-own"]) == (201, "made", "1")
    got = counterpart.last
    assert (got.method, got.path, got.query, got.body) == ("PUT", "/base/a%2Fb/c", "x=1&x=2", b"\x00raw")
    assert got.headers["x-mine"] == "2"
    assert got.headers["x-api-key"] == "k"


def test_what_a_target_streams_is_passed_on_as_it_comes(make_http: Any, counterpart: Counterpart, api_key: Any) -> None:
    gateway = make_http()
    gateway.target(passthrough(counterpart), api_key("k"), name="partner")
    events = ["data: 1\n\n", "data: 2\n\n"]
    counterpart.answer = lambda _: Response(iter(events), content_type="text/event-stream")
    with requests.get(f"{gateway.base}/partner/events", stream=True, timeout=9) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert "".join(answer.iter_content(None, decode_unicode=True)) == "".join(events)


def test_static_query_parameters_give_way_by_default(make_http: Any, counterpart: Counterpart, api_key: Any) -> None:
    gateway = make_http()
    static = {"staticQueryParameters": {"version": "1"}}
    gateway.target(passthrough(counterpart, **static), api_key("k"), name="gives")
    wins = {**static, "staticQueryParameterConflictResolution": "STATIC_OVERRIDE"}
    gateway.target(passthrough(counterpart, **wins), api_key("k"), name="wins")
    queries = []
    for path in ("gives/", "gives/?version=2", "wins/?version=2"):
        requests.get(f"{gateway.base}/{path}", timeout=9)
        queries.append(counterpart.last.query)
    assert queries == ["version=1", "version=2", "version=1"]


def test_the_callers_own_token_is_passed_through(make_http: Any, counterpart: Counterpart) -> None:
    gateway = make_http(authorizerType="AUTHENTICATE_ONLY")
    gateway.target(passthrough(counterpart), JWT, name="partner")
    token = jwt.encode({"exp": 4102444800, "sub": "me"}, "x" * 32)
    requests.get(f"{gateway.base}/partner/", headers={"Authorization": f"Bearer {token}"}, timeout=9)
    assert counterpart.last.headers["authorization"] == f"Bearer {token}"
    refused = requests.get(f"{gateway.base}/partner/", timeout=9)
    assert refused.status_code == 401
    assert len(counterpart.received) == 1


def test_the_gateways_token_is_kept_from_the_target(make_http: Any, counterpart: Counterpart, api_key: Any) -> None:
    gateway = make_http(authorizerType="AUTHENTICATE_ONLY")
    gateway.target(passthrough(counterpart), api_key("k", credentialParameterName="x-api-key"), name="partner")
    token = jwt.encode({"exp": 4102444800}, "x" * 32)
    requests.get(f"{gateway.base}/partner/", headers={"Authorization": f"Bearer {token}"}, timeout=9)
    assert "authorization" not in counterpart.last.headers


def test_the_callers_access_key_signs_again(make_http: Any, counterpart: Counterpart) -> None:
    gateway = make_http(authorizerType="AWS_IAM")
    iam = {"iamCredentialProvider": {"service": "execute-api"}}
    gateway.target(passthrough(counterpart), [{**CALLER[0], "credentialProvider": iam}], name="partner")
    url = f"{gateway.base}/partner/"
    assert requests.get(url, headers=signed(url), timeout=9).status_code == 200
    signature = counterpart.last.headers["authorization"]
    assert "Credential=AKIACALLER/" in signature
    assert "/us-west-2/execute-api/aws4_request" in signature


def test_a_target_may_be_called_like_a_path_of_the_control_plane(
    make_http: Any, counterpart: Counterpart, api_key: Any
) -> None:
    gateway = make_http()
    target = gateway.target(passthrough(counterpart), api_key("k"), name="targets")
    assert requests.get(f"{gateway.base}/targets/x", timeout=9).json() == {"ok": True}
    assert gateway.get(target)["name"] == "targets"


def test_a_runtime_is_the_agent_that_runs_on_this_machine(make_http: Any) -> None:
    gateway = make_http()
    gateway.target({"http": {"agentcoreRuntime": {"arn": RUNTIME}}}, [{"credentialProviderType": "GATEWAY_IAM_ROLE"}])
    answer = requests.post(f"{gateway.base}/t/invocations", json={"prompt": "hi"}, timeout=9)
    assert answer.status_code == 502
    assert "POST http://127.0.0.1:8080/invocations did not answer" in answer.json()["message"]
    assert "AGENTCORE_LOCAL_RUNTIMES" in answer.json()["message"]


def test_unknown_targets_and_connectors_differ(make_http: Any) -> None:
    gateway = make_http()
    gateway.target({"http": {"connector": {"source": {"connectorId": "web-search"}}}}, name="web")
    assert requests.get(f"{gateway.base}/nobody/", timeout=9).status_code == 404
    answer = requests.get(f"{gateway.base}/web/", timeout=9)
    assert answer.status_code == 501
    assert "web-search" in answer.json()["message"]


class Inference:
    """A gateway with two providers."""

    def __init__(self, gateway: Gateway, counterpart: Counterpart, api_key: Any) -> None:
        self.gateway = gateway
        self.http = counterpart
        bearer = {"credentialParameterName": "Authorization", "credentialPrefix": "Bearer "}
        chat = "/v1/chat/completions"
        exact = {"operations": [{"path": chat, "models": [{"model": "gpt-5"}, {"model": "shared"}]}]}
        self._provider("openai", exact, api_key("k1", **bearer))
        mapped = {
            "modelMapping": {"providerPrefix": {"strip": True, "separator": "."}},
            "operations": [
                {"path": chat, "models": [{"model": "anthropic.claude-*"}, {"model": "gpt-*"}, {"model": "shared"}]},
                {"path": "/v1/messages", "providerPath": "/anthropic/v1/messages", "models": [{"model": "claude-*"}]},
            ],
        }
        self._provider("bedrock", mapped, api_key("k2", **bearer))

    def _provider(self, name: str, more: dict[str, Any], credentials: Any) -> None:
        configuration = {"endpoint": f"{self.http.https_url}/{name}", **more}
        self.gateway.target({"inference": {"provider": configuration}}, credentials, name=name)

    def ask(self, model: str, path: str = "v1/chat/completions") -> tuple[int, str, str]:
        """Status, the path that was asked, and the model as the provider heard it."""
        answer = requests.post(f"{self.gateway.base}/inference/{path}", json={"model": model}, timeout=9)
        last = self.http.last
        return answer.status_code, last.path, last.json["model"] if answer.ok else answer.json()["message"]


@pytest.fixture
def inference(make_http: Any, counterpart: Counterpart, api_key: Any) -> Inference:
    return Inference(make_http(), counterpart, api_key)


def test_the_model_in_the_body_chooses_the_provider(inference: Inference) -> None:
    assert inference.ask("gpt-5") == (200, "/openai/v1/chat/completions", "gpt-5")
    assert inference.http.last.headers["authorization"] == "Bearer k1"
    assert inference.ask("gpt-4") == (200, "/bedrock/v1/chat/completions", "gpt-4")
    assert inference.ask("bedrock/shared") == (200, "/bedrock/v1/chat/completions", "shared")
    assert inference.ask("claude-9") == (200, "/bedrock/v1/chat/completions", "anthropic.claude-9")
    assert inference.ask("claude-9", "v1/messages") == (200, "/bedrock/anthropic/v1/messages", "claude-9")
    assert inference.ask("gpt-5", "v1/messages")[0] == 404


def test_providers_of_equal_rank_take_turns(inference: Inference) -> None:
    assert {inference.ask("shared")[1].split("/")[1] for _ in range(4)} == {"openai", "bedrock"}


def test_models_can_be_listed(inference: Inference) -> None:
    listed = requests.get(f"{inference.gateway.base}/inference/v1/models", timeout=9).json()
    assert [model["id"] for model in listed["data"]] == ["openai/gpt-5", "openai/shared", "bedrock/shared"]
    assert json.dumps(listed)


def test_policies_decide_about_requests_too(
    local_aws: ControlPlane, make_http: Any, counterpart: Counterpart, api_key: Any
) -> None:
    """The action is target, method and path; without a permit nothing is forwarded."""
    name = local_aws.unique("http").replace("-", "_")
    engine = local_aws.control.create_policy_engine(name=name)
    gateway = make_http(policyEngineConfiguration={"arn": engine["policyEngineArn"], "mode": "ENFORCE"})
    gateway.target(passthrough(counterpart), api_key("k", credentialParameterName="x-api-key"), name="partner")
    arn = local_aws.control.get_gateway(gatewayIdentifier=gateway.id)["gatewayArn"]

    def permit(number: int, scope: str) -> None:
        statement = (
            f'permit(principal, {scope}, resource == AgentCore::Gateway::"{arn}") when {{ principal.id != "x" }};'
        )
        made = local_aws.control.create_policy(
            policyEngineId=engine["policyEngineId"],
            name=f"{name}_{number}",
            definition={"cedar": {"statement": statement}},
        )
        found = local_aws.control.get_policy(policyEngineId=engine["policyEngineId"], policyId=made["policyId"])
        assert found["status"] == "ACTIVE", found["statusReasons"]

    def status(method: str, path: str) -> int:
        return requests.request(method, f"{gateway.base}/partner{path}", timeout=9).status_code

    denied = requests.get(f"{gateway.base}/partner/a", timeout=9)
    assert (denied.status_code, counterpart.received) == (403, [])
    assert "No policy applies to the request (denied by default)." in denied.json()["message"]
    permit(1, 'action == AgentCore::Action::"partner___GET:/a"')
    assert (status("GET", "/a?x=1"), status("POST", "/a"), status("GET", "/b")) == (200, 403, 403)
    permit(2, 'action in AgentCore::Action::"partner"')
    assert (status("POST", "/a"), status("GET", "/b")) == (200, 200)

"""The decorators of AWS's own SDK (bedrock-agentcore) get credentials from local AWS as they are."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from bedrock_agentcore.identity import requires_access_token, requires_api_key
from bedrock_agentcore.runtime import BedrockAgentCoreContext
from bedrock_agentcore.services.identity import IdentityClient, TokenPoller, UserIdIdentifier

from tests.support.agent import RETURN_URL, Agent, follow, returned

REGION = "us-west-2"


@pytest.fixture(autouse=True)
def environment(agent: Agent, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What `agentcore local exec` sets, in a folder whose .agentcore.json names the agent and its user."""
    for name, value in {
        "AWS_ENDPOINT_URL": agent.aws.endpoint,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": REGION,
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    Path(".agentcore.json").write_text(json.dumps({"workload_identity_name": agent.name, "user_id": "ada"}))


def test_the_decorators_pass_keys_and_tokens(agent: Agent) -> None:
    """To functions and coroutines."""

    @requires_api_key(provider_name=agent.api_key("k3y"))
    def with_key(*, api_key: str) -> str:
        return api_key

    @requires_access_token(provider_name=agent.provider(), scopes=["read"], auth_flow="M2M")
    async def with_token(*, access_token: str) -> str:
        return access_token

    assert with_key() == "k3y"
    assert asyncio.run(with_token()) == "client_credentials-1"


def test_a_decorator_waits_for_a_person(agent: Agent) -> None:
    """The person signs in at the address that on_auth_url gets, and the application confirms it by the SDK's client."""
    provider, client = agent.provider(), IdentityClient(REGION)
    opened: list[dict[str, list[str]]] = []

    def open_page(url: str) -> None:
        opened.append(returned(follow(url)))
        client.complete_resource_token_auth(opened[0]["session_id"][0], UserIdIdentifier(user_id="ada"))

    class AskOnce(TokenPoller):
        """The SDK's own waits 5 seconds first."""

        async def poll_for_token(self) -> str:
            session = {"sessionUri": opened[0]["session_id"][0]}
            return str(agent.of_user(agent.token_for("ada"), provider, **session)["accessToken"])

    @requires_access_token(
        provider_name=provider,
        scopes=["read"],
        auth_flow="USER_FEDERATION",
        callback_url=RETURN_URL,
        on_auth_url=open_page,
        token_poller=AskOnce(),
        custom_state="s-1",
    )
    def read(*, access_token: str) -> str:
        return access_token

    assert [read(), read()] == ["authorization_code-1"] * 2
    assert [it["state"] for it in opened] == [["s-1"]]


def test_the_runtime_passes_a_token_on(agent: Agent) -> None:
    """In an agent that a runtime serves, the decorators use the workload access token of the request."""
    client = IdentityClient(REGION)
    Path(".agentcore.json").unlink()

    @requires_access_token(provider_name=agent.provider(), scopes=["read"], auth_flow="M2M")
    def read(*, access_token: str) -> Any:
        return access_token

    issued = client.get_workload_access_token(agent.name, user_id="ada")["workloadAccessToken"]
    BedrockAgentCoreContext.set_workload_access_token(issued)
    try:
        assert read() == "client_credentials-1"
    finally:
        BedrockAgentCoreContext.set_workload_access_token(None)  # type: ignore[arg-type]

"""Providers of this process against a local AWS of this process."""

from __future__ import annotations

import io
import itertools
import json
import os
import threading
import time
import urllib.request
import uuid
import zipfile
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from pulumi.dynamic import Config, ConfigureRequest

from agentcore_provider.local.server import Server
from agentcore_provider.providers.lifecycle import NounProvider
from agentcore_provider.providers.loader import load

REGION = "us-west-2"
# What servers of one process hold is shared, and this file may be loaded more than once in it.
_RUN = uuid.uuid4().hex[:6]
_numbers = itertools.count()

TOOLS = [
    {
        "name": "find_order",
        "description": "Find an order",
        "inputSchema": {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]},
    }
]


class World:
    """A local AWS, the things a gateway needs in it, and providers that deploy to it."""

    def __init__(self, **settings: Any) -> None:
        os.environ.update(AWS_ACCESS_KEY_ID="local", AWS_SECRET_ACCESS_KEY="local")
        self.server = Server(port=0, **{"monotonic": time.monotonic, **settings})
        self.role_arn = self._role("bedrock-agentcore.amazonaws.com")
        self.function_arn = self._function()

    def client(self, service: str) -> Any:
        return boto3.client(service, endpoint_url=self.server.base_url, region_name=REGION)

    def provider(self, noun: str) -> NounProvider:
        provider = load(noun)
        config = {"aws:region": REGION, "agentcore:endpointUrl": self.server.base_url}
        provider.configure(ConfigureRequest(Config(config, "project")))
        return provider

    def context(self, noun: str, name: str | None = None, **more: Any) -> dict[str, Any]:
        """What a program would send along for a resource that no other test has."""
        name = name or f"{noun.replace('_', '-')}-{_RUN}-{next(_numbers)}"
        urn = f"urn:pulumi:test::project::pulumi-python:dynamic/agentcore:{noun}::{name}"
        return {"__context": {"urn": urn, "owner": f"owner of {name}", **more}}

    def ez_auth(self, **more: Any) -> dict[str, Any]:
        return {
            "scopes": ["invoke"],
            "access_token_validity_seconds": 3600.0,
            "tags": {"team": "shop"},
            **self.context("ez_auth"),
            **more,
        }

    def gateway(self, **more: Any) -> dict[str, Any]:
        return {
            "role_arn": self.role_arn,
            "authorizer_type": "NONE",
            "protocol_type": "MCP",
            "protocol_configuration": {"mcp": {"searchType": "SEMANTIC"}},
            "description": "a shop",
            "tags": {"team": "shop"},
            **self.context("gateway"),
            **more,
        }

    def target(self, gateway_id: str, gateway_owner: str = "", **more: Any) -> dict[str, Any]:
        schema = {"inlinePayload": TOOLS}
        return {
            "gateway_identifier": gateway_id,
            "target_configuration": {"mcp": {"lambda": {"lambdaArn": self.function_arn, "toolSchema": schema}}},
            "credential_provider_configurations": [{"credentialProviderType": "GATEWAY_IAM_ROLE"}],
            **self.context("target", gateway_owner=gateway_owner),
            **more,
        }

    def api_key_credential_provider(self, **more: Any) -> dict[str, Any]:
        return {
            "api_key": "sk-marker-of-a-key",
            "tags": {"team": "shop"},
            **self.context("api_key_credential_provider"),
            **more,
        }

    def oauth2_credential_provider(self, **more: Any) -> dict[str, Any]:
        custom = {
            "oauthDiscovery": {"discoveryUrl": "https://login.example.com/.well-known/openid-configuration"},
            "clientId": "client",
            "clientSecret": "marker-of-a-client-secret",
        }
        return {
            "credential_provider_vendor": "CustomOauth2",
            "oauth2_provider_config_input": {"customOauth2ProviderConfig": custom},
            "tags": {"team": "shop"},
            **self.context("oauth2_credential_provider"),
            **more,
        }

    def checked(self, noun: str, inputs: dict[str, Any]) -> dict[str, Any]:
        """The inputs as check hands them on; they have to pass."""
        result = self.provider(noun).check({}, inputs)
        assert [failure.reason for failure in result.failures] == []
        return result.inputs

    def made(self, noun: str, inputs: dict[str, Any]) -> tuple[str, dict[str, Any], dict[str, Any]]:
        """Id, outputs and checked inputs of a resource made of these."""
        checked = self.checked(noun, inputs)
        result = self.provider(noun).create(checked)
        assert result.outs is not None
        return result.id, result.outs, checked

    def free_gateway_name(self, name: str) -> None:
        """Remove what another test of this process left under a name that a document gives."""
        control = self.client("bedrock-agentcore-control")
        for gateway in control.list_gateways(maxResults=1000)["items"]:
            if gateway["name"] == name:
                place = {"gatewayIdentifier": gateway["gatewayId"]}
                for target in control.list_gateway_targets(**place)["items"]:
                    control.delete_gateway_target(**place, targetId=target["targetId"])
                control.delete_gateway(**place)

    def fault(self, **fault: Any) -> None:
        self._ask("POST", "/_local/faults", fault)

    def no_faults(self) -> None:
        self._ask("DELETE", "/_local/faults")

    def forget_requests(self) -> None:
        self._ask("DELETE", "/_local/requests")

    def requests(self) -> list[str]:
        return [request["operation"] for request in self._ask("GET", "/_local/requests")]

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.server.base_url + path, data, method=method)
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request) as response:
            text = response.read()
        return json.loads(text) if text else None

    def _role(self, principal: str) -> str:
        iam, name = self.client("iam"), f"role-{_RUN}-{next(_numbers)}-{threading.get_ident()}"
        trust = {"Effect": "Allow", "Principal": {"Service": principal}, "Action": "sts:AssumeRole"}
        invoke = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "*"}
        document = [json.dumps({"Version": "2012-10-17", "Statement": [it]}) for it in (trust, invoke)]
        arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document[0])["Role"]["Arn"]
        iam.put_role_policy(RoleName=name, PolicyName="invoke", PolicyDocument=document[1])
        return arn

    def _function(self) -> str:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as files:
            files.writestr("index.py", "def handler(event, context): return event")
        arn: str = self.client("lambda").create_function(
            FunctionName=f"function-{_RUN}-{next(_numbers)}",
            Runtime="python3.11",
            Role=self._role("lambda.amazonaws.com"),
            Handler="index.handler",
            Code={"ZipFile": archive.getvalue()},
        )["FunctionArn"]
        return arn


@pytest.fixture(scope="module")
def _world() -> Iterator[World]:
    world = World()
    yield world
    world.server.close()


@pytest.fixture
def world(_world: World) -> Iterator[World]:
    _world.no_faults()
    yield _world
    _world.no_faults()


@pytest.fixture
def slow_permissions() -> Iterator[World]:
    """A world in which AgentCore sees a role only when it has looked for it some times: each look takes a second."""
    seconds = itertools.count()
    world = World(monotonic=lambda: float(next(seconds)), ready_after={"permission": 5.0})
    yield world
    world.server.close()

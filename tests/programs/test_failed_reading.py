"""A target that AWS takes and then cannot read: `pulumi up` reports AWS's reason, and a later one converges."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.stack import Stack

UNREADABLE = "Failed to parse OpenAPI specification: attribute paths.'/{0}'(get).responses is missing"


class RestApi:
    """A REST API on the stack's local AWS whose methods declare no responses until they are reported to."""

    def __init__(self, stack: Stack) -> None:
        self.client = stack.local_aws.client("apigateway")
        self.id = self.client.create_rest_api(name="shop")["id"]
        self.root = self.client.get_resources(restApiId=self.id)["items"][0]["id"]
        self.places: dict[str, dict[str, str]] = {}

    def method(self, path: str) -> None:
        made = self.client.create_resource(restApiId=self.id, parentId=self.root, pathPart=path)
        self.places[path] = place = {"restApiId": self.id, "resourceId": made["id"], "httpMethod": "GET"}
        self.client.put_method(**place, authorizationType="NONE", operationName=path)
        self.client.put_integration(**place, type="HTTP_PROXY", integrationHttpMethod="GET", uri="http://127.0.0.1:9")
        self.client.create_deployment(restApiId=self.id, stageName="prod")

    def respond(self, path: str) -> None:
        self.client.put_method_response(**self.places[path], statusCode="200")


@pytest.fixture
def api(deployed: Any) -> RestApi:
    return RestApi(deployed[0])


def expose(stack: Stack, api: RestApi, *paths: str) -> None:
    def change(config: dict[str, Any]) -> None:
        filters = {f"/{path}": ["GET"] for path in paths}
        chosen = {"rest_api_id": api.id, "stage": "prod", "filters": filters}
        config["agentcore:gateways"]["shop"]["targets"]["api"] = {"api_gateway": chosen}

    stack.configure(change)


def observed(stack: Stack) -> dict[str, Any]:
    """The target by AWS's answer; nothing if it is not there."""
    control = stack.local_aws.client("bedrock-agentcore-control")
    (gateway,) = control.list_gateways()["items"]
    targets = control.list_gateway_targets(gatewayIdentifier=gateway["gatewayId"])["items"]
    return next((target for target in targets if target["name"] == "api"), {})


def test_a_method_without_responses_is_reported_and_cured(deployed: Any, api: RestApi) -> None:
    """E34 (public transcripts of 2026): no preview can know it, since the API is AWS's to read."""
    stack, _ = deployed
    api.method("orders")
    expose(stack, api, "orders")
    failed = stack.up(succeeds=False).text
    assert UNREADABLE.format("orders") in failed
    assert observed(stack) == {}, "a target that never came up is taken away again"

    api.respond("orders")
    assert stack.up().changes["create"] >= 1
    assert observed(stack)["status"] == "READY"
    assert set(stack.up().changes) == {"same"}

    api.method("carts")
    expose(stack, api, "orders", "carts")
    failed = stack.up(succeeds=False).text
    assert f"UPDATE_UNSUCCESSFUL: {UNREADABLE.format('carts')}" in failed
    assert observed(stack)["status"] == "UPDATE_UNSUCCESSFUL"

    api.respond("carts")
    assert stack.up().changes["update"] == 1
    assert observed(stack)["status"] == "READY"
    assert set(stack.up().changes) == {"same"}

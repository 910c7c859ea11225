"""Targets: their tools among the inputs, and schemas in S3 that change."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pulumi.output import UNKNOWN

from agentcore_provider.errors import AwsRefused
from agentcore_provider.providers.gateway_target import described_tools
from tests.support.world import World

TOOL = {"name": "find", "description": "Find", "inputSchema": {"type": "object"}}
BUCKET = "schemas"


def _put(world: World, key: str, *descriptions: str) -> str:
    s3 = world.client("s3")
    if BUCKET not in [it["Name"] for it in s3.list_buckets()["Buckets"]]:
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    tools = [{**TOOL, "name": f"find{number}", "description": it} for number, it in enumerate(descriptions)]
    s3.put_object(Bucket=BUCKET, Key=key, Body=json.dumps(tools))
    return f"s3://{BUCKET}/{key}"


def _inputs(world: World, schema: Any) -> dict[str, Any]:
    gateway_id, _, _ = world.made("gateway", world.gateway())
    target: dict[str, Any] = world.target(gateway_id)
    target["target_configuration"]["mcp"]["lambda"]["toolSchema"] = schema
    return target


def test_missing_credentials_are_reported_by_the_name_of_their_argument(world: World) -> None:
    target = world.target("shop-0123456789")
    del target["credential_provider_configurations"]
    runtime = "arn:aws:bedrock-agentcore:us-west-2:123456789012:runtime/clerk-0123456789"
    target["target_configuration"] = {"http": {"agentcoreRuntime": {"arn": runtime}}}
    (reason,) = world.provider("gateway_target").check_inputs({}, target).reasons
    assert reason.startswith("credentials: is required: a target of kind agentcoreRuntime is reached with ")
    assert "Pass credentials, such as credentials=credentials.IamRole()." in reason


def test_a_preview_warns_of_a_function_in_another_region(world: World) -> None:
    """Than the one that the program's aws.Provider chooses; in the gateway's own there is nothing to say."""
    target = world.target("shop-0123456789")
    lambda_ = target["target_configuration"]["mcp"]["lambda"]
    own = lambda_["lambdaArn"].split(":")[3]
    check = world.provider("gateway_target").check_inputs
    assert check({}, target).warnings == []
    other = {**target, "__context": {**target.get("__context", {}), "region": "eu-north-1"}}
    (warned,) = check({}, other).warnings
    assert f"is a function in {own}, and the gateway is in eu-north-1" in warned
    assert warned.endswith("[function-region]")
    assert check({}, other).reasons == []


class TestSchemaInS3:
    def test_a_changed_object_is_an_update_after_a_refresh(self, world: World) -> None:
        inputs = _inputs(world, {"s3": {"uri": _put(world, "changed.json", "one")}})
        identifier, outputs, checked = world.made("gateway_target", inputs)
        provider = world.provider("gateway_target")
        assert provider.diff(identifier, outputs, checked).changes is False

        _put(world, "changed.json", "two")
        world.forget_requests()
        assert provider.diff(identifier, outputs, checked).changes is False
        assert world.requests() == [], "without a refresh nothing is asked of AWS"
        read = provider.read(identifier, outputs)
        assert read.outs["schema_version"] != outputs["schema_version"]
        result = provider.diff(identifier, read.outs, checked)
        assert (result.changes, result.replaces) == (True, [])

        updated = provider.update(identifier, read.outs, checked).outs
        assert provider.diff(identifier, updated, checked).changes is False
        assert provider.diff(identifier, provider.read(identifier, updated).outs, checked).changes is False
        assert "UpdateGatewayTarget" in world.requests()

    def test_an_object_that_nobody_may_look_at_is_not_a_failure(self, world: World) -> None:
        world.fault(operation="HeadObject", nth=1, times=100, kind="status", status=403, code="AccessDenied")
        inputs = _inputs(world, {"s3": {"uri": _put(world, "hidden.json", "one")}})
        identifier, outputs, checked = world.made("gateway_target", inputs)
        assert "schema_version" not in outputs
        read = world.provider("gateway_target").read(identifier, outputs)
        assert world.provider("gateway_target").diff(identifier, read.outs, checked).changes is False

    def test_a_refresh_that_cannot_look_for_now_fails_and_hides_no_change(self, world: World) -> None:
        inputs = _inputs(world, {"s3": {"uri": _put(world, "busy.json", "one")}})
        identifier, outputs, _ = world.made("gateway_target", inputs)
        _put(world, "busy.json", "two")
        world.fault(operation="HeadObject", nth=1, times=100, kind="status", status=503, code="SlowDown")
        with pytest.raises(AwsRefused, match="HeadObject"):
            world.provider("gateway_target").read(identifier, outputs)

    def test_an_object_that_could_be_found_once_stays_as_it_was_found(self, world: World) -> None:
        inputs = _inputs(world, {"s3": {"uri": _put(world, "later-hidden.json", "one")}})
        identifier, outputs, checked = world.made("gateway_target", inputs)
        world.fault(operation="HeadObject", nth=1, times=100, kind="status", status=403, code="AccessDenied")
        read = world.provider("gateway_target").read(identifier, outputs)
        assert read.outs["schema_version"] == outputs["schema_version"]
        assert world.provider("gateway_target").diff(identifier, read.outs, checked).changes is False


class TestTools:
    def test_a_preview_knows_which_tools_come_and_go(self, world: World) -> None:
        inputs = _inputs(world, {"inlinePayload": [TOOL, {**TOOL, "name": "drop"}]})
        checked = world.checked("gateway_target", {**inputs, "name": "shop"})
        assert [it["name"] for it in checked["tools"]] == ["shop___find", "shop___drop"]

    def test_a_document_that_is_not_known_yet_keeps_the_tools_it_had(self, world: World) -> None:
        inputs = _inputs(world, {"inlinePayload": [TOOL]})
        before = world.checked("gateway_target", inputs)
        late = {**inputs, "target_configuration": UNKNOWN}
        checked = world.provider("gateway_target").check(before, late).inputs
        assert checked["tools"] == before["tools"]

    def test_how_tools_are_reported_is_not_a_change(self, world: World) -> None:
        """Fingerprints of an older version of this package must not update every target."""
        identifier, outputs, checked = world.made("gateway_target", _inputs(world, {"inlinePayload": [TOOL]}))
        older = {**outputs, "tools": [{"name": "find", "description": "Find"}]}
        assert world.provider("gateway_target").diff(identifier, older, checked).changes is False

    @pytest.mark.parametrize(
        ("configuration", "names"),
        [
            (
                {"mcp": {"openApiSchema": {"inlinePayload": "paths: {/a: {get: {operationId: list}}}"}}},
                ["shop___list"],
            ),
            (
                {"mcp": {"mcpServer": {"endpoint": "e", "mcpToolSchema": {"inlinePayload": json.dumps([TOOL])}}}},
                ["shop___find"],
            ),
            ({"mcp": {"mcpServer": {"endpoint": "https://example.com"}}}, []),
            ({"mcp": {"lambda": {"toolSchema": {"s3": {"uri": "s3://a/b"}}}}}, []),
            ({"http": {"passthrough": {"schema": {"source": {"inlinePayload": "paths: {}"}}}}}, []),
            ({"mcp": {}}, []),
            (UNKNOWN, []),
            (None, []),
        ],
    )
    def test_tools_are_reported_as_far_as_the_document_says(self, configuration: Any, names: list[str]) -> None:
        target = {"name": "shop", "target_configuration": configuration}
        assert [it["name"] for it in described_tools(target)] == names


class TestSignInByAPerson:
    """A target whose tools only a person can give access to."""

    def _waiting(self, world: World) -> dict[str, Any]:
        oauth2 = world.oauth2_credential_provider()
        arn, _, _ = world.made("oauth2_credential_provider", oauth2)
        jwt = {"discoveryUrl": "https://example.com/.well-known/openid-configuration", "allowedClients": ["agent"]}
        gateway_id, _, _ = world.made(
            "gateway",
            world.gateway(authorizer_type="CUSTOM_JWT", authorizer_configuration={"customJWTAuthorizer": jwt}),
        )
        used = {
            "providerArn": arn,
            "scopes": ["read"],
            "grantType": "AUTHORIZATION_CODE",
            "defaultReturnUrl": "https://desk.example.com/back",
        }
        target: dict[str, Any] = world.target(gateway_id)
        return target | {
            "target_configuration": {"mcp": {"mcpServer": {"endpoint": "https://tools.example.com/mcp"}}},
            "credential_provider_configurations": [
                {"credentialProviderType": "OAUTH", "credentialProvider": {"oauthCredentialProvider": used}}
            ],
        }

    def test_where_and_for_whom_is_among_the_outputs(self, world: World) -> None:
        """An update asks for another sign-in, a refresh reports what AWS says, and nothing of it is a difference."""
        identifier, outputs, checked = world.made("gateway_target", self._waiting(world))
        assert outputs["status"] == "CREATE_PENDING_AUTH"
        assert outputs["authorization_url"] == outputs["authorization_data"]["oauth2"]["authorizationUrl"]
        assert outputs["user_id"].startswith(identifier.replace("/", "_"))
        provider = world.provider("gateway_target")
        assert provider.read(identifier, outputs).outs["user_id"] == outputs["user_id"]
        assert provider.diff(identifier, outputs, checked).changes is False
        updated = provider.update(identifier, outputs, {**checked, "description": "new"}).outs
        assert updated["status"] == "UPDATE_PENDING_AUTH"
        assert updated["user_id"] != outputs["user_id"]

    def test_a_delete_says_what_to_do_first(self, world: World) -> None:
        """AWS refuses it, and waiting would take ten minutes."""
        identifier, outputs, _ = world.made("gateway_target", self._waiting(world))
        with pytest.raises(AwsRefused, match=r"waits for a person to sign in at its authorization URL\. Sign in, or"):
            world.provider("gateway_target").delete(identifier, outputs)


class TestBudget:
    def test_a_target_beyond_its_limits_is_warned_of(self, world: World) -> None:
        """For each limit, with what it has; within them nothing is reported."""
        target = _inputs(world, {"inlinePayload": [{**TOOL, "name": f"find{number}"} for number in range(5)]})
        check = world.provider("gateway_target").check_inputs
        few = {**target, "__context": {**target["__context"], "limits": {"tools": 4, "tokens": 50}}}
        assert [it.split(":")[0] for it in check({}, few).warnings] == ["tool_limit", "token_limit"]
        assert "adds 5 tools, about " in check({}, few).warnings[0]
        many = {**target, "__context": {**target["__context"], "limits": {"tools": 5, "tokens": 5000}}}
        assert check({}, many).warnings == []

    @pytest.mark.parametrize("limit", [0, -1, 1.5, "7", True, None, 1001])
    def test_a_limit_that_is_none_is_refused(self, world: World, limit: Any) -> None:
        target = _inputs(world, {"inlinePayload": [TOOL]})
        beside = {**target["__context"], "limits": {"tools": limit}}
        (reason,) = world.provider("gateway_target").check_inputs({}, {**target, "__context": beside}).reasons
        assert reason.startswith(f"tool_limit: is {limit!r}. Give a whole number of tools")

    def test_of_a_schema_in_s3_the_program_says_the_cost(self, world: World) -> None:
        """No preview looks into S3, but whoever put the schema there knew it."""
        target = _inputs(world, {"s3": {"uri": "s3://schemas/a.json"}})
        beside = {**target["__context"], "cost": [61, 100_000], "limits": {"tools": 20}}
        (warned,) = world.provider("gateway_target").check_inputs({}, {**target, "__context": beside}).warnings
        assert "adds 61 tools, about 24,000 tokens" in warned

"""Every failure that the doctor names, produced on purpose: the layer it names, what it says, and the cure."""

from __future__ import annotations

import fcntl
import json
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agentcore_provider.cli.doctor.layer import run_check
from agentcore_provider.cli.doctor.machine import check_engine
from tests.support.shop import Examined, Shop, ShopAws

_SERVICE = {"Service": "bedrock-agentcore.amazonaws.com"}


def _trust(**condition: Any) -> str:
    statement = {"Effect": "Allow", "Principal": _SERVICE, "Action": "sts:AssumeRole", "Condition": condition}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _expect(found: Any, layer: str, reported: str, cure: str, exit_code: int = 1) -> None:
    failing = found.failing()
    assert failing["name"] == layer, failing
    assert reported in failing["message"], failing
    assert cure in failing["cure"], failing
    assert found.exit_code == exit_code


class TestBelowAws:
    def test_a_stack_without_outputs(self, examined: Callable[..., Examined], project: Path, engine: Path) -> None:
        (engine / "outputs.json").write_text("{}")
        _expect(examined(), "stack", "has no gateway", "Declare a Gateway in its program")

    def test_a_stack_without_gateways(self, examined: Callable[..., Examined], project: Path, engine: Path) -> None:
        (engine / "outputs.json").write_text('{"gateways": {}}')
        _expect(examined(), "stack", "has no gateway", "agentcore:gateways")

    def test_no_engine(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        layer = run_check("engine", lambda: check_engine(tmp_path))
        assert (layer.status, layer.cure) == ("failed", "run `make setup`, or see pulumi.com/docs/install")

    def test_a_local_aws_that_does_not_answer(
        self, examined: Callable[..., Examined], project: Path, engine: Path
    ) -> None:
        folder = project / ".agentcore"
        folder.mkdir()
        state = {"pid": os.getpid(), "port": 1, "endpoint": "http://127.0.0.1:1", "aws_plugin_port": None}
        (folder / "local.json").write_text(json.dumps(state))
        with (folder / "local.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            found = examined()
        _expect(found, "local AWS", "http://127.0.0.1:1 does not answer", "agentcore local start", exit_code=3)


@pytest.mark.usefixtures("environment")
class TestCredentials:
    def test_no_region(self, examined: Callable[..., Examined], monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
        _expect(examined("-g", "shop"), "region", "You must specify a region", "AWS_REGION")

    def test_no_profile_of_that_name(self, examined: Callable[..., Examined], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
        monkeypatch.setenv("AWS_PROFILE", "nobody")
        _expect(examined("-g", "shop"), "region", "profile (nobody) could not be found", "AWS_PROFILE")

    def test_no_credentials(self, examined: Callable[..., Examined], monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.delenv(name)
        for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
            monkeypatch.setenv(name, "/dev/null")
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        found = examined("-g", "shop")
        _expect(found, "credentials", "Unable to locate credentials", "aws sso login", exit_code=3)

    def test_expired_credentials(
        self, examined: Callable[..., Examined], local_aws: ShopAws, make_shop: Callable[..., Shop]
    ) -> None:
        local_aws.fault(
            operation="GetCallerIdentity", kind="status", status=403, code="ExpiredToken", reason="The token is expired"
        )
        _expect(examined("-g", "shop"), "credentials", "ExpiredToken: The token is expired", "aws sso login")

    def test_nobody_answers_for_aws(self, examined: Callable[..., Examined], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
        monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
        _expect(examined("-g", "shop"), "credentials", "got no answer from AWS", "agentcore local status", exit_code=3)


def test_local_aws_has_ended(
    examined: Callable[..., Examined], shop: Shop, engine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    path = engine / "outputs.json"
    path.write_text(path.read_text().replace(shop.aws.endpoint, "http://127.0.0.1:1"))
    reported = "Local AWS at http://127.0.0.1:1 does not answer"
    _expect(examined(), "credentials", reported, "agentcore local start", exit_code=3)


class TestGateway:
    def test_gone(self, examined: Callable[..., Examined], shop: Shop) -> None:
        control = shop.aws.client("bedrock-agentcore-control")
        control.delete_gateway_target(gatewayIdentifier=shop.gateway_id, targetId=shop.target_id)
        while control.list_gateway_targets(gatewayIdentifier=shop.gateway_id)["items"]:
            pass
        control.delete_gateway(gatewayIdentifier=shop.gateway_id)
        _expect(examined(), "gateway", f"no gateway {shop.gateway_id} in account", "pulumi up --refresh")

    def test_in_another_region(
        self,
        examined: Callable[..., Examined],
        make_shop: Callable[..., Shop],
        environment: None,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setenv("AWS_REGION", "eu-west-1")
        _expect(examined("-g", make_shop().name), "gateway", "Region eu-west-1", "AWS_REGION")

    def test_not_to_be_read(self, examined: Callable[..., Examined], shop: Shop) -> None:
        shop.aws.fault(operation="GetGateway", kind="status", status=403, code="AccessDeniedException")
        _expect(examined(), "gateway", "AccessDeniedException", "bedrock-agentcore:GetGateway")

    def test_an_update_that_failed_comes_with_the_services_reasons(
        self, examined: Callable[..., Examined], shop: Shop
    ) -> None:
        shop.aws.fault(operation="UpdateGateway", kind="fail", reason="KMS key is disabled.")
        shop.update(description="changed")
        found = examined()
        _expect(found, "gateway status", "UPDATE_UNSUCCESSFUL (KMS key is disabled)", "pulumi up --refresh")


class TestRole:
    def test_gone(self, examined: Callable[..., Examined], shop: Shop) -> None:
        iam = shop.aws.client("iam")
        iam.delete_role_policy(RoleName=shop.name, PolicyName="orders")
        iam.delete_role(RoleName=shop.name)
        _expect(examined(), "role", f"Role {shop.role} does not exist", "GatewayRole")

    @pytest.mark.parametrize(
        ("trust", "reported"),
        [
            (_trust().replace("bedrock-agentcore", "lambda"), "no statement lets bedrock-agentcore.amazonaws.com"),
            (_trust(StringEquals={"aws:SourceAccount": "210987654321"}), "must be 210987654321 and is 123456789012"),
            (_trust(ArnLike={"aws:SourceArn": "arn:aws:bedrock-agentcore:*:*:gateway/other-*"}), "gateway/other-*"),
            (_trust().replace("Allow", "Deny"), "a statement denies it"),
        ],
    )
    def test_a_trust_policy_that_does_not_let_the_gateway_in(
        self, examined: Callable[..., Examined], shop: Shop, trust: str, reported: str
    ) -> None:
        shop.aws.client("iam").update_assume_role_policy(RoleName=shop.name, PolicyDocument=trust)
        _expect(examined(), "role trust", reported, f"gateway/{shop.name}-*")

    def test_a_trust_policy_for_everybody_is_well_and_reported_to_be_wide(
        self, examined: Callable[..., Examined], shop: Shop
    ) -> None:
        shop.aws.client("iam").update_assume_role_policy(RoleName=shop.name, PolicyDocument=_trust())
        found = examined()
        assert found.exit_code == 0
        assert "for any gateway" in found.layer("role trust")["message"]

    def test_a_permission_that_a_target_lacks(self, examined: Callable[..., Examined], shop: Shop) -> None:
        shop.aws.allow(
            shop.name, "lambda:InvokeFunction", "arn:aws:lambda:us-west-2:123456789012:function:other", name="orders"
        )
        reported = f"target orders needs lambda:InvokeFunction on {shop.aws.order_function}"
        _expect(examined(), "role permissions", reported, '"Action": "lambda:InvokeFunction"')

    def test_what_no_permission_is_known_of_is_named(self, examined: Callable[..., Examined], shop: Shop) -> None:
        """It is not a failure: the target may need none."""
        role = {"credentialProviderType": "GATEWAY_IAM_ROLE"}
        shop.add_target("crm", {"connector": {"source": {"connectorId": "crm"}}}, role)
        found = examined()
        assert found.exit_code == 0, found.output
        reported = found.layer("role permissions")["message"]
        assert "enough for target orders" in reported
        assert reported.endswith("no permission is known for target crm (the connector crm)")

    def test_a_policy_that_denies(self, examined: Callable[..., Examined], shop: Shop) -> None:
        deny = {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "lambda:*", "Resource": "*"}}
        iam = shop.aws.client("iam")
        arn = iam.create_policy(PolicyName=shop.name, PolicyDocument=json.dumps(deny))["Policy"]["Arn"]
        iam.attach_role_policy(RoleName=shop.name, PolicyArn=arn)
        _expect(examined(), "role permissions", "target orders needs lambda:InvokeFunction", "add to its policies")

    @pytest.mark.parametrize(
        ("operation", "unread"),
        [("GetRole", ["role", "role trust", "role permissions"]), ("ListRolePolicies", ["role permissions"])],
    )
    def test_what_the_caller_may_not_read_is_not_checked_and_no_failure(
        self, examined: Callable[..., Examined], shop: Shop, operation: str, unread: list[str]
    ) -> None:
        shop.aws.fault(operation=operation, kind="status", status=403, code="AccessDenied")
        found = examined()
        assert found.exit_code == 0, found.output
        layers = ("role", "role trust", "role permissions")
        assert [name for name in layers if found.status_of(name) == "not checked"] == unread


class TestTargets:
    def test_none(
        self, examined: Callable[..., Examined], make_shop: Callable[..., Shop], project: Path, engine: Path
    ) -> None:
        shop = make_shop(targets=False)
        (engine / "outputs.json").write_text(json.dumps({"gateways": {shop.name: shop.outputs}}))
        _expect(examined(), "targets", "has no targets", "create_mcp_gateway_target")

    def test_one_that_failed_comes_with_the_services_reasons_beside_the_well_ones(
        self, examined: Callable[..., Examined], shop: Shop
    ) -> None:
        shop.aws.fault(operation="CreateGatewayTarget", kind="fail", reason="Function is not active")
        tools = {"inlinePayload": [{"name": "t", "description": "t", "inputSchema": {"type": "object"}}]}
        configuration = {"lambda": {"lambdaArn": shop.aws.order_function, "toolSchema": tools}}
        shop.add_target("stock", configuration, {"credentialProviderType": "GATEWAY_IAM_ROLE"})
        found = examined()
        _expect(found, "target stock", "is FAILED (Function is not active)", "fix the cause")
        assert found.status_of("target orders") == "ok"

    def test_one_that_waits_for_somebody_to_grant_access_shows_where(
        self, examined: Callable[..., Examined], shop: Shop
    ) -> None:
        arn = shop.aws.client("bedrock-agentcore-control").create_oauth2_credential_provider(
            name=shop.name,
            credentialProviderVendor="GithubOauth2",
            oauth2ProviderConfigInput={"githubOauth2ProviderConfig": {"clientId": "c", "clientSecret": "s"}},
        )["credentialProviderArn"]
        provider = {"providerArn": arn, "scopes": ["repo"], "grantType": "AUTHORIZATION_CODE"}
        provider["defaultReturnUrl"] = "https://example.com/back"
        shop.add_target(
            "github",
            {"mcpServer": {"endpoint": "https://mcp.example.com/mcp"}},
            {"credentialProviderType": "OAUTH", "credentialProvider": {"oauthCredentialProvider": provider}},
        )
        allowed = ["bedrock-agentcore:*", "secretsmanager:GetSecretValue", "lambda:InvokeFunction"]
        shop.aws.client("iam").put_role_policy(
            RoleName=shop.name,
            PolicyName="orders",
            PolicyDocument=json.dumps(
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": allowed, "Resource": "*"}]}
            ),
        )
        found = examined()
        _expect(found, "target github", "CREATE_PENDING_AUTH", "/identities/oauth2/authorize?request_uri=")

    def test_a_credential_that_the_role_may_not_fetch(self, examined: Callable[..., Examined], shop: Shop) -> None:
        arn = shop.aws.client("bedrock-agentcore-control").create_api_key_credential_provider(
            name=shop.name, apiKey="marker-secret-key"
        )["credentialProviderArn"]
        document = {
            "openapi": "3.0.3",
            "info": {"title": "stock", "version": "1"},
            "servers": [{"url": "https://stock.example.com"}],
            "paths": {"/stock": {"get": {"operationId": "stock", "responses": {"200": {"description": "ok"}}}}},
        }
        provider = {
            "providerArn": arn,
            "credentialLocation": "HEADER",
            "credentialParameterName": "X-Api-Key",
        }
        shop.add_target(
            "stock",
            {"openApiSchema": {"inlinePayload": json.dumps(document)}},
            {"credentialProviderType": "API_KEY", "credentialProvider": {"apiKeyCredentialProvider": provider}},
        )
        reported = "target stock needs bedrock-agentcore:GetResourceApiKey"
        _expect(examined(), "role permissions", reported, "secretsmanager:GetSecretValue")


class TestSignIn:
    def _change(self, engine: Path, old: str, new: str) -> None:
        path = engine / "outputs.json"
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))

    def test_the_token_endpoints_host_has_no_address(
        self, examined: Callable[..., Examined], shop: Shop, engine: Path
    ) -> None:
        self._change(engine, f"{shop.aws.endpoint}/cognito", "https://nosuch.invalid")
        _expect(examined(), "token endpoint", "DNS: nosuch.invalid has no address", "spelling", exit_code=3)

    def test_the_token_endpoint_does_not_speak_tls(
        self, examined: Callable[..., Examined], shop: Shop, engine: Path
    ) -> None:
        self._change(engine, f"{shop.aws.endpoint}/cognito", f"https{shop.aws.endpoint[4:]}/cognito")
        _expect(examined(), "token endpoint", "TLS: ", "supports https on this port", exit_code=3)

    def test_nobody_listens_at_the_token_endpoint(
        self, examined: Callable[..., Examined], shop: Shop, engine: Path
    ) -> None:
        self._change(engine, f"{shop.aws.endpoint}/cognito", "http://127.0.0.1:1")
        _expect(examined(), "token endpoint", "refuses connections", "start the server there", exit_code=3)

    def test_the_token_endpoint_is_silent(self, examined: Callable[..., Examined], shop: Shop, engine: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            self._change(engine, f"{shop.aws.endpoint}/cognito", f"http://127.0.0.1:{silent.getsockname()[1]}")
            found = examined("--timeout", "0.2")
        _expect(found, "token endpoint", "no answer within 0.2 s", "firewall", exit_code=3)

    def test_a_domain_that_is_not_there_yet(self, examined: Callable[..., Examined], shop: Shop, engine: Path) -> None:
        self._change(engine, "/cognito/", "/cognito/not-")
        found = examined()
        _expect(found, "token", "has the domain not-", "pulumi up --refresh")

    @pytest.mark.parametrize(
        ("member", "reported"),
        [
            ("client_id", "invalid_client: client id and secret do not match"),
            ("client_secret", "invalid_client_secret: client id and secret do not match"),
            ("scope", "invalid_scope: the client may not request this scope"),
        ],
    )
    def test_credentials_that_do_not_fit(
        self, examined: Callable[..., Examined], shop: Shop, engine: Path, member: str, reported: str
    ) -> None:
        self._change(engine, json.dumps(shop.outputs[member]), '"wrong/0"' if member == "scope" else '"wrong-0"')
        cure = "check the scopes allowed for the app client" if member == "scope" else "take both from the same stack"
        _expect(examined(), "token", reported, cure)

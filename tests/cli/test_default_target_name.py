"""A target that nobody named takes the name of what it calls, and never another target's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from agentcore_provider.cli.deploy import credentials_flag, default_target_name, target_flags
from agentcore_provider.cli.stack import choose_stack

FUNCTION = "arn:aws:lambda:us-west-2:123456789012:function:orders"
API_KEY = '{"api_key": "k", "credential_location": "HEADER", "credential_parameter_name": "Authorization"}'
OAUTH = """{"oauth2_provider_config": {"customOauth2ProviderConfig": {"clientId": "id", "clientSecret": "s",
"oauthDiscovery": {"discoveryUrl": "https://login.example.com/.well-known/openid-configuration"}}}}"""
# As the engine keeps a secret in a stack's file.
KEPT = {"secure": "v1:abc"}


@pytest.fixture
def shop(project: Path) -> Any:
    """Names a target of gateway `shop`, beside the targets that stand there."""
    (project / "__main__.py").write_text("from agentcore_provider import stack_config\nstack_config.deploy()\n")

    def choose(standing: dict[str, Any], payload: str, credentials: str | None = None) -> str:
        config = {"aws:region": "us-west-2", "agentcore:gateways": {"shop": {"targets": standing}}}
        (project / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": config}))
        target = target_flags.from_payload(payload, None)
        parsed = credentials_flag.parse(credentials) if credentials is not None else None
        return default_target_name.choose(choose_stack(None, "dev", None), "shop", target, parsed)

    return choose


@pytest.mark.parametrize(
    ("payload", "name"),
    [
        (FUNCTION, "orders"),
        (f"{FUNCTION}:live", "orders"),
        ('{"s3": "s3://mybucket/petStore.json"}', "petStore"),
        ("s3://mybucket/api/pet_store.v2.yaml", "pet-store-v2"),
        ("s3://mybucket/crm.smithy.json", "crm"),
        ("https://www.crm.example.com/mcp", "crm"),
        ('{"inlinePayload": "{}"}', "openApiSchema"),
        ("s3://mybucket/" + "a" * 200 + ".json", "a" * 96),
    ],
)
def test_alone_it_is_called_after_what_it_calls(shop: Any, payload: str, name: str) -> None:
    assert shop({}, payload) == name


@pytest.mark.parametrize(
    ("standing", "payload"),
    [
        ({"openapi": "s3://mybucket/api.json"}, '{"s3": "s3://mybucket/api.json"}'),
        ({"openapi": {"schema": "s3://mybucket/api.json", "bucket_owner": "1" * 12}}, "s3://mybucket/api.json"),
        ({"openapi": "s3://mybucket/api.json", "description": "The API"}, "s3://mybucket/api.json"),
    ],
)
def test_the_same_command_again_means_the_same_target(shop: Any, standing: dict[str, Any], payload: str) -> None:
    assert shop({"api": standing}, payload) == "api"


def test_a_function_is_the_same_with_other_tools(shop: Any) -> None:
    assert shop({"orders": {"lambda": {"arn": FUNCTION, "tools": "tools.json"}}}, FUNCTION) == "orders"


def test_what_calls_something_else_gets_a_number_and_is_reported(shop: Any, capsys: pytest.CaptureFixture[str]) -> None:
    standing: dict[str, Any] = {"api": {"openapi": "s3://mybucket/api.json"}}
    assert shop(standing, "s3://yours/api.json") == "api-2"
    assert "so this one is api-2: --name chooses (--name api changes that one)" in capsys.readouterr().err
    standing["api-2"] = {"openapi": "s3://yours/api.json"}
    assert shop(standing, "s3://yours/api.json") == "api-2"
    assert shop(standing, "s3://theirs/api.json") == "api-3"


def test_the_flag_that_chooses_is_the_commands_own(agentcore: Any, project: Path) -> None:
    """--name of create_mcp_gateway is the gateway's."""
    (project / "__main__.py").write_text("from agentcore_provider import stack_config\nstack_config.deploy()\n")
    (project / "Pulumi.dev.yaml").write_text(
        "config: {aws:region: us-west-2, agentcore:gateways: {shop: {description: '', targets: {orders: {builtin: slack}}}}}"
    )
    reported = agentcore("create_mcp_gateway", "-n", "shop", "-t", FUNCTION, "--stack", "dev").stderr
    assert "so this one is orders-2: --target-name chooses (--target-name orders changes that one)" in reported


def test_a_function_from_code_is_not_the_one_of_an_arn(shop: Any) -> None:
    assert shop({"orders": {"lambda": {"code": "orders"}}}, FUNCTION) == "orders-2"


def test_the_same_api_with_another_sign_in_is_another_target(shop: Any) -> None:
    """As the quick start has it: once with an API key, once with an OAuth client."""
    api = {"openapi": "s3://mybucket/api.json"}
    parsed = credentials_flag.parse(API_KEY).described["api_key"]
    standing = {"api": {**api, "credentials": {"api_key": {**parsed, "key": KEPT}}}}
    assert shop(standing, "s3://mybucket/api.json", OAUTH) == "api-2"
    # A new key for the same place is a change of the same target, and no credentials leave them as they are.
    assert shop(standing, "s3://mybucket/api.json", API_KEY.replace('"k"', '"new"')) == "api"
    assert shop(standing, "s3://mybucket/api.json") == "api"
    # Credentials for one that had none.
    assert shop({"api": api}, "s3://mybucket/api.json", API_KEY) == "api"

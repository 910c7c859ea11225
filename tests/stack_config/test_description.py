"""What a stack says is merged with what all share; references are filled in; secrets stay secret; files are named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from agentcore_provider import stack_config
from agentcore_provider.errors import InvalidInput
from agentcore_provider.problem import Problem
from agentcore_provider.stack_config import references
from agentcore_provider.stack_config.description import beyond, described, with_defaults
from agentcore_provider.stack_config.json_schema import secrecy
from agentcore_provider.stack_config.places import replaced, source_files

ARN = "arn:aws:lambda:us-west-2:123456789012:function:orders"
ISSUER = {"discovery_url": "https://login.example.com/.well-known/openid-configuration"}


@pytest.mark.parametrize(
    ("shared", "own", "merged"),
    [
        ({"tags": {"a": "1"}}, {"tags": {"b": "2"}}, {"tags": {"a": "1", "b": "2"}}),
        ({"tags": {"a": "1"}}, {"tags": None}, {}),
        ({"protocol_type": "MCP"}, {"protocol_type": None}, {"protocol_type": None}),
        ({"authorizer": {"jwt": ISSUER}}, {"authorizer": {"ez_auth": {}}}, {"authorizer": {"ez_auth": {}}}),
        ({"authorizer": "none"}, {"authorizer": {"jwt": ISSUER}}, {"authorizer": {"jwt": ISSUER}}),
        (
            {"targets": {"o": {"lambda": {"code": "c", "timeout": 3, "tools": "t.json"}}}},
            {"targets": {"o": {"lambda": {"arn": ARN}}}},
            {"targets": {"o": {"lambda": {"arn": ARN, "tools": "t.json"}}}},
        ),
        (
            {"targets": {"o": {"openapi": "o.yaml", "credentials": {"api_key": {"key": "k"}}, "description": "O"}}},
            {"targets": {"o": {"mcp_server": "https://o.example.com"}}},
            {"targets": {"o": {"description": "O", "mcp_server": "https://o.example.com"}}},
        ),
        (
            {"targets": {"o": {"credentials": {"api_key": {"key": "k", "location": "HEADER"}}}}},
            {"targets": {"o": {"credentials": {"api_key": {"key_from_environment": "KEY"}}}}},
            {"targets": {"o": {"credentials": {"api_key": {"location": "HEADER", "key_from_environment": "KEY"}}}}},
        ),
    ],
)
def test_a_stack_stands_above_what_all_share(shared: Any, own: Any, merged: Any) -> None:
    assert stack_config.merged({"shop": own}, {"shop": shared, "other": {}}, Path()) == {"shop": merged}


def test_what_all_share_may_be_a_file_that_looks_like_a_stack_file(tmp_path: Path) -> None:
    (tmp_path / "shared.yaml").write_text("config: {'agentcore:gateways': {shop: {search: false, targets: {}}}}")
    checked = stack_config.checked({"shop": {}}, folder=tmp_path, stack="dev", defaults="shared.yaml")
    assert checked == {"shop": {"search": False, "targets": {}}}
    with pytest.raises(InvalidInput, match=r"there is no file gone\.yaml"):
        stack_config.checked({"shop": {}}, folder=tmp_path, stack="dev", defaults="gone.yaml")


def _files(folder: Path, shared: str, own: str) -> Any:
    (folder / "Pulumi.yaml").write_text("name: shop\nconfig: {'agentcore:defaults': {value: shared.yaml}}\n")
    (folder / "shared.yaml").write_text(f"config:\n  agentcore:gateways:\n    shop:\n{shared}")
    (folder / "Pulumi.dev.yaml").write_text(f"config:\n  agentcore:gateways:\n    shop:\n{own}")
    return yaml.safe_load((folder / "Pulumi.dev.yaml").read_text())["config"]["agentcore:gateways"]


def _problems(folder: Path, gateways: Any) -> tuple[Problem, ...]:
    with pytest.raises(InvalidInput) as refused:
        described(
            {"gateways": gateways},
            folder=folder,
            stack="dev",
            defaults="shared.yaml",
            files=source_files(folder, "dev"),
        )
    return refused.value.problems


def test_a_wrong_value_is_reported_with_the_file_and_line_that_it_came_from(tmp_path: Path) -> None:
    shared = f"      serch: true\n      targets:\n        o: {{lambda: {{arn: '{ARN}', tool: x}}}}\n"
    gateways = _files(tmp_path, shared, "      search: 5\n      targets: {o: {description: ''}}\n")
    assert [it.path for it in _problems(tmp_path, gateways)] == [
        "shared.yaml:4: agentcore:gateways.shop.serch",
        "shared.yaml:6: agentcore:gateways.shop.targets.o.lambda.tool",
        "Pulumi.dev.yaml:5: agentcore:gateways.shop.targets.o.description",
        "Pulumi.dev.yaml:4: agentcore:gateways.shop.search",
    ]


def test_problems_are_reported_in_the_order_of_the_file(tmp_path: Path) -> None:
    """The engine hands out configuration in the order of the alphabet."""
    (tmp_path / "Pulumi.yaml").write_text("name: shop\n")
    text = "config:\n  agentcore:gateways:\n    shop:\n      serch: 1\n      description: ''\n      targets: {b: 1, a: 2}\n"
    (tmp_path / "Pulumi.dev.yaml").write_text(text)
    gateways = {"shop": {"description": "", "serch": 1, "targets": {"a": 2, "b": 1}}}
    with pytest.raises(InvalidInput) as refused:
        described(
            {"gateways": gateways}, folder=tmp_path, stack="dev", defaults=None, files=source_files(tmp_path, "dev")
        )
    assert [it.path.rpartition(".")[2] for it in refused.value.problems] == [
        "serch",
        "description",
        "b",
        "a",
    ]


def test_a_shared_file_cannot_keep_an_encrypted_value(tmp_path: Path) -> None:
    shared = "      targets: {o: {connector: openai, credentials: {api_key: {key: {secure: v1:a:b}}}}}\n"
    (problem,) = _problems(tmp_path, _files(tmp_path, shared, "      search: false\n"))
    assert "each stack has a key of its own" in problem.message
    assert problem.path.startswith("shared.yaml:4: ")


def test_variables_of_the_shell_are_filled_in_and_may_stand_anywhere(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("ROLE_NAME", "shop")
    gateway = {"role_arn": "arn:aws:iam::123456789012:role/${env:ROLE_NAME}", "description": "$${env:X}", "targets": {}}
    checked = stack_config.checked({"shop": gateway}, folder=tmp_path, stack="dev")
    assert checked["shop"]["role_arn"] == "arn:aws:iam::123456789012:role/shop"
    with pytest.raises(InvalidInput) as refused:
        stack_config.checked({"shop": {**gateway, "role_arn": "${env:NOT_THERE}"}}, folder=tmp_path, stack="dev")
    (problem,) = refused.value.problems
    assert str(problem) == (
        "agentcore:gateways.shop.role_arn: the environment has no NOT_THERE. Set it where `pulumi up` runs."
    )


def test_secrets_manager_is_refused_where_the_value_is_read_before(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"shop\.targets\.o\.openapi: cannot come from Secrets Manager"):
        stack_config.checked({"shop": {"targets": {"o": {"openapi": "${secret:x}"}}}}, folder=tmp_path, stack="dev")


def test_a_problem_in_a_secret_does_not_show_it(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("KEY", "marker-of-a-secret")
    wrong = {"passthrough": {"endpoint": "http://${env:KEY}", "protocol_type": "CUSTOM"}}
    with pytest.raises(InvalidInput) as refused:
        stack_config.checked({"edge": {"protocol_type": None, "targets": {"o": wrong}}}, folder=tmp_path, stack="dev")
    assert "edge.targets.o.passthrough.endpoint" in str(refused.value)
    assert "marker-of-a-secret" not in str(refused.value)


def test_targets_share_a_credential_provider_by_name(tmp_path: Path) -> None:
    providers = {"crm": {"oauth": {"client_id": "desk", "client_secret": "s", "vendor": "github"}}}
    for kind, name, report in (
        ("oauth", "crn", "Did you mean crm?"),
        ("api_key", "crm", "crm is of kind oauth. Write `oauth:` instead of `api_key:`."),
    ):
        target = {"mcp_server": "https://crm.example.com/mcp", "credentials": {kind: {"provider": name}}}
        gateway = {"credential_providers": providers, "targets": {"o": target}}
        with pytest.raises(InvalidInput, match=report.replace("?", r"\?")):
            stack_config.checked({"shop": gateway}, folder=tmp_path, stack="dev")


@pytest.mark.parametrize(
    "given",
    [
        "shop-0a1b2c3d4e",
        "arn:aws:bedrock-agentcore:us-west-2:123456789012:gateway/shop-0a1b2c3d4e",
        "https://shop-0a1b2c3d4e.gateway.bedrock-agentcore.us-west-2.amazonaws.com/mcp",
        "http://127.0.0.1:4599/gateways/shop-0a1b2c3d4e/mcp",
    ],
)
def test_a_gateway_made_elsewhere_is_reported_by_id_arn_or_address(given: str, tmp_path: Path) -> None:
    assert stack_config.checked({"shop": {"gateway_id": given, "targets": {}}}, folder=tmp_path, stack="dev")


def test_another_address_is_not_a_gateway(tmp_path: Path) -> None:
    gateway = {"gateway_id": "https://shop.example.com/mcp", "targets": {}}
    with pytest.raises(
        InvalidInput, match=r"shop\.gateway_id: 'https://shop\.example\.com/mcp' is not the MCP URL of a gateway"
    ):
        stack_config.checked({"shop": gateway}, folder=tmp_path, stack="dev")


@pytest.mark.parametrize(
    ("place", "reported"),
    [
        ("credentials.api_key.key", "always"),
        ("credentials.oauth.client_secret", "always"),
        ("credentials.oauth.oauth2_provider_config_input.includedOauth2ProviderConfig.clientSecret", "allowed"),
        ("lambda.environment.TOKEN", "allowed"),
        ("passthrough.endpoint", "allowed"),
        ("mcp_server", "allowed"),
        ("target_configuration.http.passthrough.endpoint", "allowed"),
        ("openapi", None),
        ("description", None),
    ],
)
def test_the_schema_says_where_secrets_may_stand(place: str, reported: str | None) -> None:
    assert secrecy(("gateways", "shop", "targets", "o", *place.split("."))) == reported


@pytest.mark.parametrize(
    "target",
    [
        {"mcp_server": "${secret:stock#address}"},
        {"inference": "${secret:llm}", "credentials": {"api_key": {"key": "${secret:llm#key}"}}},
        {"builtin": {"name": "jira", "settings": {"customerInstanceId": "${secret:jira}"}}},
        {"target_configuration": {"mcp": {"mcpServer": {"endpoint": "https://${secret:host}/mcp"}}}},
    ],
)
def test_a_secret_of_secrets_manager_is_not_judged_before_it_is_known(target: Any, tmp_path: Path) -> None:
    gateway = {"protocol_type": None if "inference" in target else "MCP", "targets": {"o": target}}
    assert stack_config.checked({"shop": gateway}, folder=tmp_path, stack="dev") == {"shop": gateway}


@pytest.mark.parametrize("text", ["${env:HOME} and ${secret:a#b}", "$${env:HOME}", "${other:a} $ {env:A} ${", "plain"])
def test_an_escaped_text_means_itself(text: str) -> None:
    gateways = references.escaped({"shop": {"description": [text]}})
    filled, wrong = references.from_environment(gateways, {"HOME": "/root"})
    assert (filled, wrong) == ({}, [])
    assert replaced(gateways, references.unescaped(gateways)) == {"shop": {"description": [text]}}


def test_what_the_defaults_say_need_not_be_reported_again() -> None:
    shared = {"tags": {"a": "1"}, "search": False, "targets": {"o": {"openapi": "o.yaml", "description": "O"}}}
    own = {"tags": {"a": "1", "b": "2"}, "search": False, "targets": {"o": {"openapi": "p.yaml", "description": "O"}}}
    reported = beyond(shared, own)
    assert reported == {"tags": {"b": "2"}, "targets": {"o": {"openapi": "p.yaml"}}}
    assert with_defaults({"shop": shared}, {"shop": reported}) == {"shop": own}

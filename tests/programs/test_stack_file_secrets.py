"""Secrets of stack files: encrypted values and references arrive in AWS, and stand in clear nowhere else."""

from __future__ import annotations

import json
from typing import Any

from tests.support.stack import Stack

MARKER = "marker-of-a-secret"
LAMBDA = {"code": "demo/order_desk"}


def _everywhere(config: dict[str, Any]) -> None:
    """A secret of every origin, in every kind of place that takes one."""
    config["agentcore:gateways"]["shop"] |= {
        "credential_providers": {
            "crm": {"oauth": {"vendor": "github", "client_id": "desk", "client_secret": "${secret:crm#client_secret}"}}
        },
        "targets": {
            "orders": {"lambda": {**LAMBDA, "environment": {"OF_SHELL": "Bearer ${env:TOKEN_OF_SHELL}"}}},
            "stock": {"openapi": "stock.yaml", "credentials": {"api_key": {"key": "", "location": "HEADER"}}},
            "leads": {"openapi": "stock.yaml", "credentials": {"oauth": {"provider": "crm", "scopes": ["a"]}}},
            "tickets": {"builtin": {"name": "zendesk", "settings": {"customerInstanceId": "${secret:crm#instance}"}}},
            "deals": {"openapi": "stock.yaml", "credentials": {"oauth": {"provider": "crm", "scopes": ["b"]}}},
        },
    }
    config["agentcore:gateways"]["edge"] = {
        "protocol_type": None,
        "authorizer": "none",
        "targets": {
            "llm": {
                "passthrough": {
                    "endpoint": "https://llm.example.com",
                    "protocol_type": "CUSTOM",
                    "static_query_parameters": {"shop": "north"},
                },
                "credentials": {"iam_role": {"service": "execute-api"}},
            }
        },
    }


def _openapi(stack: Stack) -> None:
    (stack.folder / "stock.yaml").write_text(
        "openapi: 3.0.3\ninfo: {title: Stock, version: '1'}\nservers: [{url: 'https://stock.example.com'}]\n"
        "paths: {/stock: {get: {operationId: listStock, summary: List, responses: {'200': {description: All}}}}}\n"
    )


def _set_secret(stack: Stack, place: str, value: str) -> None:
    stack.pulumi("config", "set", "--secret", "--path", f"agentcore:gateways.{place}", value)


def _files_with(stack: Stack, marker: str) -> list[str]:
    files = [*(stack.folder / ".agentcore" / "state").rglob("*"), *stack.folder.glob("Pulumi*.yaml")]
    return [it.name for it in files if it.is_file() and marker in it.read_text(errors="replace")]


def test_secrets_arrive_in_aws_and_stand_in_clear_nowhere_else(stack: Stack, monkeypatch: Any) -> None:
    monkeypatch.setenv("TOKEN_OF_SHELL", f"{MARKER}-shell")
    secrets = stack.local_aws.client("secretsmanager")
    secrets.create_secret(
        Name="crm", SecretString=json.dumps({"client_secret": f"{MARKER}-crm", "instance": f"{MARKER}-host"})
    )
    _openapi(stack)
    stack.configure(_everywhere)
    _set_secret(stack, "shop.targets.stock.credentials.api_key.key", f"{MARKER}-key")
    _set_secret(stack, "shop.targets.orders.lambda.environment.ENCRYPTED", f"{MARKER}-variable")
    _set_secret(stack, "shop.instructions", f"{MARKER}-instructions")
    _set_secret(stack, "edge.targets.llm.passthrough.static_query_parameters.token", f"{MARKER}-parameter")

    previewed, made = stack.preview(), stack.up()
    assert MARKER not in previewed.text + made.text
    assert _files_with(stack, MARKER) == []

    (function,) = stack.local_aws.client("lambda").list_functions()["Functions"]
    assert function["Environment"]["Variables"] == {
        "OF_SHELL": f"Bearer {MARKER}-shell",
        "ENCRYPTED": f"{MARKER}-variable",
    }
    control = stack.local_aws.client("bedrock-agentcore-control")
    gateways = {it["name"].rpartition("-")[0]: it["gatewayId"] for it in control.list_gateways()["items"]}
    report = control.get_gateway(gatewayIdentifier=gateways["shop"])["protocolConfiguration"]["mcp"]["instructions"]
    assert report == f"{MARKER}-instructions"
    (target,) = control.list_gateway_targets(gatewayIdentifier=gateways["edge"])["items"]
    found = control.get_gateway_target(gatewayIdentifier=gateways["edge"], targetId=target["targetId"])
    sent = found["targetConfiguration"]["http"]["passthrough"]["staticQueryParameters"]
    assert sent == {"shop": "north", "token": f"{MARKER}-parameter"}
    kept = [secrets.get_secret_value(SecretId=it["ARN"])["SecretString"] for it in secrets.list_secrets()["SecretList"]]
    assert any(f"{MARKER}-key" in it for it in kept)
    assert sum(f"{MARKER}-crm" in it for it in kept) == 2  # yours, and that of the one provider for both targets

    assert set(stack.up().changes) == {"same"}
    secrets.put_secret_value(
        SecretId="crm", SecretString=json.dumps({"client_secret": f"{MARKER}-new", "instance": f"{MARKER}-host"})
    )
    changed = stack.up()
    assert changed.changes["update"] == 1
    assert MARKER not in changed.text
    assert _files_with(stack, MARKER) == []
    stack.destroy()


def test_every_secret_that_cannot_be_had_is_reported_with_its_place_before_anything_is_made(stack: Stack) -> None:
    def spoil(config: dict[str, Any]) -> None:
        environment = {"FIRST": "${secret:nowhere}", "SECOND": "${secret:plain#key}"}
        config["agentcore:gateways"]["shop"]["targets"]["orders"]["lambda"]["environment"] = environment

    stack.local_aws.client("secretsmanager").create_secret(Name="plain", SecretString=MARKER)
    stack.configure(spoil)
    report = stack.preview(succeeds=False).text
    place = "agentcore:gateways.shop.targets.orders.lambda.environment"
    assert f"{place}.FIRST: Secrets Manager does not give secret nowhere" in report
    assert f"{place}.SECOND: secret plain has no key key. Correct what is after the #." in report
    assert "Pulumi.local.yaml:" in report
    assert "Traceback" not in report
    assert MARKER not in report


def test_a_problem_in_a_secret_is_reported_without_the_secret_and_with_file_and_line(stack: Stack) -> None:
    _set_secret(stack, "shop.description", MARKER * 20)
    report = stack.preview(succeeds=False).text
    number = next(
        number for number, line in enumerate(stack.file.read_text().splitlines(), 1) if line.strip() == "description:"
    )
    assert "agentcore:gateways.shop.description: cannot be a secret" in report
    assert f"Pulumi.local.yaml:{number}: " in report
    assert MARKER not in report
